"""`ModelHandle`: a model in the graph of a lazy computation, loaded once by each process that computes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from modelc.bulk.chunk import Chunk, Numbered
from modelc.bulk.run import predict_chunk
from modelc.cluster.package import delayed
from modelc.model.build import unpickled_model
from modelc.model.model import Model
from modelc.model.pickled import pickled
from modelc.system.forks import ForkSafeLock

Array = NDArray[Any]

_MOST_LOADED = 4
"""The models that a process keeps: those that were used last."""
_loaded: OrderedDict[str, Model] = OrderedDict()
_lock = ForkSafeLock()


class ModelHandle:
    """A model as the bytes of its file and their digest. What unpickles them runs no code of theirs."""

    def __init__(self, digest: str, data: bytes, backend: Any) -> None:
        self.digest = digest
        self._data, self._backend = data, backend

    @classmethod
    def of(cls, model: Model) -> Self:
        """That of a model as it is now."""
        return cls(*pickled(model), model.backend)

    def delayed(self) -> Any:
        """It as one node of a graph: a worker gets it once, not with each task."""
        return delayed(self, name=f"modelc-{self.digest}", traverse=False)

    def model(self) -> Model:
        """The model, which the process keeps."""
        with _lock:
            if self.digest not in _loaded:
                _loaded[self.digest] = unpickled_model(self.digest, self._data, self._backend, True, True)
                while len(_loaded) > _MOST_LOADED:
                    _loaded.popitem(last=False)
            _loaded.move_to_end(self.digest)
            return _loaded[self.digest]

    def predict(self, inputs: Sequence[Array], batch_size: int) -> list[Array]:
        """The outputs for some samples. Raises `InputError` for the first one that the model refuses, by its number."""
        names = Numbered("sample ", range(len(inputs[0])))
        outputs = predict_chunk(self.model(), Chunk(tuple(inputs), names), batch_size).outputs
        return [np.asarray(values) for values in outputs]

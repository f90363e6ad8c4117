"""`predict` with Keras's options: batches from generators, steps, callbacks and a progress bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from numpy.typing import NDArray

from modelc.callbacks.callback_list import CallbackList
from modelc.data.batches import Options, open_data
from modelc.data.columns import Signature
from modelc.data.streams import build_for
from modelc.errors import InputError
from modelc.graph.graph import Graph
from modelc.language.definition import Definition
from modelc.language.pictures import preprocessing_of
from modelc.training.fit import require_verbosity


class Predicting(Protocol):
    """What `predict` needs of a model."""

    @property
    def graph(self) -> Graph:
        """The traced graph. Raises `NotBuiltError` while the input shape is not known."""
        ...

    def build_for_data(self, x: Any) -> None:
        """Make the weights of a model that waits for its input shape."""
        ...

    def to_spec(self) -> Definition:
        """Its definition."""
        ...

    def run_batch(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """The outputs for one batch of converted arrays."""
        ...


def predict(
    model: Predicting,
    x: Any,
    batch_size: int | None = None,
    *,
    verbose: Any = 0,
    steps: int | None = None,
    callbacks: Any = None,
) -> list[list[Any]]:
    """The outputs of a model batch by batch, an array per output.

    Of batches (x, y[, weights]), only x is used. Raises `InputError` if a batch does not match the model, or there is
    none.
    """
    require_verbosity(verbose)
    x = build_for(model, x)
    options = Options(batch_size=batch_size, steps_per_epoch=steps, labels=False)
    signature = replace(Signature.of(model.graph), pictures=lambda: preprocessing_of(model.to_spec()))
    data = open_data(x, signature=signature, options=options)
    calls = CallbackList(
        callbacks, add_progbar=verbose != 0, model=model, verbose=verbose, epochs=1, steps=data.steps
    )  # fmt: skip
    parts: list[list[Any]] = []
    try:
        calls.on_predict_begin()
        for index, batch in enumerate(data.batches()):
            calls.on_predict_batch_begin(index)
            parts.append(model.run_batch(batch.x))
            calls.on_predict_batch_end(index, {"outputs": parts[-1]})
        calls.on_predict_end()
    finally:
        calls.close()
    if not parts:
        raise InputError("the data gives no batches")
    return parts

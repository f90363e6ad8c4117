"""`Numbers`: the numbers of a file, inside of it, or beside it as safetensors."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.files.tensors import exact_places, write_exact
from modelc.onnx.export.subgraphs import reads
from modelc.onnx.protos import DTYPES, Proto

Array = NDArray[Any]

_MOST_BYTES = 2**31 - 2**24
"""What a file can have in itself: protobuf's limit, with room for the nodes."""


class Numbers:
    """The arrays that the nodes read, by name."""

    def __init__(self, arrays: Mapping[str, Array], nodes: Sequence[Proto]) -> None:
        wanted = {name for node in nodes for name in reads(node)}
        self.arrays = {name: array for name, array in arrays.items() if name in wanted}

    @property
    def bytes(self) -> int:
        """The size of all."""
        return sum(array.nbytes for array in self.arrays.values())

    @property
    def are_many(self) -> bool:
        """Whether one file cannot hold them."""
        return self.bytes > _MOST_BYTES

    def put_inside(self, model: Proto) -> None:
        """Put the numbers into the model."""
        for name, array in self.arrays.items():
            tensor = self._tensor(model, name, array)
            tensor.raw_data = _little(array).tobytes()

    def write_beside(self, path: str | os.PathLike[str], name: str, model: Proto) -> None:
        """Write the numbers to a safetensors file, which the model calls `name`, and let the model refer to it.

        What is small, such as sizes, stays inside: runtimes read it when they load the model.
        """
        beside = {key: array for key, array in self.arrays.items() if array.ndim and array.size > 64}
        places = exact_places(beside)
        for key, array in self.arrays.items():
            tensor = self._tensor(model, key, array)
            if key not in beside:
                tensor.raw_data = _little(array).tobytes()
                continue
            tensor.data_location = 1
            for field, value in (("location", name), ("offset", places[key]), ("length", array.nbytes)):
                entry = tensor.external_data.add()
                entry.key, entry.value = field, str(value)
        with Path(path).open("wb") as file:
            write_exact(file, beside)

    def _tensor(self, model: Proto, name: str, array: Array) -> Proto:
        tensor = model.graph.initializer.add()
        tensor.name, tensor.data_type = name, DTYPES[array.dtype.name]
        tensor.dims.extend(array.shape)
        return tensor


def _little(array: Array) -> Array:
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<"))

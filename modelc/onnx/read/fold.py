"""Nodes of known data alone: they are computed while the file is read, and become no layers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from modelc.graph.interpret import interpret
from modelc.layers.core.input_layer import InputLayer
from modelc.onnx.read.graph import OnnxGraph, OnnxNode, OnnxTensor
from modelc.onnx.read.table import MixesSamplesError, RefusedError
from modelc.onnx.read.values import Flow, Known
from modelc.sources.refs import Array, Ref, SampleCount, has_open, settled

if TYPE_CHECKING:
    from modelc.onnx.read.reader import OnnxReader
    from modelc.onnx.read.table import OnnxReading

LARGEST_GROWN = 1 << 22
"""The most elements of known data that is larger than what it was made of."""

LARGEST_FILLED = 1 << 28
"""The most elements of a constant that is one number throughout, as a spec's initializers make weights of any size."""


class Folder:
    """Computes the nodes of known data of one graph."""

    def __init__(self, reader: OnnxReader) -> None:
        self._reader = reader

    def fold(self, reading: OnnxReading, node: OnnxNode, operands: Sequence[Known | None]) -> Known | tuple[Known, ...]:
        """What a node gives. Raises `RefusedError` where it depends on sizes that are free, or grows too large."""
        if reading.compute is not None:
            return self._computed(reading, node, operands)
        return self._traced(reading, node, operands)

    def _computed(
        self, reading: OnnxReading, node: OnnxNode, operands: Sequence[Known | None]
    ) -> Known | tuple[Known, ...]:
        """By the operator's definition for arrays, which may hold the number of samples and free sizes."""
        assert reading.compute is not None
        noted = self._reader.shapes.noted()
        arrays = [None if one is None else one.array for one in operands]
        try:
            with np.errstate(all="ignore"):
                made: Any = reading.compute(node, *arrays)
        except TypeError:
            if any(array is not None and has_open(array) for array in arrays):
                raise self._open(arrays) from None
            raise
        if self._reader.shapes.noted() != noted:  # it holds only for the size that a free one was taken to be
            raise self._free()
        first = next((one for one in operands if one is not None), None)
        several = cast("tuple[Any, ...]", tuple(made) if isinstance(made, tuple | list) else (made,))  # pyright: ignore[reportUnknownArgumentType]
        outputs = tuple(self._output(one, first, operands) for one in several)
        return outputs if isinstance(made, tuple | list) else outputs[0]

    def _output(self, made: Any, first: Known | None, operands: Sequence[Known | None]) -> Known:
        if isinstance(made, Known):
            return made
        array = _as_python(settled(np.asarray(made)))
        dtype = first.dtype if first is not None else "float32"
        if array.dtype == bool:
            dtype = "bool"
        elif array.dtype != object and dtype != "bool":
            array = array.astype(dtype, copy=False)
        repeated = [one for one in operands if one is not None and one.batch is not None]
        batch = None
        if repeated:
            batch = array.ndim - (repeated[0].rank - (repeated[0].batch or 0))
            if not 0 <= batch < array.ndim or array.shape[batch] != 1:
                raise self._mixes()
        name = first.name if first is not None and sum(one is not None for one in operands) == 1 else ""
        return Known(array, dtype, name, batch)

    def _traced(
        self, reading: OnnxReading, node: OnnxNode, operands: Sequence[Known | None]
    ) -> Known | tuple[Known, ...]:
        """By the layers that it would be: its first operand is a sample."""
        at = next((i for i, one in enumerate(operands) if one is not None), None)
        given = None if at is None else operands[at]
        if at is None or given is None or given.batch is not None or has_open(given.array):
            raise self._free()
        declared = OnnxTensor(node.inputs[at], given.dtype, given.array.shape)
        graph = OnnxGraph(
            "", [node], [declared], [OnnxTensor(n, "", None) for n in node.outputs if n], {}, self._reader.opset
        )
        inner = type(self._reader)(graph, batch=False, batch_size=None)
        for name, operand in zip(node.inputs, operands, strict=True):
            if operand is not None:
                inner.values[name] = operand
        ref = inner.layer(InputLayer, shape=given.array.shape, dtype=given.dtype)
        inner.values[node.inputs[at]] = Flow(ref, tuple(range(1, given.rank + 1)), given.dtype)
        inner.node = node
        made = reading.read(inner, node)
        outputs = [
            inner.plain(one) if isinstance(one, Flow) else one for one in (made if isinstance(made, tuple) else (made,))
        ]
        results = self._interpreted(inner, [one.ref for one in outputs if isinstance(one, Flow)], given)
        folded: list[Known] = []
        for one in outputs:
            if isinstance(one, Known):
                folded.append(one)
                continue
            array = results.pop(0)[0]
            folded.append(Known(array.astype(one.dtype), one.dtype))
        return tuple(folded) if isinstance(made, tuple) else folded[0]

    def _interpreted(self, inner: OnnxReader, refs: Sequence[Ref], given: Known) -> list[Array]:
        graph = inner.shapes.graph(refs)
        most = max(LARGEST_GROWN, given.array.size)
        if any(math.prod(output.type.dims) > most for node in graph.nodes for output in node.outputs):
            raise RefusedError(f"it makes a constant of more than {most} elements")
        weights = {
            path: array for entry in inner.entries for path, array in inner.shapes.weights_of(entry.key, entry.arrays)
        }
        dtype = np.int32 if graph.inputs[0].type.dtype == "int32" else np.float32
        return interpret(graph, [given.array[None].astype(dtype)], weights)

    @staticmethod
    def _free() -> Exception:
        return RefusedError("what it computes depends on the number of samples, or on a size that is free")

    @classmethod
    def _open(cls, arrays: Sequence[Array | None]) -> Exception:
        """Against what depends on sizes: that of the batch is a number where whole tensors are samples."""
        items = [item for array in arrays if array is not None and array.dtype == object for item in array.ravel()]
        if any(isinstance(item, SampleCount) for item in items):
            return MixesSamplesError("what it computes depends on the number of samples")
        return cls._free()

    @staticmethod
    def _mixes() -> Exception:
        return MixesSamplesError("it computes with what is repeated for every sample as if it were one")


def _as_python(array: Array) -> Array:
    """An array of sizes in which numbers are Python's, as sizes are compared with."""
    if array.dtype != object:
        return array
    items: list[Any] = [item.item() if isinstance(item, np.generic) else item for item in array.ravel()]
    return np.array([*items, None], object)[:-1].reshape(array.shape)


def grown(size: int, most: int = LARGEST_GROWN) -> int:
    """A number of elements that known data may have. Raises `RefusedError`."""
    if size > most:
        raise RefusedError(f"it makes a constant of {size} elements, more than {most}")
    return size

"""`ModelWriter`: writes the layers of a model, and gives its tensors the order of axes that a layer needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import numpy as np

from modelc.graph.sizes import is_free, surely_equal
from modelc.layers.base import Layer
from modelc.layers.operations.layer import Operation
from modelc.layers.reshaping.shape import Permute
from modelc.layers.reshaping.shape import Reshape as ReshapeLayer
from modelc.onnx.read.graph import as_float
from modelc.onnx.read.table import MixesSamplesError, RefusedError
from modelc.onnx.read.values import Flow, Known, Value, plain_places
from modelc.sources.formulas import Formulas
from modelc.sources.refs import Array, Ref, SampleCount, has_open
from modelc.sources.shapes import Shapes

MOST = 1 << 20
"""The most elements of known data that grows: of what is repeated, or made of a size."""
_FEW = 16
"""Constants of at most so many elements are written in the spec; larger ones are weights."""


@dataclass(slots=True)
class ReadEntry:
    """A layer of the model that is being made."""

    key: str
    layer: Layer
    inputs: tuple[Ref, ...]
    arrays: tuple[Array, ...]
    """Its weights in their order."""
    tensor: str
    """The ONNX tensor that it gives, or that it is a step towards."""
    name: str = ""
    """What it should be called; empty for an automatic name."""


class ModelWriter:
    """The model that is being made, layer by layer; the shapes of its tensors are known at once."""

    def __init__(self) -> None:
        self.entries: list[ReadEntry] = []
        self.shapes = Shapes()
        self.tensor = ""
        """The ONNX tensor that layers are written for."""
        self._by_key: dict[str, ReadEntry] = {}
        self._moved: dict[tuple[Ref, str, tuple[Any, ...]], Ref] = {}
        """What was permuted and reshaped before, by the tensor and how: nodes that take it so share it."""

    # --- layers

    def layer(
        self, kind: type[Layer], *inputs: Ref, arrays: Sequence[Array] = (), name: str = "", **options: Any
    ) -> Ref:
        """Write a layer and the arrays of its weights; the tensor that it gives."""
        key = f"onnx#{len(self.entries)}"
        layer = kind(**options, name=key)
        entry = ReadEntry(key, layer, inputs, tuple(map(as_float, arrays)), self.tensor, name)
        self.entries.append(entry)
        self._by_key[key] = entry
        self.shapes.add(key, layer, inputs)
        self.shapes.type_of(Ref(key))  # says what does not fit while the node is known
        for _ in self.shapes.weights_of(key, self.entries[-1].arrays):
            pass
        return Ref(key)

    def op(self, operation: str, *operands: Ref | Array | float, **arguments: Any) -> Ref:
        """Write an operation on tensors and constants, of which large ones become weights."""
        tensors = [x for x in operands if isinstance(x, Ref)]
        formulas = Formulas(tensors, self.shapes.place_of)
        written = {key: formulas.written(value) for key, value in arguments.items() if value is not None}
        arrays: list[Array] = []
        few = MOST if operation == "take" else _FEW  # places are numbers of the spec, and no weights
        constants = [None if isinstance(x, Ref) else _constant(np.asarray(x), arrays, few) for x in operands]
        plain = len(tensors) == len(operands) == len(formulas.inputs)
        return self.layer(
            Operation, *formulas.inputs, arrays=arrays, operation=operation, operands=None if plain else constants,
            arguments=written,
        )  # fmt: skip

    @staticmethod
    def parts(ref: Ref, count: int) -> list[Ref]:
        """The tensors that a layer gives."""
        return [Ref(ref.key, i) for i in range(count)]

    def maker(self, ref: Ref) -> Layer:
        """The layer that gives a tensor."""
        return self._by_key[ref.key].layer

    # --- sizes

    def dims(self, value: Value) -> list[Any]:
        """The sizes of the ONNX tensor: numbers, free sizes, and the number of samples."""
        if isinstance(value, Known):
            sizes: list[Any] = list(value.array.shape)
            if value.batch is not None:
                sizes[value.batch] = SampleCount()
            return sizes
        shape = self.shapes.type_of(value.ref).shape
        return [product_of([extent(shape, at) for at in value.parts(i)]) for i in range(value.rank)]

    def numbers(self, value: Value) -> list[int]:
        """The sizes of a tensor, none of which may be free; 1 for the batch."""
        sizes = [1 if isinstance(size, SampleCount) else size for size in self.dims(value)]
        if any(map(is_free, sizes)):
            raise RefusedError("it needs sizes as numbers that are free", "fix them with --input-shape")
        return sizes

    # --- orders of axes

    def plain_axes(self, x: Flow) -> tuple[int, ...]:
        """The order in which only the batch may stand elsewhere than in the ONNX tensor."""
        return plain_places(x.rank, x.batch)

    def plain(self, x: Flow) -> Flow:
        """The tensor in that order."""
        x = self.in_order(x)
        return self.ordered(x, self.plain_axes(x))

    def last_axes(self, x: Flow) -> tuple[int, ...]:
        """The order of pictures and the like whose channels are last: (N, *spatial, C) of (N, C, *spatial)."""
        return (0, x.rank - 1, *range(1, x.rank - 1))

    def ordered(self, x: Flow, axes: Sequence[int]) -> Flow:
        """The tensor with its axes in an order."""
        axes, x = tuple(axes), self.in_order(x)
        if axes == x.axes:
            return x
        order = [0] * (max((*axes, *x.axes)) + 1)
        for old, new in zip(x.axes, axes, strict=True):
            order[new] = old
        if order[0] != 0 or sorted(order) != list(range(len(order))):
            raise MixesSamplesError("it needs the batch at another place")
        return x.placed(self.permuted(x.ref, order), axes)

    def is_in_order(self, x: Flow) -> bool:
        """Whether each axis of the ONNX tensor is one of the model's, and the model's has no others."""
        return x.is_plain and len(x.places) == self.shapes.type_of(x.ref).rank - (x.batch is None)

    def in_order(self, x: Flow) -> Flow:
        """The tensor with each axis as one of the model's. Raises `MixesSamplesError` for the batch as part of one."""
        shape = self.shapes.type_of(x.ref).shape
        if self.is_in_order(x):
            return x
        if any(0 in x.parts(i) and x.places[i] != 0 for i in range(x.rank)):
            raise MixesSamplesError("it works along an axis that the batch was made part of")
        parts = [x.parts(i) for i in range(x.rank)]
        after = float(len(shape))
        keys: list[float] = []
        for own in reversed(parts):  # what has no axis goes before what comes next
            after = min(own) if own else (after + ceil(after) - 1) / 2 if after > 0 else 0.5
            keys.append(after)
        keys.reverse()
        order = sorted(range(x.rank), key=lambda i: (keys[i], i))
        moved = [at for i in order for at in parts[i]]
        if moved != sorted(moved):  # where axes have to move, they go to ONNX's order
            order = sorted(range(x.rank), key=lambda i: x.places[i] != 0)
            moved = [at for i in order for at in parts[i]]
        rest = [at for at in range(len(shape)) if at not in moved and at]
        if x.batch is None:
            moved.insert(0, 0)
        ref = self.permuted(x.ref, [*moved, *rest])
        sizes = [product_of([extent(shape, at) for at in parts[i]]) for i in order if x.places[i] != 0]
        first = 0 if x.batch is not None else 1
        return x.placed(self.reshaped(ref, sizes), [order.index(i) + first for i in range(x.rank)])

    def with_last(self, x: Flow) -> Flow:
        """The tensor whose last axis is the model's tensor's last one. Raises `MixesSamplesError` for the batch."""
        last = x.parts(x.rank - 1)
        if 0 in last:
            raise MixesSamplesError("it works along the axis that is the batch")
        shape = self.shapes.type_of(x.ref).shape
        if last == (len(shape) - 1,):
            return x
        others = [at for at in range(len(shape)) if at not in last]
        ref = self.permuted(x.ref, [*others, *last])
        if len(last) != 1:
            sizes = [shape[at] for at in others[1:]]
            ref = self.reshaped(ref, [*sizes, product_of([shape[at] for at in last])])
        places = [tuple(others.index(at) for at in x.parts(i)) for i in range(x.rank - 1)]
        return x.placed(ref, [*places, len(others)])

    def permuted(self, ref: Ref, order: Sequence[int]) -> Ref:
        """A tensor with its axes in an order, the batch first; a reshape where only axes of one element move."""
        order = list(order)
        shape = self.shapes.type_of(ref).shape
        if order == list(range(len(shape))):
            return ref
        long = [at for at in order if at == 0 or shape[at] != 1]
        if long == sorted(long):
            return self.reshaped(ref, [shape[at] for at in order[1:]])
        key = (ref, "permuted", tuple(order))
        if key not in self._moved:
            self._moved[key] = self.layer(Permute, ref, dims=tuple(order[1:]))
        return self._moved[key]

    def reshaped(self, ref: Ref, sizes: Sequence[Any]) -> Ref:
        """A tensor with other sizes behind the batch."""
        shape = self.shapes.type_of(ref).shape[1:]
        if len(shape) == len(sizes) and all(a is b or surely_equal(a, b) for a, b in zip(shape, sizes, strict=True)):
            return ref
        if any(map(is_free, sizes)) or not sizes:
            return self.op("reshape", ref, newshape=[-1, *sizes])
        key = (ref, "reshaped", tuple(sizes))
        if key not in self._moved:
            self._moved[key] = self.layer(ReshapeLayer, ref, target_shape=tuple(sizes))
        return self._moved[key]

    def same(self, x: Flow, ref: Ref, dtype: str | None = None) -> Flow:
        """A tensor of the same sizes and order."""
        return replace(x, ref=ref, dtype=dtype or x.dtype)


def extent(shape: Sequence[Any], axis: int) -> Any:
    """The size of an axis of a tensor of the model: the number of samples for the batch."""
    return SampleCount() if axis == 0 else shape[axis]


def product_of(sizes: Sequence[Any]) -> Any:
    """A product of sizes."""
    made: Any = 1
    for size in sizes:
        made = size if isinstance(made, int) and made == 1 else made * size
    return made


def _constant(array: Array, arrays: list[Array], few: int) -> Any:
    """A constant as a spec has it: numbers, or a weight, whose array is noted."""
    if array.size <= few or has_open(array):
        return array.astype(np.float64).tolist()
    arrays.append(array)
    trained = array.dtype.kind == "f"
    return {"weight": list(array.shape)} if trained else {"weight": list(array.shape), "trainable": False}

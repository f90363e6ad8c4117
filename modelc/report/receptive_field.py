"""Receptive fields: the extent along each input axis that one element of a layer's output depends on.

A full reduction covers the whole axis. Padding counts as input; the extent is limited to that of the axis.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.types import Shape
from modelc.ops.adaptive_pool import AdaptivePool
from modelc.ops.base import normalize_axes
from modelc.ops.concat import Concat
from modelc.ops.contract import Contract
from modelc.ops.conv import Conv, ConvTranspose, extent
from modelc.ops.gather import Gather
from modelc.ops.matmul import MatMul
from modelc.ops.normalize import Normalize
from modelc.ops.order import Order, TakeAlong
from modelc.ops.pool import Pool
from modelc.ops.random import Random
from modelc.ops.recurrent import PerSample, Recurrent
from modelc.ops.reduce import BatchSize, Reduce
from modelc.ops.resample import Resample
from modelc.ops.sample_attention import SampleAttention
from modelc.ops.shape import Broadcast, Pad, Repeat, Reshape, Slice, Transpose
from modelc.ops.shuffle import Shuffle
from modelc.ops.softmax import Glu, Softmax
from modelc.ops.take import Take
from modelc.ops.warp import Warp
from modelc.report.field import BATCH, Axis, Field, joined

Operand = tuple[Field, Value]
"""A value that depends on the input, and its field."""


def receptive_fields(graph: Graph) -> dict[Value, tuple[int, ...]]:
    """For every value of the graph, the reach along the axes of an input: `(13, 13)` pixels of an image.

    The input is the first one that the value depends on. The axes are those that windows move along; where there are
    none, all but the last one.
    """
    reaches: dict[Value, tuple[int, ...]] = {}
    for input in graph.inputs:
        for value, reach in _of_input(graph, input).items():
            reaches.setdefault(value, reach)
    return reaches


def _of_input(graph: Graph, input: Value) -> dict[Value, tuple[int, ...]]:
    dims = input.type.dims
    fields = {input: Field.of_input(len(dims))}
    windowed: set[int] = set()
    for node in graph.nodes:
        seen = [(fields[value], value) for value in node.inputs if value in fields]
        if seen and not isinstance(node.op, BatchSize | Random):  # which take shapes, and no elements
            fields[node.output] = _after(node, seen)
            if node.inputs[0] in fields:
                windowed.update(_windowed(node, seen[0][0]))
    shown = sorted(windowed) or list(range(len(dims) - 1)) or list(range(len(dims)))
    return {value: tuple(ceil(min(dims[i], field.reach(i))) for i in shown) for value, field in fields.items()}


def kernel_extents(graph: Graph) -> dict[str, tuple[int, ...]]:
    """The extent of the first window that each layer moves, by the layer's name."""
    extents: dict[str, tuple[int, ...]] = {}
    for node in graph.nodes:
        match node.op:
            case Conv(strides=strides) | ConvTranspose(strides=strides):
                extents.setdefault(node.layer, node.inputs[1].type.dims[: len(strides)])
            case Pool(size=size):
                extents.setdefault(node.layer, size)
            case _:
                pass
    return extents


def _windowed(node: Node, field: Field) -> set[int]:
    if not isinstance(node.op, Conv | ConvTranspose | Pool):
        return set()
    rank = len(node.op.strides)
    return {axis.source for axis in field.axes[-1 - rank : -1] if axis is not None and axis is not BATCH}


def _after(node: Node, seen: list[Operand]) -> Field:
    """The field of a node's output, from those of its operands that depend on the input."""
    match node.op:
        case Concat(axis=axis):
            return _side_by_side(node, seen, axis)
        case Contract():
            return _contracted(node.op, node, seen)
        case TakeAlong(axis=axis):
            return _side_by_side(node, [(field.over(axis), value) for field, value in seen], axis)
        case Broadcast() | PerSample():
            return _at_its_place(node, seen[:1])
        case op if op.elementwise:
            return _at_its_place(node, seen)
        case _:
            out = node.output.type.shape
            fields = [_of_first(node, f) if v is node.inputs[0] else f.mixed(len(out)) for f, v in seen]
            return joined(fields, [out] * len(fields), out)


def _of_first(node: Node, field: Field) -> Field:
    """After an op, from what the elements of its first operand see."""
    shape = node.inputs[0].type.shape
    rank = len(shape)
    match node.op:
        case Conv() | ConvTranspose() | Pool():
            return _slid(node, field, rank - 1)
        case MatMul():
            return field.over(rank - 1)
        case Order(axis=axis) | Softmax(axis=axis) | Glu(axis=axis):
            return field.over(axis % rank)
        case Normalize(axes=axes):
            return _over(field, axes)
        case Reduce(axes=axes, keepdims=keepdims):
            kept = [axis for i, axis in enumerate(field.axes) if i not in normalize_axes(axes, rank)]
            field = _over(field, axes)
            return field if keepdims else field.with_axes(kept)
        case Recurrent(kept=kept):
            batch, steps, channels = _over(field, (1, 2)).axes
            return _over(field, (1, 2)).with_axes((batch, steps if kept == shape[1] else None, channels))
        case SampleAttention():
            return field.over(1)
        case Warp():
            return _over(field, (1, 2))
        case Gather():
            return field.with_axes((*field.axes, None))
        case _:
            return _moved(node, field)


def _over(field: Field, axes: Iterable[int]) -> Field:
    """After mixing all positions of several axes of the value."""
    for axis in axes:
        field = field.over(axis % len(field.axes))
    return field


def _slid(node: Node, field: Field, last: int) -> Field:
    """After a window along each spatial axis, and over all channels but for pooling."""
    match node.op:
        case Conv(strides=strides, dilation=dilation, padding=padding):
            kernel = node.inputs[1].type.dims
            for i, (size, d, stride, (low, _)) in enumerate(zip(kernel, dilation, strides, padding, strict=False)):
                field = field.window(1 + i, extent(size, d), stride, low)
            return field.over(last)
        case ConvTranspose(strides=strides, dilation=dilation, crop=crop):
            kernel = node.inputs[1].type.dims
            for i, (size, d, stride, (low, _)) in enumerate(zip(kernel, dilation, strides, crop, strict=False)):
                # Output p sees the inputs from (p + low - (e - 1)) / stride to (p + low) / stride.
                taps = ceil(extent(size, d) / stride)
                middle = (low - (extent(size, d) - 1) / 2) / stride
                field = field.window(1 + i, taps, 1 / stride, (taps - 1) / 2 - middle)
            return field.over(last)
        case Pool(size=size, strides=strides, padding=padding):
            for i, (window, stride, (low, _)) in enumerate(zip(size, strides, padding, strict=True)):
                field = field.window(1 + i, window, stride, low)
            return field
        case _:
            raise AssertionError(node.op)


def _moved(node: Node, field: Field) -> Field:
    """After an op that moves elements; after any other one, which may mix them all."""
    shape = node.inputs[0].type.shape
    rank = len(shape)
    match node.op:
        case Transpose(perm=perm):
            return field.with_axes([field.axes[p] for p in perm])
        case Reshape(shape=after):
            return field.with_axes(_reshaped(field.axes, shape, after))
        case Pad(pads=pads):
            for i, (low, _) in enumerate(pads):
                field = field.window(i, 1, 1, low)
            return field
        case Slice(starts=starts, steps=steps):
            for i, (start, step) in enumerate(zip(starts, steps, strict=True)):
                field = field.window(i, 1, step, -start)
            return field
        case Take(axis=axis):
            return field.shuffled(axis % rank)
        case Repeat(axis=axis, times=times):
            return field.window(axis % rank, 1, 1 / times, (times - 1) / (2 * times))
        case Resample(axis=axis, size=size) | AdaptivePool(axis=axis, size=size):
            before = shape[axis]
            assert before is not None
            taps = min(node.op.table(before)[0].shape[1], before)
            return field.window(axis % rank, taps, before / size, (taps - before / size) / 2)
        case Shuffle():
            return field
        case _:
            return field.mixed(node.output.type.rank)


def _at_its_place(node: Node, seen: list[Operand]) -> Field:
    """After an op that computes each element from those at its place."""
    return joined([field for field, _ in seen], [value.type.shape for _, value in seen], node.output.type.shape)


def _contracted(op: Contract, node: Node, seen: list[Operand]) -> Field:
    """After a sum of products: over the letters that are summed, side by side along the others."""
    known = {value: field for field, value in seen}
    fields: list[Field] = []
    shapes: list[Shape] = []
    for letters, value in zip((op.a, op.b), node.inputs, strict=True):
        if value not in known:
            continue
        field = _over(known[value], map(letters.index, op.sums))
        fields.append(field.with_axes([field.axes[letters.index(c)] if c in letters else None for c in op.out]))
        sizes = dict(zip(letters, value.type.shape, strict=True))
        shapes.append(tuple(sizes.get(c, 1) for c in op.out))
    return joined(fields, shapes, node.output.type.shape)


def _side_by_side(node: Node, seen: list[Operand], axis: int) -> Field:
    """After joining tensors along an axis: along the others, an element may be of any of them."""
    out = node.output.type.shape
    shapes = [(*out[:axis], value.type.shape[axis], *out[axis + 1 :]) for _, value in seen]
    return joined([field.shuffled(axis) for field, _ in seen], shapes, out)


def _reshaped(axes: tuple[Axis | None, ...], before: Shape, after: Shape) -> tuple[Axis | None, ...]:
    """Leading axes that a reshape leaves as they are still run along the input; the others are mixed."""
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    return axes[:same] + (None,) * (len(after) - same)

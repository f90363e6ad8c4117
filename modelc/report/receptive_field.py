"""Receptive fields: how far along each axis of the input one element of a layer's output can see.

Along an axis, a window of extent e moves the reach from r to ``r + (e - 1)·j`` and the distance between neighbours
from j to ``j·stride`` (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks",
Distill, 2019). A full reduction reaches the whole axis. Padding counts as input, so a reach is cut at its extent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

from modelc.graph.graph import Graph, Node, Value
from modelc.ops.conv import Conv, ConvTranspose, extent
from modelc.ops.gather import Gather
from modelc.ops.matmul import MatMul
from modelc.ops.normalize import Normalize
from modelc.ops.pool import Pool
from modelc.ops.reduce import Reduce
from modelc.ops.resample import Resample
from modelc.ops.shape import Repeat, Reshape, Slice, Transpose
from modelc.ops.softmax import Glu, Softmax

_WHOLE = 1 << 62
"""A reach beyond any axis: the whole of it."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """An axis of a value that runs along axis `source` of the input, in steps of `jump` input elements."""

    source: int
    jump: float


@dataclass(frozen=True, slots=True)
class _Field:
    """What one element of a value sees."""

    reach: tuple[float, ...]
    """Per axis of the input, without the batch."""
    axes: tuple[_Axis | None, ...]
    """Per axis of the value, without the batch; None where it runs along no single axis of the input."""

    def window(self, axis: int, reach: float, stride: float) -> _Field:
        """After a window over `reach` positions of the value's axis, moved by `stride`."""
        along = self.axes[axis]
        if along is None:
            return self.over(axis) if reach > 1 else self
        reaches = list(self.reach)
        reaches[along.source] += (reach - 1) * along.jump
        axes = list(self.axes)
        axes[axis] = _Axis(along.source, along.jump * stride)
        return _Field(tuple(reaches), tuple(axes))

    def over(self, axis: int) -> _Field:
        """After mixing all positions of the value's axis."""
        along = self.axes[axis]
        kept = {a.source for a in self.axes if a is not None}
        # An axis that a reshape has mixed may hold any of the input's axes that no other one runs along.
        seen = [i not in kept if along is None else i == along.source for i in range(len(self.reach))]
        return replace(self, reach=tuple(_WHOLE if s else r for s, r in zip(seen, self.reach, strict=True)))


def receptive_fields(graph: Graph) -> dict[Value, tuple[int, ...]]:
    """For every value of the graph, the reach along the axes of the first input: `(13, 13)` pixels of an image.

    The axes are those that windows move along; where there are none, all but the last one.
    """
    if not graph.inputs:
        return {}
    dims = graph.inputs[0].type.dims
    fields = {graph.inputs[0]: _Field((1.0,) * len(dims), tuple(_Axis(i, 1.0) for i in range(len(dims))))}
    windowed: set[int] = set()
    for node in graph.nodes:
        seen = [fields[value] for value in node.inputs if value in fields]
        if seen:
            fields[node.output] = _after(node, seen, fields)
            windowed.update(_windowed(node, seen[0]))
    shown = sorted(windowed) or list(range(len(dims) - 1)) or list(range(len(dims)))
    return {value: tuple(min(dims[i], ceil(field.reach[i])) for i in shown) for value, field in fields.items()}


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


def _windowed(node: Node, field: _Field) -> set[int]:
    if not isinstance(node.op, Conv | ConvTranspose | Pool):
        return set()
    rank = len(node.op.strides)
    return {axis.source for axis in field.axes[-1 - rank : -1] if axis is not None}


def _after(node: Node, seen: list[_Field], fields: Mapping[Value, _Field]) -> _Field:
    """The field of a node's output."""
    field = seen[0]
    x = node.inputs[0].type
    last = x.rank - 2
    match node.op:
        case Conv(strides=strides, dilation=dilation):
            kernel = node.inputs[1].type.dims
            for i, (size, d, stride) in enumerate(zip(kernel, dilation, strides, strict=False)):
                field = field.window(i, extent(size, d), stride)
            return field.over(last)
        case Pool(size=size, strides=strides):
            for i, (window, stride) in enumerate(zip(size, strides, strict=True)):
                field = field.window(i, window, stride)
            return field
        case ConvTranspose(strides=strides, dilation=dilation):
            kernel = node.inputs[1].type.dims
            for i, (size, d, stride) in enumerate(zip(kernel, dilation, strides, strict=False)):
                field = field.window(i, ceil(extent(size, d) / stride), 1 / stride)
            return field.over(last)
        case MatMul():
            return field.over(last)
        case Softmax(axis=axis) | Glu(axis=axis):
            return field.over(axis % x.rank - 1)
        case Normalize(axes=axes):
            for axis in axes:
                field = field.over(axis % x.rank - 1)
            return field
        case Reduce(axes=axes, keepdims=keepdims):
            mixed = [axis % x.rank - 1 for axis in axes if axis % x.rank > 0]
            for axis in mixed:
                field = field.over(axis)
            if keepdims:
                return field
            return replace(field, axes=tuple(a for i, a in enumerate(field.axes) if i not in mixed))
        case Transpose(perm=perm):
            return replace(field, axes=tuple(field.axes[p - 1] for p in perm[1:]))
        case Reshape(shape=shape):
            return replace(field, axes=_reshaped(field.axes, x.shape[1:], shape[1:]))
        case Slice(steps=steps):
            for i, step in enumerate(steps[1:]):
                field = field.window(i, 1, step)
            return field
        case Repeat(axis=axis, times=times):
            return field.window(axis % x.rank - 1, 1, 1 / times)
        case Resample(axis=axis, size=size):
            extent_before = x.shape[axis]
            assert extent_before is not None
            taps = node.op.table(extent_before)[0].shape[1]
            return field.window(axis % x.rank - 1, min(taps, extent_before), extent_before / size)
        case Gather():
            return replace(field, axes=(*field.axes, None))
        case _:
            return _joined(seen)


def _joined(seen: list[_Field]) -> _Field:
    """The field of an element that depends on the same element of each operand."""
    widest = max(seen, key=lambda field: len(field.axes))
    return replace(widest, reach=tuple(map(max, zip(*(field.reach for field in seen), strict=True))))


def _reshaped(
    axes: tuple[_Axis | None, ...], before: tuple[int | None, ...], after: tuple[int | None, ...]
) -> tuple[_Axis | None, ...]:
    """Leading axes that a reshape leaves as they are still run along the input; the others are mixed."""
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    return axes[:same] + (None,) * (len(after) - same)

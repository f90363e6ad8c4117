"""Ops that move elements: transposes cost nothing until an operator needs another order, see `layouts.py`."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.graph.graph import Node
from modelc.graph.sizes import is_free, same_shape, surely_equal
from modelc.onnx.export.layouts import Flattened, Placed, is_plain, moves_nothing, permuted, plain
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import writes
from modelc.ops.concat import Concat
from modelc.ops.shape import Broadcast, Pad, Repeat, Reshape, Slice, Transpose


@writes(Transpose, "Transpose", note="only where an operator needs the other order")
def write_transpose(w: OnnxWriter, node: Node, op: Transpose) -> None:
    """The same tensor, whose axes are others of the value."""
    (x,) = node.inputs
    if w.is_constant(x):
        w.place(node.output, w.use(x, op.perm))
        return
    layout = w.layout(x)
    w.place(node.output, w.use(x, layout), tuple(op.perm.index(axis) for axis in layout))


@writes(Reshape, "Reshape", note="what is flattened for a Dense layer is left channels first")
def write_reshape(w: OnnxWriter, node: Node, op: Reshape) -> None:
    """Another shape."""
    (x,) = node.inputs
    before, after = x.type.shape, node.output.type.shape
    if same_shape(before, after):
        for one in w.placed(x)[:1]:
            w.put(node.output, one)
        if w.is_constant(x):
            w.place(node.output, w.use(x))
        return
    layout = w.layout(x)
    if not w.has(x, plain(len(before))) and not w.is_constant(x):
        kept = _same_long_axes(before, after)
        if kept is not None:
            _rewritten(w, node, layout, kept)
            return
        if len(after) == 2 and after[0] is None and before[0] is None and layout[0] == 0 and len(before) > 2:
            name = w.reshape(w.use(x, layout), permuted(before, layout), after)
            flattened = Flattened(before[1:], tuple(axis - 1 for axis in layout[1:]))
            w.put(node.output, Placed(name, plain(2), flattened))
            return
    w.place(node.output, w.reshape(w.use(x), before, after))


def _same_long_axes(before: Any, after: Any) -> list[tuple[int, int]] | None:
    """The axes of more than one element before and after, where a reshape only adds and drops others."""
    a, b = ([i for i, d in enumerate(shape) if not surely_equal(d, 1)] for shape in (before, after))
    if len(a) != len(b) or not all(surely_equal(before[i], after[j]) for i, j in zip(a, b, strict=True)):
        return None
    return list(zip(a, b, strict=True))


def _rewritten(w: OnnxWriter, node: Node, layout: tuple[int, ...], kept: list[tuple[int, int]]) -> None:
    """A reshape of a tensor that keeps its order: the axes of one element go to the end."""
    (x,) = node.inputs
    before, after = x.type.shape, node.output.type.shape
    becomes = dict(kept)
    long = [becomes[axis] for axis in layout if axis in becomes]
    made = (*long, *(axis for axis in range(len(after)) if axis not in long))
    w.place(node.output, w.reshape(w.use(x, layout), permuted(before, layout), permuted(after, made)), made)


@writes(Concat, "Concat")
def write_concat(w: OnnxWriter, node: Node, op: Concat) -> None:
    """Side by side along an axis."""
    layout = w.together(node.inputs, node.output)
    axis = op.axis % node.output.type.rank
    if len(node.inputs) == 1:
        w.place(node.output, w.use(node.inputs[0], layout), layout)
        return
    w.place(node.output, w.emit("Concat", *(w.use(v, layout) for v in node.inputs), axis=layout.index(axis)), layout)


@writes(Pad, "Pad")
def write_pad(w: OnnxWriter, node: Node, op: Pad) -> None:
    """A border of one value."""
    (x,) = node.inputs
    layout = w.layout(x)
    around = permuted(op.pads, layout)
    pads = w.sizes.shape([low for low, _ in around] + [high for _, high in around])
    value = w.number(op.value) if x.type.dtype == "float32" else w.integer32(int(op.value))
    w.place(node.output, w.emit("Pad", w.use(x, layout), pads, value), layout)


@writes(Slice, "Slice")
def write_slice(w: OnnxWriter, node: Node, op: Slice) -> None:
    """Elements from a place to another one, in steps."""
    (x,) = node.inputs
    if x in w.kept:
        w.kept[x].sliced(w, node, op)
        return
    layout, shape = w.layout(x), x.type.shape
    axes = [
        i
        for i, (start, stop, step) in enumerate(zip(op.starts, op.stops, op.steps, strict=True))
        if not (surely_equal(start, 0) and step == 1 and (stop is None or surely_equal(stop, shape[i])))
    ]
    name = w.use(x, layout)
    if axes:
        starts, stops, steps = (w.sizes.shape([of[i] for i in axes]) for of in (op.starts, op.stops, op.steps))
        name = w.emit("Slice", name, starts, stops, w.integers([layout.index(i) for i in axes]), steps)
    w.place(node.output, name, layout)


@writes(Repeat, "Resize", "Reshape", "Expand")
def write_repeat(w: OnnxWriter, node: Node, op: Repeat) -> None:
    """Each element several times in a row; rows and columns of images at once."""
    (x,) = node.inputs
    output, times = node.output, {op.axis % x.type.rank: op.times}
    after = w.only_user(output)
    if after is not None and isinstance(after.op, Repeat) and after.op.axis % x.type.rank not in times:
        times[after.op.axis % x.type.rank] = after.op.times
        output = after.output
        w.done.add(after)
    layout, shape = w.layout(x), x.type.shape
    name = w.use(x, layout)
    if x.type.dtype == "float32" and x.type.rank > 2 and not any(map(is_free, times.values())):
        scales = w.raw(np.array([times.get(axis, 1) for axis in layout], np.float32), "scales")
        name = w.emit(
            "Resize", name, "", scales, mode="nearest", coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )  # fmt: skip
    else:
        dims = list(permuted(shape, layout))
        for axis, count in times.items():
            i = layout.index(axis)
            apart = [*dims[: i + 1], 1, *dims[i + 1 :]]
            filled = [*dims[: i + 1], count, *dims[i + 1 :]]
            repeated = w.sizes.shape([1] * (i + 1) + [count] + [1] * (len(dims) - i - 1))
            wider = w.emit("Expand", w.reshape(name, dims, apart), repeated)
            dims[i] = dims[i] * count
            name = w.reshape(wider, filled, dims)
    w.place(output, name, layout)


@writes(Broadcast, "Expand")
def write_broadcast(w: OnnxWriter, node: Node, op: Broadcast) -> None:
    """Repeated to a shape."""
    x = node.inputs[0]
    shape = node.output.type.shape
    layout = w.layout(x) if x.type.rank == len(shape) else plain(len(shape))
    name = w.aligned(x, layout)
    if not is_plain(layout) and moves_nothing(shape, layout, plain(len(shape))):
        layout = plain(len(shape))
    w.place(node.output, w.emit("Expand", name, w.sizes.shape(permuted(shape, layout))), layout)

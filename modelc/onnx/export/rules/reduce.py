"""Reductions, normalizations and functions along an axis: each along the places of its axes in the tensor."""

from __future__ import annotations

import numpy as np

from modelc.graph.graph import Node, Value
from modelc.onnx.export.layouts import channels_first, plain
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import writes
from modelc.ops.base import normalize_axes
from modelc.ops.elementwise import Binary
from modelc.ops.normalize import Normalize
from modelc.ops.reduce import BatchSize, Reduce
from modelc.ops.softmax import Glu, Softmax

_REDUCE = {"mean": "ReduceMean", "sum": "ReduceSum", "max": "ReduceMax", "min": "ReduceMin"}


@writes(Reduce, "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin")
def write_reduce(w: OnnxWriter, node: Node, op: Reduce) -> None:
    """A mean, a sum, or the largest or smallest."""
    (x,) = node.inputs
    layout = w.layout(x)
    axes = normalize_axes(op.axes, x.type.rank)
    name = w.use(x, layout)
    if op.kind == "mean" and x.type.dtype == "int32":
        name = w.as_float(name)
    if not axes:
        w.place(node.output, name, layout)
        return
    made = w.reduce(_REDUCE[op.kind], name, [layout.index(a) for a in axes], keepdims=op.keepdims)
    if op.keepdims:
        w.place(node.output, made, layout)
        return
    left = [axis for axis in range(x.type.rank) if axis not in axes]
    w.place(node.output, made, tuple(left.index(axis) for axis in layout if axis in left))


@writes(BatchSize, "Shape", "Cast")
def write_batch_size(w: OnnxWriter, node: Node, op: BatchSize) -> None:
    """The number of samples."""
    w.place(node.output, w.as_float(w.sizes.scalar(node.inputs[0].type.shape[0])))


@writes(Normalize, "LayerNormalization", "InstanceNormalization", "ReduceMean", "Sqrt")
def write_normalize(w: OnnxWriter, node: Node, op: Normalize) -> None:
    """Divided by a statistic; over the last axis, or over the pixels of images, by an operator for it."""
    (x,) = node.inputs
    rank = x.type.rank
    axes = normalize_axes(op.axes, rank)
    if op.kind == "mean_variance" and axes == (rank - 1,) and w.opset >= 17 and isinstance(x.type.shape[-1], int):
        _layer_normalization(w, node, x, op.epsilon)
        return
    first = channels_first(rank)
    if op.kind == "mean_variance" and rank > 2 and axes == tuple(range(1, rank - 1)) and w.has(x, first):
        channels = x.type.shape[-1]
        if isinstance(channels, int):
            ones, zeros = w.constant(np.ones(channels, np.float32)), w.constant(np.zeros(channels, np.float32))
            made = w.emit("InstanceNormalization", w.use(x, first), ones, zeros, epsilon=op.epsilon)
            w.place(node.output, made, first)
            return
    layout = w.layout(x)
    places = [layout.index(axis) for axis in axes]
    name = w.use(x, layout)
    if op.kind == "mean_variance":
        name = w.emit("Sub", name, w.reduce("ReduceMean", name, places, keepdims=True))
    square = w.emit("Mul", name, name)
    if op.kind == "l2":
        under = w.emit("Max", w.reduce("ReduceSum", square, places, keepdims=True), w.number(op.epsilon))
    else:
        under = w.emit("Add", w.reduce("ReduceMean", square, places, keepdims=True), w.number(op.epsilon))
    w.place(node.output, w.emit("Div", name, w.emit("Sqrt", under)), layout)


def _layer_normalization(w: OnnxWriter, node: Node, x: Value, epsilon: float) -> None:
    """Over the last axis, with the scale and the shift that come after it."""
    width = x.type.dims[-1]
    layout = w.layout(x)
    if layout[-1] != len(layout) - 1:
        layout = plain(len(layout))
    output = node.output
    operands = [w.constant(np.ones(width, np.float32), "ones")]
    layer = node.layer
    for kind in ("multiply", "add"):
        after = w.only_user(output)
        if after is None or not isinstance(after.op, Binary) or after.op.kind != kind:
            if kind == "multiply":
                continue
            break
        vector = next((v for v in after.inputs if v is not output), None)
        if vector is None or not w.is_constant(vector) or not _is_vector(w.array(vector).shape, width):
            break
        array = np.broadcast_to(w.array(vector).reshape(-1), (width,))
        if kind == "multiply":
            operands = [w.constant(array, f"{layer}/scale")]
        else:
            operands.append(w.constant(array, f"{layer}/bias"))
        w.done.add(after)
        output = after.output
    made = w.emit("LayerNormalization", w.use(x, layout), *operands, axis=-1, epsilon=epsilon)
    w.place(output, made, layout)


def _is_vector(shape: tuple[int, ...], width: int) -> bool:
    return all(d == 1 for d in shape[:-1]) and shape[-1:] in ((), (1,), (width,))


@writes(Softmax, "Softmax", "LogSoftmax", "TopK", "CumSum")
def write_softmax(w: OnnxWriter, node: Node, op: Softmax) -> None:
    """Shares along an axis."""
    (x,) = node.inputs
    layout = w.layout(x)
    axis = layout.index(op.axis % x.type.rank)
    name = w.use(x, layout)
    if op.kind != "sparsemax":
        w.place(node.output, w.emit("Softmax" if op.kind == "softmax" else "LogSoftmax", name, axis=axis), layout)
        return
    size = x.type.shape[layout[axis]]
    descending, _ = w.emit_all("TopK", [name, w.sizes.shape([size])], 2, axis=axis)
    one, ones = w.number(1.0), [1] * x.type.rank
    sums = w.emit("CumSum", descending, w.integers(axis))
    counted = w.emit("Range", w.integers(1), w.emit("Add", w.sizes.scalar(size), w.integers(1)), w.integers(1))
    shape = w.integers([-1 if i == axis else 1 for i in range(len(ones))])
    places = w.emit("Reshape", w.as_float(counted), shape)
    least = w.emit("Div", w.emit("Sub", sums, one), places)
    support = w.emit("Greater", descending, least)
    count = w.reduce("ReduceSum", w.as_float(support), [axis], keepdims=True)
    total = w.reduce("ReduceSum", w.emit("Where", support, sums, w.number(0.0)), [axis], keepdims=True)
    tau = w.emit("Div", w.emit("Sub", total, one), count)
    w.place(node.output, w.emit("Relu", w.emit("Sub", name, tau)), layout)


@writes(Glu, "Slice", "Sigmoid", "Mul")
def write_glu(w: OnnxWriter, node: Node, op: Glu) -> None:
    """The first half by the sigmoid of the second one."""
    (x,) = node.inputs
    layout = w.layout(x)
    axis, size = layout.index(op.axis % x.type.rank), x.type.shape[op.axis]
    assert size is not None
    name, along, half = w.use(x, layout), w.integers([axis]), size // 2
    a, b = (
        w.emit("Slice", name, w.sizes.shape([start]), w.sizes.shape([stop]), along)
        for start, stop in ((0, half), (half, size))
    )
    w.place(node.output, w.emit("Mul", a, w.emit("Sigmoid", b)), layout)

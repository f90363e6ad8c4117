"""Elementwise ops: in whatever order of axes their operands are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from modelc.graph.graph import Node, Value
from modelc.graph.sizes import same_shape, surely_equal
from modelc.onnx.export.functions import BINARY_ROWS, COMPARISONS, row_of, unary
from modelc.onnx.export.layouts import channels_first
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import writes
from modelc.ops.elementwise import Binary, Cast, Unary
from modelc.ops.select import Select

_TYPES = {"int32": 6}


@writes(Unary, "Relu", "Sigmoid", "Tanh", "Clip", "Gelu", "…", note="one row for each function, see below")
def write_unary(w: OnnxWriter, node: Node, op: Unary) -> None:
    """A function of one tensor."""
    (x,) = node.inputs
    if w.is_constant(x):
        w.place(node.output, unary(w, op.kind, op.filled, w.use(x)))
        return
    for one in w.placed(x)[:1]:
        w.put(node.output, replace(one, name=unary(w, op.kind, op.filled, one.name)))


@writes(Binary, "Add", "Mul", "Where", "Less", "Cast", "BatchNormalization", "…", note="comparisons give 0 and 1")
def write_binary(w: OnnxWriter, node: Node, op: Binary) -> None:
    """A function of two tensors."""
    a, b = node.inputs
    if op.kind == "multiply" and _as_batch_normalization(w, node):
        return
    layout = w.together((a, b), node.output)
    if op.kind == "prelu" and same_shape(a.type.shape, node.output.type.shape):
        w.place(node.output, w.emit("PRelu", w.use(a, layout), w.aligned(b, layout)), layout)
        return
    operands = w.aligned(a, layout), w.aligned(b, layout)
    if op.kind in COMPARISONS:
        operator, turned = COMPARISONS[op.kind]
        truth = w.emit(operator, *operands)
        truth = w.emit("Not", truth) if turned else truth
        w.set_truth(node.output, truth, layout)
        w.place(node.output, w.as_float(truth), layout)
    else:
        w.place(node.output, row_of(BINARY_ROWS, op.kind)(w, *operands), layout)


@writes(Select, "Where")
def write_select(w: OnnxWriter, node: Node, op: Select) -> None:
    """One of two tensors."""
    mask, a, b = node.inputs
    layout = w.together((a, b, mask), node.output)
    w.place(node.output, w.emit("Where", w.truth(mask, layout), w.aligned(a, layout), w.aligned(b, layout)), layout)


@writes(Cast, "Cast")
def write_cast(w: OnnxWriter, node: Node, op: Cast) -> None:
    """Another dtype."""
    (x,) = node.inputs
    layout = w.layout(x)
    name = w.use(x, layout)
    if x.type.dtype != op.dtype:
        name = w.emit("Cast", name, to=_TYPES.get(op.dtype, w.float_type))
    w.place(node.output, name, layout)


def _as_batch_normalization(w: OnnxWriter, node: Node) -> bool:
    """Write ``x·scale + shift`` by channel as one operator, which reads x once."""
    after = w.only_user(node.output)
    if after is None or not isinstance(after.op, Binary) or after.op.kind not in ("add", "subtract"):
        return False
    x, scale = _with_constant(w, node, node.inputs)
    product, shift = _with_constant(w, after, after.inputs)
    if x is None or scale is None or shift is None or product is not node.output:
        return False
    if after.op.kind == "subtract" and after.inputs[0] is not node.output:
        return False
    rank = x.type.rank
    first = channels_first(rank)
    if not (rank == 4 and x.type.batched and w.has(x, first) and same_shape(x.type.shape, node.output.type.shape)):
        return False
    channels = x.type.shape[-1]
    parts = [_per_channel(w.array(v), channels) for v in (scale, shift)]
    if any(part is None for part in parts):
        return False
    factor, offset = (np.asarray(part, np.float32) for part in parts)
    offset = -offset if after.op.kind == "subtract" else offset
    mean, variance = np.zeros_like(factor), np.ones_like(factor)
    operands = [
        w.constant(array, hint)
        for array, hint in ((factor, "scale"), (offset, "shift"), (mean, "mean"), (variance, "variance"))
    ]
    w.place(after.output, w.emit("BatchNormalization", w.use(x, first), *operands, epsilon=0.0), first)
    w.done.add(after)
    return True


def _with_constant(w: OnnxWriter, node: Node, operands: tuple[Value, ...]) -> tuple[Value | None, Value | None]:
    """Of two operands the one that is computed, and the one that is constant."""
    a, b = operands
    if w.is_constant(b) and not w.is_constant(a):
        return a, b
    return (b, a) if w.is_constant(a) and not w.is_constant(b) else (None, None)


def _per_channel(array: Any, channels: Any) -> Any:
    """The numbers of a constant that differs along channels only, one for each; None for another one."""
    if array.size == 1:
        return np.broadcast_to(array.reshape(1), (channels,)) if isinstance(channels, int) else None
    fits = array.shape[-1:] == (array.size,) and surely_equal(array.size, channels)
    return array.reshape(-1) if fits else None

"""Convolutions and pooling: channels first, as ONNX has them; kernels are brought into its order at export."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.graph.graph import Node, Value
from modelc.graph.sizes import is_free, no_pads, surely, surely_equal
from modelc.onnx.export.layouts import channels_first
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import CannotSayError, writes
from modelc.ops.conv import Conv, ConvTranspose
from modelc.ops.elementwise import Binary
from modelc.ops.pool import Pool
from modelc.ops.shape import Pad


@writes(Conv, "Conv", "Pad", note="a bias and the pads of a layer before it are written into the operator")
def write_conv(w: OnnxWriter, node: Node, op: Conv) -> None:
    """A convolution with its bias."""
    x, kernel = node.inputs
    layer = w.layer = w.weight_behind(kernel)
    rank = len(op.strides)
    first = channels_first(rank + 2)
    name, pads = _with_pads(w, x, op.padding)
    output, bias = _bias(w, node, layer)
    weights = w.use(kernel, (rank + 1, rank, *range(rank)))
    made = w.emit(
        "Conv", name, weights, *bias, kernel_shape=list(kernel.type.dims[:rank]),
        strides=list(op.strides), dilations=list(op.dilation), group=op.groups, pads=pads,
    )  # fmt: skip
    w.place(output, made, first)


@writes(ConvTranspose, "ConvTranspose", "Pad")
def write_conv_transpose(w: OnnxWriter, node: Node, op: ConvTranspose) -> None:
    """A transposed convolution with its bias; what it reaches beyond is cut, what it does not reach filled with 0."""
    x, kernel = node.inputs
    layer = w.layer = w.weight_behind(kernel)
    rank = len(op.strides)
    first = channels_first(rank + 2)
    crop = op.crop
    cut = [max(0, low) for low, _ in crop] + [max(0, high) for _, high in crop]
    free = any(map(is_free, cut))
    more = [max(0, -low) for low, _ in crop] + [max(0, -high) for _, high in crop]
    filled = not all(surely(n, 0, 0) for n in more)
    output, bias = (node.output, []) if filled or free else _bias(w, node, layer)
    weights = w.use(kernel, (rank + 1, rank, *range(rank)))
    made = w.emit(
        "ConvTranspose", w.use(x, first), weights, *bias, kernel_shape=list(kernel.type.dims[:rank]),
        strides=list(op.strides), dilations=list(op.dilation), group=op.groups, pads=None if free else cut,
    )  # fmt: skip
    if free:
        pads = [0, 0, *(-n for n in cut[:rank]), 0, 0, *(-n for n in cut[rank:])]
        made = w.emit("Pad", made, w.sizes.shape(pads))
    if filled:
        made = w.emit("Pad", made, w.sizes.shape([0, 0, *more[:rank], 0, 0, *more[rank:]]), w.number(0.0))
    w.place(output, made, first)


@writes(Pool, "MaxPool", "AveragePool", "Pad")
def write_pool(w: OnnxWriter, node: Node, op: Pool) -> None:
    """The largest value or the mean of a window."""
    (x,) = node.inputs
    rank = len(op.size)
    first = channels_first(rank + 2)
    name = w.use(x, first)
    free = [i for i in range(rank) if is_free(op.size[i]) or is_free(op.strides[i])]
    if free:
        name = _over_whole_axes(w, name, x, op, free)
    size = [1 if i in free else n for i, n in enumerate(op.size)]
    window: dict[str, Any] = {
        "kernel_shape": size,
        "strides": [1 if i in free else n for i, n in enumerate(op.strides)],
    }
    spatial, pads = x.type.shape[1:-1], _flat(op.padding)
    plain = not any(map(is_free, pads)) and all(max(p) < k for p, k in zip(op.padding, size, strict=True))
    if x.type.dtype != "float32":
        name = w.emit("Cast", name, to=11)  # integers below 2⁵³ are exact
    if plain:
        operator = "MaxPool" if op.kind == "max" else "AveragePool"
        name = w.emit(operator, name, **window, pads=pads if any(pads) else None)
    elif op.kind == "max":
        lowest = w.constant(np.array(-np.inf, w.float if x.type.dtype == "float32" else np.float64))
        name = w.emit("MaxPool", _padded(w, name, op.padding, lowest), **window)
    else:
        # The mean of what is there: the mean with zeros over the share of the window that is there.
        ones = w.emit("Expand", w.number(1.0), w.sizes.shape([1, 1, *spatial]))
        sums, shares = (
            w.emit("AveragePool", _padded(w, one, op.padding, w.number(0.0)), **window) for one in (name, ones)
        )
        name = w.emit("Div", sums, shares)
    if x.type.dtype != "float32":
        name = w.emit("Cast", name, to=6)
    w.place(node.output, name, first)


def _over_whole_axes(w: OnnxWriter, name: str, x: Value, op: Pool, axes: list[int]) -> str:
    """The part of a pooling whose windows are a whole axis of a free size."""
    for i in axes:
        if not (surely_equal(op.size[i], x.type.shape[1 + i]) and no_pads((op.padding[i],))):
            raise CannotSayError("pools by a window that depends on a free size", "fix the size")
    kind = "ReduceMax" if op.kind == "max" else "ReduceMean"
    return w.reduce(kind, name, [2 + i for i in axes], keepdims=True)


def _flat(padding: Any) -> list[Any]:
    """Pads as ONNX has them: all that are before, then all that are after."""
    return [low for low, _ in padding] + [high for _, high in padding]


def _padded(w: OnnxWriter, name: str, padding: Any, value: str) -> str:
    rank = len(padding)
    flat = _flat(padding)
    return w.emit("Pad", name, w.sizes.shape([0, 0, *flat[:rank], 0, 0, *flat[rank:]]), value)


def _with_pads(w: OnnxWriter, x: Value, padding: Any) -> tuple[str, list[int] | None]:
    """The input of a convolution, and the pads that it takes itself: numbers; with those of a `Pad` before it."""
    first = channels_first(x.type.rank)
    before = w.producer(x)
    if before is not None and isinstance(before.op, Pad) and not w.is_constant(x) and before.op.value == 0:
        around, rank = before.op.pads, len(padding)
        if no_pads((around[0], around[-1])):
            both = [(a[0] + b[0], a[1] + b[1]) for a, b in zip(around[1:-1], padding, strict=True)]
            if len(both) == rank and not any(map(is_free, _flat(both))):
                x, padding = before.inputs[0], both
    flat = _flat(padding)
    if any(map(is_free, flat)):
        return _padded(w, w.use(x, first), padding, w.number(0.0)), None
    return w.use(x, first), [int(n) for n in flat] if any(flat) else None


def _bias(w: OnnxWriter, node: Node, layer: str) -> tuple[Value, list[str]]:
    """The bias that is added to a convolution by the next node, and what the two give."""
    after = w.only_user(node.output)
    if after is None or not isinstance(after.op, Binary) or after.op.kind != "add":
        return node.output, []
    bias = next((v for v in after.inputs if v is not node.output), None)
    if bias is None or not w.is_constant(bias):
        return node.output, []
    array, filters = w.array(bias), node.output.type.shape[-1]
    if not isinstance(filters, int) or array.size not in (1, filters) or array.shape[-1:] not in ((), (array.size,)):
        return node.output, []
    if array.ndim > node.output.type.rank:
        return node.output, []
    w.done.add(after)
    return after.output, [w.constant(np.broadcast_to(array.reshape(-1), (filters,)), f"{layer}/bias")]

"""Operators on integers that stand for numbers by a scale and a zero point. They are computed in float32.

Sums of products of integers are exact up to 2^24; a node whose sums could be larger is refused where it gives them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from modelc.onnx.read.composed import applied, required
from modelc.onnx.read.fold import grown
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.reader import NeedsConstantError, OnnxReader
from modelc.onnx.read.table import RefusedError, reads
from modelc.onnx.read.tensors import NAMES
from modelc.onnx.read.values import Flow, Known, Value, known
from modelc.sources.refs import Array

_EXACT = 1 << 24
"""Up to here float32 has every integer."""
_QUANTIZED = ("int8", "uint8", "int16", "uint16")


def _spread(index: int, x: Value, node: OnnxNode, r: OnnxReader) -> Value | None:
    """A scale or zero point of one axis, or of blocks along it, with the axes of the tensor."""
    value = r.value(index)
    if value is None or value.rank == 0:
        return value
    axis = r.axis(node.get("axis", 1), x.rank)
    block = node.get("block_size", 0)
    if not isinstance(value, Known):
        if value.rank == 1 and r.dims(value) == [1]:
            return value
        raise NeedsConstantError(r.node.inputs[index], "scale or zero point for each channel")
    if block:
        size = r.numbers(x)[axis]
        grown(value.array.size * block)
        return Known(np.repeat(value.array, block, axis).take(np.arange(size), axis), value.dtype)
    if value.rank == 1 and value.array.size > 1:
        shape = [1] * x.rank
        shape[axis] = -1
        return Known(value.array.reshape(shape), value.dtype)
    return value if value.rank == x.rank else Known(value.array.reshape(()), value.dtype)


def _of_float(x: Value) -> Value:
    """Integers as the floats that they are computed with."""
    return Known(x.array.astype(np.float32), "float32", x.name) if isinstance(x, Known) else x.as_type("float32")


def _dequantized(r: OnnxReader, x: Value, node: OnnxNode) -> Value:
    """(x - zero)·scale."""
    spread_scale, spread_zero = _spread(1, x, node, r), _spread(2, x, node, r)
    made = centred(r, x, spread_zero)
    assert spread_scale is not None
    return applied(r, "Mul", made, _of_float(spread_scale))


def centred(r: OnnxReader, x: Value, zero: Value | None) -> Value:
    """x - zero."""
    x = _of_float(x)
    if zero is None or (isinstance(zero, Known) and not zero.array.any()):
        return x
    return applied(r, "Sub", x, _of_float(zero))


def _quantized(r: OnnxReader, x: Value, zero: Value | None, dtype: str) -> Value:
    """round(x) + zero, within what the type holds."""
    made = applied(r, "Round", x)
    if zero is not None and not (isinstance(zero, Known) and not zero.array.any()):
        made = applied(r, "Add", made, _of_float(zero))
    limits = np.iinfo(dtype)
    made = applied(r, "Clip", made, known(np.float32(limits.min), "float32"), known(np.float32(limits.max), "float32"))
    return made.as_type(dtype) if isinstance(made, Flow) else Known(made.array.astype(dtype), dtype)


def _with_zero(zero: Value | None, node: OnnxNode) -> str:
    dtype = zero.dtype if zero is not None else NAMES.get(node.get("output_dtype") or 2, "")
    if dtype not in _QUANTIZED:
        raise RefusedError(f"it gives numbers of the type {dtype or node.get('output_dtype')}")
    return dtype


def _folded_blocks(x: Array, value: Array | None, node: OnnxNode) -> Any:
    if value is None or value.ndim == 0 or value.size == 1:
        return None if value is None else value.reshape(())
    axis, block = node.get("axis", 1), node.get("block_size", 0)
    if block:
        grown(value.size * block)
        return np.repeat(value, block, axis).take(np.arange(int(x.shape[axis])), axis)
    shape = [1] * x.ndim
    shape[axis] = -1
    return value.reshape(shape)


def _dequantize_known(node: OnnxNode, x: Array, scale: Array, zero: Array | None = None) -> Any:
    wide, factor = x.astype(np.float64), _folded_blocks(x, scale, node)
    offset = 0 if zero is None else _folded_blocks(x, zero, node).astype(np.float64)
    made = (wide - offset) * factor.astype(np.float64)
    if made.shape != x.shape:
        raise RefusedError("its scale has other axes than its tensor")
    return Known(made.astype(np.float32), "float32")


@reads("DequantizeLinear", becomes="subtract, multiply", compute=_dequantize_known)
def _dequantize(r: OnnxReader, node: OnnxNode) -> Value:
    return _dequantized(r, required(r, 0, "tensor"), node)


@reads("QuantizeLinear", becomes="divide, round, add, clip", note="to 8 and 16 bits")
def _quantize(r: OnnxReader, node: OnnxNode) -> Value:
    x, dtype = required(r, 0, "tensor"), _with_zero(r.value(2), node)
    scale, zero = _spread(1, x, node, r), _spread(2, x, node, r)
    assert scale is not None
    return _quantized(r, applied(r, "Div", _of_float(x), _of_float(scale)), zero, dtype)


@reads("DynamicQuantizeLinear", becomes="min, max, divide, round, clip")
def _dynamic(r: OnnxReader, node: OnnxNode) -> tuple[Value, ...]:
    x, none = required(r, 0, "tensor"), known(np.float32(0), "float32")
    low = applied(r, "Min", applied(r, "ReduceMin", x, keepdims=0), none)
    high = applied(r, "Max", applied(r, "ReduceMax", x, keepdims=0), none)
    scale = applied(r, "Div", applied(r, "Sub", high, low), known(np.float32(255), "float32"))
    limits = known(np.float32(0), "float32"), known(np.float32(255), "float32")
    place = applied(r, "Div", applied(r, "Neg", low), scale)
    zero = applied(r, "Round", applied(r, "Clip", place, *limits))
    steps = applied(r, "Round", applied(r, "Div", x, scale))
    made = applied(r, "Clip", applied(r, "Add", steps, zero), *limits)
    return _typed(made, "uint8"), scale, _typed(zero, "uint8")


def _typed(x: Value, dtype: str) -> Value:
    return x.as_type(dtype) if isinstance(x, Flow) else Known(x.array.astype(dtype), dtype)


def _largest(x: Value) -> int:
    """The largest absolute value less a zero point that a tensor of 8 bits can have."""
    if isinstance(x, Known):
        return int(np.abs(x.array).max(initial=0))
    return 255


def _require_exact(a: Value, b: Value, summed: int) -> None:
    """Refuse sums of so many products that float32 may round. A known operand is looked at."""
    most: float = _largest(a) * _largest(b) * summed
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Known) and one.array.ndim >= 2:
            absolute = np.abs(one.array.astype(np.float64))
            rows = absolute.reshape(absolute.shape[0], -1).sum(1).max(initial=0)
            columns = absolute.sum(-2).max(initial=0) if one.array.ndim == 2 else rows
            most = min(most, float(max(rows, columns)) * _largest(other))
    if most >= _EXACT:
        raise RefusedError("its sums of integers can be larger than 2^24, up to which float32 has them all")


def _columns(zero: Value | None, rank: int, axis: int) -> Value | None:
    """A zero point for each row or column of a matrix."""
    if isinstance(zero, Known) and zero.rank == 1 and zero.array.size > 1:
        shape = [1] * rank
        shape[axis] = -1
        return Known(zero.array.reshape(shape), zero.dtype)
    return zero


@reads("MatMulInteger", becomes="Dense, matmul, einsum", note="exact sums only")
def _matmul_integer(r: OnnxReader, node: OnnxNode) -> Value:
    a, b = required(r, 0, "first matrix"), required(r, 1, "second matrix")
    a = centred(r, a, _columns(r.value(2), a.rank, -2))
    b = centred(r, b, _columns(r.value(3), b.rank, -1))
    _require_exact(a, b, int(r.numbers(a)[-1]))
    return _typed(applied(r, "MatMul", a, b), "int32")


@reads("ConvInteger", becomes="Conv1D, Conv2D, Conv3D", note="exact sums only")
def _conv_integer(r: OnnxReader, node: OnnxNode) -> Value:
    x, kernel = required(r, 0, "tensor"), r.known(1, "kernel")
    assert kernel is not None
    x, kernel = centred(r, x, r.value(2)), centred(r, kernel, _columns(r.known(3, "zero point"), kernel.rank, 0))
    _require_exact(x, kernel, int(np.prod(r.numbers(kernel)[1:])))
    return _typed(applied(r, "Conv", x, kernel, **node.attributes), "int32")


def _scaled(r: OnnxReader, made: Value, scales: list[Value], out: Value, axis: int) -> Value:
    """Sums of integers times the scales of both operands, by that of the result."""
    for scale in scales:
        made = applied(r, "Mul", made, _of_float(_columns(scale, made.rank, axis) or scale))
    return applied(r, "Div", made, _of_float(out))


def _linear(operator: str) -> Callable[[OnnxReader, OnnxNode], Value]:
    def read(r: OnnxReader, node: OnnxNode) -> Value:
        a, b = required(r, 0, "tensor"), required(r, 3, "second operand")
        scales = [required(r, 1, "scale"), required(r, 4, "scale")]
        out, zero = required(r, 6, "scale"), required(r, 7, "zero point")
        if operator == "Conv":
            b = r.known(3, "kernel") or b
            a, b = centred(r, a, r.value(2)), centred(r, b, _columns(r.known(5, "zero point"), b.rank, 0))
            made = applied(
                r, "Conv", a, b, _bias(r.known(8, "bias") if len(node.inputs) > 8 else None), **node.attributes
            )
            made = _scaled(r, made, [scales[0], *_channels(scales[1], made.rank)], out, 1)
        else:
            a = centred(r, a, _columns(r.value(2), a.rank, -2))
            b = centred(r, b, _columns(r.value(5), b.rank, -1))
            made = applied(r, "MatMul", a, b)
            rows = _columns(scales[0], made.rank, -2) or scales[0]
            made = _scaled(r, made, [rows, scales[1]], out, -1)
        return _quantized(r, made, zero, _with_zero(zero, node))

    return read


def _channels(scale: Value, rank: int) -> list[Value]:
    return [_columns(scale, rank, 1) or scale]


def _bias(bias: Value | None) -> Value | None:
    return None if bias is None else _of_float(bias)


reads("QLinearMatMul", becomes="Dense, matmul, round, clip", note="sums are rounded as float32")(_linear("MatMul"))
reads("QLinearConv", becomes="Conv1D, Conv2D, Conv3D, round, clip", note="sums are rounded as float32")(_linear("Conv"))

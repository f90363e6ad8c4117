"""Operators that take each element by itself, and softmax."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from modelc.layers.activation.classes import ELU, Activation, LeakyReLU, PReLU, ReLU, Softmax
from modelc.layers.regularization.dropout import Dropout
from modelc.onnx.read.broadcast import aligned
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import RefusedError, reads
from modelc.onnx.read.tensors import NAMES
from modelc.onnx.read.values import FLOATS, Flow, Known, Value, known
from modelc.sources.refs import Array, Ref, has_open


def _activated(r: OnnxReader, x: Flow, activation: str) -> Flow:
    return r.same(x, r.layer(Activation, x.ref, activation=activation))


_PLAIN = {
    "Sigmoid": "sigmoid", "Tanh": "tanh", "Softplus": "softplus", "Softsign": "softsign", "Mish": "mish",
    "HardSwish": "hard_silu", "Silu": "silu",
}  # fmt: skip
"""Activations of Keras without options; `Silu` is one of modelc's own domain, what a pattern became."""


@reads(*_PLAIN, becomes="Activation")
def _plain(r: OnnxReader, node: OnnxNode) -> Value:
    return _activated(r, r.flow(merged=True), _PLAIN[node.op])


def _positive(node: OnnxNode, x: Array) -> Any:
    return np.maximum(x, 0)


@reads("Relu", becomes="ReLU", compute=_positive)
def _relu(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    return r.same(x, r.layer(ReLU, x.ref))


@reads("Gelu", becomes="Activation, gelu")
def _gelu(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    if node.get("approximate", "none") == "none":
        return r.same(x, r.op("gelu", x.ref, approximate=False))
    return r.same(x, r.op("gelu", x.ref, approximate=True))


@reads("Elu", becomes="Activation, ELU")
def _elu(r: OnnxReader, node: OnnxNode) -> Value:
    x, alpha = r.flow(merged=True), node.get("alpha", 1.0)
    return _activated(r, x, "elu") if alpha == 1 else r.same(x, r.layer(ELU, x.ref, alpha=alpha))


@reads("Selu", becomes="Activation, Operation")
def _selu(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    alpha, gamma = node.get("alpha", 1.67326319217681884765625), node.get("gamma", 1.05070102214813232421875)
    if math.isclose(alpha, 1.6732632, rel_tol=1e-6) and math.isclose(gamma, 1.0507010, rel_tol=1e-6):
        return _activated(r, x, "selu")
    return r.same(x, r.op("multiply", r.layer(ELU, x.ref, alpha=alpha), gamma))


@reads("Celu", becomes="celu")
def _celu(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    return r.same(x, r.op("celu", x.ref, alpha=node.get("alpha", 1.0)))


@reads("LeakyRelu", becomes="LeakyReLU, Operation")
def _leaky_relu(r: OnnxReader, node: OnnxNode) -> Value:
    x, slope = r.flow(merged=True), node.get("alpha", 0.01)
    if slope >= 0:
        return r.same(x, r.layer(LeakyReLU, x.ref, negative_slope=slope))
    return r.same(x, r.op("leaky_relu", x.ref, negative_slope=slope))


@reads("ThresholdedRelu", becomes="ReLU")
def _thresholded_relu(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    return r.same(x, r.layer(ReLU, x.ref, threshold=node.get("alpha", 1.0)))


@reads("HardSigmoid", becomes="Activation, Operation")
def _hard_sigmoid(r: OnnxReader, node: OnnxNode) -> Value:
    x, alpha, beta = r.flow(merged=True), node.get("alpha", 0.2), node.get("beta", 0.5)
    if beta == 0.5 and math.isclose(alpha, 1 / 6, rel_tol=1e-6):
        return _activated(r, x, "hard_sigmoid")
    if beta == 0.5 and math.isclose(alpha, 0.2, rel_tol=1e-6):
        return _activated(r, x, "keras2_hard_sigmoid")
    line = r.op("add", r.op("multiply", x.ref, alpha), beta)
    return r.same(x, r.op("clip", line, x_min=0.0, x_max=1.0))


@reads("Shrink", becomes="soft_shrink, hard_shrink, Operation")
def _shrink(r: OnnxReader, node: OnnxNode) -> Value:
    x, limit, bias = r.flow(merged=True), node.get("lambd", 0.5), node.get("bias", 0.0)
    if bias == limit and limit >= 0:
        return r.same(x, r.op("soft_shrink", x.ref, threshold=limit))
    low = r.op("multiply", r.op("less", x.ref, -limit), r.op("add", x.ref, bias))
    high = r.op("multiply", r.op("greater", x.ref, limit), r.op("subtract", x.ref, bias))
    return r.same(x, r.op("add", low, high))


@reads("PRelu", becomes="PReLU, Operation")
def _prelu(r: OnnxReader, node: OnnxNode) -> Value:
    x, slope = r.flow(merged=True), r.known(1, "slope")
    assert slope is not None
    if r.opset < 7 and slope.rank == 1 and slope.array.size > 1:  # a number for each channel
        slope = known(slope.array.reshape(-1, *(1,) * (x.rank - 2)), slope.dtype, slope.name)
    made = aligned(r, (x, slope))
    tensor, alpha = made.operands
    sizes = r.shapes.type_of(made.like.ref).shape[1:]
    assert isinstance(tensor, Ref) and not isinstance(alpha, Ref)
    alpha = alpha.reshape((1,) * (len(sizes) - alpha.ndim) + alpha.shape)
    shared = [i + 1 for i, (own, size) in enumerate(zip(alpha.shape, sizes, strict=True)) if own == 1 and size != 1]
    ref = r.layer(PReLU, tensor, arrays=[alpha], name=slope.name, shared_axes=tuple(shared) or None)
    return r.same(made.like, ref)


def _clipped(node: OnnxNode, x: Array, low: Array | None = None, high: Array | None = None) -> Any:
    least: Any = node.get("min", -np.inf) if low is None else low
    most: Any = node.get("max", np.inf) if high is None else high
    return np.clip(x, least, most).astype(x.dtype)


@reads("Clip", becomes="ReLU, clip", compute=_clipped)
def _clip(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    low, high = (_bound(r, node, i, name) for i, name in ((1, "min"), (2, "max")))
    if low == 0 and high >= 0:
        limit = None if math.isinf(high) or high > 3e38 else high
        return r.same(x, r.layer(ReLU, x.ref, max_value=limit))
    if math.isinf(low) and math.isinf(high):
        return x
    return r.same(x, r.op("clip", x.ref, x_min=max(low, -3.4e38), x_max=min(high, 3.4e38)))


def _bound(r: OnnxReader, node: OnnxNode, index: int, name: str) -> float:
    value = r.known(index, name)
    otherwise = -math.inf if name == "min" else math.inf
    return float(node.get(name, otherwise) if value is None else value.array.item())


@reads("Softmax", "LogSoftmax", becomes="Activation, Softmax, log_softmax")
def _softmax(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    axis = r.axis(node.get("axis", -1 if r.opset >= 13 else 1), x.rank)
    operation = "softmax" if node.op == "Softmax" else "log_softmax"
    sizes = r.dims(x)
    if r.opset < 13 and any(size != 1 for size in sizes[axis + 1 :]):
        return _softmax_of_rows(r, x, axis, operation)
    if not isinstance(x.places[axis], int):
        x = r.with_last(x) if axis == x.rank - 1 else r.in_order(x)
    at = r.sample_axis(x, axis)
    if at == len(r.shapes.type_of(x.ref).shape) - 1:
        return _activated(r, x, operation)
    if operation == "softmax":
        return r.same(x, r.layer(Softmax, x.ref, axis=at))
    return r.same(x, r.op(operation, x.ref, axis=at))


def _softmax_of_rows(r: OnnxReader, x: Flow, axis: int, operation: str) -> Flow:
    """Before version 13 of the operators: along all axes from one on, together."""
    x = r.plain(x)
    at = x.axes[axis]
    if x.batch is not None and x.batch >= axis:
        r.sample_axis(x, x.batch)
    shape = r.shapes.type_of(x.ref).shape[1:]
    rows = [*shape[: at - 1], int(np.prod(r.numbers(x)[axis:]))]
    ref = r.layer(Activation, r.reshaped(x.ref, rows), activation=operation)
    return r.same(x, r.reshaped(ref, list(shape)))


@reads("Hardmax", becomes="one_hot, argmax")
def _hardmax(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.plain(r.flow())
    axis = r.axis(node.get("axis", -1 if r.opset >= 13 else 1), x.rank)
    if axis != x.rank - 1 and r.opset < 13:
        raise RefusedError("before version 13 of ONNX's operators it works on rows of several axes")
    at = r.sample_axis(x, axis)
    count = r.numbers(x)[axis]
    return r.same(x, r.op("one_hot", r.op("argmax", x.ref, axis=at), num_classes=count, axis=at))


def _same(node: OnnxNode, x: Array, *rest: Any) -> Array:
    return x


@reads("Identity", becomes="", compute=_same)
def _identity(r: OnnxReader, node: OnnxNode) -> Value:
    return r.flow(merged=True)


@reads("Dropout", becomes="Dropout", note="its mask is not given", compute=_same)
def _dropout(r: OnnxReader, node: OnnxNode) -> Value:
    x, ratio = r.flow(merged=True), r.known(1, "ratio")
    training = r.known(2, "training_mode")
    if training is not None and bool(training.array.item()):
        raise RefusedError("it draws as in training, and modelc predicts")
    rate = node.get("ratio", 0.5) if ratio is None else float(ratio.array.item())
    return r.same(x, r.layer(Dropout, x.ref, rate=rate)) if 0 < rate < 1 else x


# --- functions of one element

_UNARY: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "Abs": ("abs", np.abs), "Neg": ("negative", np.negative), "Exp": ("exp", np.exp), "Log": ("log", np.log),
    "Sqrt": ("sqrt", np.sqrt), "Reciprocal": ("reciprocal", np.reciprocal), "Floor": ("floor", np.floor),
    "Ceil": ("ceil", np.ceil), "Round": ("round", np.rint), "Sign": ("sign", np.sign), "Sin": ("sin", np.sin),
    "Cos": ("cos", np.cos), "Tan": ("tan", np.tan), "Asin": ("arcsin", np.arcsin), "Acos": ("arccos", np.arccos),
    "Atan": ("arctan", np.arctan), "Sinh": ("sinh", np.sinh), "Cosh": ("cosh", np.cosh),
    "Asinh": ("arcsinh", np.arcsinh), "Acosh": ("arccosh", np.arccosh), "Atanh": ("arctanh", np.arctanh),
    "Not": ("logical_not", np.logical_not), "IsNaN": ("isnan", np.isnan),
}  # fmt: skip


def _unary(operator: str) -> None:
    operation, function = _UNARY[operator]
    truth = operation in ("logical_not", "isnan")

    def compute(node: OnnxNode, x: Array) -> Any:
        return function(x)

    @reads(operator, becomes=operation, compute=compute)
    def _(r: OnnxReader, node: OnnxNode) -> Value:
        x = r.flow(merged=True)
        return r.same(x, r.op(operation, x.ref), "bool" if truth else None)


for _operator in _UNARY:
    _unary(_operator)


@reads("Erf", becomes="erf")
def _erf(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    return r.same(x, r.op("erf", x.ref))


def _infinite(node: OnnxNode, x: Array) -> Any:
    wanted = np.where(x > 0, bool(node.get("detect_positive", 1)), bool(node.get("detect_negative", 1)))
    return np.isinf(x) & wanted


@reads("IsInf", becomes="isinf, isposinf, isneginf", compute=_infinite)
def _is_inf(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    positive, negative = node.get("detect_positive", 1), node.get("detect_negative", 1)
    if not positive and not negative:
        return r.same(x, r.op("zeros_like", x.ref), "bool")
    operation = "isinf" if positive and negative else "isposinf" if positive else "isneginf"
    return r.same(x, r.op(operation, x.ref), "bool")


_INTEGERS = frozenset({"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"})


def _cast_known(node: OnnxNode, x: Array, like: Array | None = None) -> Any:
    dtype = _type_name(node)
    if has_open(x):
        if dtype not in _INTEGERS:
            raise RefusedError("a size that is free becomes a number of another type")
        return Known(x, dtype)
    return Known(x.astype(dtype), dtype)


_BY_NAME = {
    "FLOAT": "float32", "DOUBLE": "float64", "FLOAT16": "float16", "BOOL": "bool",
    **{name.upper(): name for name in _INTEGERS},
}  # fmt: skip


def _type_name(node: OnnxNode) -> str:
    to = node.get("to", 1)  # before version 6 of the operators a name
    name = _BY_NAME.get(to) if isinstance(to, str) else NAMES.get(to)
    if name is None:
        raise RefusedError("it casts to a type that modelc does not compute with")
    return name


@reads("Cast", becomes="cast", note="float64 and float16 are computed as float32", compute=_cast_known)
def _cast(r: OnnxReader, node: OnnxNode) -> Value:
    return cast_to(r, r.flow(merged=True), _type_name(node))


def _like(node: OnnxNode, x: Array, like: Array) -> Known:
    return Known(x.astype(like.dtype), like.dtype.name)


@reads("CastLike", becomes="cast", compute=_like)
def _cast_like(r: OnnxReader, node: OnnxNode) -> Value:
    x, like = r.value(0), r.value(1)
    assert like is not None
    if isinstance(x, Known):
        return Known(x.array if has_open(x.array) else x.array.astype(like.dtype), like.dtype, x.name, x.batch)
    return cast_to(r, r.flow(merged=True), like.dtype)


def cast_to(r: OnnxReader, x: Flow, dtype: str) -> Flow:
    """A tensor in another dtype; among floats nothing is done."""
    if dtype == x.dtype or (dtype in FLOATS and x.dtype in (*FLOATS, "bool")):
        return x.as_type(dtype)
    if dtype in FLOATS:
        return r.same(x, r.op("cast", x.ref, dtype="float32"), dtype)
    if dtype == "bool":
        return r.same(x, r.op("not_equal", x.ref, 0.0), "bool")
    if x.dtype in _INTEGERS and np.dtype(dtype).itemsize >= np.dtype(x.dtype).itemsize and dtype[0] == x.dtype[0]:
        return x.as_type(dtype)
    if x.dtype == "bool":
        return r.same(x, r.op("cast", x.ref, dtype="int32"), dtype)
    if dtype not in ("int32", "int64"):
        raise RefusedError(f"it casts to {dtype}, whose numbers wrap around or end, and modelc computes with int32")
    return r.same(x, r.op("cast", x.ref, dtype="int32"), dtype)

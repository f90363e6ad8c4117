"""The elementwise functions as ONNX operators: one row for each function of `modelc.functions`.

A row takes the writer, the tensors and the function's parameters, and gives the tensor of the result. Runtimes fuse
some forms into one kernel (`x·sigmoid(x)`, the GELU by `Erf`); these are written in just this form.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from modelc.functions.constants import GELU_CUBIC, SELU_ALPHA, SELU_SCALE
from modelc.onnx.table import CannotSayError

if TYPE_CHECKING:
    from modelc.onnx.export.writer import OnnxWriter

Row = Callable[..., str]

UNARY_ROWS: dict[str, Row] = {}
"""The functions of one tensor by name."""
BINARY_ROWS: dict[str, Row] = {}
"""The functions of two tensors by name, but for the comparisons."""
COMPARISONS: dict[str, tuple[str, bool]] = {
    "equal": ("Equal", False), "not_equal": ("Equal", True), "greater": ("Greater", False),
    "greater_equal": ("GreaterOrEqual", False), "less": ("Less", False), "less_equal": ("LessOrEqual", False),
}  # fmt: skip
"""Their operators, and whether what these give is turned around."""


def _direct(operator: str) -> Row:
    def row(w: OnnxWriter, *operands: str) -> str:
        return w.emit(operator, *operands)

    return row


UNARY_ROWS.update({
    name: _direct(operator)
    for name, operator in {
        "abs": "Abs", "arctan": "Atan", "cos": "Cos", "erf": "Erf", "exponential": "Exp", "floor": "Floor",
        "log": "Log", "negative": "Neg", "reciprocal": "Reciprocal", "round": "Round", "sigmoid": "Sigmoid",
        "sign": "Sign", "sin": "Sin", "softplus": "Softplus", "softsign": "Softsign", "sqrt": "Sqrt", "tanh": "Tanh",
    }.items()
})  # fmt: skip
BINARY_ROWS.update({
    name: _direct(operator)
    for name, operator in {
        "add": "Add", "subtract": "Sub", "multiply": "Mul", "divide": "Div", "maximum": "Max", "minimum": "Min",
    }.items()
})  # fmt: skip


def _row(name: str) -> Callable[[Row], Row]:
    def declare(row: Row) -> Row:
        UNARY_ROWS[name] = row
        return row

    return declare


def _less(w: OnnxWriter, x: str, number: float) -> str:
    return w.emit("Sub", x, w.number(number))


@_row("celu")
def _celu(w: OnnxWriter, x: str, alpha: float) -> str:
    if not w.half:  # the operator is for float32 only
        return w.emit("Celu", x, alpha=alpha)
    below = _less(w, w.emit("Exp", w.emit("Div", w.clip(x, None, 0.0), w.number(alpha))), 1.0)
    return w.emit("Add", w.emit("Relu", x), w.emit("Mul", below, w.number(alpha)))


@_row("clip")
def _clip(w: OnnxWriter, x: str, low: float, high: float) -> str:
    if low > high:  # all become `high`: that of ONNX leaves this open
        return w.emit("Min", w.emit("Max", x, w.number(low)), w.number(high))
    return w.clip(x, None if low == -math.inf else low, None if high == math.inf else high)


@_row("elu")
def _elu(w: OnnxWriter, x: str, alpha: float) -> str:
    return w.emit("Elu", x, alpha=alpha)


@_row("expm1")
def _expm1(w: OnnxWriter, x: str) -> str:
    return _less(w, w.emit("Exp", x), 1.0)


@_row("gelu")
def _gelu(w: OnnxWriter, x: str) -> str:
    if w.opset >= 20:
        return w.emit("Gelu", x)
    erf = w.emit("Erf", w.emit("Div", x, w.number(math.sqrt(2))))
    return w.emit("Mul", w.emit("Mul", x, w.emit("Add", erf, w.number(1.0))), w.number(0.5))


@_row("gelu_tanh")
def _gelu_tanh(w: OnnxWriter, x: str) -> str:
    if w.opset >= 20:
        return w.emit("Gelu", x, approximate="tanh")
    cube = w.emit("Mul", w.emit("Mul", x, x), x)
    inner = w.emit("Add", x, w.emit("Mul", cube, w.number(GELU_CUBIC)))
    tanh = w.emit("Tanh", w.emit("Mul", inner, w.number(math.sqrt(2 / math.pi))))
    return w.emit("Mul", w.emit("Mul", x, w.number(0.5)), w.emit("Add", tanh, w.number(1.0)))


@_row("hard_shrink")
def _hard_shrink(w: OnnxWriter, x: str, threshold: float) -> str:
    if threshold < 0:  # nothing is 0, where the operator would move both sides
        return x
    return w.emit("Shrink", x, lambd=threshold)


@_row("hard_sigmoid")
def _hard_sigmoid(w: OnnxWriter, x: str) -> str:
    return w.emit("HardSigmoid", x, alpha=1 / 6, beta=0.5)


@_row("hard_silu")
def _hard_silu(w: OnnxWriter, x: str) -> str:
    return w.emit("Mul", x, _hard_sigmoid(w, x))


@_row("hard_tanh")
def _hard_tanh(w: OnnxWriter, x: str) -> str:
    return w.clip(x, -1.0, 1.0)


@_row("keras2_hard_sigmoid")
def _keras2_hard_sigmoid(w: OnnxWriter, x: str) -> str:
    return w.emit("HardSigmoid", x, alpha=0.2, beta=0.5)


@_row("leaky_relu")
def _leaky_relu(w: OnnxWriter, x: str, negative_slope: float) -> str:
    return w.emit("LeakyRelu", x, alpha=negative_slope)


@_row("linear")
def _linear(w: OnnxWriter, x: str) -> str:
    return x


@_row("log1p")
def _log1p(w: OnnxWriter, x: str) -> str:
    return w.emit("Log", w.emit("Add", x, w.number(1.0)))


@_row("log_sigmoid")
def _log_sigmoid(w: OnnxWriter, x: str) -> str:
    return w.emit("Neg", w.emit("Softplus", w.emit("Neg", x)))


@_row("mish")
def _mish(w: OnnxWriter, x: str) -> str:
    return w.emit("Mul", x, w.emit("Tanh", w.emit("Softplus", x)))


@_row("relu")
def _relu(w: OnnxWriter, x: str, negative_slope: float, max_value: float, threshold: float) -> str:
    limit = None if max_value == math.inf else max_value
    if threshold == 0 and not negative_slope:
        return w.emit("Relu", x) if limit is None else w.clip(x, 0.0, limit)
    if threshold == 0 and limit is None:
        return w.emit("LeakyRelu", x, alpha=negative_slope)
    above = w.clip(x, 0.0, limit)
    if threshold != 0:
        above = w.emit("Where", w.emit("LessOrEqual", x, w.number(threshold)), w.number(0.0), above)
    if not negative_slope:
        return above
    below = w.emit("Relu", w.emit("Sub", w.number(threshold), x))
    return w.emit("Sub", above, w.emit("Mul", below, w.number(negative_slope)))


@_row("relu6")
def _relu6(w: OnnxWriter, x: str) -> str:
    return w.clip(x, 0.0, 6.0)


@_row("rsqrt")
def _rsqrt(w: OnnxWriter, x: str) -> str:
    return w.emit("Reciprocal", w.emit("Sqrt", x))


@_row("scale")
def _scale(w: OnnxWriter, x: str, factor: float, offset: float) -> str:
    if factor != 1:
        x = w.emit("Mul", x, w.number(factor))
    return w.emit("Add", x, w.number(offset)) if offset else x


@_row("selu")
def _selu(w: OnnxWriter, x: str) -> str:
    return w.emit("Selu", x, alpha=SELU_ALPHA, gamma=SELU_SCALE)


@_row("silu")
def _silu(w: OnnxWriter, x: str) -> str:
    return w.emit("Mul", x, w.emit("Sigmoid", x))


@_row("soft_shrink")
def _soft_shrink(w: OnnxWriter, x: str, threshold: float) -> str:
    if threshold < 0:
        return w.emit("Sub", x, _clip(w, x, -threshold, threshold))
    return w.emit("Shrink", x, lambd=threshold, bias=threshold)


@_row("sparse_plus")
def _sparse_plus(w: OnnxWriter, x: str) -> str:
    root = w.emit("Relu", w.emit("Add", x, w.number(1.0)))
    bent = w.emit("Mul", w.emit("Mul", root, root), w.number(0.25))
    return w.emit("Where", w.emit("GreaterOrEqual", x, w.number(1.0)), x, bent)


@_row("sparse_sigmoid")
def _sparse_sigmoid(w: OnnxWriter, x: str) -> str:
    return w.emit("HardSigmoid", x, alpha=0.5, beta=0.5)


@_row("square")
def _square(w: OnnxWriter, x: str) -> str:
    return w.emit("Mul", x, x)


@_row("squareplus")
def _squareplus(w: OnnxWriter, x: str, b: float) -> str:
    root = w.emit("Sqrt", w.emit("Add", w.emit("Mul", x, x), w.number(b)))
    return w.emit("Mul", w.emit("Add", x, root), w.number(0.5))


@_row("tanh_shrink")
def _tanh_shrink(w: OnnxWriter, x: str) -> str:
    return w.emit("Sub", x, w.emit("Tanh", x))


@_row("threshold")
def _threshold(w: OnnxWriter, x: str, threshold: float, default_value: float) -> str:
    return w.emit("Where", w.emit("LessOrEqual", x, w.number(threshold)), w.number(default_value), x)


def _prelu(w: OnnxWriter, a: str, b: str) -> str:
    return w.emit("Where", w.emit("Less", a, w.number(0.0)), w.emit("Mul", a, b), a)


def _gate(w: OnnxWriter, a: str, b: str) -> str:
    return w.emit("Where", w.emit("Greater", b, w.number(0.0)), a, w.number(0.0))


BINARY_ROWS.update({"prelu": _prelu, "gate": _gate})


def unary(w: OnnxWriter, kind: str, parameters: tuple[float, ...], x: str) -> str:
    """A function of a tensor, with all its parameters. Raises `CannotSayError` where it has no row here."""
    return row_of(UNARY_ROWS, kind)(w, x, *parameters)


def row_of(rows: Mapping[str, Row], kind: str) -> Row:
    """The row of a function. Raises `CannotSayError` where it has none."""
    if kind not in rows:
        raise CannotSayError(f"the function `{kind}` is not among those that are written as operators")
    return rows[kind]

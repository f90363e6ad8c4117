"""Elementwise operations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from modelc.config.options import FiniteFloat, InputDType
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.emit import as_float, binary, constant, not_zero, unary
from modelc.layers.operations.registry import Emit, Entry, Table, adder
from modelc.layers.preprocessing.preprocessing import Numbers, emit_numbers
from modelc.ops.elementwise import BinaryKind, Cast, UnaryKind
from modelc.ops.select import Select

TABLE: Table = {}
_add = adder(TABLE)

Formula = Callable[[Builder, Value], Value]

_PLAIN: dict[str, UnaryKind] = {
    "abs": "abs", "absolute": "abs", "fabs": "abs", "arctan": "arctan", "cos": "cos", "erf": "erf",
    "exp": "exponential", "expm1": "expm1",
    "floor": "floor", "hard_sigmoid": "hard_sigmoid", "hard_silu": "hard_silu",
    "hard_swish": "hard_silu", "hard_tanh": "hard_tanh", "log": "log",
    "log1p": "log1p", "log_sigmoid": "log_sigmoid", "mish": "mish", "negative": "negative",
    "reciprocal": "reciprocal", "relu6": "relu6", "rsqrt": "rsqrt", "selu": "selu", "sigmoid": "sigmoid",
    "sign": "sign", "silu": "silu", "swish": "silu", "sin": "sin", "softplus": "softplus", "softsign": "softsign",
    "sparse_plus": "sparse_plus", "sparse_sigmoid": "sparse_sigmoid", "sqrt": "sqrt", "square": "square",
    "tanh": "tanh", "tanh_shrink": "tanh_shrink",
}  # fmt: skip
"""Operations that are an op as they stand."""

_BINARY: dict[str, BinaryKind] = {
    "add": "add", "subtract": "subtract", "multiply": "multiply", "divide": "divide", "true_divide": "divide",
    "maximum": "maximum", "minimum": "minimum", "equal": "equal", "not_equal": "not_equal", "greater": "greater",
    "greater_equal": "greater_equal", "less": "less", "less_equal": "less_equal",
}  # fmt: skip


def _exp_of(base: float) -> Formula:
    return lambda g, x: unary(g, "exponential", unary(g, "scale", x, math.log(base)))


def _log_of(base: float) -> Formula:
    return lambda g, x: unary(g, "scale", unary(g, "log", x), 1 / math.log(base))


def _scaled(factor: float, offset: float = 0.0) -> Formula:
    return lambda g, x: unary(g, "scale", x, factor, offset)


def _is(value: float) -> Formula:
    return lambda g, x: binary(g, "equal", x, constant(g, value))


def _is_finite(g: Builder, x: Value) -> Value:
    return binary(g, "less", unary(g, "abs", x), constant(g, math.inf))


def _sinh(g: Builder, x: Value) -> Value:
    # (e + e / (e + 1)) / 2 with e = exp(x) - 1 keeps its accuracy near 0; |x| keeps e from rounding to -1.
    e = unary(g, "expm1", unary(g, "abs", x))
    rest = binary(g, "divide", e, unary(g, "scale", e, 1.0, 1.0))
    large = binary(g, "equal", e, constant(g, math.inf))
    half = unary(g, "scale", binary(g, "add", e, g.emit(Select(), large, constant(g, 1.0), rest)), 0.5)
    return binary(g, "multiply", half, unary(g, "sign", x))


def _cosh(g: Builder, x: Value) -> Value:
    return unary(
        g, "scale", binary(g, "add", unary(g, "exponential", x), unary(g, "exponential", unary(g, "negative", x))), 0.5
    )


def _cbrt(g: Builder, x: Value) -> Value:
    root = unary(g, "exponential", unary(g, "scale", unary(g, "log", unary(g, "abs", x)), 1 / 3))
    return binary(g, "multiply", root, unary(g, "sign", x))


_FORMULAS: dict[str, Formula] = {
    "cbrt": _cbrt,
    "ceil": lambda g, x: unary(g, "negative", unary(g, "floor", unary(g, "negative", x))),
    "cosh": _cosh,
    "deg2rad": _scaled(math.pi / 180),
    "erfc": lambda g, x: unary(g, "scale", unary(g, "erf", x), -1.0, 1.0),
    "exp2": _exp_of(2),
    "isfinite": _is_finite,
    "isinf": lambda g, x: binary(g, "equal", unary(g, "abs", x), constant(g, math.inf)),
    "isnan": lambda g, x: binary(g, "not_equal", x, x),
    "isneginf": _is(-math.inf),
    "isposinf": _is(math.inf),
    "log10": _log_of(10),
    "log2": _log_of(2),
    "logical_not": _is(0.0),
    "rad2deg": _scaled(180 / math.pi),
    "sinh": _sinh,
    "tan": lambda g, x: binary(g, "divide", unary(g, "sin", x), unary(g, "cos", x)),
    "trunc": lambda g, x: binary(g, "multiply", unary(g, "floor", unary(g, "abs", x)), unary(g, "sign", x)),
    "ones_like": lambda g, x: _constant_like(g, x, 1.0),
    "zeros_like": lambda g, x: _constant_like(g, x, 0.0),
}  # fmt: skip


def _constant_like(g: Builder, x: Value, value: float) -> Value:
    # A comparison that never holds is 0 whatever x is.
    never = binary(g, "greater", unary(g, "abs", x), constant(g, math.inf))
    return unary(g, "scale", never, 0.0, value)


def _of_one(formula: Formula) -> Emit:
    def emit(g: Builder, x: Value) -> Value:
        return formula(g, as_float(g, x))

    return emit


def _of_two(kind: BinaryKind) -> Emit:
    def emit(g: Builder, x1: Value, x2: Value) -> Value:
        return binary(g, kind, as_float(g, x1), as_float(g, x2))

    return emit


def _plain(kind: UnaryKind) -> Formula:
    return lambda g, x: unary(g, kind, x)


TABLE.update({name: Entry(name, _of_one(_plain(kind))) for name, kind in _PLAIN.items()})
TABLE.update({name: Entry(name, _of_one(formula)) for name, formula in _FORMULAS.items()})
TABLE.update({name: Entry(name, _of_two(kind)) for name, kind in _BINARY.items()})


@_add("identity", "copy", "conj", "conjugate", "real", "convert_to_tensor", "array")
def _identity(g: Builder, x: Value) -> Value:
    return x


@_add("stop_gradient")
def _stop_gradient(g: Builder, x: Value) -> Value:
    return g.stop_gradient(x) if g.training else x


_RANGES = {
    "uint8": (0.0, 255.0), "int8": (-128.0, 127.0), "uint16": (0.0, 65535.0), "int16": (-32768.0, 32767.0),
    "uint32": (0.0, 4294967295.0),
}  # fmt: skip
"""The integers that are narrower than those that modelc computes with."""


@_add("saturate_cast")
def _saturate_cast(g: Builder, x: Value, *, dtype: InputDType) -> Value:
    """As `cast`, but with the nearest number that the dtype has."""
    if dtype in _RANGES:
        x = unary(g, "clip", as_float(g, x), *_RANGES[dtype])
    return _cast(g, x, dtype=dtype)


@_add("cast")
def _cast(g: Builder, x: Value, *, dtype: InputDType) -> Value:
    if dtype == "bool":
        return not_zero(g, x)
    if dtype.startswith("float"):
        return as_float(g, x)
    return x if x.type.dtype == "int32" else g.emit(Cast("int32"), x)


@_add("relu")
def _relu(
    g: Builder,
    x: Value,
    *,
    negative_slope: FiniteFloat = 0.0,
    max_value: FiniteFloat | None = None,
    threshold: FiniteFloat = 0.0,
) -> Value:
    limit = math.inf if max_value is None else max_value
    return unary(g, "relu", as_float(g, x), negative_slope, limit, threshold)


@_add("leaky_relu")
def _leaky_relu(g: Builder, x: Value, *, negative_slope: FiniteFloat = 0.2) -> Value:
    return unary(g, "leaky_relu", as_float(g, x), negative_slope)


@_add("elu")
def _elu(g: Builder, x: Value, *, alpha: FiniteFloat = 1.0) -> Value:
    return unary(g, "elu", as_float(g, x), alpha)


@_add("celu")
def _celu(g: Builder, x: Value, *, alpha: FiniteFloat = 1.0) -> Value:
    return unary(g, "celu", as_float(g, x), alpha)


@_add("gelu")
def _gelu(g: Builder, x: Value, *, approximate: bool = True) -> Value:
    return unary(g, "gelu_tanh" if approximate else "gelu", as_float(g, x))


@_add("hard_shrink")
def _hard_shrink(g: Builder, x: Value, *, threshold: FiniteFloat = 0.5) -> Value:
    return unary(g, "hard_shrink", as_float(g, x), threshold)


@_add("soft_shrink")
def _soft_shrink(g: Builder, x: Value, *, threshold: FiniteFloat = 0.5) -> Value:
    return unary(g, "soft_shrink", as_float(g, x), threshold)


@_add("threshold")
def _threshold(g: Builder, x: Value, *, threshold: FiniteFloat, default_value: FiniteFloat) -> Value:
    return unary(g, "threshold", as_float(g, x), threshold, default_value)


@_add("squareplus")
def _squareplus(g: Builder, x: Value, *, b: FiniteFloat = 4.0) -> Value:
    return unary(g, "squareplus", as_float(g, x), b)


@_add("round")
def _round(g: Builder, x: Value, *, decimals: Annotated[int, Field(ge=-30, le=30)] = 0) -> Value:
    if not decimals:
        return unary(g, "round", as_float(g, x))
    factor = 10.0**decimals
    return unary(g, "scale", unary(g, "round", unary(g, "scale", as_float(g, x), factor)), 1 / factor)


@_add("clip")
def _clip(g: Builder, x: Value, *, x_min: FiniteFloat, x_max: FiniteFloat) -> Value:
    return unary(g, "clip", as_float(g, x), x_min, x_max)


@_add("nan_to_num")
def _nan_to_num(
    g: Builder, x: Value, *, nan: FiniteFloat = 0.0, posinf: FiniteFloat | None = None,
    neginf: FiniteFloat | None = None,
) -> Value:  # fmt: skip
    x = as_float(g, x)
    largest = 3.4028234663852886e38
    ends = (-largest if neginf is None else neginf, largest if posinf is None else posinf)
    for at, value in zip((-math.inf, math.inf), ends, strict=True):
        x = g.emit(Select(), _is(at)(g, x), constant(g, value), x)
    return g.emit(Select(), binary(g, "not_equal", x, x), constant(g, nan), x)


@_add("divide_no_nan")
def _divide_no_nan(g: Builder, x1: Value, x2: Value) -> Value:
    x2 = as_float(g, x2)
    return g.emit(Select(), x2, binary(g, "divide", as_float(g, x1), x2), constant(g, 0.0))


@_add("floor_divide")
def _floor_divide(g: Builder, x1: Value, x2: Value) -> Value:
    quotient = binary(g, "divide", as_float(g, x1), as_float(g, x2))
    return unary(g, "floor", quotient)


@_add("mod")
def _mod(g: Builder, x1: Value, x2: Value) -> Value:
    x1, x2 = as_float(g, x1), as_float(g, x2)
    return binary(g, "subtract", x1, binary(g, "multiply", _whole(g, x1, x2), x2))


def _whole(g: Builder, x1: Value, x2: Value) -> Value:
    return unary(g, "floor", binary(g, "divide", x1, x2))


def _fourth(g: Builder, x: Value) -> Value:
    return unary(g, "square", unary(g, "square", x))


_POWERS: dict[float, Formula] = {
    -2.0: lambda g, x: unary(g, "reciprocal", unary(g, "square", x)),
    -1.0: _plain("reciprocal"),
    -0.5: _plain("rsqrt"),
    0.5: _plain("sqrt"),
    1.0: lambda g, x: x,
    2.0: _plain("square"),
    3.0: lambda g, x: binary(g, "multiply", x, unary(g, "square", x)),
    4.0: _fourth,
}
"""Exponents that need no logarithm."""


@_add("power", "pow")
def _power(g: Builder, x1: Value, x2: Value | Numbers) -> Value:
    """``x1^x2 = exp(x2·log|x1|)``, with the sign of an odd power; NaN for other powers of numbers below 0."""
    x1 = as_float(g, x1)
    if not isinstance(x2, Value):
        if isinstance(x2, float) and x2 in _POWERS:
            return _POWERS[x2](g, x1)
        x2 = emit_numbers(g, x2)
    x2 = as_float(g, x2)
    size = unary(g, "exponential", binary(g, "multiply", x2, unary(g, "log", unary(g, "abs", x1))))
    half = unary(g, "scale", x2, 0.5)
    is_even = binary(g, "equal", half, unary(g, "floor", half))
    is_whole = binary(g, "equal", x2, unary(g, "floor", x2))
    odd = g.emit(Select(), is_whole, unary(g, "negative", size), constant(g, math.nan))
    below = g.emit(Select(), is_even, size, odd)
    y = g.emit(Select(), binary(g, "less", x1, constant(g, 0.0)), below, size)
    return g.emit(Select(), x2, y, constant(g, 1.0))


@_add("logical_and")
def _logical_and(g: Builder, x1: Value, x2: Value) -> Value:
    return binary(g, "multiply", not_zero(g, x1), not_zero(g, x2))


@_add("logical_or")
def _logical_or(g: Builder, x1: Value, x2: Value) -> Value:
    return binary(g, "maximum", not_zero(g, x1), not_zero(g, x2))


@_add("logical_xor")
def _logical_xor(g: Builder, x1: Value, x2: Value) -> Value:
    return binary(g, "not_equal", not_zero(g, x1), not_zero(g, x2))


@_add("hypot")
def _hypot(g: Builder, x1: Value, x2: Value) -> Value:
    """The length of (x1, x2), as ``a·sqrt(1 + (b / a)²)`` with the larger magnitude a: no square leaves float32."""
    x1, x2 = (unary(g, "abs", as_float(g, x)) for x in (x1, x2))
    a, b = binary(g, "maximum", x1, x2), binary(g, "minimum", x1, x2)
    same = binary(g, "equal", a, b)  # their ratio is 1, of zeros and of infinities too
    ratio = g.emit(
        Select(), same, constant(g, 1.0), binary(g, "divide", b, g.emit(Select(), same, constant(g, 1.0), a))
    )
    return binary(g, "multiply", a, unary(g, "sqrt", unary(g, "scale", unary(g, "square", ratio), 1.0, 1.0)))


@_add("logaddexp")
def _logaddexp(g: Builder, x1: Value, x2: Value) -> Value:
    x1, x2 = as_float(g, x1), as_float(g, x2)
    return binary(g, "add", x1, unary(g, "softplus", binary(g, "subtract", x2, x1)))


@_add("arctan2")
def _arctan2(g: Builder, x1: Value, x2: Value) -> Value:
    """The angle of the point (x2, x1), from -π to π; 0 at the origin."""
    y, x = as_float(g, x1), as_float(g, x2)
    angle = unary(g, "arctan", binary(g, "divide", y, x))
    zero = constant(g, 0.0)
    turn = unary(g, "scale", binary(g, "less", y, zero), -2 * math.pi, math.pi)
    left = binary(g, "less", x, zero)
    angle = g.emit(Select(), left, binary(g, "add", angle, turn), angle)
    at_origin = binary(g, "multiply", binary(g, "equal", x, zero), binary(g, "equal", y, zero))
    return g.emit(Select(), at_origin, zero, angle)


@_add("where")
def _where(g: Builder, condition: Value, x1: Value, x2: Value) -> Value:
    return g.emit(Select(), as_float(g, condition), as_float(g, x1), as_float(g, x2))


@_add("full_like")
def _full_like(g: Builder, x: Value, fill_value: Value) -> Value:
    return binary(g, "add", _constant_like(g, as_float(g, x), 0.0), as_float(g, fill_value))

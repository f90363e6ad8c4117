"""Elementwise operations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from modelc.config.options import FiniteFloat, InputDType
from modelc.functions.kinds import UnaryKind
from modelc.functions.table import BINARY, UNARY
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, constant, where
from modelc.layers.operations.functions import of_binary, of_unary
from modelc.layers.operations.registry import Emit, Entry, Table, adder
from modelc.layers.preprocessing.ranges import Numbers, emit_numbers

TABLE: Table = {}
_add = adder(TABLE)

Formula = Callable[[Builder, Tensor], Tensor]


def _exp_of(base: float) -> Formula:
    return lambda g, x: (x * math.log(base)).exp()


def _log_of(base: float) -> Formula:
    return lambda g, x: x.log() * (1 / math.log(base))


def _scaled(factor: float, offset: float = 0.0) -> Formula:
    return lambda g, x: x * factor + offset


def _is(value: float) -> Formula:
    return lambda g, x: x.equal(value)


def _is_finite(g: Builder, x: Tensor) -> Tensor:
    return abs(x).less(math.inf)


def _sinh(g: Builder, x: Tensor) -> Tensor:
    # (e + e / (e + 1)) / 2 with e = exp(x) - 1 keeps its accuracy near 0; |x| keeps e from rounding to -1.
    e = abs(x).expm1()
    rest = e / (e + 1.0)
    large = e.equal(math.inf)
    half = (e + where(large, 1.0, rest)) * 0.5
    return half * x.sign()


def _cosh(g: Builder, x: Tensor) -> Tensor:
    return (x.exp() + (-x).exp()) * 0.5


def _cbrt(g: Builder, x: Tensor) -> Tensor:
    root = (abs(x).log() * (1 / 3)).exp()
    return root * x.sign()


_FORMULAS: dict[str, Formula] = {
    "cbrt": _cbrt,
    "ceil": lambda g, x: -(-x).floor(),
    "cosh": _cosh,
    "deg2rad": _scaled(math.pi / 180),
    "erfc": lambda g, x: 1.0 - x.erf(),
    "exp2": _exp_of(2),
    "isfinite": _is_finite,
    "isinf": lambda g, x: abs(x).equal(math.inf),
    "isnan": lambda g, x: x.not_equal(x),
    "isneginf": _is(-math.inf),
    "isposinf": _is(math.inf),
    "log10": _log_of(10),
    "log2": _log_of(2),
    "logical_not": _is(0.0),
    "rad2deg": _scaled(180 / math.pi),
    "sinh": _sinh,
    "tan": lambda g, x: x.sin() / x.cos(),
    "trunc": lambda g, x: abs(x).floor() * x.sign(),
    "ones_like": lambda g, x: _constant_like(x, 1.0),
    "zeros_like": lambda g, x: _constant_like(x, 0.0),
}  # fmt: skip


def _constant_like(x: Tensor, value: float) -> Tensor:
    # A comparison that never holds is 0 whatever x is.
    never = abs(x).greater(math.inf)
    return never * 0.0 + value


def _of_one(formula: Formula) -> Emit:
    def emit(g: Builder, x: Tensor) -> Tensor:
        return formula(g, x.as_float())

    return emit


def _plain(kind: UnaryKind) -> Formula:
    return lambda g, x: x.f(kind)


TABLE.update({name: Entry(name, _of_one(formula)) for name, formula in _FORMULAS.items()})
TABLE.update({name: Entry(name, of_unary(f)) for f in UNARY.values() for name in f.operation_names})
TABLE.update({name: Entry(name, of_binary(f)) for f in BINARY.values() for name in f.operations})


@_add("identity", "copy", "conj", "conjugate", "real", "convert_to_tensor", "array")
def _identity(g: Builder, x: Tensor) -> Tensor:
    return x


@_add("stop_gradient")
def _stop_gradient(g: Builder, x: Tensor) -> Tensor:
    return g.stop_gradient(x) if g.training else x


_RANGES = {
    "uint8": (0.0, 255.0), "int8": (-128.0, 127.0), "uint16": (0.0, 65535.0), "int16": (-32768.0, 32767.0),
    "uint32": (0.0, 4294967295.0),
}  # fmt: skip
"""The integers that are narrower than those that modelc computes with."""


@_add("saturate_cast")
def _saturate_cast(g: Builder, x: Tensor, *, dtype: InputDType) -> Tensor:
    """As `cast`, but with the nearest number that the dtype has."""
    if dtype in _RANGES:
        x = x.as_float().clip(*_RANGES[dtype])
    return _cast(g, x, dtype=dtype)


@_add("cast")
def _cast(g: Builder, x: Tensor, *, dtype: InputDType) -> Tensor:
    if dtype == "bool":
        return x.not_equal(0.0)
    if dtype.startswith("float"):
        return x.as_float()
    return x if x.dtype == "int32" else x.cast("int32")


@_add("gelu")
def _gelu(g: Builder, x: Tensor, *, approximate: bool = True) -> Tensor:
    return x.as_float().f("gelu_tanh" if approximate else "gelu")


@_add("round")
def _round(g: Builder, x: Tensor, *, decimals: Annotated[int, Field(ge=-30, le=30)] = 0) -> Tensor:
    if not decimals:
        return x.as_float().round()
    factor = 10.0**decimals
    return (x.as_float() * factor).round() * (1 / factor)


@_add("nan_to_num")
def _nan_to_num(
    g: Builder, x: Tensor, *, nan: FiniteFloat = 0.0, posinf: FiniteFloat | None = None,
    neginf: FiniteFloat | None = None,
) -> Tensor:  # fmt: skip
    x = x.as_float()
    largest = 3.4028234663852886e38
    ends = (-largest if neginf is None else neginf, largest if posinf is None else posinf)
    for at, value in zip((-math.inf, math.inf), ends, strict=True):
        x = where(_is(at)(g, x), value, x)
    return where(x.not_equal(x), nan, x)


@_add("divide_no_nan")
def _divide_no_nan(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    x2 = x2.as_float()
    return where(x2, x1.as_float() / x2, 0.0)


@_add("floor_divide")
def _floor_divide(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    quotient = x1.as_float() / x2.as_float()
    return quotient.floor()


@_add("mod")
def _mod(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    x1, x2 = x1.as_float(), x2.as_float()
    return x1 - _whole(x1, x2) * x2


def _whole(x1: Tensor, x2: Tensor) -> Tensor:
    return (x1 / x2).floor()


def _fourth(g: Builder, x: Tensor) -> Tensor:
    return x.square().square()


_POWERS: dict[float, Formula] = {
    -2.0: lambda g, x: x.square().reciprocal(),
    -1.0: _plain("reciprocal"),
    -0.5: _plain("rsqrt"),
    0.5: _plain("sqrt"),
    1.0: lambda g, x: x,
    2.0: _plain("square"),
    3.0: lambda g, x: x * x.square(),
    4.0: _fourth,
}
"""Exponents that need no logarithm."""


@_add("power", "pow")
def _power(g: Builder, x1: Tensor, x2: Tensor | Numbers) -> Tensor:
    """``x1^x2 = exp(x2·log|x1|)``, with the sign of an odd power; NaN for other powers of numbers below 0."""
    x1 = x1.as_float()
    if not isinstance(x2, Tensor):
        if isinstance(x2, float) and x2 in _POWERS:
            return _POWERS[x2](g, x1)
        x2 = emit_numbers(g, x2)
    x2 = x2.as_float()
    size = (x2 * abs(x1).log()).exp()
    half = x2 * 0.5
    is_even = half.equal(half.floor())
    is_whole = x2.equal(x2.floor())
    odd = where(is_whole, -size, math.nan)
    below = where(is_even, size, odd)
    y = where(x1.less(0.0), below, size)
    return where(x2, y, 1.0)


@_add("logical_and")
def _logical_and(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    return x1.not_equal(0.0) * x2.not_equal(0.0)


@_add("logical_or")
def _logical_or(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    return x1.not_equal(0.0).maximum(x2.not_equal(0.0))


@_add("logical_xor")
def _logical_xor(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    return x1.not_equal(0.0).not_equal(x2.not_equal(0.0))


@_add("hypot")
def _hypot(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    """The length of (x1, x2), as ``a·sqrt(1 + (b / a)²)`` with the larger magnitude a: no square leaves float32."""
    x1, x2 = (abs(x.as_float()) for x in (x1, x2))
    a, b = x1.maximum(x2), x1.minimum(x2)
    same = a.equal(b)  # their ratio is 1, of zeros and of infinities too
    ratio = where(same, 1.0, b / where(same, 1.0, a))
    return a * (ratio.square() + 1.0).sqrt()


@_add("logaddexp")
def _logaddexp(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    x1, x2 = x1.as_float(), x2.as_float()
    return x1 + (x2 - x1).softplus()


@_add("arctan2")
def _arctan2(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    """The angle of the point (x2, x1), from -π to π; 0 at the origin."""
    y, x = x1.as_float(), x2.as_float()
    angle = (y / x).arctan()
    zero = constant(g, 0.0)
    turn = y.less(zero) * (-2 * math.pi) + math.pi
    left = x.less(zero)
    angle = where(left, angle + turn, angle)
    at_origin = x.equal(zero) * y.equal(zero)
    return where(at_origin, zero, angle)


@_add("where")
def _where(g: Builder, condition: Tensor, x1: Tensor, x2: Tensor) -> Tensor:
    return where(condition.as_float(), x1.as_float(), x2.as_float())


@_add("full_like")
def _full_like(g: Builder, x: Tensor, fill_value: Tensor) -> Tensor:
    return _constant_like(x.as_float(), 0.0) + fill_value.as_float()

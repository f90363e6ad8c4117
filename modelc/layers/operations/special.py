"""Elementwise operations composed of others: inverse functions, special functions, and rarely used ones."""

from __future__ import annotations

import math
from collections.abc import Sequence

from modelc.config.options import FiniteFloat
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.emit import as_float, binary, constant, unary
from modelc.layers.operations.registry import Table, adder
from modelc.ops.select import Select
from modelc.ops.term import Term

TABLE: Table = {}
_add = adder(TABLE)

_LN2 = math.log(2)


def term(g: Builder, x: Value) -> Term:
    """x as a float that formulas are written with."""
    return Term(g, as_float(g, x))


def _sqrt(x: Term) -> Term:
    return x.f("sqrt")


def _choose(condition: Term, a: Term | float, b: Term | float) -> Term:
    """a where the condition is 1, else b."""
    g = condition.g
    one, other = (x.value if isinstance(x, Term) else constant(g, x) for x in (a, b))
    return Term(g, g.emit(Select(), condition.value, one, other))


@_add("arcsin")
def _arcsin(g: Builder, x: Value) -> Value:
    t = term(g, x)
    return (t / _sqrt((1.0 - t) * (1.0 + t))).f("arctan").value


@_add("arccos")
def _arccos(g: Builder, x: Value) -> Value:
    t = term(g, x)
    return (2.0 * _sqrt((1.0 - t) / (1.0 + t)).f("arctan")).value


@_add("arcsinh")
def _arcsinh(g: Builder, x: Value) -> Value:
    """``sign(x)·log(|x| + √(x² + 1))``; beyond 1e8, where x² could overflow, ``log(2|x|)``."""
    t = term(g, x)
    size = t.f("abs")
    near = size.min(1e8)
    square = near * near
    small = (near + square / (1.0 + _sqrt(1.0 + square))).f("log1p")
    y = _choose(size.is_("greater", 1e8), size.f("log") + _LN2, small)
    return (y * t.f("sign")).value


@_add("arccosh")
def _arccosh(g: Builder, x: Value) -> Value:
    """``log(x + √(x² - 1))``; beyond 1e8 ``log(2x)``."""
    t = term(g, x)
    rest = t.min(1e8) - 1.0
    small = (rest + _sqrt(rest * (rest + 2.0))).f("log1p")
    return _choose(t.is_("greater", 1e8), t.f("log") + _LN2, small).value


@_add("arctanh")
def _arctanh(g: Builder, x: Value) -> Value:
    t = term(g, x)
    return (0.5 * (t.f("log1p") - (-t).f("log1p"))).value


def _polynomial(x: Term, coefficients: Sequence[float]) -> Term:
    """The polynomial with these coefficients, the highest power first, by Horner's rule."""
    first, *rest = coefficients
    y = 0.0 * x + first
    for c in rest:
        y = y * x + c
    return y


_ERFINV_NEAR = (
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164,
    0.246640727, 1.50140941,
)  # fmt: skip
_ERFINV_FAR = (
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
    1.00167406, 2.83297682,
)  # fmt: skip


@_add("erfinv")
def _erfinv(g: Builder, x: Value) -> Value:
    """The inverse of `erf`, after M. Giles, "Approximating the erfinv function" (2012), in single precision."""
    t = term(g, x)
    w = -((1.0 - t) * (1.0 + t)).f("log")
    near = _polynomial(w - 2.5, _ERFINV_NEAR)
    far = _polynomial(_sqrt(w.max(5.0)) - 3.0, _ERFINV_FAR)
    y = t * _choose(w.is_("less", 5.0), near, far)
    end = t.f("abs").is_("equal", 1.0)
    return _choose(end, t / (1.0 - t.f("abs")), y).value


_I0_NEAR = (0.0045813, 0.0360768, 0.2659732, 1.2067492, 3.0899424, 3.5156229, 1.0)
_I0_FAR = (
    0.00392377, -0.01647633, 0.02635537, -0.02057706, 0.00916281, -0.00157565, 0.00225319, 0.01328592, 0.39894228,
)  # fmt: skip


@_add("i0")
def _i0(g: Builder, x: Value) -> Value:
    """The modified Bessel function of order 0, after Abramowitz and Stegun, 9.8.1 and 9.8.2."""
    size = term(g, x).f("abs")
    near = _polynomial((size.min(3.75) / 3.75).f("square"), _I0_NEAR)
    large = size.max(3.75)
    far = large.f("exponential") * large.f("rsqrt") * _polynomial(3.75 * large.f("reciprocal"), _I0_FAR)
    return _choose(size.is_("less", 3.75), near, far).value


@_add("sinc")
def _sinc(g: Builder, x: Value) -> Value:
    t = math.pi * term(g, x)
    return _choose(t.is_("equal", 0.0), 1.0, t.f("sin") / t).value


@_add("signbit")
def _signbit(g: Builder, x: Value) -> Value:
    t = term(g, x)
    return _choose(t.is_("equal", 0.0), t.f("reciprocal").is_("less", 0.0), t.is_("less", 0.0)).value


@_add("angle")
def _angle(g: Builder, x: Value) -> Value:
    """The angle of a real number: 0, or π where it is negative."""
    return (math.pi * term(g, x).is_("less", 0.0)).value


@_add("imag")
def _imag(g: Builder, x: Value) -> Value:
    return (0.0 * term(g, x).is_("less", 0.0)).value


@_add("isreal")
def _isreal(g: Builder, x: Value) -> Value:
    return (0.0 * term(g, x).is_("less", 0.0) + 1.0).value


@_add("empty_like")
def _empty_like(g: Builder, x: Value) -> Value:
    """Zeros: `empty` is defined as zeros, so that no prediction depends on uninitialized memory."""
    return _imag(g, x)


# --- two operands


def _two(g: Builder, x1: Value, x2: Value) -> tuple[Term, Term]:
    return term(g, x1), term(g, x2)


@_add("fmax")
def _fmax(g: Builder, x1: Value, x2: Value) -> Value:
    """The larger one; of a NaN and a number the number."""
    a, b = _two(g, x1, x2)
    return _choose(a.is_("not_equal", a), b, _choose(b.is_("not_equal", b), a, a.max(b))).value


@_add("fmin")
def _fmin(g: Builder, x1: Value, x2: Value) -> Value:
    """The smaller one; of a NaN and a number the number."""
    a, b = _two(g, x1, x2)
    return _choose(a.is_("not_equal", a), b, _choose(b.is_("not_equal", b), a, a.min(b))).value


@_add("fmod")
def _fmod(g: Builder, x1: Value, x2: Value) -> Value:
    """The rest of a division that rounds toward 0."""
    a, b = _two(g, x1, x2)
    whole = (a / b).f("abs").f("floor")
    return (a.f("sign") * (a.f("abs") - whole * b.f("abs"))).value


@_add("heaviside")
def _heaviside(g: Builder, x1: Value, x2: Value) -> Value:
    a, b = _two(g, x1, x2)
    return _choose(a.is_("equal", 0.0), b, a.is_("greater", 0.0)).value


@_add("isclose")
def is_close(
    g: Builder, x1: Value, x2: Value, *, rtol: FiniteFloat = 1e-5, atol: FiniteFloat = 1e-8, equal_nan: bool = False
) -> Value:
    """``|x1 - x2| ≤ atol + rtol·|x2|``, or equal."""
    a, b = _two(g, x1, x2)
    close = (a - b).f("abs").is_("less_equal", rtol * b.f("abs") + atol)
    same = close.max(a.is_("equal", b))
    if equal_nan:
        same = same.max(a.is_("not_equal", a) * b.is_("not_equal", b))
    return same.value


@_add("ldexp")
def _ldexp(g: Builder, x1: Value, x2: Value) -> Value:
    a, b = _two(g, x1, x2)
    return (a * (_LN2 * b).f("exponential")).value


@_add("logaddexp2")
def _logaddexp2(g: Builder, x1: Value, x2: Value) -> Value:
    a, b = _two(g, x1, x2)
    return (a.max(b) + (-_LN2 * (a - b).f("abs")).f("exponential").f("log1p") / _LN2).value


# --- several operands


@_add("select")
def _select(g: Builder, *xs: Value) -> Value:
    """As many conditions as choices, and a default at the end: the first choice whose condition holds."""
    count = (len(xs) - 1) // 2
    y = as_float(g, xs[-1])
    for condition, choice in reversed(list(zip(xs[:count], xs[count : 2 * count], strict=True))):
        y = g.emit(Select(), as_float(g, condition), as_float(g, choice), y)
    return y


def multiplied(g: Builder, a: Value, b: Value) -> Value:
    """The product of two tensors."""
    return binary(g, "multiply", as_float(g, a), as_float(g, b))


def negated(g: Builder, x: Value) -> Value:
    """``-x``."""
    return unary(g, "negative", as_float(g, x))

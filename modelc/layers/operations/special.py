"""Elementwise operations composed of others: inverse functions, special functions, and rarely used ones."""

from __future__ import annotations

import math
from collections.abc import Sequence

from modelc.config.options import FiniteFloat
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, where
from modelc.layers.operations.registry import Table, adder

TABLE: Table = {}
_add = adder(TABLE)

_LN2 = math.log(2)


@_add("arcsin")
def _arcsin(g: Builder, x: Tensor) -> Tensor:
    t = x.as_float()
    return (t / ((1.0 - t) * (1.0 + t)).sqrt()).arctan()


@_add("arccos")
def _arccos(g: Builder, x: Tensor) -> Tensor:
    t = x.as_float()
    return 2.0 * ((1.0 - t) / (1.0 + t)).sqrt().arctan()


@_add("arcsinh")
def _arcsinh(g: Builder, x: Tensor) -> Tensor:
    """``sign(x)·log(|x| + √(x² + 1))``; beyond 1e8, where x² could overflow, ``log(2|x|)``."""
    t = x.as_float()
    size = abs(t)
    near = size.minimum(1e8)
    square = near * near
    small = (near + square / (1.0 + (1.0 + square).sqrt())).log1p()
    y = where(size.greater(1e8), size.log() + _LN2, small)
    return y * t.sign()


@_add("arccosh")
def _arccosh(g: Builder, x: Tensor) -> Tensor:
    """``log(x + √(x² - 1))``; beyond 1e8 ``log(2x)``."""
    t = x.as_float()
    rest = t.minimum(1e8) - 1.0
    small = (rest + (rest * (rest + 2.0)).sqrt()).log1p()
    return where(t.greater(1e8), t.log() + _LN2, small)


@_add("arctanh")
def _arctanh(g: Builder, x: Tensor) -> Tensor:
    t = x.as_float()
    return 0.5 * (t.log1p() - (-t).log1p())


def _polynomial(x: Tensor, coefficients: Sequence[float]) -> Tensor:
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
def _erfinv(g: Builder, x: Tensor) -> Tensor:
    """The inverse of `erf`, after M. Giles, "Approximating the erfinv function" (2012), in single precision."""
    t = x.as_float()
    w = -((1.0 - t) * (1.0 + t)).log()
    near = _polynomial(w - 2.5, _ERFINV_NEAR)
    far = _polynomial(w.maximum(5.0).sqrt() - 3.0, _ERFINV_FAR)
    y = t * where(w.less(5.0), near, far)
    end = abs(t).equal(1.0)
    return where(end, t / (1.0 - abs(t)), y)


_I0_NEAR = (0.0045813, 0.0360768, 0.2659732, 1.2067492, 3.0899424, 3.5156229, 1.0)
_I0_FAR = (
    0.00392377, -0.01647633, 0.02635537, -0.02057706, 0.00916281, -0.00157565, 0.00225319, 0.01328592, 0.39894228,
)  # fmt: skip


@_add("i0")
def _i0(g: Builder, x: Tensor) -> Tensor:
    """The modified Bessel function of order 0, after Abramowitz and Stegun, 9.8.1 and 9.8.2."""
    size = abs(x.as_float())
    near = _polynomial((size.minimum(3.75) / 3.75).square(), _I0_NEAR)
    large = size.maximum(3.75)
    far = large.exp() * large.rsqrt() * _polynomial(3.75 * large.reciprocal(), _I0_FAR)
    return where(size.less(3.75), near, far)


@_add("sinc")
def _sinc(g: Builder, x: Tensor) -> Tensor:
    t = math.pi * x.as_float()
    return where(t.equal(0.0), 1.0, t.sin() / t)


@_add("signbit")
def _signbit(g: Builder, x: Tensor) -> Tensor:
    t = x.as_float()
    return where(t.equal(0.0), t.reciprocal().less(0.0), t.less(0.0))


@_add("angle")
def _angle(g: Builder, x: Tensor) -> Tensor:
    """The angle of a real number: 0, or π where it is negative."""
    return math.pi * x.as_float().less(0.0)


@_add("imag")
def _imag(g: Builder, x: Tensor) -> Tensor:
    return 0.0 * x.as_float().less(0.0)


@_add("isreal")
def _isreal(g: Builder, x: Tensor) -> Tensor:
    return 0.0 * x.as_float().less(0.0) + 1.0


@_add("empty_like")
def _empty_like(g: Builder, x: Tensor) -> Tensor:
    """Zeros: `empty` is defined as zeros, so that no prediction depends on uninitialized memory."""
    return _imag(g, x)


# --- two operands


def _two(x1: Tensor, x2: Tensor) -> tuple[Tensor, Tensor]:
    return x1.as_float(), x2.as_float()


@_add("fmax")
def _fmax(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    """The larger one; of a NaN and a number the number."""
    a, b = _two(x1, x2)
    return where(a.not_equal(a), b, where(b.not_equal(b), a, a.maximum(b)))


@_add("fmin")
def _fmin(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    """The smaller one; of a NaN and a number the number."""
    a, b = _two(x1, x2)
    return where(a.not_equal(a), b, where(b.not_equal(b), a, a.minimum(b)))


@_add("fmod")
def _fmod(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    """The rest of a division that rounds toward 0."""
    a, b = _two(x1, x2)
    whole = abs(a / b).floor()
    return a.sign() * (abs(a) - whole * abs(b))


@_add("heaviside")
def _heaviside(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    a, b = _two(x1, x2)
    return where(a.equal(0.0), b, a.greater(0.0))


@_add("isclose")
def is_close(
    g: Builder, x1: Tensor, x2: Tensor, *, rtol: FiniteFloat = 1e-5, atol: FiniteFloat = 1e-8, equal_nan: bool = False
) -> Tensor:
    """``|x1 - x2| ≤ atol + rtol·|x2|``, or equal."""
    a, b = _two(x1, x2)
    close = abs(a - b).less_equal(rtol * abs(b) + atol)
    same = close.maximum(a.equal(b))
    if equal_nan:
        same = same.maximum(a.not_equal(a) * b.not_equal(b))
    return same


@_add("ldexp")
def _ldexp(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    a, b = _two(x1, x2)
    return a * (_LN2 * b).exp()


@_add("logaddexp2")
def _logaddexp2(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    a, b = _two(x1, x2)
    return a.maximum(b) + (-_LN2 * abs(a - b)).exp().log1p() / _LN2


# --- several operands


@_add("select")
def _select(g: Builder, *xs: Tensor) -> Tensor:
    """As many conditions as choices, and a default at the end: the first choice whose condition holds."""
    count = (len(xs) - 1) // 2
    y = xs[-1].as_float()
    for condition, choice in reversed(list(zip(xs[:count], xs[count : 2 * count], strict=True))):
        y = where(condition.as_float(), choice.as_float(), y)
    return y


def multiplied(a: Tensor, b: Tensor) -> Tensor:
    """The product of two tensors."""
    return a.as_float() * b.as_float()


def negated(x: Tensor) -> Tensor:
    """``-x``."""
    return -x.as_float()

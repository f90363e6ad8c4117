"""Elementary functions of sixteen float32 at a time, without a math library and without branches.

Each reduces its argument to a short interval and evaluates a polynomial there, as in Cephes (Moshier), fdlibm
(Sun) and SLEEF (Shibata and Petrogalli, 2020). NaN gives NaN; infinities and subnormals are as IEEE 754 says.
Measured errors are asserted in `tests/native/code/test_fmath.py`.
"""

from __future__ import annotations

import numpy as np

from modelc.native.code.lanes import (
    Lanes,
    bits,
    copysign,
    fabs,
    fma,
    from_bits,
    if_any,
    narrow,
    nearest,
    select,
    sqrt,
    to_float,
    widen,
)
from modelc.native.code.rows import Parts

_LOG2E = 1.4426950408889634
_LN2_HIGH = 0.693359375  # few bits, so that n * _LN2_HIGH is exact
_LN2_LOW = -2.12194440e-4
_ROUND = 12582912.0  # 1.5 * 2^23: adding it rounds to an integer, which is then in the low bits
_ROUND_BITS = 0x4B400000
_BIAS = 127
_RAISED = 30  # from the power of 2 that e^-104 is near to, to one that is a normal number
_LOWERED = 2.0**-_RAISED
_HALF_PI = 1.5707963267948966
_HALF_PI_LOW = 6.123233995736766e-17
_TWO_OVER_PI = (0xA2F983, 0x6E4E44, 0x1529FC, 0x2757D1, 0xF534DD, 0xC0DB62, 0x95993C, 0x439041)
"""2 / π in pieces of 24 bits, the first one in units of 2^-24: as many as the largest float32 needs."""
_EXP = (1.0, 0.499999940, 0.166664302, 4.16680090e-2, 8.37423652e-3, 1.38435583e-3)
_EXP2 = (0.693147, 0.24022247, 0.05550711, 0.009671291, 0.0013269519)
"""The coefficients of r, r² and so on in the minimax polynomials of e^r for |r| <= ln 2 / 2, and of 2^r for |r| <= 1/2.
"""
_INF = np.inf
_NAN = np.nan


def _reduce(x: Lanes) -> tuple[Lanes, Lanes]:
    """x = n·ln 2 + r with |r| <= ln 2 / 2: n as an int32 vector, and r."""
    shifted = fma(x, _LOG2E, _ROUND)
    n = shifted - _ROUND
    r = fma(n, -_LN2_HIGH, x)
    return bits(shifted) - _ROUND_BITS, fma(n, -_LN2_LOW, r)


def _power(n: Lanes) -> Lanes:
    """2^n for -126 <= n <= 127."""
    return from_bits((n + _BIAS) << 23)


def _expm1_tail(r: Lanes) -> Lanes:
    """(e^r - 1 - r) / r² for |r| <= ln 2 / 2; the minimax polynomial of degree 5."""
    p = fma(r, 1.99075745e-4, 1.39336498e-3)
    p = fma(p, r, 8.33328629e-3)
    p = fma(p, r, 4.16664667e-2)
    p = fma(p, r, 1.66666672e-1)
    return fma(p, r, 0.5)


def _exp_parts(x: Lanes) -> tuple[Lanes, Lanes]:
    """e^x = 2^n·y with y near 1: n as an int32 vector, and y."""
    n, r = _reduce(x)
    return n, fma(_expm1_tail(r) * r, r, r) + 1.0


def exp(x: Lanes) -> Lanes:
    """e^x."""
    x = select(x > 89.0, 89.0, x)
    x = select(x < -104.0, -104.0, x)
    n, y = _exp_parts(x)
    half = n >> 1  # 2^n leaves the normal range, 2^half does not
    return y * _power(half) * _power(n - half)


def _exp_below(x: Lanes) -> Lanes:
    """e^x for x <= 0, in a sixth less than `exp` takes: 2^n is a normal number where it is made larger beforehand."""
    n, y = _exp_parts(select(x < -104.0, -104.0, x))
    return y * _power(n + _RAISED) * 2.0**-_RAISED


def expm1(x: Lanes) -> Lanes:
    """e^x - 1, accurate near 0."""
    zero = x == 0.0
    clipped = select(x > 89.0, 89.0, x)
    clipped = select(clipped < -18.0, -18.0, clipped)
    n, r = _reduce(clipped)
    p = fma(_expm1_tail(r) * r, r, r)
    half = _power(n - 1)
    y = fma(p, half, half - 0.5)
    return select(zero, x, y + y)


def _log_parts(x: Lanes) -> tuple[Lanes, Lanes]:
    """x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2): k as float32, and f, for a normal x > 0."""
    shift = 0x3F3504F3  # the bits of sqrt(1/2)
    i = bits(x) - shift
    k = i >> 23
    return to_float(k), from_bits((i & 0x007FFFFF) + shift) - 1.0


def _log_sum(k: Lanes, f: Lanes, correction: Lanes | float) -> Lanes:
    """k·ln 2 + log(1 + f) + correction, with log(1 + f) = f - f²/2 + f³·P(f), P a minimax polynomial."""
    p = fma(f, 0.0674655164, -0.116756282)
    p = fma(p, f, 0.118881904)
    p = fma(p, f, -0.124055946)
    p = fma(p, f, 0.14219549)
    p = fma(p, f, -0.166679954)
    p = fma(p, f, 0.200021188)
    p = fma(p, f, -0.250000096)
    p = fma(p, f, 0.333333126)
    z = f * f
    low = fma(p * f, z, fma(k, _LN2_LOW, correction))
    return fma(k, _LN2_HIGH, f + fma(z, -0.5, low))


def _log_edges(x: Lanes, y: Lanes) -> Lanes:
    """y, but for the arguments of log that are not positive finite numbers."""
    y = select(x == _INF, x, y)
    y = select(x == 0.0, -_INF, y)
    y = select(x < 0.0, _NAN, y)
    return select(x != x, x, y)


def log(x: Lanes) -> Lanes:
    """The natural logarithm; log 0 = -inf, NaN below."""
    small = x < 1.17549435e-38
    k, f = _log_parts(select(small, x * 8388608.0, x))
    return _log_edges(x, _log_sum(select(small, k - 23.0, k), f, 0.0))


def log1p(x: Lanes) -> Lanes:
    """log(1 + x), accurate near 0: what 1 + x rounds away is added back to first order."""
    u = x + 1.0
    k, f = _log_parts(u)
    lost = select(fabs(x) < 1.0, x - (u - 1.0), 1.0 - (u - x))
    return select(x == 0.0, x, _log_edges(u, _log_sum(k, f, lost / u)))


def tanh(x: Lanes) -> Lanes:
    """The hyperbolic tangent, e / (e + 2) with e = expm1(2|x|), which is `2^n·(expm1(r) + 1) - 1`."""
    a = fabs(x)
    n, r = _reduce(select(a > 10.0, 20.0, a + a))
    scale = _power(n)
    e = fma(fma(_expm1_tail(r) * r, r, r), scale, scale - 1.0)
    return copysign(e / (e + 2.0), x)


def tanh_in_short(x: Lanes) -> tuple[Lanes, Lanes]:
    """Numerator and denominator of `tanh` in half the operations, to 3·10^-7 of it: x·P(x²) and Q(x²).

    The coefficients are fitted for the least error relative to tanh up to 8.8, from where on it is 1.
    """
    x = select(x < -8.8, -8.8, x)
    x = select(x > 8.8, 8.8, x)
    square = x * x
    p = fma(square, 1.37144396e-8, 2.08652172e-5)
    q = fma(square, 7.9226914e-7, 3.31097973e-4)
    for above, below in ((3.51104277e-3, 2.59356891e-2), (1.33940112e-1, 4.672733e-1), (1.0, 1.0)):
        p, q = fma(p, square, above), fma(q, square, below)
    return x * p, q


def _times_power(y: Lanes, shifted: Lanes) -> Lanes:
    """2^n·y for y near 1, with n in the low bits of `shifted`: n is added to the bits of the exponent."""
    return from_bits(bits(y) + (bits(shifted) << 23))


def _lowered_exponent(x: Lanes) -> tuple[Lanes, Lanes]:
    """The n of e^-x = 2^(n + f) with |f| <= 1/2, and a number with n - 30 in its low bits."""
    shifted = fma(x, -_LOG2E, _ROUND - _RAISED)
    return shifted - (_ROUND - _RAISED), shifted


def _one_and_exp(x: Lanes) -> Lanes:
    """1 + e^-x, times 2^-30: so lowered, e^-x is a normal number down to where its inverse is 0.

    The terms are added pair by pair, since operations that wait for each other fill the CPU.
    """
    n, shifted = _lowered_exponent(x)
    r = fma(n, -_LN2_LOW, fma(n, -_LN2_HIGH, -x))
    square = r * r
    high = fma(fma(r, _EXP[5], _EXP[4]), square, fma(r, _EXP[3], _EXP[2]))
    return _times_power(fma(fma(high, square, fma(r, _EXP[1], _EXP[0])), r, 1.0), shifted) + _LOWERED


def _power_of_2(f: Lanes, shifted: Lanes) -> Lanes:
    """2^(n + f) for |f| <= 1/2, with n in the low bits of `shifted`, to 2·10^-7 of it; added pair by pair, too."""
    square = f * f
    high = fma(fma(f, _EXP2[4], _EXP2[3]), square, fma(f, _EXP2[2], _EXP2[1]))
    return _times_power(fma(high, square, fma(f, _EXP2[0], 1.0)), shifted)


def _one_and_exp_in_short(x: Lanes) -> Lanes:
    """`_one_and_exp` in a sixth less: e^-x to (2 + |x|/10)·10^-7 of it, as the float32 nearest to log2(e) is used."""
    n, shifted = _lowered_exponent(x)
    return _power_of_2(fma(x, -_LOG2E, -n), shifted) + _LOWERED


def _within(x: Lanes) -> Lanes:
    """x, or the end of the interval beyond which `sigmoid` is 0 or 1."""
    x = select(x < -104.0, -104.0, x)
    return select(x > 60.0, 60.0, x)


def sigmoid(x: Lanes) -> Lanes:
    """1 / (1 + e^-x)."""
    x = _within(x)
    return fma(x, 0.0, _LOWERED) / _one_and_exp(x)  # NaN for a NaN, whose bits are no exponent


def sigmoid_in_short(x: Lanes) -> tuple[Lanes, Lanes]:
    """Numerator and denominator of `sigmoid`, both times 2^-30, to (2 + |x|/10)·10^-7 of it."""
    x = _within(x)
    return fma(x, 0.0, _LOWERED), _one_and_exp_in_short(x)


def gated(x: Lanes, gate: Lanes) -> Lanes:
    """x / (1 + e^-gate)."""
    return x * (_LOWERED / _one_and_exp_in_short(_within(gate)))


def silu(x: Lanes) -> Lanes:
    """x / (1 + e^-x)."""
    return gated(x, x)


def gelu(x: Lanes) -> Parts:
    """x·Φ(x) by the normal distribution Φ(-a) = 2^P(a) for 0 <= a < 6; from there on it is as good as 0.

    P is a polynomial fitted for the least error of the product, a·Φ(-a). Its even and odd terms are summed apart.
    """
    a = fabs(x)
    square = a * a
    even = fma(square, -2.03287964e-8, -8.75637033e-6)
    for term in (-2.39421823e-4, 7.03343004e-3, -4.59206253e-1, -1.0):
        even = fma(even, square, term)
    odd = fma(square, 6.45987200e-7, 6.41051010e-5)
    for term in (-7.76677261e-5, -5.24932370e-2, -1.15110552):
        odd = fma(odd, square, term)
    x, p = yield x, fma(odd, a, even)
    shifted = p + _ROUND
    tail = select(fabs(x) < 6.0, _power_of_2(p - (shifted - _ROUND), shifted), 0.0)
    return x * select(x < 0.0, tail, 1.0 - tail)


def softplus(x: Lanes) -> Lanes:
    """log(1 + e^x) = max(x, 0) + log1p(e^-|x|)."""
    return log1p(_exp_below(-fabs(x))) + select(x < 0.0, 0.0, x)


def rsqrt(x: Lanes) -> Lanes:
    """1 / sqrt(x)."""
    return 1.0 / sqrt(x)


def _turns_near(x: Lanes) -> tuple[Lanes, Lanes]:
    """x = (n + rest)·π/2 for |x| < 10^9 in float64, by π/2 in two parts: n, and rest with |rest| <= 1/2."""
    n = nearest(x * (1 / _HALF_PI))
    return n, fma(n, -_HALF_PI_LOW, fma(n, -_HALF_PI, x)) * (1 / _HALF_PI)


def _turns_far(x: Lanes) -> tuple[Lanes, Lanes]:
    """The same modulo 4 for every x, after Payne and Hanek (1983).

    In float64 the product of x and 24 bits of 2 / π is exact, and so is what it leaves modulo 4; the sum of all pieces
    is x·2/π modulo 4 to some 50 bits, however large x is.
    """
    n, rest = x * 0.0, x * 0.0
    for i, piece in enumerate(_TWO_OVER_PI):
        product = x * (piece * 2.0 ** (-24 * (i + 1)))
        rest = rest + fma(nearest(product * 0.25), -4.0, product)
        whole = nearest(rest)
        n, rest = n + whole, rest - whole
    return n, rest


def _quadrant(x: Lanes) -> tuple[Lanes, Lanes, Lanes]:
    """x = n·π/2 + r with |r| <= π/4: n modulo 4 as one of -2 to 2, sin r and cos r."""
    wide = widen(x)
    n, rest = if_any(fabs(x) >= 1e9, lambda: _turns_far(wide), lambda: _turns_near(wide))
    r = narrow(rest * _HALF_PI)
    z = r * r
    p = fma(z, -1.9515295891e-4, 8.3321608736e-3)
    sine = fma(fma(p, z, -1.6666654611e-1) * z, r, r)
    q = fma(z, 2.443315711809948e-5, -1.388731625493765e-3)
    cosine = fma(fma(q, z, 4.166664568298827e-2) * z, z, fma(z, -0.5, 1.0))
    return narrow(n - nearest(n * 0.25) * 4.0), sine, cosine


def sin(x: Lanes) -> Lanes:
    """The sine, by the polynomials of Cephes."""
    n, sine, cosine = _quadrant(x)
    odd = select(n == 1.0, cosine, -cosine)
    y = select(fabs(n) == 1.0, odd, select(n == 0.0, sine, -sine))
    return select(x == 0.0, x, y)


def cos(x: Lanes) -> Lanes:
    """The cosine, by the polynomials of Cephes."""
    n, sine, cosine = _quadrant(x)
    odd = select(n == 1.0, -sine, sine)
    return select(fabs(n) == 1.0, odd, select(n == 0.0, cosine, -cosine))


def arctan(x: Lanes) -> Lanes:
    """The inverse tangent, by the polynomial of Cephes around 0, 1 and infinity."""
    a = fabs(x)
    large, middle = a > 2.414213562373095, a > 0.4142135623730950
    r = select(large, -1.0 / a, select(middle, (a - 1.0) / (a + 1.0), a))
    start = select(large, _HALF_PI, select(middle, a * 0.0 + _HALF_PI / 2, 0.0))
    z = r * r
    p = fma(z, 8.05374449538e-2, -1.38776856032e-1)
    p = fma(p, z, 1.99777106478e-1)
    p = fma(p, z, -3.33329491539e-1)
    return copysign(start + fma(p * z, r, r), x)


def erf(x: Lanes) -> Lanes:
    """The error function: x + x·P(x²) up to 0.93, then 1 - e^(t·Q(t)); both polynomials are minimax fits."""
    t = fabs(x)
    s = x * x
    p = fma(s, 8.31676907e-5, -8.13001108e-4)
    p = fma(p, s, 5.19990652e-3)
    p = fma(p, s, -2.68589414e-2)
    p = fma(p, s, 1.12836872e-1)
    p = fma(p, s, -3.76126332e-1)
    p = fma(p, s, 1.28379167e-1)
    near = fma(p, x, x)
    u = select(t > 4.0, 4.0, t)
    q = fma(u, -1.15227229e-5, 3.25656865e-4)
    q = fma(q, u, -3.65378029e-3)
    q = fma(q, u, 2.37853799e-2)
    q = fma(q, u, -1.06263182e-1)
    q = fma(q, u, -6.35135891e-1)
    q = fma(q, u, -1.28652167e-1)
    n, y = _exp_parts(fma(q, u, -u))  # from -17 to 0
    far = copysign(1.0 - y * _power(n), x)
    return select(t > 0.93, far, near)

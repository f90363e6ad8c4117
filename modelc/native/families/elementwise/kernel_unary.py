"""The formulas of the functions of one tensor, by their names in the table of functions.

`y = f(x; p0, p1, p2)`, with the parameters of the row. Comparisons are written so that NaN takes the branch that
returns it.
"""

from __future__ import annotations

import inspect
from functools import partial

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.functions.constants import GELU_CUBIC, SELU_ALPHA, SELU_SCALE
from modelc.native.code import fmath, lanes
from modelc.native.code.lanes import Lanes, fabs, fma, select, spread, sqrt
from modelc.native.code.rows import (
    F32,
    WORD,
    CutFormula,
    Formula,
    declared_function,
    emit_long_loop,
    switch_function,
)
from modelc.native.code.vector import inlined
from modelc.native.code.view import view
from modelc.native.families.elementwise.codes import PLAIN_RELU, UNARY_CODES
from modelc.native.families.elementwise.params import UNARY

_SQRT_2_OVER_PI = 0.7978845608028654


def _clip(x: Lanes, low: Lanes | float, high: Lanes | float) -> Lanes:
    return select(x < low, low, select(x > high, high, x))


def _plain_relu(x: Lanes) -> Lanes:
    return select(x < 0.0, 0.0, x)


def _relu(x: Lanes, negative_slope: Lanes, max_value: Lanes, threshold: Lanes) -> Lanes:
    below = (x - threshold) * negative_slope
    below = select((x == -np.inf) & (below != below), 0.0, below)  # a slope of 0 gives 0 at -inf too
    y = select(x <= threshold, below, x)
    return select(y > max_value, max_value, y)


def _leaky_relu(x: Lanes, negative_slope: Lanes) -> Lanes:
    return select(x < 0.0, x * negative_slope, x)


def _elu(x: Lanes, alpha: Lanes) -> Lanes:
    return select(x > 0.0, x, fmath.expm1(x) * alpha)


def _selu(x: Lanes) -> Lanes:
    return select(x > 0.0, x, fmath.expm1(x) * SELU_ALPHA) * SELU_SCALE


def _celu(x: Lanes, alpha: Lanes) -> Lanes:
    return select(x > 0.0, x, fmath.expm1(x / alpha) * alpha)


def _gelu_tanh(x: Lanes) -> Lanes:
    """(1 + tanh(u)) / 2 is the sigmoid of 2u."""
    twice = x * fma(x * x, 2 * _SQRT_2_OVER_PI * GELU_CUBIC, 2 * _SQRT_2_OVER_PI)
    return fmath.gated(x, twice)


def _hard_sigmoid(x: Lanes) -> Lanes:
    return _clip(x + 3.0, 0.0, 6.0) / 6.0


def _keras2_hard_sigmoid(x: Lanes) -> Lanes:
    return _clip(x * 0.2 + 0.5, 0.0, 1.0)


def _hard_silu(x: Lanes) -> Lanes:
    return x * _hard_sigmoid(x)


def _hard_tanh(x: Lanes) -> Lanes:
    return _clip(x, -1.0, 1.0)


def _tanh_shrink(x: Lanes) -> Lanes:
    return x - fmath.tanh(x)


def _softsign(x: Lanes) -> Lanes:
    return x / (fabs(x) + 1.0)


def _log_sigmoid(x: Lanes) -> Lanes:
    return -fmath.softplus(-x)


def _mish(x: Lanes) -> Lanes:
    e = fmath.exp(select(x > 20.0, 20.0, x))  # tanh(log1p(e)) = n / (n + 2) with n = e(e + 2)
    n = e * (e + 2.0)
    return x * (n / (n + 2.0))


def _soft_shrink(x: Lanes, threshold: Lanes) -> Lanes:
    return select(x > threshold, x - threshold, select(x < -threshold, x + threshold, x * 0.0))


def _hard_shrink(x: Lanes, threshold: Lanes) -> Lanes:
    return select(fabs(x) <= threshold, 0.0, x)


def _threshold(x: Lanes, threshold: Lanes, value: Lanes) -> Lanes:
    return select(x <= threshold, value, x)


def _squareplus(x: Lanes, b: Lanes) -> Lanes:
    return (x + sqrt(fma(x, x, b))) * 0.5


def _sparse_plus(x: Lanes) -> Lanes:
    return select(x <= -1.0, 0.0, select(x < 1.0, (x + 1.0) * (x + 1.0) * 0.25, x))


def _sign(x: Lanes) -> Lanes:
    return select(x > 0.0, 1.0, select(x < 0.0, -1.0, x))


def _sparse_sigmoid(x: Lanes) -> Lanes:
    return _clip((x + 1.0) * 0.5, 0.0, 1.0)


FORMULAS: dict[str, Formula | CutFormula] = {
    "linear": lambda x: x,
    PLAIN_RELU: _plain_relu,
    "relu": _relu,
    "relu6": lambda x: _clip(x, 0.0, 6.0),
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "selu": _selu,
    "celu": _celu,
    "gelu": fmath.gelu,
    "gelu_tanh": _gelu_tanh,
    "silu": fmath.silu,
    "sigmoid": fmath.sigmoid,
    "hard_sigmoid": _hard_sigmoid,
    "hard_silu": _hard_silu,
    "keras2_hard_sigmoid": _keras2_hard_sigmoid,
    "tanh": fmath.tanh,
    "hard_tanh": _hard_tanh,
    "tanh_shrink": _tanh_shrink,
    "softplus": fmath.softplus,
    "softsign": _softsign,
    "log_sigmoid": _log_sigmoid,
    "mish": _mish,
    "soft_shrink": _soft_shrink,
    "hard_shrink": _hard_shrink,
    "threshold": _threshold,
    "squareplus": _squareplus,
    "sparse_plus": _sparse_plus,
    "sparse_sigmoid": _sparse_sigmoid,
    "negative": lambda x: -x,
    "abs": lanes.fabs,
    "square": lambda x: x * x,
    "sqrt": lanes.sqrt,
    "rsqrt": fmath.rsqrt,
    "reciprocal": lambda x: 1.0 / x,
    "exponential": fmath.exp,
    "log": fmath.log,
    "expm1": fmath.expm1,
    "log1p": fmath.log1p,
    "erf": fmath.erf,
    "floor": lanes.floor,
    "clip": _clip,
    "scale": lambda x, factor, offset: fma(x, factor, offset),
    "round": lanes.nearest,
    "sign": _sign,
    "sin": fmath.sin,
    "cos": fmath.cos,
    "arctan": fmath.arctan,
}


def _emit_case(formula: Formula | CutFormula, builder: ir.IRBuilder, p0, p1, p2, y, x, n) -> None:
    taken = len(inspect.signature(formula).parameters) - 1
    parameters = [Lanes(builder, spread(builder, p), "f32") for p in (p0, p1, p2)[:taken]]
    emit_long_loop(builder, formula, parameters, y, x, n)


_ROWS = "modelc_map_rows"
_PARAMETERS = (F32, F32, F32, WORD, WORD, WORD)
_floats, _words = (types.float32,) * 3, (types.int64,) * 3


@intrinsic
def map_rows(typingctx, code, p0, p1, p2, y, x, n):
    """`y[i] = f(x[i])` for i < n, by a code of `UNARY_CODES`; p0 to p2 float32, y and x addresses, equal or apart.

    A call of the function that the family of `unary` shares: to compile it anew for each that calls it would take
    longer than all else that they have.
    """

    def codegen(context, builder, sig, args):
        builder.call(declared_function(builder.module, _ROWS, _PARAMETERS), args)
        return context.get_dummy_value()

    return types.void(types.int64, *_floats, *_words), codegen


@intrinsic
def _map_rows_here(typingctx, code, p0, p1, p2, y, x, n):
    """`map_rows`, with the function in the same module."""

    def codegen(context, builder, sig, args):
        cases = {UNARY_CODES[name]: partial(_emit_case, formula) for name, formula in FORMULAS.items()}
        builder.call(switch_function(builder.module, _ROWS, _PARAMETERS, cases), args)
        return context.get_dummy_value()

    return types.void(types.int64, *_floats, *_words), codegen


@inlined
def activate_rows(code, p0, p1, p2, address, n):
    """`x[i] = f(x[i])` for i < n in place."""
    if code != 0:
        map_rows(code, p0, p1, p2, address, address, n)


def unary(ctx, params, begin, end):
    """`y[i] = f(x[i]; p)`, see `UNARY`."""
    args = view(UNARY, ctx, params)
    y = args.y + begin * 4
    x = args.x + begin * 4
    p0, p1, p2 = args.p[0], args.p[1], args.p[2]
    _map_rows_here(args.code, p0, p1, p2, y, x, end - begin)


KERNELS = (unary,)

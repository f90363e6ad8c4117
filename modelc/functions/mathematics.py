"""The functions of one tensor that are plain mathematics."""

from __future__ import annotations

import math

import numpy as np

from modelc.functions.function import Parameter, UnaryFunction
from modelc.functions.pieces import clip_slope, erf

MATHEMATICS = (
    UnaryFunction(
        name="abs",
        aliases=("absolute", "fabs"),
        equation="|x|",
        definition=np.abs,
        derivative=lambda x, y, dy: dy * x.sign(),
        light=True,
    ),
    UnaryFunction(
        name="arctan",
        equation="arctan(x)",
        definition=np.arctan,
        derivative=lambda x, y, dy: dy / (1 + x.square()),
    ),
    UnaryFunction(
        name="clip",
        parameters=(Parameter("x_min"), Parameter("x_max")),
        equation="min(max(x, x_min), x_max)",
        definition=lambda x, x_min, x_max: np.minimum(np.maximum(x, x_min), x_max),
        derivative=lambda x, y, dy, x_min, x_max: clip_slope(x, dy, x_min, x_max),
        light=True,
    ),
    UnaryFunction(name="cos", equation="cos(x)", definition=np.cos, derivative=lambda x, y, dy: -dy * x.sin()),
    UnaryFunction(
        name="erf",
        equation="2/√π · ∫ exp(−t²) dt from 0 to x",
        definition=erf,
        derivative=lambda x, y, dy: 2 / math.sqrt(math.pi) * dy * (-x.square()).exp(),
    ),
    UnaryFunction(name="expm1", equation="exp(x) − 1", definition=np.expm1, derivative=lambda x, y, dy: dy * (y + 1)),
    UnaryFunction(
        name="floor",
        equation="the largest whole number that is not above x",
        definition=np.floor,
        derivative=None,
        light=True,
    ),
    UnaryFunction(name="log", equation="log(x)", definition=np.log, derivative=lambda x, y, dy: dy / x),
    UnaryFunction(name="log1p", equation="log(1 + x)", definition=np.log1p, derivative=lambda x, y, dy: dy / (1 + x)),
    UnaryFunction(name="negative", equation="−x", definition=np.negative, derivative=lambda x, y, dy: -dy, light=True),
    UnaryFunction(
        name="reciprocal", equation="1 / x", definition=np.reciprocal, derivative=lambda x, y, dy: -dy * y.square()
    ),
    UnaryFunction(
        name="round",
        operations=(),  # that of Keras has decimals
        equation="the nearest whole number, the even one of two",
        definition=np.round,
        derivative=None,
    ),
    UnaryFunction(
        name="rsqrt",
        equation="1 / √x",
        definition=lambda x: 1 / np.sqrt(x),
        derivative=lambda x, y, dy: -0.5 * dy * y * y.square(),
    ),
    UnaryFunction(
        name="scale",
        operations=(),
        parameters=(Parameter("factor"), Parameter("offset", 0.0)),
        equation="factor·x + offset",
        definition=lambda x, factor, offset: factor * x + offset,
        derivative=lambda x, y, dy, factor, offset: factor * dy,
        light=True,
    ),
    UnaryFunction(
        name="sign", equation="1 where x > 0, −1 where x < 0, else 0", definition=np.sign, derivative=None, light=True
    ),
    UnaryFunction(name="sin", equation="sin(x)", definition=np.sin, derivative=lambda x, y, dy: dy * x.cos()),
    UnaryFunction(name="sqrt", equation="√x", definition=np.sqrt, derivative=lambda x, y, dy: 0.5 * dy / y),
    UnaryFunction(
        name="square", equation="x²", definition=np.square, derivative=lambda x, y, dy: 2 * dy * x, light=True
    ),
)

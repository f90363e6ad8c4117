"""The activations that take each element by itself, and the functions along an axis that are activations too."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from modelc.functions.constants import GELU_CUBIC, SELU_ALPHA, SELU_SCALE
from modelc.functions.function import Array, AxisFunction, Parameter, UnaryFunction
from modelc.functions.pieces import (
    clip_slope,
    elu,
    elu_slope,
    erf,
    half,
    hard_sigmoid,
    hard_sigmoid_slope,
    sigmoid,
    softplus,
)

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


def _gelu_slope(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    density = (x.square() * -0.5).exp() / math.sqrt(2 * math.pi)
    return dy * (0.5 * (x / math.sqrt(2)).erf() + 0.5 + x * density)


def _gelu_tanh_slope(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    factor = math.sqrt(2 / math.pi)
    square = x.square()
    t = (x * (factor * GELU_CUBIC * square + factor)).tanh()
    inner = 3 * factor * GELU_CUBIC * square + factor
    return dy * (0.5 * t + 0.5 + 0.5 * x * (1 - t.square()) * inner)


def _mish_slope(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    t = x.softplus().tanh()
    return dy * (t + x * x.sigmoid() * (1 - t.square()))


def _relu(x: Array, negative_slope: float, max_value: float, threshold: float) -> Array:
    # Written so that NaN stays NaN.
    above = np.where(x <= threshold, x.dtype.type(0), np.clip(x, 0, max_value))
    return above - negative_slope * np.maximum(threshold - x, 0) if negative_slope else above


def _relu_slope(x: Tensor, y: Tensor, dy: Tensor, negative_slope: float, max_value: float, threshold: float) -> Tensor:
    if (negative_slope, max_value, threshold) == (0.0, math.inf, 0.0):
        return dy.gate(y)
    above = dy.gate(x - max(threshold, 0.0))
    if (max_value, threshold) == (6.0, 0.0):  # Keras has a function of its own for it, with other ties
        above = above.gate(6 - x)
    elif max_value < math.inf:
        above = above * half(max_value - x)
    return above + negative_slope * dy.gate(threshold - x) if negative_slope else above


def _silu_slope(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    s = x.sigmoid()
    return dy * (s + y * (1 - s))


ACTIVATIONS = (
    UnaryFunction(
        name="celu",
        activation=True,
        parameters=(Parameter("alpha", 1.0),),
        equation="max(x, 0) + min(alpha·(exp(x/alpha) − 1), 0)",
        definition=lambda x, alpha: np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0) / alpha),
        derivative=lambda x, y, dy, alpha: dy * (x.clip(high=0.0) / alpha).exp(),
    ),
    UnaryFunction(
        name="elu",
        activation=True,
        parameters=(Parameter("alpha", 1.0),),
        equation="x where x > 0, else alpha·(exp(x) − 1)",
        definition=elu,
        derivative=elu_slope,
    ),
    UnaryFunction(
        name="exponential",
        activation=True,
        operations=("exp",),
        equation="exp(x)",
        definition=np.exp,
        derivative=lambda x, y, dy: dy * y,
    ),
    UnaryFunction(
        name="gelu",
        activation=True,
        operations=(),  # that of Keras is this one or the next, by its option `approximate`
        equation="x · (1 + erf(x / √2)) / 2",
        definition=lambda x: x * (1 + erf(x / math.sqrt(2))) / 2,
        derivative=_gelu_slope,
    ),
    UnaryFunction(
        name="gelu_tanh",
        operations=(),
        equation=f"x · (1 + tanh(√(2/π) · (x + {GELU_CUBIC}·x³))) / 2",
        definition=lambda x: x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + GELU_CUBIC * x * x * x))) / 2,
        derivative=_gelu_tanh_slope,
    ),
    UnaryFunction(
        name="hard_shrink",
        activation=True,
        parameters=(Parameter("threshold", 0.5),),
        equation="0 where |x| ≤ threshold, else x",
        definition=lambda x, threshold: np.where(np.abs(x) <= threshold, x.dtype.type(0), x),
        derivative=lambda x, y, dy, threshold: dy.gate(abs(x) - threshold),
    ),
    UnaryFunction(
        name="hard_sigmoid",
        activation=True,
        equation="clip(x/6 + 0.5, 0, 1)",
        definition=hard_sigmoid,
        derivative=lambda x, y, dy: hard_sigmoid_slope(x, dy),
        probability=True,
    ),
    UnaryFunction(
        name="hard_silu",
        activation=True,
        aliases=("hard_swish",),
        equation="x · hard_sigmoid(x)",
        definition=lambda x: x * hard_sigmoid(x),
        derivative=lambda x, y, dy: dy * x.f("hard_sigmoid") + hard_sigmoid_slope(x, dy * x),
    ),
    UnaryFunction(
        name="hard_tanh",
        activation=True,
        equation="clip(x, −1, 1)",
        definition=lambda x: np.clip(x, -1, 1),
        derivative=lambda x, y, dy: dy - dy.gate(x - 1) - dy.gate(-1 - x),
        light=True,
    ),
    UnaryFunction(
        name="keras2_hard_sigmoid",
        activation=True,
        of_keras=False,
        operations=(),
        equation="clip(0.2·x + 0.5, 0, 1): the `hard_sigmoid` of Keras 2",
        definition=lambda x: np.clip(0.2 * x + 0.5, 0, 1),
        derivative=lambda x, y, dy: 0.2 * dy.gate(x + 2.5).gate(2.5 - x),
        probability=True,
    ),
    UnaryFunction(
        name="leaky_relu",
        activation=True,
        parameters=(Parameter("negative_slope", 0.2),),
        equation="x where x ≥ 0, else negative_slope·x",
        definition=lambda x, negative_slope: np.where(x < 0, negative_slope * x, x),
        derivative=lambda x, y, dy, negative_slope: (negative_slope * dy).where((-x).greater(0.0), dy),
        light=True,
    ),
    UnaryFunction(
        name="linear",
        activation=True,
        operations=(),  # `identity` keeps integers as they are
        equation="x",
        definition=lambda x: x,
        derivative=lambda x, y, dy: dy,
        light=True,
    ),
    UnaryFunction(
        name="log_sigmoid",
        activation=True,
        equation="−log(1 + exp(−x))",
        definition=lambda x: -softplus(-x),
        derivative=lambda x, y, dy: dy * (-x).sigmoid(),
    ),
    UnaryFunction(
        name="mish",
        activation=True,
        equation="x · tanh(softplus(x))",
        definition=lambda x: x * np.tanh(softplus(x)),
        derivative=_mish_slope,
    ),
    UnaryFunction(
        name="relu",
        activation=True,
        parameters=(
            Parameter("negative_slope", 0.0),
            Parameter("max_value", math.inf, least=0),
            Parameter("threshold", 0.0, least=0),
        ),
        equation="min(x, max_value) where x > threshold, else negative_slope·(x − threshold)",
        definition=_relu,
        derivative=_relu_slope,
        light=True,
    ),
    UnaryFunction(
        name="relu6",
        activation=True,
        equation="clip(x, 0, 6)",
        definition=lambda x: np.clip(x, 0, 6),
        derivative=lambda x, y, dy: dy.gate(y).gate(6 - y),
        light=True,
    ),
    UnaryFunction(
        name="selu",
        activation=True,
        equation=f"{SELU_SCALE:.5g} · (x where x > 0, else {SELU_ALPHA:.5g}·(exp(x) − 1))",
        definition=lambda x: SELU_SCALE * elu(x, SELU_ALPHA),
        derivative=lambda x, y, dy: elu_slope(x, y, dy, SELU_ALPHA, SELU_SCALE),
    ),
    UnaryFunction(
        name="sigmoid",
        activation=True,
        equation="1 / (1 + exp(−x))",
        definition=sigmoid,
        derivative=lambda x, y, dy: dy * y * (1 - y),
        probability=True,
    ),
    UnaryFunction(
        name="silu",
        activation=True,
        aliases=("swish",),
        equation="x · sigmoid(x)",
        definition=lambda x: x * sigmoid(x),
        derivative=_silu_slope,
    ),
    UnaryFunction(
        name="soft_shrink",
        activation=True,
        parameters=(Parameter("threshold", 0.5),),
        equation="x − clip(x, −threshold, threshold)",
        definition=lambda x, threshold: x - np.clip(x, -threshold, threshold),
        derivative=lambda x, y, dy, threshold: dy.gate(abs(x) - threshold),
    ),
    UnaryFunction(
        name="softplus",
        activation=True,
        equation="log(1 + exp(x))",
        definition=softplus,
        derivative=lambda x, y, dy: dy * x.sigmoid(),
    ),
    UnaryFunction(
        name="softsign",
        activation=True,
        equation="x / (1 + |x|)",
        definition=lambda x: x / (1 + np.abs(x)),
        derivative=lambda x, y, dy: dy / (1 + abs(x)).square(),
    ),
    UnaryFunction(
        name="sparse_plus",
        activation=True,
        equation="0 where x ≤ −1, x where x ≥ 1, else (x + 1)² / 4",
        definition=lambda x: np.where(x >= 1, x, np.square(np.maximum(x + 1, 0)) / 4),
        derivative=lambda x, y, dy: dy * x.f("sparse_sigmoid"),
    ),
    UnaryFunction(
        name="sparse_sigmoid",
        activation=True,
        equation="clip((x + 1) / 2, 0, 1)",
        definition=lambda x: np.clip((x + 1) / 2, 0, 1),
        derivative=lambda x, y, dy: 0.5 * clip_slope(x, dy, -1.0, 1.0),
        probability=True,
    ),
    UnaryFunction(
        name="squareplus",
        activation=True,
        parameters=(Parameter("b", 4.0),),
        equation="(x + √(x² + b)) / 2",
        definition=lambda x, b: (x + np.sqrt(x * x + b)) / 2,
        derivative=lambda x, y, dy, b: 0.5 * dy * (1 + x / (x.square() + b).sqrt()),
    ),
    UnaryFunction(
        name="tanh",
        activation=True,
        equation="tanh(x)",
        definition=np.tanh,
        derivative=lambda x, y, dy: dy * (1 - y.square()),
    ),
    UnaryFunction(
        name="tanh_shrink",
        activation=True,
        equation="x − tanh(x)",
        definition=lambda x: x - np.tanh(x),
        derivative=lambda x, y, dy: dy * (x - y).square(),
    ),
    UnaryFunction(
        name="threshold",
        activation=True,
        parameters=(Parameter("threshold"), Parameter("default_value")),
        equation="x where x > threshold, else default_value",
        definition=lambda x, threshold, default_value: np.where(x <= threshold, x.dtype.type(default_value), x),
        derivative=lambda x, y, dy, threshold, default_value: dy.gate(x - threshold),
    ),
)

ALONG_AN_AXIS = (
    AxisFunction(name="glu", equation="a · sigmoid(b), a and b the halves of the last axis"),
    AxisFunction(name="log_softmax", equation="x − log Σ exp(x), the sum over the last axis"),
    AxisFunction(name="softmax", equation="exp(x) / Σ exp(x), the sum over the last axis", probability=True),
    AxisFunction(
        name="sparsemax",
        equation="max(x − τ, 0) along the last axis, with the τ of Keras (see below)",
        probability=True,
    ),
)

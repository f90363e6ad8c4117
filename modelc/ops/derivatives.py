"""The derivatives of the elementwise functions, in ops.

Where a function has a kink, its derivative there is the one that JAX gives to Keras's function: 0 for relu, one half
of both sides for what is defined by a maximum or a minimum.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from modelc.ops.base import Emitter, Gradients
from modelc.ops.elementwise import SELU_ALPHA, SELU_SCALE, Binary, BinaryKind, Unary, UnaryKind

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


def unary_gradient(op: Unary, g: Emitter, x: Tensor, y: Tensor, dy: Tensor) -> Tensor | None:
    """``f'(x)·dy``, or None where f is flat almost everywhere."""
    if op.kind in _FLAT:
        return None
    if op.kind in _PLAIN:
        return _PLAIN[op.kind](x, y, dy)
    return _PARAMETRIC[op.kind](x, y, dy, *op.parameters)


def binary_gradient(op: Binary, g: Emitter, inputs: Sequence[Tensor], y: Tensor, dy: Tensor) -> Gradients:
    """``∂f/∂a·dy`` and ``∂f/∂b·dy``, or None for both of a comparison."""
    if op.kind not in _BINARY:
        return (None, None)
    a, b = inputs
    made = _BINARY[op.kind](a, b, y, dy)
    return tuple(part and part.sum_to(x.type) for part, x in zip(made, inputs, strict=True))


def _half(x: Tensor) -> Tensor:
    """1 where it is positive, 0 where it is negative, and 1/2 between: how JAX splits a tie."""
    return 0.5 * x.sign() + 0.5


_FLAT: frozenset[UnaryKind] = frozenset({"floor", "round", "sign"})


def _celu(x: Tensor, y: Tensor, dy: Tensor, alpha: float) -> Tensor:
    return dy * (x.clip(high=0.0) / alpha).exp()


def _clip(x: Tensor, y: Tensor, dy: Tensor, low: float, high: float) -> Tensor:
    if low > -math.inf:
        dy = dy * _half(x - low)
    return dy * _half(high - x) if high < math.inf else dy


def _elu(x: Tensor, y: Tensor, dy: Tensor, alpha: float, factor: float = 1.0) -> Tensor:
    return (factor * dy).where(x.greater(0.0), dy * (y + alpha * factor))


def _gelu(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    density = (x.square() * -0.5).exp() / math.sqrt(2 * math.pi)
    return dy * (0.5 * (x / math.sqrt(2)).erf() + 0.5 + x * density)


def _gelu_tanh(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    factor, cubic = math.sqrt(2 / math.pi), 0.044715
    square = x.square()
    t = (x * (factor * cubic * square + factor)).tanh()
    inner = 3 * factor * cubic * square + factor
    return dy * (0.5 * t + 0.5 + 0.5 * x * (1 - t.square()) * inner)


def _hard_sigmoid(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    return dy.gate(x + 3).gate(3 - x) / 6


def _keras2_hard_sigmoid(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    return 0.2 * dy.gate(x + 2.5).gate(2.5 - x)


def _hard_silu(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    return dy * x.f("hard_sigmoid") + _hard_sigmoid(x, y, dy * x)


def _hard_tanh(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    return dy - dy.gate(x - 1) - dy.gate(-1 - x)


def _shrink(x: Tensor, y: Tensor, dy: Tensor, threshold: float) -> Tensor:
    return dy.gate(abs(x) - threshold)


def _leaky_relu(x: Tensor, y: Tensor, dy: Tensor, slope: float) -> Tensor:
    return (slope * dy).where((-x).greater(0.0), dy)


def _mish(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    t = x.softplus().tanh()
    return dy * (t + x * x.sigmoid() * (1 - t.square()))


def _relu(
    x: Tensor, y: Tensor, dy: Tensor, negative_slope: float = 0.0, max_value: float = math.inf, threshold: float = 0.0
) -> Tensor:
    if (negative_slope, max_value, threshold) == (0.0, math.inf, 0.0):
        return dy.gate(y)
    above = dy.gate(x - max(threshold, 0.0))
    if (max_value, threshold) == (6.0, 0.0):  # Keras has a function of its own for it, with other ties
        above = above.gate(6 - x)
    elif max_value < math.inf:
        above = above * _half(max_value - x)
    return above + negative_slope * dy.gate(threshold - x) if negative_slope else above


def _silu(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    s = x.sigmoid()
    return dy * (s + y * (1 - s))


def _sparse_sigmoid(x: Tensor, y: Tensor, dy: Tensor) -> Tensor:
    return 0.5 * _clip(x, y, dy, -1.0, 1.0)


def _squareplus(x: Tensor, y: Tensor, dy: Tensor, b: float) -> Tensor:
    return 0.5 * dy * (1 + x / (x.square() + b).sqrt())


def _scale(x: Tensor, y: Tensor, dy: Tensor, factor: float, offset: float = 0.0) -> Tensor:
    return factor * dy


def _threshold(x: Tensor, y: Tensor, dy: Tensor, threshold: float, value: float) -> Tensor:
    return dy.gate(x - threshold)


_PLAIN: dict[UnaryKind, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "abs": lambda x, y, dy: dy * x.sign(),
    "arctan": lambda x, y, dy: dy / (1 + x.square()),
    "cos": lambda x, y, dy: -dy * x.sin(),
    "erf": lambda x, y, dy: 2 / math.sqrt(math.pi) * dy * (-x.square()).exp(),
    "expm1": lambda x, y, dy: dy * (y + 1),
    "exponential": lambda x, y, dy: dy * y,
    "gelu": _gelu,
    "gelu_tanh": _gelu_tanh,
    "hard_sigmoid": _hard_sigmoid,
    "hard_silu": _hard_silu,
    "hard_tanh": _hard_tanh,
    "keras2_hard_sigmoid": _keras2_hard_sigmoid,
    "linear": lambda x, y, dy: dy,
    "log": lambda x, y, dy: dy / x,
    "log1p": lambda x, y, dy: dy / (1 + x),
    "log_sigmoid": lambda x, y, dy: dy * (-x).sigmoid(),
    "mish": _mish,
    "negative": lambda x, y, dy: -dy,
    "reciprocal": lambda x, y, dy: -dy * y.square(),
    "relu6": lambda x, y, dy: dy.gate(y).gate(6 - y),
    "rsqrt": lambda x, y, dy: -0.5 * dy * y * y.square(),
    "selu": lambda x, y, dy: _elu(x, y, dy, SELU_ALPHA, SELU_SCALE),
    "sigmoid": lambda x, y, dy: dy * y * (1 - y),
    "silu": _silu,
    "sin": lambda x, y, dy: dy * x.cos(),
    "softplus": lambda x, y, dy: dy * x.sigmoid(),
    "softsign": lambda x, y, dy: dy / (1 + abs(x)).square(),
    "sparse_plus": lambda x, y, dy: dy * x.f("sparse_sigmoid"),
    "sparse_sigmoid": _sparse_sigmoid,
    "sqrt": lambda x, y, dy: 0.5 * dy / y,
    "square": lambda x, y, dy: 2 * dy * x,
    "tanh": lambda x, y, dy: dy * (1 - y.square()),
    "tanh_shrink": lambda x, y, dy: dy * (x - y).square(),
}

_PARAMETRIC: dict[UnaryKind, Callable[..., Tensor]] = {
    "celu": _celu,
    "clip": _clip,
    "elu": _elu,
    "hard_shrink": _shrink,
    "leaky_relu": _leaky_relu,
    "relu": _relu,
    "scale": _scale,
    "soft_shrink": _shrink,
    "squareplus": _squareplus,
    "threshold": _threshold,
}

_Pair = tuple["Tensor | None", "Tensor | None"]


def _extreme(greater: bool) -> Callable[[Tensor, Tensor, Tensor, Tensor], _Pair]:
    """Of a maximum or a minimum: all to the one that was chosen, half to each where they are equal."""

    def gradient(a: Tensor, b: Tensor, y: Tensor, dy: Tensor) -> _Pair:
        won, not_lost = (a.greater(b), a.greater_equal(b)) if greater else (a.less(b), a.less_equal(b))
        share = 0.5 * (won + not_lost)
        return dy * share, dy * (1 - share)

    return gradient


_BINARY: dict[BinaryKind, Callable[[Tensor, Tensor, Tensor, Tensor], _Pair]] = {
    "add": lambda a, b, y, dy: (dy, dy),
    "subtract": lambda a, b, y, dy: (dy, -dy),
    "multiply": lambda a, b, y, dy: (dy * b, dy * a),
    "divide": lambda a, b, y, dy: (dy / b, -dy * y / b),
    "maximum": _extreme(greater=True),
    "minimum": _extreme(greater=False),
    # Keras has relu(a) - b·relu(-a), so at 0 nothing comes through.
    "prelu": lambda a, b, y, dy: (dy.gate(a) + b * dy.gate(-a), (dy * a).gate(-a)),
    "gate": lambda a, b, y, dy: (dy.gate(b), None),
}

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
from modelc.ops.emit import sum_to
from modelc.ops.term import Term

if TYPE_CHECKING:
    from modelc.graph.graph import Value


def unary_gradient(op: Unary, g: Emitter, x: Value, y: Value, dy: Value) -> Value | None:
    """``f'(x)·dy``, or None where f is flat almost everywhere."""
    if op.kind in _FLAT:
        return None
    terms = Term(g, x), Term(g, y), Term(g, dy)
    made = _PLAIN[op.kind](*terms) if op.kind in _PLAIN else _PARAMETRIC[op.kind](*terms, *op.parameters)
    return made.value


def binary_gradient(op: Binary, g: Emitter, inputs: Sequence[Value], y: Value, dy: Value) -> Gradients:
    """``∂f/∂a·dy`` and ``∂f/∂b·dy``, or None for both of a comparison."""
    if op.kind not in _BINARY:
        return (None, None)
    a, b = inputs
    made = _BINARY[op.kind](Term(g, a), Term(g, b), Term(g, y), Term(g, dy))
    return tuple(part and sum_to(g, part.value, x.type) for part, x in zip(made, inputs, strict=True))


_FLAT: frozenset[UnaryKind] = frozenset({"floor", "round", "sign"})


def _celu(x: Term, y: Term, dy: Term, alpha: float) -> Term:
    return dy * (x.f("clip", -math.inf, 0.0) / alpha).f("exponential")


def _clip(x: Term, y: Term, dy: Term, low: float, high: float) -> Term:
    if low > -math.inf:
        dy = dy * (x - low).half()
    return dy * (high - x).half() if high < math.inf else dy


def _elu(x: Term, y: Term, dy: Term, alpha: float, factor: float = 1.0) -> Term:
    return (factor * dy).where(x, dy * (y + alpha * factor))


def _gelu(x: Term, y: Term, dy: Term) -> Term:
    density = (x.f("square") * -0.5).f("exponential") / math.sqrt(2 * math.pi)
    return dy * (0.5 * (x / math.sqrt(2)).f("erf") + 0.5 + x * density)


def _gelu_tanh(x: Term, y: Term, dy: Term) -> Term:
    factor, cubic = math.sqrt(2 / math.pi), 0.044715
    square = x.f("square")
    t = (x * (factor * cubic * square + factor)).f("tanh")
    inner = 3 * factor * cubic * square + factor
    return dy * (0.5 * t + 0.5 + 0.5 * x * (1 - t.f("square")) * inner)


def _hard_sigmoid(x: Term, y: Term, dy: Term) -> Term:
    return dy.where(x + 3).where(3 - x) / 6


def _keras2_hard_sigmoid(x: Term, y: Term, dy: Term) -> Term:
    return 0.2 * dy.where(x + 2.5).where(2.5 - x)


def _hard_silu(x: Term, y: Term, dy: Term) -> Term:
    return dy * x.f("hard_sigmoid") + _hard_sigmoid(x, y, dy * x)


def _hard_tanh(x: Term, y: Term, dy: Term) -> Term:
    return dy - dy.where(x - 1) - dy.where(-1 - x)


def _shrink(x: Term, y: Term, dy: Term, threshold: float) -> Term:
    return dy.where(x.f("abs") - threshold)


def _leaky_relu(x: Term, y: Term, dy: Term, slope: float) -> Term:
    return (slope * dy).where(-x, dy)


def _mish(x: Term, y: Term, dy: Term) -> Term:
    t = x.f("softplus").f("tanh")
    return dy * (t + x * x.f("sigmoid") * (1 - t.f("square")))


def _relu(
    x: Term, y: Term, dy: Term, negative_slope: float = 0.0, max_value: float = math.inf, threshold: float = 0.0
) -> Term:
    if (negative_slope, max_value, threshold) == (0.0, math.inf, 0.0):
        return dy.where(y)
    above = dy.where(x - max(threshold, 0.0))
    if (max_value, threshold) == (6.0, 0.0):  # Keras has a function of its own for it, with other ties
        above = above.where(6 - x)
    elif max_value < math.inf:
        above = above * (max_value - x).half()
    return above + negative_slope * dy.where(threshold - x) if negative_slope else above


def _silu(x: Term, y: Term, dy: Term) -> Term:
    s = x.f("sigmoid")
    return dy * (s + y * (1 - s))


def _sparse_sigmoid(x: Term, y: Term, dy: Term) -> Term:
    return 0.5 * _clip(x, y, dy, -1.0, 1.0)


def _squareplus(x: Term, y: Term, dy: Term, b: float) -> Term:
    return 0.5 * dy * (1 + x / (x.f("square") + b).f("sqrt"))


def _scale(x: Term, y: Term, dy: Term, factor: float, offset: float = 0.0) -> Term:
    return factor * dy


def _threshold(x: Term, y: Term, dy: Term, threshold: float, value: float) -> Term:
    return dy.where(x - threshold)


_PLAIN: dict[UnaryKind, Callable[[Term, Term, Term], Term]] = {
    "abs": lambda x, y, dy: dy * x.f("sign"),
    "arctan": lambda x, y, dy: dy / (1 + x.f("square")),
    "cos": lambda x, y, dy: -dy * x.f("sin"),
    "erf": lambda x, y, dy: 2 / math.sqrt(math.pi) * dy * (-x.f("square")).f("exponential"),
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
    "log_sigmoid": lambda x, y, dy: dy * (-x).f("sigmoid"),
    "mish": _mish,
    "negative": lambda x, y, dy: -dy,
    "reciprocal": lambda x, y, dy: -dy * y.f("square"),
    "relu6": lambda x, y, dy: dy.where(y).where(6 - y),
    "rsqrt": lambda x, y, dy: -0.5 * dy * y * y.f("square"),
    "selu": lambda x, y, dy: _elu(x, y, dy, SELU_ALPHA, SELU_SCALE),
    "sigmoid": lambda x, y, dy: dy * y * (1 - y),
    "silu": _silu,
    "sin": lambda x, y, dy: dy * x.f("cos"),
    "softplus": lambda x, y, dy: dy * x.f("sigmoid"),
    "softsign": lambda x, y, dy: dy / (1 + x.f("abs")).f("square"),
    "sparse_plus": lambda x, y, dy: dy * x.f("sparse_sigmoid"),
    "sparse_sigmoid": _sparse_sigmoid,
    "sqrt": lambda x, y, dy: 0.5 * dy / y,
    "square": lambda x, y, dy: 2 * dy * x,
    "tanh": lambda x, y, dy: dy * (1 - y.f("square")),
    "tanh_shrink": lambda x, y, dy: dy * (x - y).f("square"),
}

_PARAMETRIC: dict[UnaryKind, Callable[..., Term]] = {
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

_Pair = tuple["Term | None", "Term | None"]


def _extreme(greater: bool) -> Callable[[Term, Term, Term, Term], _Pair]:
    """Of a maximum or a minimum: all to the one that was chosen, half to each where they are equal."""
    strict: BinaryKind = "greater" if greater else "less"
    weak: BinaryKind = "greater_equal" if greater else "less_equal"

    def gradient(a: Term, b: Term, y: Term, dy: Term) -> _Pair:
        share = 0.5 * (a.is_(strict, b) + a.is_(weak, b))
        return dy * share, dy * (1 - share)

    return gradient


_BINARY: dict[BinaryKind, Callable[[Term, Term, Term, Term], _Pair]] = {
    "add": lambda a, b, y, dy: (dy, dy),
    "subtract": lambda a, b, y, dy: (dy, -dy),
    "multiply": lambda a, b, y, dy: (dy * b, dy * a),
    "divide": lambda a, b, y, dy: (dy / b, -dy * y / b),
    "maximum": _extreme(greater=True),
    "minimum": _extreme(greater=False),
    # Keras has relu(a) - b·relu(-a), so at 0 nothing comes through.
    "prelu": lambda a, b, y, dy: (dy.where(a) + b * dy.where(-a), (dy * a).where(-a)),
    "gate": lambda a, b, y, dy: (dy.where(b), None),
}

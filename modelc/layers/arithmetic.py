"""Small compositions of ops that losses and update rules share."""

from __future__ import annotations

import math

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.emit import as_float, binary, constant, unary
from modelc.ops.elementwise import BinaryKind
from modelc.ops.emit import reshape as reshape
from modelc.ops.emit import scale as scale
from modelc.ops.reduce import Reduce, ReduceKind
from modelc.ops.select import Select
from modelc.ops.shape import Transpose

EPSILON = 1e-7
"""`keras.config.epsilon()`."""

_LEAST = 1e-38
"""Below any number that is meant, and not 0."""


def clip(g: Builder, x: Value, low: float = -math.inf, high: float = math.inf) -> Value:
    """``min(max(x, low), high)``."""
    return unary(g, "clip", x, low, high)


def at_least(g: Builder, x: Value, low: float) -> Value:
    """``max(x, low)``, whose gradient is that of a maximum."""
    return binary(g, "maximum", x, constant(g, low))


def add(g: Builder, first: Value, *others: Value) -> Value:
    """The sum, from the left."""
    return _chain(g, "add", first, others)


def multiply(g: Builder, first: Value, *others: Value) -> Value:
    """The product, from the left."""
    return _chain(g, "multiply", first, others)


def subtract(g: Builder, a: Value, b: Value) -> Value:
    """``a - b``."""
    return binary(g, "subtract", a, b)


def divide(g: Builder, a: Value, b: Value) -> Value:
    """``a / b``."""
    return binary(g, "divide", a, b)


def _chain(g: Builder, kind: BinaryKind, first: Value, others: tuple[Value, ...]) -> Value:
    for other in others:
        first = binary(g, kind, first, other)
    return first


def reduce(g: Builder, kind: ReduceKind, x: Value, axes: tuple[int, ...] | None = None, keep: bool = False) -> Value:
    """``kind`` of x over the axes, or over all of it, the batch included."""
    axes = tuple(range(x.type.rank)) if axes is None else axes
    return g.emit(Reduce(kind, axes, keep), x) if axes else x


def select(g: Builder, mask: Value, a: Value, b: Value) -> Value:
    """a where the mask is not 0, else b."""
    return g.emit(Select(), mask, a, b)


def divide_or_zero(g: Builder, a: Value, b: Value) -> Value:
    """``a / b``, 0 where b is 0."""
    safe = select(g, b, b, constant(g, 1.0))
    return select(g, b, divide(g, a, safe), constant(g, 0.0))


def power(g: Builder, x: Value, exponent: float) -> Value:
    """``x^exponent`` for x ≥ 0."""
    match exponent:
        case 0:
            return scale(g, x, 0.0, 1.0)
        case 1:
            return x
        case 2:
            return unary(g, "square", x)
        case 3:
            return multiply(g, unary(g, "square", x), x)
        case 0.5:
            return unary(g, "sqrt", x)
        case -0.5:
            return unary(g, "rsqrt", x)
        case -1:
            return unary(g, "reciprocal", x)
        case _:
            # The logarithm of 0 has no gradient; that of a number next to it has.
            logarithm = unary(g, "log", at_least(g, x, _LEAST) if exponent > 0 else x)
            return unary(g, "exponential", scale(g, logarithm, exponent))


def one_minus_power(g: Builder, base: float, exponent: Value) -> Value:
    """``1 - base^exponent`` for a known base below 1, without the cancellation that the subtraction would bring."""
    base = float(np.float32(base))
    if base == 0.0:
        return scale(g, exponent, 0.0, 1.0)
    return unary(g, "negative", unary(g, "expm1", scale(g, exponent, math.log(base))))


def rounded_rest(share: float) -> float:
    """``1 - share``, the share rounded to float32 first: what goes with `one_minus_power` of it.

    Keras rounds it in some update rules and not in others, which makes up to 1e-5 of 1 - 0.999.
    """
    return 1 - float(np.float32(share))


def same_rank(g: Builder, a: Value, b: Value, *, expand: bool = True) -> tuple[Value, Value]:
    """a and b with the last axis of 1 that only one of them has taken away, or given to the other one if it is (N,).

    Keras does so with labels, predictions and weights before it combines them.
    """
    if a.type.rank == b.type.rank + 1 and a.type.shape[-1] == 1:
        return (a, last_axis(g, b)) if b.type.rank == 1 and expand else (squeezed(g, a), b)
    if b.type.rank == a.type.rank + 1 and b.type.shape[-1] == 1:
        return (last_axis(g, a), b) if a.type.rank == 1 and expand else (a, squeezed(g, b))
    return a, b


def last_axis(g: Builder, x: Value) -> Value:
    """x with an axis of 1 at the end."""
    return reshape(g, x, (*x.type.shape, 1))


def squeezed(g: Builder, x: Value) -> Value:
    """x without its last axis, which is 1."""
    return reshape(g, x, x.type.shape[:-1])


def move_to_end(g: Builder, x: Value, axis: int) -> Value:
    """x with one of its axes, not the batch, made the last one."""
    rank = x.type.rank
    if axis == rank - 1:
        return x
    return g.emit(Transpose((*(a for a in range(rank) if a != axis), axis)), x)


def floats(g: Builder, *values: Value) -> tuple[Value, ...]:
    """All of them as float32."""
    return tuple(as_float(g, value) for value in values)


def require_same_shape(a: Value, b: Value, owner: str) -> None:
    """Raise `ShapeError` unless labels and predictions have one shape."""
    if a.type.shape != b.type.shape:
        raise ShapeError(
            f"{owner} takes labels and predictions of one shape, found {a.type} and {b.type}",
            "for integer labels there are the losses and metrics that begin with `Sparse`",
        )

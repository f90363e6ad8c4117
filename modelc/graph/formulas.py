"""Formulas that layers, losses and update rules share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.tensor import Tensor

if TYPE_CHECKING:
    from modelc.graph.builder import Builder

EPSILON = 1e-7
"""`keras.config.epsilon()`."""


def truncate(x: Tensor) -> Tensor:
    """x without its fraction, float32."""
    return x.cast("int32").cast("float32")


def along(w: Tensor, axes: Sequence[int], rank: int) -> Tensor:
    """w, whose dimensions belong to these axes of a tensor of this rank, in the shape that broadcasts with it."""
    if not axes or tuple(axes) == tuple(range(rank - len(axes), rank)):
        return w
    dims = dict(zip(axes, w.dims, strict=True))
    return w.reshape(tuple(dims.get(axis, 1) for axis in range(axes[0], rank)))


def moments(x: Tensor, axes: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """The mean and the variance of x over the axes, which keep an extent of 1."""
    mean = x.mean(axes, keepdims=True)
    deviation = x - mean
    return mean, deviation.square().mean(axes, keepdims=True)


def whole_moments(g: Builder, x: Tensor, axes: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """As `moments` over axes with that of the batch, of the whole batch where x is of a part of it."""
    if g.share is None:
        return moments(x, axes)
    mean = g.over_parts(x.mean(axes, keepdims=True) * g.share)
    deviation = x - mean
    return mean, g.over_parts(deviation.square().mean(axes, keepdims=True) * g.share)


def one_minus_power(base: float, exponent: Tensor) -> Tensor:
    """``1 - base^exponent`` for a known base below 1, without the cancellation that the subtraction would bring."""
    base = float(np.float32(base))
    if base == 0.0:
        return exponent * 0.0 + 1.0
    return -(exponent * math.log(base)).expm1()


def rounded_rest(share: float) -> float:
    """``1 - share``, the share rounded to float32 first: what goes with `one_minus_power` of it.

    Keras rounds it in some update rules and not in others, which makes up to 1e-5 of 1 - 0.999.
    """
    return 1 - float(np.float32(share))


def same_rank(a: Tensor, b: Tensor, *, expand: bool = True) -> tuple[Tensor, Tensor]:
    """a and b with the last axis of 1 that only one of them has taken away, or given to the other one if it is (N,).

    Keras does so with labels, predictions and weights before it combines them.
    """
    if a.rank == b.rank + 1 and a.shape[-1] == 1:
        return (a, last_axis(b)) if b.rank == 1 and expand else (squeezed(a), b)
    if b.rank == a.rank + 1 and b.shape[-1] == 1:
        return (last_axis(a), b) if a.rank == 1 and expand else (a, squeezed(b))
    return a, b


def last_axis(x: Tensor) -> Tensor:
    """x with an axis of 1 at the end."""
    return x.under((*x.shape, 1))


def squeezed(x: Tensor) -> Tensor:
    """x without its last axis, which is 1."""
    return x.under(x.shape[:-1])


def move_to_end(x: Tensor, axis: int) -> Tensor:
    """x with one of its axes, not the batch, made the last one."""
    rank = x.rank
    if axis == rank - 1:
        return x
    return x.transpose((*(a for a in range(rank) if a != axis), axis))


def floats(*values: Tensor) -> tuple[Tensor, ...]:
    """All of them as float32."""
    return tuple(value.as_float() for value in values)


def require_same_shape(a: Tensor, b: Tensor, owner: str) -> None:
    """Raise `ShapeError` unless labels and predictions have one shape."""
    if a.shape != b.shape:
        raise ShapeError(
            f"{owner} takes labels and predictions of one shape, found {a.type} and {b.type}",
            "for integer labels there are the losses and metrics that begin with `Sparse`",
        )

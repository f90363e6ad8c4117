"""What several functions are made of, in NumPy, and pieces of derivatives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from modelc.functions.function import Array

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

_erf = np.frompyfunc(math.erf, 1, 1)


def erf(x: Array) -> Array:
    """The error function."""
    return np.asarray(_erf(x), x.dtype)


def sigmoid(x: Array) -> Array:
    """``1 / (1 + exp(-x))``: exp of a negative number only, so that neither branch overflows."""
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, z) / (1 + z)


def softplus(x: Array) -> Array:
    """``log(1 + exp(x))``."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def elu(x: Array, alpha: float) -> Array:
    """x where it is positive, else ``alpha·(exp(x) - 1)``."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def hard_sigmoid(x: Array) -> Array:
    """``x/6 + 1/2``, cut to 0 … 1."""
    return np.clip(x / 6 + 0.5, 0, 1)


def half(x: Tensor) -> Tensor:
    """1 where it is positive, 0 where it is negative, and 1/2 between: how JAX splits a tie."""
    return 0.5 * x.sign() + 0.5


def clip_slope(x: Tensor, dy: Tensor, low: float, high: float) -> Tensor:
    """dy where x is between two limits, half of it on them."""
    if low > -math.inf:
        dy = dy * half(x - low)
    return dy * half(high - x) if high < math.inf else dy


def elu_slope(x: Tensor, y: Tensor, dy: Tensor, alpha: float, scale: float = 1.0) -> Tensor:
    """The derivative of ``scale·elu(x)``."""
    return (scale * dy).where(x.greater(0.0), dy * (y + alpha * scale))


def hard_sigmoid_slope(x: Tensor, dy: Tensor) -> Tensor:
    """The derivative of `hard_sigmoid`, 0 at its kinks."""
    return dy.gate(x + 3).gate(3 - x) / 6

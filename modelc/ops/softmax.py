"""Functions of all the values along one axis: softmax and its kin, and the gated linear unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from modelc.graph.types import TensorType
from modelc.ops.base import Array, Op

SoftmaxKind = Literal["softmax", "log_softmax", "sparsemax"]


def _softmax(x: Array, axis: int) -> Array:
    e = np.exp(x - np.max(x, axis, keepdims=True, initial=-np.inf))
    return e / np.sum(e, axis, keepdims=True)


def _log_softmax(x: Array, axis: int) -> Array:
    shifted = x - np.max(x, axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.sum(np.exp(shifted), axis, keepdims=True))


def _sparsemax(x: Array, axis: int) -> Array:
    x = np.moveaxis(x, axis, -1)
    descending = -np.sort(-x, axis=-1)
    sums = np.cumsum(descending, axis=-1)
    support = descending - (sums - 1) / np.arange(1, x.shape[-1] + 1, dtype=x.dtype) > 0
    count = np.sum(support, axis=-1, keepdims=True).astype(x.dtype)
    tau = (np.sum(np.where(support, sums, 0), axis=-1, keepdims=True) - 1) / count
    return np.moveaxis(np.maximum(x - tau, 0), -1, axis)


_SOFTMAX: dict[SoftmaxKind, Callable[[Array, int], Array]] = {
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "sparsemax": _sparsemax,
}


@dataclass(frozen=True)
class Softmax(Op):
    """Along `axis`, which counts from 1: the batch is never the axis.

    `softmax`: ``y_i = exp(x_i) / Σ_j exp(x_j)``; `log_softmax`: ``y_i = x_i - log Σ_j exp(x_j)``, both computed from
    x - max(x), so that no exponential overflows.

    `sparsemax`: ``y_i = max(x_i - τ, 0)`` with the τ of `keras.activations.sparsemax`: for the sorted values
    z_1 ≥ z_2 ≥ …, their sums ``c_k = z_1 + … + z_k`` and the support ``S = {k: z_k > (c_k - 1) / k}``,
    ``τ = (Σ_{k ∈ S} c_k - 1) / |S|``. Martins and Astudillo (2016) have ``(c_|S| - 1) / |S|``, which agrees only
    where the support is one value: as in Keras, y need not sum to 1.
    """

    kind: SoftmaxKind
    axis: int

    @property
    def name(self) -> str:
        """The function's name."""
        return self.kind

    def infer(self, *operands: TensorType) -> TensorType:
        """Any shape → the same shape."""
        return operands[0]

    def compute(self, *operands: Array) -> Array:
        """The equations above."""
        with np.errstate(all="ignore"):
            return _SOFTMAX[self.kind](operands[0], self.axis)


@dataclass(frozen=True)
class Glu(Op):
    """``y = a·sigmoid(b)`` for the halves a, b of x along `axis` (Dauphin et al., 2017)."""

    axis: int

    @property
    def name(self) -> str:
        """`glu`."""
        return "glu"

    def infer(self, *operands: TensorType) -> TensorType:
        """Half as long along the axis, whose extent is even (checked by the layer)."""
        (x,) = operands
        return x.with_shape(tuple(d // 2 if i == self.axis and d else d for i, d in enumerate(x.shape)))

    def compute(self, *operands: Array) -> Array:
        """The equation above."""
        a, b = np.split(operands[0], 2, axis=self.axis)
        with np.errstate(over="ignore"):
            return a / (1 + np.exp(-b))

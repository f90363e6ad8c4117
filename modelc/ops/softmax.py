"""Functions of all values along one axis: softmax and its variants, and the gated linear unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op
from modelc.ops.reduce import Reduce

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

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

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """softmax: ``y·(dy - Σ y·dy)``; log_softmax: ``dy - exp(y)·Σ dy``; sparsemax: see `SparsemaxGradient`."""
        if self.kind == "sparsemax":
            return (inputs[0].emit(SparsemaxGradient(self.axis), dy.gate(output)),)
        total = Reduce("sum", (self.axis,), keepdims=True)
        if self.kind == "softmax":
            weighted = output * dy
            shares = output * weighted.emit(total)
            return (weighted - shares,)
        shares = output.exp() * dy.emit(total)
        return (dy - shares,)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """All along the axis."""
        return field.over(self.axis % types[0].rank)


@dataclass(frozen=True)
class SparsemaxGradient(Op):
    """The gradient of sparsemax for its operand x, from what comes through its maximum with 0, dz:
    ``dx_i = dz_i - ∂τ/∂x_i·Σ_j dz_j``.

    τ is Keras's, the mean over the support of all sums c_k: the k-th largest value is in |S| - k + 1 of these, so
    ``∂τ/∂x = (|S| - k + 1) / |S|`` for it, and 0 outside of the support.
    """

    axis: int

    def infer(self, *operands: TensorType) -> TensorType:
        """x, dz, of one shape → the same shape."""
        return operands[0]

    def compute(self, *operands: Array) -> Array:
        """The equation above; equal values keep their order."""
        x, dz = (np.moveaxis(operand, self.axis, -1) for operand in operands)
        order = np.argsort(-x, axis=-1, kind="stable")
        descending = np.take_along_axis(x, order, -1)
        places = np.arange(1, x.shape[-1] + 1, dtype=x.dtype)
        support = descending - (np.cumsum(descending, axis=-1) - 1) / places > 0
        after = np.cumsum(support[..., ::-1], axis=-1)[..., ::-1]
        slope = np.where(support, after / np.sum(support, axis=-1, keepdims=True), 0)
        slopes = np.empty_like(x)
        np.put_along_axis(slopes, order, slope.astype(x.dtype), -1)
        return np.moveaxis(dz - slopes * np.sum(dz, axis=-1, keepdims=True), -1, self.axis)


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

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """``sigmoid(b)·dy`` for a and ``a·sigmoid(b)·(1 - sigmoid(b))·dy`` for b."""
        (x,) = inputs
        half = output.shape[self.axis]
        assert half is not None
        s = x.part(self.axis, half, 2 * half).sigmoid()
        da = s * dy
        db = output * dy * (1.0 - s)
        return (da.concat(db, axis=self.axis),)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """All along the axis."""
        return field.over(self.axis % types[0].rank)

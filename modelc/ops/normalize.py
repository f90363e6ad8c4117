"""Normalization of a sample by its own statistics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op
from modelc.ops.reduce import ReduceKind

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

NormalizeKind = Literal["mean_variance", "rms", "l2"]


def _mean_variance(x: Array, axes: tuple[int, ...], epsilon: float) -> Array:
    centered = x - np.mean(x, axes, keepdims=True)
    return centered / np.sqrt(np.mean(np.square(centered), axes, keepdims=True) + epsilon)


def _rms(x: Array, axes: tuple[int, ...], epsilon: float) -> Array:
    return x / np.sqrt(np.mean(np.square(x), axes, keepdims=True) + epsilon)


def _l2(x: Array, axes: tuple[int, ...], epsilon: float) -> Array:
    return x / np.sqrt(np.maximum(np.sum(np.square(x), axes, keepdims=True), epsilon))


_NORMALIZE: dict[NormalizeKind, Callable[[Array, tuple[int, ...], float], Array]] = {
    "mean_variance": _mean_variance,
    "rms": _rms,
    "l2": _l2,
}


@dataclass(frozen=True)
class Normalize(Op):
    """x divided by a statistic of itself along `axes`, which count from 1: the batch is never one of them.

    `mean_variance`: ``y = (x - mean(x)) / sqrt(variance(x) + epsilon)``, the variance that of the population;
    `rms`: ``y = x / sqrt(mean(x²) + epsilon)``; `l2`: ``y = x / sqrt(max(Σ x², epsilon))``.
    """

    kind: NormalizeKind
    axes: tuple[int, ...]
    epsilon: float

    @property
    def name(self) -> str:
        """`normalize_mean_variance`, ..."""
        return f"normalize_{self.kind}"

    def infer(self, *operands: TensorType) -> TensorType:
        """Any shape → the same shape."""
        return operands[0]

    def compute(self, *operands: Array) -> Array:
        """The equations above, the variance in two passes."""
        return _NORMALIZE[self.kind](operands[0], self.axes, self.epsilon)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """``r·(dy - mean(dy) - y·mean(y·dy))`` with r what x was multiplied by; without the first mean for `rms`,
        and with a sum in place of the second for `l2`, as long as that is not below epsilon.
        """
        (x,) = inputs

        def over(kind: ReduceKind, value: Tensor) -> Tensor:
            return value.reduce(kind, self.axes, keepdims=True)

        kind: ReduceKind = "sum" if self.kind == "l2" else "mean"
        if self.kind == "mean_variance":
            x = x - over("mean", x)
        square = over(kind, x.square())
        along = output * over(kind, output * dy)
        if self.kind == "l2":
            rooted = square.clip(self.epsilon)
            along = along * _half(square - self.epsilon)
        else:
            rooted = square + self.epsilon
        if self.kind == "mean_variance":
            dy = dy - over("mean", dy)
        return ((dy - along) * rooted.rsqrt(),)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """All along the axes."""
        return field.over_axes(self.axes)


def _half(x: Tensor) -> Tensor:
    """1 above 0, 0 below it, 1/2 between: the share of one of two operands of a maximum."""
    return x.sign() * 0.5 + 0.5

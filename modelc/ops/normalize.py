"""Normalization of a sample by its own statistics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from modelc.graph.types import TensorType
from modelc.ops.base import Array, Op

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

"""Interpolation along one axis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from modelc.graph.types import TensorType
from modelc.ops.base import Array, Op, as_float

ResampleMethod = Literal["bilinear", "bicubic", "lanczos3", "lanczos5"]


def _triangle(x: Array) -> Array:
    return np.maximum(0, 1 - x)


def _keys_cubic(x: Array) -> Array:
    # Keys (1981) with a = -1/2.
    near = ((1.5 * x - 2.5) * x) * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def _lanczos(radius: int) -> Callable[[Array], Array]:
    return lambda x: np.where(x < radius, np.sinc(x) * np.sinc(x / radius), 0)


_KERNELS: dict[ResampleMethod, tuple[int, Callable[[Array], Array]]] = {
    "bilinear": (1, _triangle),
    "bicubic": (2, _keys_cubic),
    "lanczos3": (3, _lanczos(3)),
    "lanczos5": (5, _lanczos(5)),
}
"""Radius, and the kernel as a function of the distance."""


@dataclass(frozen=True)
class Resample(Op):
    """``y[..., o, ...] = Σ_t weights[o, t]·x[..., indices[o, t], ...]`` along `axis`, resized to `size`.

    Pixels are areas: output o sits at ``(o + 1/2)·in/size - 1/2``. The weights are the method's kernel there,
    cut at the edges and scaled to a sum of 1; they are not widened where the size shrinks (no antialiasing).
    The semantics of `jax.image.resize`.
    """

    axis: int
    size: int
    method: ResampleMethod

    def infer(self, *operands: TensorType) -> TensorType:
        """x's shape with `size` along the axis, float32."""
        (x,) = operands
        return TensorType((*x.shape[: self.axis], self.size, *x.shape[self.axis + 1 :]))

    def compute(self, *operands: Array) -> Array:
        """A weighted sum of gathers, one per tap."""
        x = as_float(operands[0])
        indices, weights = self._taps(x.shape[self.axis])
        column = (self.size,) + (1,) * (x.ndim - 1 - self.axis)
        y = np.zeros((*x.shape[: self.axis], self.size, *x.shape[self.axis + 1 :]), x.dtype)
        for tap in range(indices.shape[1]):
            y += np.take(x, indices[:, tap], self.axis) * weights[:, tap].reshape(column).astype(x.dtype)
        return y

    def table(self, in_size: int) -> tuple[Array, Array]:
        """`indices` (size, taps) int32 and `weights` (size, taps) float32; a tap beyond the edge has weight 0."""
        indices, weights = self._taps(in_size)
        return indices.astype(np.int32), weights.astype(np.float32)

    def _taps(self, in_size: int) -> tuple[Array, Array]:
        radius, kernel = _KERNELS[self.method]
        center = (np.arange(self.size) + 0.5) * (in_size / self.size) - 0.5
        positions = np.floor(center).astype(np.int64)[:, None] + np.arange(1 - radius, radius + 1)
        inside = (positions >= 0) & (positions < in_size)
        weights = np.where(inside, kernel(np.abs(center[:, None] - positions)), 0)
        return np.clip(positions, 0, in_size - 1), weights / weights.sum(axis=1, keepdims=True)

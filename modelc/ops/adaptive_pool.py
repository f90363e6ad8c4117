"""Pooling to a given size along one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op, as_float
from modelc.ops.pool import PoolKind
from modelc.ops.resample import LinearGradient, resampled_field

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


@dataclass(frozen=True)
class AdaptivePool(Op):
    """``y[..., o, ...] = max or mean of x[..., start:end, ...]`` along `axis`, in `size` windows that cover it.

    Of n elements window o has those from ``start = floor(o·n/size)`` to below ``end = ceil((o + 1)·n/size)``:
    neighbours share an element where n is no multiple of `size`. The semantics of `torch.nn.AdaptiveAvgPool1d`.
    """

    kind: PoolKind
    axis: int
    size: int

    @property
    def name(self) -> str:
        """`adaptive_max_pool` or `adaptive_average_pool`."""
        return f"adaptive_{self.kind}_pool"

    def infer(self, *operands: TensorType) -> TensorType:
        """x's shape with `size` along the axis; a mean is float32."""
        (x,) = operands
        shape = (*x.shape[: self.axis], self.size, *x.shape[self.axis + 1 :])
        return TensorType(shape, x.dtype if self.kind == "max" else "float32")

    def compute(self, *operands: Array) -> Array:
        """Window by window."""
        x = operands[0] if self.kind == "max" else as_float(operands[0])
        n = x.shape[self.axis]
        windows = [np.take(x, range(*self.window(o, n)), self.axis) for o in range(self.size)]
        pool = np.max if self.kind == "max" else np.mean
        return np.stack([pool(w, self.axis) for w in windows], self.axis).astype(x.dtype)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """A mean is linear; a maximum gives each dy to the first element of its window that is y."""
        (x,) = inputs
        if self.kind == "max":
            return (x.emit(AdaptiveMaxPoolGradient(self), output, dy),)
        extent = x.shape[self.axis]
        assert extent is not None
        return (dy.emit(LinearGradient(self, extent)),)

    def matrix(self, in_size: int) -> Array:
        """The means as a matrix (size, in_size)."""
        matrix = np.zeros((self.size, in_size))
        for row, (start, end) in zip(matrix, (self.window(o, in_size) for o in range(self.size)), strict=True):
            row[start:end] = 1 / (end - start)
        return matrix

    def table(self, in_size: int) -> tuple[Array, Array]:
        """The windows' elements, `indices` (size, taps) int32, and `weights` (size, taps) float32 of a mean.

        A window shorter than the longest repeats its last element, with a weight of 0.
        """
        windows = [self.window(o, in_size) for o in range(self.size)]
        longest = max(end - start for start, end in windows)
        taps = np.arange(longest)
        indices = [np.minimum(start + taps, end - 1) for start, end in windows]
        weights = [(taps < end - start) / (end - start) for start, end in windows]
        return np.array(indices, np.int32), np.array(weights, np.float32)

    def window(self, output: int, in_size: int) -> tuple[int, int]:
        """The first element of a window, and the one after its last."""
        return output * in_size // self.size, -(-(output + 1) * in_size // self.size)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """The window of an element."""
        return resampled_field(field, types[0], self.axis, self.size, self.table)


@dataclass(frozen=True)
class AdaptiveMaxPoolGradient(Op):
    """The gradient of an adaptive maximum pooling for its operand, from x, its output y and the gradient dy of that:
    each dy goes to the first element of its window that is y.
    """

    pool: AdaptivePool

    @property
    def name(self) -> str:
        """`adaptive_max_pool_gradient`."""
        return "adaptive_max_pool_gradient"

    def infer(self, *operands: TensorType) -> TensorType:
        """(..., n, ...), (..., size, ...), (..., size, ...) → (..., n, ...)."""
        return operands[0]

    def compute(self, *operands: Array) -> Array:
        """Window by window."""
        x, y, dy = (np.moveaxis(operand, self.pool.axis, 0) for operand in operands)
        dx = np.zeros_like(x)
        for o in range(self.pool.size):
            given = np.zeros(y.shape[1:], bool)
            for i in range(*self.pool.window(o, len(x))):
                chosen = ((x[i] == y[o]) | (np.isnan(x[i]) & np.isnan(y[o]))) & ~given
                given |= chosen
                dx[i] += np.where(chosen, dy[o], 0)
        return np.moveaxis(dx, 0, self.pool.axis)

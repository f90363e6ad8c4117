"""Matrix multiplication over the last axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Op


@dataclass(frozen=True)
class MatMul(Op):
    """``y[..., n] = Σ_k x[..., k]·kernel[k, n]``: x of any rank ≥ 1, a kernel of shape (K, N)."""

    kernel_channel_axis: ClassVar[int | None] = -1
    takes_activation: ClassVar[bool] = True

    def infer(self, *operands: TensorType) -> TensorType:
        """(..., K), (K, N) → (..., N)."""
        x, kernel = operands
        if x.shape[-1] != kernel.shape[0]:
            raise ShapeError(f"the last axis has {x.shape[-1]} features, the kernel takes {kernel.shape[0]}")
        return x.with_shape((*x.shape[:-1], kernel.shape[1]))

    def compute(self, *operands: Array) -> Array:
        """`np.matmul`."""
        x, kernel = operands
        return np.matmul(x, kernel)

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """K for every output element."""
        return output.size * operands[1].dims[0] if operands[0].batched else 0

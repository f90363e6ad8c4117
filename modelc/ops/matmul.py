"""Matrix multiplication over the last axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


@dataclass(frozen=True)
class MatMul(Op):
    """``y[..., n] = Σ_k x[..., k]·kernel[k, n]``: x of any rank ≥ 1, a kernel of shape (K, N)."""

    kernel_channel_axis: ClassVar[int | None] = -1

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

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """``dx = dy·kernelᵀ`` and ``dkernel = Σ xᵀ·dy`` over all rows."""
        x, kernel = inputs
        return (
            dy @ kernel.transpose((1, 0)),
            x.emit(MatMulKernelGradient(), dy),
        )

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """All channels."""
        return field.over(types[0].rank - 1)


@dataclass(frozen=True)
class MatMulKernelGradient(Op):
    """``y[k, n] = Σ x[..., k]·dy[..., n]`` over all leading axes, the batch included: `MatMul` by its kernel."""

    def infer(self, *operands: TensorType) -> TensorType:
        """(..., K), (..., N) → (K, N)."""
        x, dy = operands
        if x.shape[:-1] != dy.shape[:-1]:
            raise ShapeError(f"{x} and {dy} do not have the same rows")
        return TensorType((x.shape[-1], dy.shape[-1]))

    def compute(self, *operands: Array) -> Array:
        """One matrix product."""
        x, dy = (operand.reshape(-1, operand.shape[-1]) for operand in operands)
        return x.T @ dy

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """The rows of a sample for every output element."""
        x, _ = operands
        return output.size * (x.size // x.dims[-1]) if x.batched else 0

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """It is linear in both: ``dx = dy_in·dyᵀ`` and ``d(dy_in) = x·dy``."""
        x, into = inputs
        return (
            into @ dy.transpose((1, 0)),
            x @ dy,
        )

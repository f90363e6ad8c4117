"""Constant tensors given by layer options, such as the per-channel factors of Rescaling."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from modelc.graph.types import TensorType
from modelc.ops.base import Array, Op


@dataclass(frozen=True)
class Constant(Op):
    """The given values, in C order, in the given shape. No operands, so it is evaluated once, like a weight."""

    values: tuple[float, ...]
    shape: tuple[int, ...]

    def __post_init__(self) -> None:
        assert len(self.values) == math.prod(self.shape)

    def infer(self, *operands: TensorType) -> TensorType:
        """The shape, float32."""
        return TensorType(self.shape)

    def compute(self, *operands: Array) -> Array:
        """The values, rounded to float32."""
        return np.array(self.values, np.float32).reshape(self.shape)


@dataclass(frozen=True)
class Range(Op):
    """``y[i] = i`` for 0 ≤ i < size. No operands, as for `Constant`."""

    size: int

    def infer(self, *operands: TensorType) -> TensorType:
        """(size,), float32."""
        return TensorType((self.size,))

    def compute(self, *operands: Array) -> Array:
        """`np.arange`."""
        return np.arange(self.size, dtype=np.float32)


@dataclass(frozen=True)
class ShareRest(Op):
    """``y = p - ⌊p⌋`` for the place ``p = share·(size - 1)``, in float64 as NumPy has it: a scalar. No operands, as for
    `Constant`."""

    size: int
    share: float

    def infer(self, *operands: TensorType) -> TensorType:
        """(), float32."""
        return TensorType(())

    def compute(self, *operands: Array) -> Array:
        """The number, rounded to float32."""
        at = self.share * (self.size - 1)
        return np.array(at - math.floor(at), np.float32)


@dataclass(frozen=True)
class SizeConstant(Op):
    """``y = size``, or ``1 / size`` where `reciprocal`: a scalar. No operands, as for `Constant`."""

    size: int
    reciprocal: bool = False

    def infer(self, *operands: TensorType) -> TensorType:
        """(), float32."""
        return TensorType(())

    def compute(self, *operands: Array) -> Array:
        """The number, rounded to float32."""
        return np.array(1 / self.size if self.reciprocal else self.size, np.float32)

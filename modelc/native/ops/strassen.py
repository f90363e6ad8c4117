"""Matrix products with fewer multiplications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelc.graph.types import ITEM_BYTES, TensorType
from modelc.native.families.strassen.params import SUMS, pairs_of, sum_row, sums_elements
from modelc.native.ops.base import NativeOp
from modelc.ops.base import Array
from modelc.ops.conv import Conv
from modelc.ops.matmul import MatMul


@dataclass(frozen=True)
class StrassenSums(NativeOp):
    """The sums of quarters of x that the products take: x → y, as `STRASSEN_SUMS` lays them out.

    `depth` is the last axis of x; all axes before it are rows.
    """

    depth: int

    @property
    def name(self) -> str:
        """`StrassenSums`."""
        return "StrassenSums"

    def infer(self, *operands: TensorType) -> TensorType:
        """(batch, …) → (batch, all sums of a sample)."""
        (x,) = operands
        return TensorType((None, sums_elements(x.size // self.depth, self.depth)))

    def compute(self, *operands: Array) -> Array:
        """By their definition."""
        (x,) = operands
        rows, depth = x[0].size // self.depth, self.depth // 2
        pairs = pairs_of(rows)
        padded = np.zeros((len(x), 2 * pairs, self.depth), x.dtype)
        padded[:, :rows] = x.reshape(len(x), rows, self.depth)
        upper, lower = padded[:, :pairs], padded[:, pairs:]
        (a11, a12), (a21, a22) = ((half[..., :depth], half[..., depth:]) for half in (upper, lower))
        sums = np.zeros((len(x), SUMS, pairs, sum_row(self.depth) // ITEM_BYTES), x.dtype)
        sums[..., :depth] = np.stack([a21 + a22, a21 + a22 - a11, a11 - a21, a11 + a12 - a21 - a22], axis=1)
        return sums.reshape(len(x), -1)


@dataclass(frozen=True)
class Strassen(NativeOp):
    """A matrix product, or a convolution of single pixels, by Strassen's algorithm: (x, kernel, sums of x) → y."""

    kernel_channel_axis: ClassVar[int | None] = -1
    takes_activation: ClassVar[bool] = True
    working: ClassVar[int] = 1

    base: Conv | MatMul

    @property
    def name(self) -> str:
        """`Strassen`."""
        return "Strassen"

    def infer(self, *operands: TensorType) -> TensorType:
        """What the product gives."""
        return self.base.infer(*operands[:2])

    def compute(self, *operands: Array) -> Array:
        """The product."""
        return self.base.compute(*operands[:2])

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of the product: what it would multiply."""
        return self.base.macs(output, *operands[:2])

"""Matrix products with fewer multiplications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelc.graph.types import TensorType
from modelc.native.families.strassen.params import PanelMemory
from modelc.native.ops.base import NativeOp
from modelc.ops.base import Array
from modelc.ops.conv import Conv
from modelc.ops.matmul import MatMul


@dataclass(frozen=True)
class Strassen(NativeOp):
    """A matrix product, or a convolution of single pixels, by Strassen's algorithm: (x, kernel, work area) → y."""

    kernel_channel_axis: ClassVar[int | None] = -1
    takes_activation: ClassVar[bool] = True
    working: ClassVar[int] = 1

    base: Conv | MatMul
    memory: PanelMemory

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

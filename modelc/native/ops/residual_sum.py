"""A convolution or a matrix product, and what is added to it, in one step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modelc.graph.types import TensorType
from modelc.native.ops.base import NativeOp, working
from modelc.native.ops.fused import Fused
from modelc.ops.base import Array


@dataclass(frozen=True)
class ResidualSum(NativeOp):
    """``activation(base(...) + bias + residual)``: the operands of `fused`, and the residual, which has its shape."""

    fused: Fused

    @property
    def name(self) -> str:
        """`Conv+bias+add+relu`."""
        activation = self.fused.activation
        return "+".join([self._sum.name, "add", *([activation.name] if activation else [])])

    @property
    def _sum(self) -> Fused:
        """What the residual is added to."""
        return replace(self.fused, activation=None)

    def overwrites(self, output: int) -> tuple[int, ...]:
        """The residual, each element of which is read where the sum is written."""
        return (2 + working(self.fused.base) + int(self.fused.bias),)

    def infer(self, *operands: TensorType) -> TensorType:
        """What `fused` gives."""
        return self.fused.infer(*operands[:-1])

    def compute(self, *operands: Array) -> Array:
        """The definitions, one after the other."""
        y = self._sum.compute(*operands[:-1]) + operands[-1]
        return self.fused.activation.compute(y) if self.fused.activation else y

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of `fused`."""
        return self.fused.macs(output, *operands[:-1])

"""Long sums as several shorter ones, which threads can share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelc.graph.types import TensorType
from modelc.native.ops.base import NativeOp
from modelc.ops.base import Array
from modelc.ops.conv import ConvKernelGradient


@dataclass(frozen=True)
class PartialKernelGradient(NativeOp):
    """``y[p] = `` the part of pixels p of a gradient by the kernel, which is the sum of all `parts`.

    Compiled, the parts are ranges of lines of the whole batch; here the first one has all of it.
    """

    of: ConvKernelGradient
    parts: int

    def infer(self, *operands: TensorType) -> TensorType:
        """The gradient's type, with the parts in front."""
        return TensorType((self.parts, *self.of.infer(*operands).dims))

    def compute(self, *operands: Array) -> Array:
        """The whole gradient, then zeros."""
        whole = self.of.compute(*operands)
        return np.concatenate([whole[None], np.zeros((self.parts - 1, *whole.shape), whole.dtype)])

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of the gradient."""
        return self.of.macs(self.of.infer(*operands), *operands)

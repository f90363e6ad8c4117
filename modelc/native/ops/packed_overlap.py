"""Transposed convolutions that add rows of outputs to each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelc.graph.types import TensorType
from modelc.native.ops.base import NativeOp
from modelc.ops.base import Array
from modelc.ops.conv import ConvTranspose


@dataclass(frozen=True)
class PackedOverlap(NativeOp):
    """A transposed convolution with a kernel of shape `kernel` (*window, Q, C), which is not cut along its last axis.

    Along that axis each input gives a run of window·Q outputs, which meets those of its neighbours. Its kernel is
    packed as that of `rows`: for each such run, the columns of one product.
    """

    conv: ConvTranspose
    kernel: tuple[int, ...]

    @property
    def name(self) -> str:
        """`ConvTranspose`."""
        return self.conv.name

    @property
    def rows(self) -> ConvTranspose:
        """The transposed convolution along the other axes, whose outputs are the runs."""
        conv = self.conv
        return ConvTranspose((*conv.strides[:-1], 1), conv.crop, conv.dilation)

    @property
    def rows_kernel(self) -> tuple[int, ...]:
        """The shape of its kernel, whose elements are those of the kernel."""
        *window, across, filters, channels = self.kernel
        return (*window, 1, across * filters, channels)

    def infer(self, *operands: TensorType) -> TensorType:
        """What the transposed convolution gives."""
        return self.conv.infer(operands[0], TensorType(self.kernel))

    def compute(self, *operands: Array) -> Array:
        """The transposed convolution with what was packed."""
        x, packed = operands
        return self.conv.compute(x, packed[: math.prod(self.kernel)].reshape(self.kernel))

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of the transposed convolution."""
        return self.conv.macs(output, operands[0], TensorType(self.kernel))

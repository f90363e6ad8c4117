"""Convolutions whose kernel is computed in the call, as that of a training step is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelc.graph.types import TensorType
from modelc.native.ops.base import NativeOp
from modelc.native.target import padded_columns
from modelc.ops.base import Array
from modelc.ops.conv import Conv, ConvTranspose


@dataclass(frozen=True)
class PackKernel(NativeOp):
    """The kernel of a convolution as native code reads it: each group's columns filled up with zeros.

    It is an op for the memory that it takes. Compiled, the columns lie in blocks, those of a transposed convolution
    phase by phase; nothing but the `PackedConv` after it reads them.
    """

    conv: Conv | ConvTranspose

    @property
    def name(self) -> str:
        """`Pack`."""
        return "Pack"

    def infer(self, *operands: TensorType) -> TensorType:
        """The kernel → (elements,)."""
        (kernel,) = operands
        return TensorType((packed_size(self.conv, kernel.dims),))

    def compute(self, *operands: Array) -> Array:
        """Its elements, then zeros: where they lie among them is for the compiled form to say."""
        (kernel,) = operands
        return np.pad(kernel.reshape(-1), (0, packed_size(self.conv, kernel.shape) - kernel.size))


@dataclass(frozen=True)
class PackBias(NativeOp):
    """A bias, each group of channels filled up with zeros to whole vectors."""

    groups: int = 1

    @property
    def name(self) -> str:
        """`PackBias`."""
        return "PackBias"

    def infer(self, *operands: TensorType) -> TensorType:
        """(channels,) → (elements,)."""
        (bias,) = operands
        return TensorType((self.groups * padded_columns(bias.size // self.groups),))

    def compute(self, *operands: Array) -> Array:
        """Its elements, then zeros, as for `PackKernel`."""
        (bias,) = operands
        return np.pad(bias, (0, self.groups * padded_columns(bias.size // self.groups) - bias.size))


@dataclass(frozen=True)
class PackedConv(NativeOp):
    """A convolution or transposed convolution whose kernel, of shape `kernel`, is packed, and so is its bias, if any:
    the third operand.
    """

    takes_activation: ClassVar[bool] = True

    conv: Conv | ConvTranspose
    kernel: tuple[int, ...]
    bias: bool = False

    @property
    def name(self) -> str:
        """`Conv`, `Conv+bias`."""
        return f"{self.conv.name}+bias" if self.bias else self.conv.name

    def infer(self, *operands: TensorType) -> TensorType:
        """What the convolution gives."""
        return self.conv.infer(operands[0], TensorType(self.kernel))

    def compute(self, *operands: Array) -> Array:
        """The convolution with what was packed."""
        x, packed = operands[:2]
        y = self.conv.compute(x, packed[: math.prod(self.kernel)].reshape(self.kernel))
        return y + operands[2][: y.shape[-1]] if self.bias else y

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of the convolution."""
        return self.conv.macs(output, operands[0], TensorType(self.kernel))


def is_depthwise(conv: Conv | ConvTranspose, kernel: tuple[int, ...]) -> bool:
    """Whether each channel has a window of its own: one in, one out."""
    return kernel[-2:] == (1, conv.groups) and conv.groups > 1


def packed_size(conv: Conv | ConvTranspose, kernel: tuple[int, ...]) -> int:
    """The elements of a packed kernel of this shape."""
    *taps, first, last = kernel
    if is_depthwise(conv, kernel):
        return math.prod(taps) * padded_columns(last)
    if isinstance(conv, Conv):  # (*window, C/groups, Q)
        return math.prod(taps) * first * conv.groups * padded_columns(last // conv.groups)
    return math.prod(taps) * last * padded_columns(first)  # (*window, Q/groups, C)

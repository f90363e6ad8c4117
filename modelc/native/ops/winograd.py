"""Convolutions with fewer multiplications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelc.graph.types import TensorType
from modelc.native.families.winograd.params import WorkingMemory
from modelc.native.ops.base import NativeOp
from modelc.ops.base import Array
from modelc.ops.conv import Conv


@dataclass(frozen=True)
class Winograd(NativeOp):
    """A convolution by a form of Winograd's: (x, kernel, work area) → y. It pads by itself.

    Where `turned`, the form's rows are the columns of the image. Where `packed`, the points of the kernel are computed
    in the call: they are the fourth operand, and the kernel itself says only what is computed. `bias` is whether the
    last operand is a packed bias.
    """

    kernel_channel_axis: ClassVar[int | None] = -1
    takes_activation: ClassVar[bool] = True

    conv: Conv
    memory: WorkingMemory
    turned: bool = False
    packed: bool = False
    bias: bool = False

    @property
    def name(self) -> str:
        """`Winograd4x4` for tiles of 4 by 4 outputs."""
        tall, wide = self.memory.form.rows.outputs, self.memory.form.columns.outputs
        tile = f"Winograd{wide}x{tall}" if self.turned else f"Winograd{tall}x{wide}"
        return f"{tile}+bias" if self.bias else tile

    def infer(self, *operands: TensorType) -> TensorType:
        """What the convolution gives."""
        return self.conv.infer(*operands[:2])

    def compute(self, *operands: Array) -> Array:
        """The convolution."""
        y = self.conv.compute(*operands[:2])
        return y + operands[-1][: y.shape[-1]] if self.bias else y

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of the convolution: what it would multiply."""
        return self.conv.macs(output, *operands[:2])

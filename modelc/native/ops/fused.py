"""One op with what follows it, done in one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelc.graph.types import TensorType
from modelc.native.ops.base import NativeOp, chains, light, overwrites
from modelc.ops.base import Array, Op
from modelc.ops.elementwise import Unary


@dataclass(frozen=True)
class Fused(NativeOp):
    """``activation(base(...) + bias)``: the bias, if any, is the last operand, one per output channel."""

    base: Op
    bias: bool = False
    activation: Unary | None = None

    @property
    def name(self) -> str:
        """`Conv+bias+relu`."""
        parts = [self.base.name, *(["bias"] if self.bias else []), *([self.activation.name] if self.activation else [])]
        return "+".join(parts)

    @property
    def chains(self) -> bool:
        """As `base`, whose activation is a part by itself."""
        return chains(self.base) and not self.bias

    @property
    def light(self) -> bool:
        """Where both parts are."""
        return light(self.base) and (self.activation is None or light(self.activation))

    def overwrites(self, output: int) -> tuple[int, ...]:
        """Those of `base`."""
        return overwrites(self.base, output)

    def infer(self, *operands: TensorType) -> TensorType:
        """What `base` gives."""
        return self.base.infer(*(operands[:-1] if self.bias else operands))

    def compute(self, *operands: Array) -> Array:
        """The three definitions, one after the other."""
        y = self.base.compute(*(operands[:-1] if self.bias else operands))
        if self.bias:
            y = y + operands[-1]
        return self.activation.compute(y) if self.activation else y

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of `base`."""
        return self.base.macs(output, *(operands[:-1] if self.bias else operands))


@dataclass(frozen=True)
class Affine(NativeOp):
    """``y[..., c] = x[..., c]·scale[c] + shift[c]``."""

    elementwise: ClassVar[bool] = True
    takes_activation: ClassVar[bool] = True

    @property
    def chains(self) -> bool:
        """True: it is elementwise."""
        return True

    @property
    def light(self) -> bool:
        """True: it is one multiply-add."""
        return True

    def infer(self, *operands: TensorType) -> TensorType:
        """(..., C), (C,), (C,) → (..., C)."""
        return TensorType(operands[0].shape)

    def compute(self, *operands: Array) -> Array:
        """A product and a sum."""
        x, scale, shift = operands
        return x * scale + shift


@dataclass(frozen=True)
class Copy(NativeOp):
    """``y = x``, in memory of its own."""

    takes_integers: ClassVar[bool] = True

    def infer(self, *operands: TensorType) -> TensorType:
        """The same type."""
        return operands[0]

    def compute(self, *operands: Array) -> Array:
        """`ndarray.copy`."""
        return operands[0].copy()

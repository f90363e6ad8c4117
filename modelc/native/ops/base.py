"""`NativeOp`: an op that only passes of this target make, and what its kernels can do with the portable ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelc.ops.base import Op
from modelc.ops.contract import Contract
from modelc.ops.conv import Conv, ConvTranspose
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.matmul import MatMul
from modelc.ops.reduce import Reduce


@dataclass(frozen=True)
class NativeOp(Op):
    """Base of the ops that passes of this target make. They have no gradients: a graph is differentiated before."""

    portable: ClassVar[bool] = False
    takes_activation: ClassVar[bool] = False
    """Whether its kernel can apply an elementwise function to the output as it writes it."""

    working: ClassVar[int] = 0
    """The operands after the first two that are memory which the kernel of a product works in."""

    @property
    def chains(self) -> bool:
        """Whether it can be part of a `Chain`, which its kernel evaluates piece by piece in the cache."""
        return False

    @property
    def light(self) -> bool:
        """Whether recomputing it in a `Chain` is cheaper than reading its result from memory."""
        return False

    def overwrites(self, output: int) -> tuple[int, ...]:
        """The operands that this output may be written over, where one has its type and nothing reads it later."""
        return (0,) if self.elementwise else ()


def working(op: Op) -> int:
    """`NativeOp.working` for any op."""
    return op.working if isinstance(op, NativeOp) else 0


def takes_activation(op: Op) -> bool:
    """`NativeOp.takes_activation` for any op."""
    if isinstance(op, NativeOp):
        return op.takes_activation
    return isinstance(op, Binary | Contract | Conv | ConvTranspose | MatMul)


def chains(op: Op) -> bool:
    """`NativeOp.chains` for any op: elementwise functions and what adds up."""
    if isinstance(op, NativeOp):
        return op.chains
    return isinstance(op, Unary | Binary) or (isinstance(op, Reduce) and op.kind in ("sum", "mean"))


def light(op: Op) -> bool:
    """`NativeOp.light` for any op: functions of a few instructions."""
    if isinstance(op, NativeOp):
        return op.light
    return isinstance(op, Binary) or (isinstance(op, Unary) and op.function.light)


def overwrites(op: Op, output: int) -> tuple[int, ...]:
    """`NativeOp.overwrites` for any op: an elementwise one writes over its first operand."""
    if isinstance(op, NativeOp):
        return op.overwrites(output)
    return (0,) if op.elementwise else ()

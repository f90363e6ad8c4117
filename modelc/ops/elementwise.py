"""Elementwise ops: one function of one tensor (`Unary`), or of two that broadcast (`Binary`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from modelc.errors import ShapeError
from modelc.functions.function import BinaryFunction, UnaryFunction
from modelc.functions.kinds import BinaryKind, UnaryKind
from modelc.functions.table import BINARY, UNARY
from modelc.graph.sizes import surely_equal
from modelc.graph.types import DType, Shape, TensorType, format_shape
from modelc.ops.base import Array, Emitter, Gradients, Op, as_float

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


@dataclass(frozen=True)
class Unary(Op):
    """``y = f(x; parameters)`` for one of the functions of one tensor, `functions.table.UNARY`."""

    elementwise: ClassVar[bool] = True

    kind: UnaryKind
    parameters: tuple[float, ...] = ()
    """The function's parameters in its order; those with defaults may be left out at the end."""

    @property
    def function(self) -> UnaryFunction:
        """The row of the table."""
        return UNARY[self.kind]

    @property
    def filled(self) -> tuple[float, ...]:
        """All parameters, with the defaults of those left out."""
        return self.function.filled(self.parameters)

    @property
    def name(self) -> str:
        """The function's name."""
        return self.kind

    def infer(self, *operands: TensorType) -> TensorType:
        """Any shape → the same shape, float32."""
        (x,) = operands
        return x if x.dtype == "float32" else TensorType(x.shape)

    def compute(self, *operands: Array) -> Array:
        """The definition of its row."""
        x = as_float(operands[0])
        with np.errstate(all="ignore"):
            return self.function.compute(x, self.filled).astype(x.dtype)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """``f'(x)·dy``, None where f is flat almost everywhere."""
        return (self.function.slope(inputs[0], output, dy, self.filled),)


@dataclass(frozen=True)
class Binary(Op):
    """``y = f(a, b)`` for one of the functions of two tensors, `functions.table.BINARY`, with NumPy's broadcasting.

    A comparison is 1 where it holds, else 0; with NaN only `not_equal` holds.
    """

    elementwise: ClassVar[bool] = True

    kind: BinaryKind

    @property
    def function(self) -> BinaryFunction:
        """The row of the table."""
        return BINARY[self.kind]

    @property
    def name(self) -> str:
        """The function's name."""
        return self.kind

    def infer(self, *operands: TensorType) -> TensorType:
        """Two shapes that broadcast → their common shape."""
        a, b = operands
        shape = broadcast(a.shape, b.shape)
        return a if shape is a.shape and a.dtype == "float32" else TensorType(shape)

    def compute(self, *operands: Array) -> Array:
        """The definition of its row."""
        a, b = operands
        with np.errstate(all="ignore"):
            return self.function.definition(a, b)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """``∂f/∂a·dy`` and ``∂f/∂b·dy``, summed where an operand repeats; None for both of a comparison."""
        if self.function.derivative is None:
            return (None, None)
        a, b = inputs
        parts = self.function.derivative(a, b, output, dy)
        return tuple(part and part.sum_to(x.type) for part, x in zip(parts, inputs, strict=True))


@dataclass(frozen=True)
class Cast(Op):
    """``y = x`` in another dtype; a float becomes an integer by truncation."""

    takes_integers: ClassVar[bool] = True

    elementwise: ClassVar[bool] = True

    dtype: DType

    def infer(self, *operands: TensorType) -> TensorType:
        """Any shape → the same shape in `dtype`."""
        return TensorType(operands[0].shape, self.dtype)

    def compute(self, *operands: Array) -> Array:
        """`ndarray.astype`; a float stays in its own precision."""
        (x,) = operands
        if self.dtype == "int32":
            return x.astype(np.int32)
        return as_float(x)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """None where either side is an integer."""
        return (dy if inputs[0].dtype == "float32" else None,)


def broadcast(a: Shape, b: Shape) -> Shape:
    """NumPy's rule, where the batch goes with the batch or with 1. Raises `ShapeError`."""
    if a is b:
        return a
    longer = len(a) - len(b)
    left, right = (1,) * -longer + a, (1,) * longer + b
    return tuple([
        m if surely_equal(m, n) or surely_equal(n, 1) else n if surely_equal(m, 1) else _common(m, n, a, b)
        for m, n in zip(left, right, strict=True)
    ])  # fmt: skip


def _common(m: int | None, n: int | None, a: Shape, b: Shape) -> int | None:
    """The size of two that differ, or may: equal, or one of them 1."""
    if m == n:
        return m
    if 1 not in (m, n):
        raise ShapeError(f"the shapes {format_shape(a)} and {format_shape(b)} do not broadcast")
    return n if m == 1 else m

"""`Tensor`: a value of a graph with the builder that it belongs to, to be computed with as formulas are written.

``x * kernel.sum(0) + 1`` emits the ops of that formula. Layers, losses, metrics, optimizers, regularizers, constraints
and the gradients of ops all receive and return tensors. A number on either side of an operator is a constant of the
op, so that `2 * x + 1` is one op.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast, get_args

from modelc.functions.kinds import BinaryKind, UnaryKind
from modelc.functions.table import UNARY
from modelc.graph.graph import Value
from modelc.graph.sizes import is_free, same_shape, surely_equal
from modelc.graph.types import DType, Shape, TensorType
from modelc.ops.base import Emitter, Op
from modelc.ops.concat import Concat
from modelc.ops.constant import Constant, SizeConstant
from modelc.ops.elementwise import Binary, Cast, Unary
from modelc.ops.matmul import MatMul
from modelc.ops.reduce import Reduce, ReduceKind
from modelc.ops.select import Select
from modelc.ops.shape import Broadcast, Reshape, Slice, Transpose
from modelc.ops.softmax import Softmax
from modelc.system.slots import setters

_LEAST = 1e-38
"""Below any number that is meant, and not 0."""


@dataclass(frozen=True, slots=True, init=False)
class Tensor:
    """A value with its builder. Two tensors are equal where they are the same value of the same builder."""

    g: Emitter
    value: Value
    scaled: tuple[Value, float] | None = field(default=None, compare=False, repr=False)
    """x and f where it is ``f·x``: adding a number to it is one op with the factor."""

    def __init__(self, g: Emitter, value: Value, scaled: tuple[Value, float] | None = None) -> None:
        _set_g(self, g)
        _set_value(self, value)
        _set_scaled(self, scaled)

    # --- its type

    @property
    def type(self) -> TensorType:
        """Dtype and shape."""
        return self.value.type

    @property
    def shape(self) -> Shape:
        """The dimensions; None for the batch."""
        return self.value.type.shape

    @property
    def dims(self) -> tuple[int, ...]:
        """The dimensions without the batch."""
        return self.value.type.dims

    @property
    def rank(self) -> int:
        """The number of dimensions, the batch included."""
        return self.value.type.rank

    @property
    def dtype(self) -> DType:
        """The type of its elements."""
        return self.value.type.dtype

    @property
    def batched(self) -> bool:
        """Whether the first dimension is the batch."""
        return self.value.type.batched

    @property
    def layer(self) -> str:
        """The path of the layer that made it."""
        return self.value.layer

    # --- arithmetic

    def __add__(self, other: Tensor | float) -> Tensor:
        return self.combine("add", other) if isinstance(other, Tensor) else self._plus(other)

    def __radd__(self, other: float) -> Tensor:
        return self._plus(other)

    def __sub__(self, other: Tensor | float) -> Tensor:
        return self.combine("subtract", other) if isinstance(other, Tensor) else self._plus(-other)

    def __rsub__(self, other: float) -> Tensor:
        return self.affine(-1.0, other)

    def __mul__(self, other: Tensor | float) -> Tensor:
        return self.combine("multiply", other) if isinstance(other, Tensor) else self._times(other)

    def __rmul__(self, other: float) -> Tensor:
        return self._times(other)

    def __truediv__(self, other: Tensor | float) -> Tensor:
        if isinstance(other, Tensor):
            return self.combine("divide", other)
        return (
            self * size_constant(self.g, cast("int", other), reciprocal=True)
            if is_free(other)
            else self._times(1 / other)
        )

    def __rtruediv__(self, other: float) -> Tensor:
        return constant(self.g, other).combine("divide", self)

    def __neg__(self) -> Tensor:
        return self._times(-1.0)

    def __abs__(self) -> Tensor:
        return self._unary("abs")

    def __matmul__(self, other: Tensor) -> Tensor:
        return self.emit(MatMul(), other)

    def __pow__(self, exponent: float) -> Tensor:
        """``x^exponent`` for x ≥ 0, and for every x where the exponent is 0, 1, 2 or 3."""
        match exponent:
            case 0:
                return self.affine(0.0, 1.0)
            case 1:
                return self
            case 2:
                return self.square()
            case 3:
                return self.square() * self
            case 0.5:
                return self.sqrt()
            case -0.5:
                return self.rsqrt()
            case -1:
                return self.reciprocal()
            case _:
                # The logarithm of 0 has no gradient; that of a number next to it has.
                return ((self.maximum(_LEAST) if exponent > 0 else self).log() * exponent).exp()

    def affine(self, factor: float, offset: float = 0.0) -> Tensor:
        """``factor·x + offset`` in one op."""
        return self._unary("scale", factor, *([offset] if offset else []))

    def _times(self, factor: float) -> Tensor:
        if is_free(factor):
            return self.combine("multiply", factor)
        if factor == 1.0:
            return self
        made = self._unary("scale", factor)
        return Tensor(self.g, made.value, (self.value, factor))

    def _plus(self, offset: float) -> Tensor:
        if is_free(offset):
            return self.combine("add", offset)
        if offset == 0.0:
            return self
        x, factor = self.scaled or (self.value, 1.0)
        return Tensor(self.g, x)._unary("scale", factor, offset)

    # --- functions of each element

    def f(self, kind: UnaryKind, *parameters: float) -> Tensor:
        """``f(x)`` for a function of one tensor; parameters that are left out have their defaults."""
        return self._unary(kind, *UNARY[kind].filled(parameters))

    def exp(self) -> Tensor:
        """``e^x``."""
        return self._unary("exponential")

    def expm1(self) -> Tensor:
        """``e^x - 1``."""
        return self._unary("expm1")

    def log(self) -> Tensor:
        """The natural logarithm."""
        return self._unary("log")

    def log1p(self) -> Tensor:
        """``log(1 + x)``."""
        return self._unary("log1p")

    def sqrt(self) -> Tensor:
        """``√x``."""
        return self._unary("sqrt")

    def rsqrt(self) -> Tensor:
        """``1/√x``."""
        return self._unary("rsqrt")

    def square(self) -> Tensor:
        """``x²``."""
        return self._unary("square")

    def reciprocal(self) -> Tensor:
        """``1/x``."""
        return self._unary("reciprocal")

    def sign(self) -> Tensor:
        """-1, 0 or 1."""
        return self._unary("sign")

    def floor(self) -> Tensor:
        """The largest whole number that is not above x."""
        return self._unary("floor")

    def round(self) -> Tensor:
        """The nearest whole number, the even one of two."""
        return self._unary("round")

    def sin(self) -> Tensor:
        """The sine."""
        return self._unary("sin")

    def cos(self) -> Tensor:
        """The cosine."""
        return self._unary("cos")

    def arctan(self) -> Tensor:
        """The arc tangent."""
        return self._unary("arctan")

    def tanh(self) -> Tensor:
        """The hyperbolic tangent."""
        return self._unary("tanh")

    def erf(self) -> Tensor:
        """The error function."""
        return self._unary("erf")

    def sigmoid(self) -> Tensor:
        """``1/(1 + e^-x)``."""
        return self._unary("sigmoid")

    def softplus(self) -> Tensor:
        """``log(1 + e^x)``."""
        return self._unary("softplus")

    def relu(self) -> Tensor:
        """``max(x, 0)``."""
        return self.f("relu")

    def clip(self, low: float = -math.inf, high: float = math.inf) -> Tensor:
        """``min(max(x, low), high)``."""
        return self._unary("clip", low, high)

    # --- with another tensor or a number

    def combine(self, kind: BinaryKind, other: Tensor | float) -> Tensor:
        """``f(x, other)`` for one of the elementwise functions of two tensors, which broadcast."""
        g, b = self.g, other if isinstance(other, Tensor) else self._lift(other)
        return Tensor(g, g.emit_value(_BINARY[kind], self.value, b.value))

    # --- comparisons: 1 where they hold, else 0

    def equal(self, other: Tensor | float) -> Tensor:
        """1 where both are equal, else 0."""
        return self.combine("equal", other)

    def not_equal(self, other: Tensor | float) -> Tensor:
        """1 where they differ, else 0."""
        return self.combine("not_equal", other)

    def greater(self, other: Tensor | float) -> Tensor:
        """1 where x is greater, else 0."""
        return self.combine("greater", other)

    def greater_equal(self, other: Tensor | float) -> Tensor:
        """1 where x is greater or equal, else 0."""
        return self.combine("greater_equal", other)

    def less(self, other: Tensor | float) -> Tensor:
        """1 where x is less, else 0."""
        return self.combine("less", other)

    def less_equal(self, other: Tensor | float) -> Tensor:
        """1 where x is less or equal, else 0."""
        return self.combine("less_equal", other)

    def maximum(self, other: Tensor | float) -> Tensor:
        """The larger one of each two elements."""
        return self.combine("maximum", other)

    def minimum(self, other: Tensor | float) -> Tensor:
        """The smaller one of each two elements."""
        return self.combine("minimum", other)

    def gate(self, condition: Tensor) -> Tensor:
        """Itself where the condition is positive, else 0."""
        return self.combine("gate", condition)

    def prelu(self, alpha: Tensor) -> Tensor:
        """Itself where it is not negative, else ``alpha·x``."""
        return self.combine("prelu", alpha)

    def where(self, mask: Tensor, other: Tensor | float) -> Tensor:
        """Itself where the mask is not 0, else the other one."""
        return mask.emit(Select(), self, self._lift(other))

    def unless(self, mask: Tensor, other: Tensor | float) -> Tensor:
        """Itself where the mask is 0, else the other one."""
        return mask.emit(Select(), self._lift(other), self)

    def divide_or_zero(self, other: Tensor) -> Tensor:
        """``x / other``, 0 where the other one is 0."""
        safe = other.where(other, 1.0)
        return (self / safe).where(other, 0.0)

    # --- reductions; over all axes, the batch included, unless axes are given

    def sum(self, axes: int | Sequence[int] | None = None, *, keepdims: bool = False) -> Tensor:
        """The sum over axes."""
        return self.reduce("sum", axes, keepdims=keepdims)

    def mean(self, axes: int | Sequence[int] | None = None, *, keepdims: bool = False) -> Tensor:
        """The mean over axes."""
        return self.reduce("mean", axes, keepdims=keepdims)

    def max(self, axes: int | Sequence[int] | None = None, *, keepdims: bool = False) -> Tensor:
        """The largest over axes."""
        return self.reduce("max", axes, keepdims=keepdims)

    def min(self, axes: int | Sequence[int] | None = None, *, keepdims: bool = False) -> Tensor:
        """The smallest over axes."""
        return self.reduce("min", axes, keepdims=keepdims)

    def reduce(self, kind: ReduceKind, axes: int | Sequence[int] | None = None, *, keepdims: bool = False) -> Tensor:
        """`kind` over axes; the tensor itself where there are none."""
        axes = range(self.rank) if axes is None else (axes,) if isinstance(axes, int) else axes
        return self.emit(Reduce(kind, tuple(axes), keepdims)) if len(axes) else self

    def softmax(self, axis: int = -1) -> Tensor:
        """``e^x / Σ e^x`` along an axis."""
        return self.emit(Softmax("softmax", axis % self.rank))

    # --- shape and dtype

    def reshape(self, shape: Shape) -> Tensor:
        """The same elements under another shape, None for the batch."""
        return self.emit(Reshape(tuple(shape)))

    def under(self, shape: Shape) -> Tensor:
        """`reshape`, or the tensor itself where it has this shape."""
        return self if same_shape(self.shape, shape) else self.reshape(shape)

    def broadcast_like(self, like: Tensor) -> Tensor:
        """Repeated to the shape of another tensor, of which the size of the batch alone is read, if anything."""
        if same_shape(self.shape, like.shape):
            return self
        needs_batch = like.batched and not (self.batched and self.rank == like.rank)
        return self.emit(Broadcast(like.shape), *([like] if needs_batch else []))

    def sum_to(self, type: TensorType) -> Tensor:
        """The sum over the axes along which a tensor of this type was repeated: the gradient of broadcasting."""
        extra = self.rank - type.rank
        own = self.shape[extra:]
        repeated = [i for i, d in enumerate(type.shape) if not surely_equal(d, own[i]) and d == 1]
        axes = (*range(extra), *(i + extra for i in repeated))
        return self.sum(axes).under(type.shape) if axes else self

    def transpose(self, perm: Sequence[int]) -> Tensor:
        """The axes in another order."""
        return self.emit(Transpose(tuple(perm)))

    def part(self, axis: int, start: int, stop: int) -> Tensor:
        """``x[..., start:stop, ...]`` along `axis`; the tensor itself where that is all of it."""
        axis %= self.rank
        if surely_equal(start, 0) and surely_equal(stop, self.shape[axis]):
            return self
        starts = tuple(start if a == axis else 0 for a in range(self.rank))
        stops = tuple(stop if a == axis else d for a, d in enumerate(self.shape))
        return self.emit(Slice(starts, stops, (1,) * self.rank))

    def concat(self, *others: Tensor, axis: int) -> Tensor:
        """The tensor and others, one after the other along an axis."""
        return self.emit(Concat(axis), *others)

    def cast(self, dtype: DType) -> Tensor:
        """In another dtype; a float becomes an integer by truncation."""
        return self.emit(Cast(dtype))

    def as_float(self) -> Tensor:
        """As float32: itself if it is that already."""
        return self if self.dtype == "float32" else self.cast("float32")

    # --- how ops are emitted

    def emit(self, op: Op, *others: Tensor) -> Tensor:
        """Apply an op to the tensor and others. Raises `ShapeError` where it does not fit."""
        return Tensor(self.g, self.g.emit_value(op, self.value, *[x.value for x in others]))

    def _unary(self, kind: UnaryKind, *parameters: float) -> Tensor:
        return Tensor(self.g, self.g.emit_value(Unary(kind, parameters) if parameters else _UNARY[kind], self.value))

    def _lift(self, other: Tensor | float) -> Tensor:
        return other if isinstance(other, Tensor) else constant(self.g, other)


_set_g, _set_value, _set_scaled = setters(Tensor)
_BINARY = {kind: Binary(kind) for kind in get_args(BinaryKind)}
_UNARY = {kind: Unary(kind) for kind in get_args(UnaryKind)}
"""The ops of two tensors, and those of one that have no parameters: each is the same wherever it stands."""


def constant(g: Emitter, number: float) -> Tensor:
    """A scalar tensor that holds the number, or the size."""
    if is_free(number):
        return size_constant(g, cast("int", number))
    return Tensor(g, g.emit_value(Constant((number,), ())))


def size_constant(g: Emitter, size: int, *, reciprocal: bool = False) -> Tensor:
    """A scalar tensor that holds a size, or 1 over it."""
    return Tensor(g, g.emit_value(SizeConstant(size, reciprocal)))


def where(mask: Tensor, a: Tensor | float, b: Tensor | float) -> Tensor:
    """a where the mask is not 0, else b, the three with NumPy's broadcasting."""
    return (a if isinstance(a, Tensor) else constant(mask.g, a)).where(mask, b)


def concatenate(tensors: Sequence[Tensor], axis: int) -> Tensor:
    """Tensors one after the other along an axis."""
    first, *others = tensors
    return first.concat(*others, axis=axis)

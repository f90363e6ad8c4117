"""Small compositions of ops, for layers and gradients."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from modelc.graph.types import Shape, TensorType
from modelc.ops.base import Emitter
from modelc.ops.constant import Constant
from modelc.ops.elementwise import Binary, BinaryKind, Unary, UnaryKind
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Broadcast, Reshape, Slice

if TYPE_CHECKING:
    from modelc.graph.graph import Value


def unary(g: Emitter, kind: UnaryKind, x: Value, *parameters: float) -> Value:
    """``f(x)``."""
    return g.emit(Unary(kind, parameters), x)


def binary(g: Emitter, kind: BinaryKind, a: Value, b: Value) -> Value:
    """``f(a, b)``, broadcast."""
    return g.emit(Binary(kind), a, b)


def constant(g: Emitter, value: float) -> Value:
    """A scalar."""
    return g.emit(Constant((value,), ()))


def scale(g: Emitter, x: Value, factor: float, offset: float = 0.0) -> Value:
    """``factor·x + offset``, or x itself."""
    return x if (factor, offset) == (1.0, 0.0) else unary(g, "scale", x, factor, *([offset] if offset else []))


def reshape(g: Emitter, x: Value, shape: Shape) -> Value:
    """x under another shape, or x itself."""
    return x if x.type.shape == shape else g.emit(Reshape(shape), x)


def part(g: Emitter, x: Value, axis: int, start: int, stop: int) -> Value:
    """``x[..., start:stop, ...]`` along `axis`."""
    rank = x.type.rank
    starts = tuple(start if a == axis else 0 for a in range(rank))
    stops = tuple(stop if a == axis else d for a, d in enumerate(x.type.shape))
    return g.emit(Slice(starts, stops, (1,) * rank), x)


def broadcast_like(g: Emitter, x: Value, like: Value) -> Value:
    """x repeated to the shape of another value, of which the size of the batch alone is read, if anything."""
    if x.type.shape == like.type.shape:
        return x
    needs_batch = like.type.batched and not (x.type.batched and x.type.rank == like.type.rank)
    return g.emit(Broadcast(like.type.shape), x, *([like] if needs_batch else []))


def sum_to(g: Emitter, x: Value, type: TensorType) -> Value:
    """The sum of x over the axes along which a tensor of this type was repeated: the gradient of broadcasting."""
    shape = type.shape
    extra = x.type.rank - len(shape)
    repeated = [i for i, d in enumerate(shape) if d == 1 and x.type.shape[i + extra] != 1]
    axes = (*range(extra), *(i + extra for i in repeated))
    return reshape(g, g.emit(Reduce("sum", axes), x), shape) if axes else x


def extent_of(type: TensorType, axes: tuple[int, ...]) -> int:
    """The number of elements along these axes, the batch left out."""
    return math.prod(type.shape[axis] or 1 for axis in axes)

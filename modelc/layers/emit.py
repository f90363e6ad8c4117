"""Small compositions of ops that several layers share."""

from __future__ import annotations

from collections.abc import Sequence

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.graph.types import format_shape
from modelc.ops.elementwise import Cast
from modelc.ops.emit import binary as binary
from modelc.ops.emit import constant as constant
from modelc.ops.emit import unary as unary
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Reshape


def not_zero(g: Builder, x: Value) -> Value:
    """1 where x is not 0, else 0: a mask of padded integers."""
    return binary(g, "not_equal", x, constant(g, 0.0))


def as_float(g: Builder, x: Value) -> Value:
    """x itself if it is float32, else converted."""
    return x if x.type.dtype == "float32" else g.emit(Cast("float32"), x)


def truncate(g: Builder, x: Value) -> Value:
    """x without its fraction, float32."""
    return g.emit(Cast("float32"), g.emit(Cast("int32"), x))


def resolve_axes(axis: int | Sequence[int], rank: int, option: str = "axis") -> tuple[int, ...]:
    """The axes from 0, in order. Raises `ShapeError` for one that this rank does not have, and for a repeated one."""
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    for a in axes:
        if not -rank <= a < rank:
            raise ShapeError(
                f"`{option}` (={a}) is out of range for {rank}-D input",
                f"use {-rank} to {rank - 1}, where 0 is the batch",
            )
    resolved = sorted(a % rank for a in axes)
    if len(set(resolved)) < len(resolved):
        raise ShapeError(f"`{option}` (={list(axes)}) names one axis of {rank}-D input twice")
    return tuple(resolved)


def sample_axes(axis: int | Sequence[int], rank: int, option: str = "axis") -> tuple[int, ...]:
    """`resolve_axes` for what is done to each sample by itself: raises `ShapeError` for the batch axis, too."""
    axes = resolve_axes(axis, rank, option)
    if 0 in axes:
        given = axis if isinstance(axis, int) else list(axis)
        raise ShapeError(f"`{option}` (={given}) includes the batch of {rank}-D input", "count the axes from 1")
    return axes


def dims_of(x: Value, axes: Sequence[int]) -> tuple[int, ...]:
    """The extents of x along these axes, none of which is the batch."""
    return tuple(d for axis, d in enumerate(x.type.shape) if axis in axes and d is not None)


def along(g: Builder, w: Value, axes: Sequence[int], rank: int) -> Value:
    """w, whose dimensions belong to these axes of a tensor of this rank, in the shape that broadcasts with it."""
    if not axes or tuple(axes) == tuple(range(rank - len(axes), rank)):
        return w
    dims = dict(zip(axes, w.type.dims, strict=True))
    return g.emit(Reshape(tuple(dims.get(axis, 1) for axis in range(axes[0], rank))), w)


def moments(g: Builder, x: Value, axes: tuple[int, ...]) -> tuple[Value, Value]:
    """The mean and the variance of x over the axes, which keep an extent of 1."""
    mean = g.emit(Reduce("mean", axes, keepdims=True), x)
    deviation = binary(g, "subtract", x, mean)
    return mean, g.emit(Reduce("mean", axes, keepdims=True), unary(g, "square", deviation))


def require_features(x: Value, owner: str) -> int:
    """The extent of the last axis. Raises `ShapeError` where x is nothing but a batch."""
    if x.type.rank < 2:
        raise ShapeError(
            f"{owner} works along the last axis, and {format_shape(x.type.shape)} has none beside the batch",
            "put a Reshape before it, or give the input its missing axes",
        )
    return x.type.dims[-1]

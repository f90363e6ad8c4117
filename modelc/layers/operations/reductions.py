"""Operations that reduce axes, and those along one axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, cast

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.emit import as_float, binary, constant, moments, not_zero, resolve_axes, sample_axes, unary
from modelc.layers.operations.registry import Axes, Table, adder
from modelc.ops.constant import Range
from modelc.ops.elementwise import Cast
from modelc.ops.matmul import MatMul
from modelc.ops.reduce import Reduce, ReduceKind
from modelc.ops.select import Select
from modelc.ops.shape import Reshape, Transpose

TABLE: Table = {}
_add = adder(TABLE)

_MAX_CUMULATED = 4096
"""The longest axis of a cumulated sum, which is a product with a square matrix."""


def resolved(axis: Axes, rank: int) -> tuple[int, ...]:
    """The axes from 0; all of them for null."""
    return tuple(range(rank)) if axis is None else resolve_axes(axis, rank)


def reduced(g: Builder, kind: ReduceKind, x: Value, axis: Axes, keepdims: bool) -> Value:
    """x reduced over the axes, or over all of them for null."""
    axes = resolved(axis, x.type.rank)
    return g.emit(Reduce(kind, axes, keepdims), as_float(g, x)) if axes else x


def _without(g: Builder, y: Value, axes: Sequence[int], keepdims: bool) -> Value:
    """y without axes of an extent of 1, unless they are kept."""
    if keepdims:
        return y
    return g.emit(Reshape(tuple(d for axis, d in enumerate(y.type.shape) if axis not in axes)), y)


@_add("sum")
def _sum(g: Builder, x: Value, *, axis: Axes = None, keepdims: bool = False) -> Value:
    return reduced(g, "sum", x, axis, keepdims)


@_add("mean")
def _mean(g: Builder, x: Value, *, axis: Axes = None, keepdims: bool = False) -> Value:
    return reduced(g, "mean", x, axis, keepdims)


@_add("max", "amax")
def _max(g: Builder, x: Value, *, axis: Axes = None, keepdims: bool = False, initial: float | None = None) -> Value:
    y = reduced(g, "max", x, axis, keepdims)
    return y if initial is None else binary(g, "maximum", y, constant(g, initial))


@_add("min", "amin")
def _min(g: Builder, x: Value, *, axis: Axes = None, keepdims: bool = False, initial: float | None = None) -> Value:
    y = reduced(g, "min", x, axis, keepdims)
    return y if initial is None else binary(g, "minimum", y, constant(g, initial))


@_add("any")
def _any(g: Builder, x: Value, *, axis: Axes = None, keepdims: bool = False) -> Value:
    return reduced(g, "max", not_zero(g, x), axis, keepdims)


@_add("all")
def _all(g: Builder, x: Value, *, axis: Axes = None, keepdims: bool = False) -> Value:
    return reduced(g, "min", not_zero(g, x), axis, keepdims)


@_add("count_nonzero")
def _count_nonzero(g: Builder, x: Value, *, axis: Axes = None) -> Value:
    return reduced(g, "sum", not_zero(g, x), axis, False)


@_add("ptp")
def _ptp(g: Builder, x: Value, *, axis: Axes = None, keepdims: bool = False) -> Value:
    return binary(g, "subtract", reduced(g, "max", x, axis, keepdims), reduced(g, "min", x, axis, keepdims))


@_add("var")
def _var(g: Builder, x: Value, *, axis: Axes = None, keepdims: bool = False) -> Value:
    axes = resolved(axis, x.type.rank)
    return _without(g, moments(g, as_float(g, x), axes)[1], axes, keepdims)


@_add("std")
def _std(g: Builder, x: Value, *, axis: Axes = None, keepdims: bool = False) -> Value:
    return unary(g, "sqrt", _var(g, x, axis=axis, keepdims=keepdims))


@_add("moments")
def _moments(
    g: Builder, x: Value, *, axes: Axes, keepdims: bool = False, synchronized: bool = False
) -> tuple[Value, Value]:
    along = resolved(axes, x.type.rank)
    mean, variance = moments(g, as_float(g, x), along)
    return _without(g, mean, along, keepdims), _without(g, variance, along, keepdims)


@_add("logsumexp")
def _logsumexp(g: Builder, x: Value, *, axis: Axes = None, keepdims: bool = False) -> Value:
    axes, x = resolved(axis, x.type.rank), as_float(g, x)
    largest = g.emit(Reduce("max", axes, keepdims=True), x)
    e = unary(g, "exponential", binary(g, "subtract", x, largest))
    y = binary(g, "add", unary(g, "log", g.emit(Reduce("sum", axes, keepdims=True), e)), largest)
    return _without(g, y, axes, keepdims)


@_add("norm")
def norm(
    g: Builder,
    x: Value,
    *,
    ord: Literal["fro", "inf", "-inf"] | float | None = None,
    axis: Axes = None,
    keepdims: bool = False,
) -> Value:
    """``(Σ|x|^ord)^(1/ord)`` over one axis; over two the norm of matrices, of which 2 and -2 are not supported."""
    axes, x = resolved(axis, x.type.rank), as_float(g, x)
    size = unary(g, "abs", x)
    if ord in (None, 2, "fro") and (ord is None or (ord == "fro") == (len(axes) == 2)):
        return unary(g, "sqrt", reduced(g, "sum", unary(g, "square", x), axes, keepdims))
    power = float(ord) if ord != "fro" else None
    if len(axes) == 1 and power is not None:
        return _norm_of_vectors(g, size, power, axes, keepdims)
    if len(axes) == 2 and power is not None and abs(power) in (1, math.inf):
        rows, columns = (a % x.type.rank for a in cast("tuple[int, int]", axis))
        summed, left = (rows, columns) if abs(power) == 1 else (columns, rows)
        sums = g.emit(Reduce("sum", (summed,), keepdims=True), size)
        return _without(g, g.emit(Reduce("max" if power > 0 else "min", (left,), keepdims=True), sums), axes, keepdims)
    raise ShapeError(f"the norm of `ord` {ord} over {len(axes)} axes is not supported", "take 2 over one axis", "E204")


def _norm_of_vectors(g: Builder, size: Value, ord: float, axes: tuple[int, ...], keepdims: bool) -> Value:
    if abs(ord) == math.inf:
        return reduced(g, "max" if ord > 0 else "min", size, axes, keepdims)
    if ord == 0:
        return reduced(g, "sum", not_zero(g, size), axes, keepdims)
    if ord == 1:
        return reduced(g, "sum", size, axes, keepdims)
    total = reduced(g, "sum", unary(g, "exponential", unary(g, "scale", unary(g, "log", size), ord)), axes, keepdims)
    return unary(g, "exponential", unary(g, "scale", unary(g, "log", total), 1 / ord))


def place_of(g: Builder, kind: ReduceKind, x: Value, axis: int | None, keepdims: bool) -> Value:
    """The first position of the largest or smallest value along the axis, int32."""
    if axis is None:
        raise ShapeError("`axis` must be given: without it the batch would be searched, too", code="E204")
    (along,) = sample_axes(axis, x.type.rank)
    x = as_float(g, x)
    size = x.type.dims[along - 1]
    positions = g.emit(Reshape((size, *(1,) * (x.type.rank - 1 - along))), g.emit(Range(size)))
    found = binary(g, "equal", x, g.emit(Reduce(kind, (along,), keepdims=True), x))
    first = g.emit(Select(), found, positions, constant(g, float(size)))
    return g.emit(Cast("int32"), g.emit(Reduce("min", (along,), keepdims), first))


@_add("argmax")
def _argmax(g: Builder, x: Value, *, axis: int | None = None, keepdims: bool = False) -> Value:
    return place_of(g, "max", x, axis, keepdims)


@_add("argmin")
def _argmin(g: Builder, x: Value, *, axis: int | None = None, keepdims: bool = False) -> Value:
    return place_of(g, "min", x, axis, keepdims)


@_add("cumsum")
def cumulated_sum(
    g: Builder, x: Value, *, axis: int | None = None, dtype: Literal["float32", "int32"] | None = None
) -> Value:
    """``y[i] = x[0] + … + x[i]`` along an axis: a product with a triangle of ones."""
    if axis is None:
        raise ShapeError("`axis` must be given: without it the sum would run over the batch, too", code="E204")
    (along,) = sample_axes(axis, x.type.rank)
    size = x.type.dims[along - 1]
    if size > _MAX_CUMULATED:
        raise ShapeError(f"the sum would run over {size} elements, at most {_MAX_CUMULATED} are supported", code="E403")
    column = g.emit(Reshape((size, 1)), g.emit(Range(size)))
    triangle = binary(g, "less_equal", column, g.emit(Range(size)))
    last = x.type.rank - 1
    order = tuple(last if a == along else along if a == last else a for a in range(x.type.rank))
    x = as_float(g, x)
    if along == last:
        return g.emit(MatMul(), x, triangle)
    return g.emit(Transpose(order), g.emit(MatMul(), g.emit(Transpose(order), x), triangle))

"""Operations that reduce axes, and those along one axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, cast

from modelc.errors import ShapeError
from modelc.graph.axes import resolve_axes, sample_axes
from modelc.graph.builder import Builder
from modelc.graph.formulas import moments, whole_moments
from modelc.graph.tensor import Tensor, constant, where
from modelc.layers.operations.registry import Axes, Table, adder
from modelc.ops.constant import Range
from modelc.ops.reduce import ReduceKind

TABLE: Table = {}
_add = adder(TABLE)

_MAX_CUMULATED = 4096
"""The longest axis of a cumulated sum, which is a product with a square matrix."""


def resolved(axis: Axes, rank: int) -> tuple[int, ...]:
    """The axes from 0; all of them for null."""
    return tuple(range(rank)) if axis is None else resolve_axes(axis, rank)


def reduced(kind: ReduceKind, x: Tensor, axis: Axes, keepdims: bool) -> Tensor:
    """x reduced over the axes, or over all of them for null."""
    axes = resolved(axis, x.rank)
    return x.as_float().reduce(kind, axes, keepdims=keepdims) if axes else x


def _without(y: Tensor, axes: Sequence[int], keepdims: bool) -> Tensor:
    """y without axes of an extent of 1, unless they are kept."""
    if keepdims:
        return y
    return y.reshape(tuple((d for axis, d in enumerate(y.shape) if axis not in axes)))


@_add("sum")
def _sum(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return reduced("sum", x, axis, keepdims)


@_add("mean")
def _mean(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return reduced("mean", x, axis, keepdims)


@_add("max", "amax")
def _max(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False, initial: float | None = None) -> Tensor:
    y = reduced("max", x, axis, keepdims)
    return y if initial is None else y.maximum(initial)


@_add("min", "amin")
def _min(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False, initial: float | None = None) -> Tensor:
    y = reduced("min", x, axis, keepdims)
    return y if initial is None else y.minimum(initial)


@_add("any")
def _any(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return reduced("max", x.not_equal(0.0), axis, keepdims)


@_add("all")
def _all(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return reduced("min", x.not_equal(0.0), axis, keepdims)


@_add("count_nonzero")
def _count_nonzero(g: Builder, x: Tensor, *, axis: Axes = None) -> Tensor:
    return reduced("sum", x.not_equal(0.0), axis, False)


@_add("ptp")
def _ptp(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return reduced("max", x, axis, keepdims) - reduced("min", x, axis, keepdims)


@_add("var")
def _var(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    axes = resolved(axis, x.rank)
    return _without(moments(x.as_float(), axes)[1], axes, keepdims)


@_add("std")
def _std(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return _var(g, x, axis=axis, keepdims=keepdims).sqrt()


@_add("moments")
def _moments(
    g: Builder, x: Tensor, *, axes: Axes, keepdims: bool = False, synchronized: bool = False
) -> tuple[Tensor, Tensor]:
    along = resolved(axes, x.rank)
    x = x.as_float()
    mean, variance = whole_moments(g, x, along) if synchronized and 0 in along else moments(x, along)
    return _without(mean, along, keepdims), _without(variance, along, keepdims)


@_add("logsumexp")
def _logsumexp(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    axes, x = resolved(axis, x.rank), x.as_float()
    largest = x.max(axes, keepdims=True)
    e = (x - largest).exp()
    y = e.sum(axes, keepdims=True).log() + largest
    return _without(y, axes, keepdims)


@_add("norm")
def norm(
    g: Builder,
    x: Tensor,
    *,
    ord: Literal["fro", "inf", "-inf"] | float | None = None,
    axis: Axes = None,
    keepdims: bool = False,
) -> Tensor:
    """``(Σ|x|^ord)^(1/ord)`` over one axis; over two the norm of matrices, of which 2 and -2 are not supported."""
    axes, x = resolved(axis, x.rank), x.as_float()
    size = abs(x)
    if ord in (None, 2, "fro") and (ord is None or (ord == "fro") == (len(axes) == 2)):
        return reduced("sum", x.square(), axes, keepdims).sqrt()
    power = float(ord) if ord != "fro" else None
    if len(axes) == 1 and power is not None:
        return _norm_of_vectors(size, power, axes, keepdims)
    if len(axes) == 2 and power is not None and abs(power) in (1, math.inf):
        rows, columns = (a % x.rank for a in cast("tuple[int, int]", axis))
        summed, left = (rows, columns) if abs(power) == 1 else (columns, rows)
        sums = size.sum((summed,), keepdims=True)
        return _without(sums.reduce("max" if power > 0 else "min", (left,), keepdims=True), axes, keepdims)
    raise ShapeError(f"the norm of `ord` {ord} over {len(axes)} axes is not supported", "take 2 over one axis", "E204")


def _norm_of_vectors(size: Tensor, ord: float, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    if abs(ord) == math.inf:
        return reduced("max" if ord > 0 else "min", size, axes, keepdims)
    if ord == 0:
        return reduced("sum", size.not_equal(0.0), axes, keepdims)
    if ord == 1:
        return reduced("sum", size, axes, keepdims)
    total = reduced("sum", (size.log() * ord).exp(), axes, keepdims)
    return (total.log() * (1 / ord)).exp()


def place_of(g: Builder, kind: ReduceKind, x: Tensor, axis: int | None, keepdims: bool) -> Tensor:
    """The first position of the largest or smallest value along the axis, int32."""
    if axis is None:
        raise ShapeError("`axis` must be given: without it the batch would be searched, too", code="E204")
    (along,) = sample_axes(axis, x.rank)
    x = x.as_float()
    size = x.dims[along - 1]
    positions = g.emit(Range(size)).reshape((size, *(1,) * (x.rank - 1 - along)))
    found = x.equal(x.reduce(kind, (along,), keepdims=True))
    first = where(found, positions, constant(g, size))
    return first.min((along,), keepdims=keepdims).cast("int32")


@_add("argmax")
def _argmax(g: Builder, x: Tensor, *, axis: int | None = None, keepdims: bool = False) -> Tensor:
    return place_of(g, "max", x, axis, keepdims)


@_add("argmin")
def _argmin(g: Builder, x: Tensor, *, axis: int | None = None, keepdims: bool = False) -> Tensor:
    return place_of(g, "min", x, axis, keepdims)


@_add("cumsum")
def cumulated_sum(
    g: Builder, x: Tensor, *, axis: int | None = None, dtype: Literal["float32", "int32"] | None = None
) -> Tensor:
    """``y[i] = x[0] + … + x[i]`` along an axis: a product with a triangle of ones."""
    if axis is None:
        raise ShapeError("`axis` must be given: without it the sum would run over the batch, too", code="E204")
    (along,) = sample_axes(axis, x.rank)
    size = x.dims[along - 1]
    if size > _MAX_CUMULATED:
        raise ShapeError(f"the sum would run over {size} elements, at most {_MAX_CUMULATED} are supported", code="E403")
    column = g.emit(Range(size)).reshape((size, 1))
    triangle = column.less_equal(g.emit(Range(size)))
    last = x.rank - 1
    order = tuple(last if a == along else along if a == last else a for a in range(x.rank))
    x = x.as_float()
    if along == last:
        return x @ triangle
    return (x.transpose(order) @ triangle).transpose(order)

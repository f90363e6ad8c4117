"""Products and other reductions that are made of pieces, running ones, and reductions that skip NaN."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Literal, cast

from modelc.errors import ShapeError
from modelc.graph.axes import sample_axes
from modelc.graph.builder import Builder
from modelc.graph.running import joined, running
from modelc.graph.sizes import is_free
from modelc.graph.tensor import Tensor, where
from modelc.layers.operations.arranging import reshaped, size_of
from modelc.layers.operations.picking import Span, slice_axis
from modelc.layers.operations.reductions import cumulated_sum, place_of, reduced, resolved
from modelc.layers.operations.registry import Axes, Table, adder
from modelc.layers.operations.special import is_close, multiplied
from modelc.layers.preprocessing.ranges import OptionalNumbers, emit_numbers
from modelc.ops.reduce import ReduceKind

TABLE: Table = {}
_add = adder(TABLE)

_Dtype = Literal["float32", "int32"] | None


# --- products


def _product_along(g: Builder, x: Tensor, axis: int) -> Tensor:
    """The product along an axis, which keeps an extent of 1: halves are multiplied until one element is left."""
    if is_free(size_of(x, axis)):
        return joined(g, "multiply", x, axis, 1.0)
    while (size := size_of(x, axis)) > 1:
        half = size // 2
        y = multiplied(slice_axis(x, axis, Span(0, half)), slice_axis(x, axis, Span(half, 2 * half)))
        if size % 2:  # the last one goes with the first
            first, last = slice_axis(y, axis, Span(0, 1)), slice_axis(x, axis, Span(size - 1, size))
            rest = [] if half == 1 else [slice_axis(y, axis, Span(1, half))]
            made = multiplied(first, last)
            y = made.concat(*rest, axis=axis) if rest else made
        x = y
    return x


@_add("prod")
def _prod(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False, dtype: _Dtype = None) -> Tensor:
    axes = resolved(axis, x.rank)
    if x.batched and 0 in axes:
        raise ShapeError("a product over the batch is not supported", "give the axes, counted from 1", "E204")
    x = x.as_float()
    for at in axes:
        x = _product_along(g, x, at)
    return x if keepdims else reshaped(x, tuple(d for a, d in enumerate(x.shape) if a not in axes))


def _sample_axis(axis: int | None, x: Tensor) -> int:
    if axis is None:
        raise ShapeError("`axis` must be given: without it the batch would be joined with it", code="E204")
    (at,) = sample_axes(axis, x.rank)
    return at


@_add("cumprod")
def _cumprod(g: Builder, x: Tensor, *, axis: int | None = None, dtype: _Dtype = None) -> Tensor:
    at = _sample_axis(axis, x)
    return running(g, "multiply", x.as_float(), at, 1.0)


# --- differences


@_add("diff")
def _diff(g: Builder, a: Tensor, *, n: int = 1, axis: int = -1) -> Tensor:
    (at,) = sample_axes(axis, a.rank)
    a = a.as_float()
    if not 0 <= n < size_of(a, at):
        raise ShapeError(f"`n` (={n}) differences need more than {n} elements, axis {at} has {size_of(a, at)}", axis=at)
    for _ in range(n):
        size = size_of(a, at)
        a = slice_axis(a, at, Span(1, size)) - slice_axis(a, at, Span(0, size - 1))
    return a


@_add("trapezoid")
def _trapezoid(g: Builder, y: Tensor, *, x: OptionalNumbers = None, dx: float = 1.0, axis: int = -1) -> Tensor:
    """``Σ_i (y[i] + y[i + 1])/2·(x[i + 1] - x[i])``, or with `dx` between the places."""
    (at,) = sample_axes(axis, y.rank)
    y = y.as_float()
    size = size_of(y, at)
    if size < 2:
        raise ShapeError(f"it needs two places, axis {at} has {size}", axis=at)
    pairs = slice_axis(y, at, Span(1, size)) + slice_axis(y, at, Span(0, size - 1))
    if x is None:
        return pairs.sum((at,)) * (dx / 2)
    places = cast("tuple[Any, ...]", x if isinstance(x, tuple) else ())
    if len(places) != size or not all(isinstance(place, float) for place in places):
        raise ShapeError(f"`x` names the places of the {size} elements of axis {at}")
    widths = tuple((b - a) / 2 for a, b in pairwise(places))
    factor = emit_numbers(g, widths, (size - 1, *(1,) * (y.rank - 1 - at)))
    return multiplied(pairs, factor).sum((at,))


# --- averages and comparisons of all


@_add("average")
def _average(g: Builder, x: Tensor, weights: Tensor | None = None, *, axis: Axes = None) -> Tensor:
    """``Σ w·x / Σ w``; the weights have x's shape, or that of one axis."""
    axes = resolved(axis, x.rank)
    x = x.as_float()
    if weights is None:
        return x.mean(axes)
    w = weights.as_float()
    if w.rank == 1 and len(axes) == 1 and x.rank > 1:
        w = reshaped(w, (*w.shape, *(1,) * (x.rank - 1 - axes[0])))
    whole = w + x.not_equal(x) * 0.0
    total = whole.sum(axes)
    return multiplied(x, w).sum(axes) / total


# --- without NaN


def _missing(x: Tensor) -> Tensor:
    return x.not_equal(x)


def _filled(x: Tensor, value: float) -> Tensor:
    return where(_missing(x), value, x)


def _nan_extreme(kind: ReduceKind, x: Tensor, g: Builder, axis: Axes, keepdims: bool) -> Tensor:
    x = x.as_float()
    end = -math.inf if kind == "max" else math.inf
    y = reduced(kind, _filled(x, end), axis, keepdims)
    nothing = reduced("min", _missing(x), axis, keepdims)
    return where(nothing, math.nan, y)


@_add("nanmax")
def _nanmax(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return _nan_extreme("max", x, g, axis, keepdims)


@_add("nanmin")
def _nanmin(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return _nan_extreme("min", x, g, axis, keepdims)


@_add("nansum")
def _nansum(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return reduced("sum", _filled(x.as_float(), 0.0), axis, keepdims)


@_add("nanprod")
def _nanprod(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return _prod(g, _filled(x.as_float(), 1.0), axis=axis, keepdims=keepdims)


@_add("nanmean")
def _nanmean(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    x = x.as_float()
    count = reduced("sum", x.equal(x), axis, keepdims)
    return reduced("sum", _filled(x, 0.0), axis, keepdims) / count


@_add("nanvar")
def _nanvar(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    x = x.as_float()
    mean = _nanmean(g, x, axis=axis, keepdims=True)
    return _nanmean(g, (x - mean).square(), axis=axis, keepdims=keepdims)


@_add("nanstd")
def _nanstd(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return _nanvar(g, x, axis=axis, keepdims=keepdims).sqrt()


@_add("nanargmax")
def _nanargmax(g: Builder, x: Tensor, *, axis: int | None = None, keepdims: bool = False) -> Tensor:
    return _nan_place(g, "max", x, axis, keepdims)


@_add("nanargmin")
def _nanargmin(g: Builder, x: Tensor, *, axis: int | None = None, keepdims: bool = False) -> Tensor:
    return _nan_place(g, "min", x, axis, keepdims)


def _nan_place(g: Builder, kind: ReduceKind, x: Tensor, axis: int | None, keepdims: bool) -> Tensor:
    """The place of the largest or smallest number; -1 where there is none."""
    at, x = _sample_axis(axis, x), x.as_float()
    filled = _filled(x, -math.inf if kind == "max" else math.inf)
    place = place_of(g, kind, filled, at, keepdims).as_float()
    nothing = reduced("min", _missing(x), at, keepdims)
    return where(nothing, -1.0, place).cast("int32")


@_add("nancumsum")
def _nancumsum(g: Builder, x: Tensor, *, axis: int | None = None, dtype: _Dtype = None) -> Tensor:
    return cumulated_sum(g, _filled(x.as_float(), 0.0), axis=axis)


@_add("nancumprod")
def _nancumprod(g: Builder, x: Tensor, *, axis: int | None = None, dtype: _Dtype = None) -> Tensor:
    return _cumprod(g, _filled(x.as_float(), 1.0), axis=axis)


@_add("allclose")
def _allclose(
    g: Builder, x1: Tensor, x2: Tensor, *, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Tensor:
    """Whether all elements of all samples are close."""
    close = is_close(g, x1, x2, rtol=rtol, atol=atol, equal_nan=equal_nan)
    return reduced("min", close, None, False)

"""Operations that depend on the order of elements: sorting, the largest, medians, and places in sorted sequences."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import PositiveInt

from modelc.errors import ShapeError
from modelc.graph.axes import sample_axes
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, constant, where
from modelc.graph.types import format_shape
from modelc.layers.operations.arranging import reshaped
from modelc.layers.operations.picking import Span, slice_axis
from modelc.layers.operations.registry import Axes, Table, adder
from modelc.layers.operations.special import negated
from modelc.layers.preprocessing.ranges import Numbers
from modelc.ops.constant import ShareRest
from modelc.ops.order import Order, TakeAlong
from modelc.ops.places import AtShare
from modelc.ops.shape import Broadcast
from modelc.ops.take import Take

TABLE: Table = {}
_add = adder(TABLE)


def as_integers(x: Tensor) -> Tensor:
    """x itself if it is int32, else truncated."""
    return x if x.dtype == "int32" else x.cast("int32")


def _order(x: Tensor, axis: int) -> Tensor:
    return x.as_float().emit(Order(axis))


@_add("argsort")
def _argsort(g: Builder, x: Tensor, *, axis: int | None = -1) -> Tensor:
    return _order(x, _one(axis, x))


def _one(axis: int | None, x: Tensor) -> int:
    if axis is None:
        raise ShapeError("`axis` must be given: without it the batch would be sorted, too", code="E204")
    (at,) = sample_axes(axis, x.rank)
    return at


@_add("sort")
def _sort(g: Builder, x: Tensor, *, axis: int | None = -1) -> Tensor:
    at = _one(axis, x)
    return x.emit(TakeAlong(at), _order(x, at))


@_add("top_k")
def _top_k(g: Builder, x: Tensor, *, k: PositiveInt, sorted: bool = True) -> tuple[Tensor, Tensor]:
    """The k largest along the last axis, the largest first, and their places; of equal ones those in front."""
    at = _one(-1, x)
    size = x.dims[at - 1]
    if k > size:
        raise ShapeError(f"`k` (={k}) is more than the {size} elements of the last axis", axis=at)
    places = slice_axis(_order(negated(x), at), at, Span(0, k))
    return x.emit(TakeAlong(at), places), places


@_add("in_top_k")
def _in_top_k(g: Builder, targets: Tensor, predictions: Tensor, *, k: PositiveInt) -> Tensor:
    """Whether fewer than k predictions are larger than that of the target: targets (N,), predictions (N, classes)."""
    if predictions.rank != targets.rank + 1:
        shapes = f"{format_shape(targets.shape)} and {format_shape(predictions.shape)}"
        raise ShapeError(f"it takes targets and, with one axis more, predictions, found {shapes}", axis="rank")
    last = predictions.rank - 1
    x = predictions.as_float()
    places = reshaped(as_integers(targets), (*targets.shape, 1))
    own = x.emit(TakeAlong(last), places)
    larger = x.greater(own).sum((last,))
    return larger.less(float(k))


@_add("take_along_axis")
def _take_along_axis(g: Builder, x: Tensor, indices: Tensor, *, axis: int | None = None) -> Tensor:
    """Elements by places of their own in every row; the axes around may be 1 in either, and are repeated."""
    at = _one(axis, x)
    if indices.rank != x.rank:
        shapes = f"{format_shape(x.shape)} and {format_shape(indices.shape)}"
        raise ShapeError(f"the tensor and the indices have one rank, found {shapes}", axis="rank")
    wanted: list[int | None] = []
    for axis_, (a, b) in enumerate(zip(x.shape, indices.shape, strict=True)):
        wanted.append(None if None in (a, b) else a if axis_ == at or b == 1 else b)
    like = x if x.batched else indices
    x = _repeated(g, x, (*wanted[:at], x.shape[at], *wanted[at + 1 :]), like)
    shape = (*wanted[:at], indices.shape[at], *wanted[at + 1 :])
    return x.emit(TakeAlong(at), _repeated(g, as_integers(indices), shape, like))


def _repeated(g: Builder, x: Tensor, shape: tuple[int | None, ...], like: Tensor) -> Tensor:
    if x.shape == shape:
        return x
    integers = x.dtype == "int32"
    operands = (x.as_float(),) if x.batched or None not in shape else (x.as_float(), like)
    y = g.emit(Broadcast(shape), *operands)
    return y.cast("int32") if integers else y


# --- sorted sequences


@_add("digitize")
def _digitize(g: Builder, x: Tensor, bins: Tensor) -> Tensor:
    """The number of bins, sorted upwards, whose lower end is not above x."""
    return _counted("greater_equal", x, bins)


@_add("isin")
def _isin(g: Builder, x1: Tensor, x2: Tensor, *, assume_unique: bool = False, invert: bool = False) -> Tensor:
    """Whether an element is among those of a constant sequence."""
    if x2.batched:
        raise ShapeError("the elements to look for are constants: those of all samples would be mixed")
    column = reshaped(x1.as_float(), (*x1.shape, 1))
    steps = reshaped(x2.as_float(), (x2.type.size,))
    y = column.equal(steps).max((x1.rank,))
    return 1.0 - y if invert else y


@_add("searchsorted")
def _searchsorted(
    g: Builder, sorted_sequence: Tensor, values: Tensor, *, side: Literal["left", "right"] = "left"
) -> Tensor:
    """How many elements of the sequence are smaller than a value, or with `right` not larger."""
    return _counted("greater" if side == "left" else "greater_equal", values, sorted_sequence)


def _counted(kind: Literal["greater", "greater_equal"], x: Tensor, steps: Tensor) -> Tensor:
    if steps.rank != 1 or steps.batched:
        raise ShapeError(f"it takes a constant sequence, found {format_shape(steps.shape)}", axis="rank")
    column = reshaped(x.as_float(), (*x.shape, 1))
    count = column.combine(kind, steps.as_float()).sum((x.rank,))
    return count.cast("int32")


# --- quantiles

Method = Literal["linear", "lower", "higher", "nearest", "midpoint"]


def _quantile_of(
    g: Builder, x: Tensor, q: float, axis: Axes, method: Method, keepdims: bool, skips_nan: bool = False
) -> Tensor:
    """The element at ``q·(n - 1)`` of the n sorted ones, between two by `method`; NaN where one is, or skipped."""
    if axis is None:
        raise ShapeError("`axis` must be given: without it the batch would be mixed", code="E204")
    axes = sample_axes(axis, x.rank)
    if not 0 <= q <= 1:
        raise ShapeError(f"`q` (={q}) is not a fraction from 0 to 1", code="E204")
    joined, shape = _last(x.as_float(), axes, keepdims)
    size = joined.dims[-1]
    last = joined.rank - 1
    places = joined.emit(Order(last))
    ordered = joined.emit(TakeAlong(last), places)
    missing = joined.not_equal(joined)
    if skips_nan:
        absent = missing.sum((last,), keepdims=True)
        highest = constant(g, size - 1) - absent
        place = highest * q
        low, high = place.floor(), -(-place).floor()
        inside = (as_integers(at.maximum(0.0).minimum(size - 1)) for at in (low, high))
        below, above = (ordered.emit(TakeAlong(last), at) for at in inside)
        share = place - low
        y = _between(below, above, share, method)
        none = absent.equal(size)
    else:
        below, above = (ordered.emit(Take(last, AtShare(size, q, after))) for after in (False, True))
        y = _between(below, above, g.emit(ShareRest(size, q)), method)
        none = missing.max((last,), keepdims=True)
    y = where(none, math.nan, y)
    return reshaped(y, shape)


def _between(below: Tensor, above: Tensor, share: Tensor, method: Method) -> Tensor:
    if method == "lower":
        return below
    if method == "higher":
        return above
    if method == "nearest":
        return where(share.greater(0.5), above, below)
    if method == "midpoint":
        return (below + above) * 0.5
    return below + (above - below) * share


def _last(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> tuple[Tensor, tuple[int | None, ...]]:
    """x with these axes joined as the last one, and the shape without them, or with 1 in their place."""
    rest = tuple(a for a in range(x.rank) if a not in axes)
    lead = tuple(x.shape[a] for a in rest)
    count = math.prod(x.dims[a - x.batched] for a in axes)
    full = tuple(1 if a in axes else d for a, d in enumerate(x.shape))
    if (order := (*rest, *axes)) != tuple(range(x.rank)):
        x = x.transpose(order)
    return reshaped(x, (*lead, count)), full if keepdims else lead


def _single(q: Tensor | Numbers) -> float:
    if isinstance(q, int | float):
        return float(q)
    raise ShapeError(
        "`q` must be one constant fraction: several would come before the batch", "use one operation for each"
    )


@_add("median")
def _median(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return _quantile_of(g, x, 0.5, axis, "linear", keepdims)


@_add("nanmedian")
def _nanmedian(g: Builder, x: Tensor, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    return _quantile_of(g, x, 0.5, axis, "linear", keepdims, skips_nan=True)


@_add("quantile")
def _quantile(
    g: Builder, x: Tensor, q: Tensor | Numbers, *, axis: Axes = None, method: Method = "linear", keepdims: bool = False
) -> Tensor:
    return _quantile_of(g, x, _single(q), axis, method, keepdims)


@_add("percentile")
def _percentile(
    g: Builder, x: Tensor, q: Tensor | Numbers, *, axis: Axes = None, method: Method = "linear", keepdims: bool = False
) -> Tensor:
    return _quantile_of(g, x, _single(q) / 100, axis, method, keepdims)


@_add("nanquantile")
def _nanquantile(
    g: Builder, x: Tensor, q: Tensor | Numbers, *, axis: Axes = None, method: Method = "linear", keepdims: bool = False
) -> Tensor:
    return _quantile_of(g, x, _single(q), axis, method, keepdims, skips_nan=True)


@_add("nanpercentile")
def _nanpercentile(
    g: Builder, x: Tensor, q: Tensor | Numbers, *, axis: Axes = None, method: Method = "linear", keepdims: bool = False
) -> Tensor:
    return _quantile_of(g, x, _single(q) / 100, axis, method, keepdims, skips_nan=True)

"""Operations that join tensors, take them apart, or pick and repeat elements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal, cast

import numpy as np
from pydantic import BeforeValidator, NonNegativeInt, PositiveInt
from pydantic_core import PydanticCustomError

from modelc.config.options import MAX_AXES, FiniteFloat, is_int
from modelc.errors import ShapeError
from modelc.graph.axes import sample_axes
from modelc.graph.builder import Builder
from modelc.graph.sizes import surely_equal
from modelc.graph.tensor import Tensor, concatenate
from modelc.graph.types import format_shape
from modelc.layers.operations.arranging import expand_dims, reshaped, size_of, squeeze
from modelc.layers.operations.registry import IntOrInts, Table, adder
from modelc.layers.preprocessing.ranges import Numbers
from modelc.ops.gather import Gather
from modelc.ops.places import Extended, Rolled, Stepped, Tiled
from modelc.ops.shape import Broadcast, Pad, Repeat, Slice
from modelc.ops.take import Take, require_few

TABLE: Table = {}
_add = adder(TABLE)


_MAX_PARTS = 4096
"""The most tensors that one is taken apart into."""


@dataclass(frozen=True)
class Span:
    """The places ``start, start + step, …`` before `stop`: a `range` whose bounds may be free sizes."""

    start: int
    stop: int
    step: int = 1

    @property
    def count(self) -> int:
        """How many there are."""
        return max(0, -((self.start - self.stop) // self.step))

    @classmethod
    def at(cls, place: int) -> Span:
        """This place alone."""
        return cls(place, place + 1)

    @classmethod
    def of(cls, places: slice, size: int) -> Span:
        """What a slice takes of an axis of this size, as `slice.indices` says."""
        step = 1 if places.step is None else int(places.step)
        least, most = (0, size) if step > 0 else (-1, size - 1)

        def bound(place: int | None, otherwise: int) -> int:
            if place is None:
                return otherwise
            return max(place + size, least) if place < 0 else min(place, most)

        first, last = (least, most) if step > 0 else (most, least)
        return cls(bound(places.start, first), bound(places.stop, last), step)


def _alike(xs: Sequence[Tensor]) -> list[Tensor]:
    """The tensors in one dtype."""
    if len({x.dtype for x in xs}) == 1:
        return list(xs)
    return [x.as_float() for x in xs]


def _spread(xs: Sequence[Tensor]) -> int:
    ranks = {x.rank for x in xs}
    if len(ranks) != 1:
        shapes = ", ".join(format_shape(x.shape) for x in xs)
        raise ShapeError(f"the inputs have different ranks: {shapes}", axis="rank")
    return ranks.pop()


@_add("concatenate")
def concatenated(g: Builder, *xs: Tensor, axis: int = 0) -> Tensor:
    """The tensors one after the other along an axis; constants with one element for the batch are for every sample."""
    (along,) = sample_axes(axis, _spread(xs))
    (first, *others) = xs
    return concatenate(_repeated(_alike(xs)), along) if others else first


def _repeated(xs: Sequence[Tensor]) -> list[Tensor]:
    """Tensors of which some have a batch: the others repeated along it."""
    like = next((x for x in xs if x.batched), None)
    if like is None:
        return list(xs)
    return [x if x.batched or x.shape[0] != 1 else x.as_float().emit(Broadcast((None, *x.shape[1:])), like) for x in xs]


@_add("stack")
def _stack(g: Builder, *x: Tensor, axis: int = 0) -> Tensor:
    (along,) = sample_axes(axis, _spread(x) + 1)
    return concatenated(g, *(expand_dims(g, one, axis=along) for one in x), axis=along)


def _require_parts(count: int) -> None:
    if count > _MAX_PARTS:
        raise ShapeError(f"it would give {count} tensors, at most {_MAX_PARTS} are supported", code="E403")


@_add("array_split")
def _array_split(g: Builder, x: Tensor, *, indices_or_sections: IntOrInts, axis: int = 0) -> tuple[Tensor, ...]:
    """As `split`, into parts of which the first may have an element more."""
    if not isinstance(indices_or_sections, int):
        return parts(g, x, indices_or_sections=indices_or_sections, axis=axis)
    (along,) = sample_axes(axis, x.rank)
    size, count = size_of(x, along), indices_or_sections
    if not 1 <= count <= size:
        raise ShapeError(f"{size} elements along axis {along} do not split into {count} parts")
    _require_parts(count)
    cuts = [i * (size // count) + min(i, size % count) for i in range(count + 1)]
    return tuple(slice_axis(x, along, Span(a, b)) for a, b in pairwise(cuts))


@_add("split")
def parts(g: Builder, x: Tensor, *, indices_or_sections: IntOrInts, axis: int = 0) -> tuple[Tensor, ...]:
    """As many equal parts along an axis, or those between these places."""
    (along,) = sample_axes(axis, x.rank)
    size = size_of(x, along)
    _require_parts(indices_or_sections if isinstance(indices_or_sections, int) else len(indices_or_sections))
    if isinstance(indices_or_sections, int):
        if indices_or_sections < 1 or size % indices_or_sections:
            raise ShapeError(f"{size} elements along axis {along} do not split into {indices_or_sections} equal parts")
        step = size // indices_or_sections
        cuts = [i * step for i in range(indices_or_sections + 1)]
    else:
        cuts = [0, *(min(max(i + size if i < 0 else i, 0), size) for i in indices_or_sections), size]
    if any(a >= b for a, b in pairwise(cuts)):
        raise ShapeError(f"`indices_or_sections` {indices_or_sections} leaves a part of axis {along} empty")
    return tuple(slice_axis(x, along, Span(a, b)) for a, b in pairwise(cuts))


@_add("unstack")
def _unstack(g: Builder, x: Tensor, *, num: PositiveInt | None = None, axis: int = 0) -> tuple[Tensor, ...]:
    (along,) = sample_axes(axis, x.rank)
    size = size_of(x, along)
    if num not in (None, size):
        raise ShapeError(f"`num` (={num}) is not the extent of axis {along}, {size}")
    _require_parts(size)
    return tuple(squeeze(g, slice_axis(x, along, Span.at(i)), axis=along) for i in range(size))


def slice_axis(x: Tensor, axis: int, places: Span) -> Tensor:
    """Every `places.step`-th element along the axis."""
    count = places.count
    if count < 1:
        raise ShapeError(f"nothing of axis {axis} of {format_shape(x.shape)} is left", axis=axis)
    if places.step < 0:
        require_few(count)
        return x.emit(Take(axis, Stepped(places.start, places.step, count)))
    if places.step == 1 and surely_equal(count, size_of(x, axis)):
        return x
    starts, stops, steps = [0] * x.rank, list(x.shape), [1] * x.rank
    starts[axis], stops[axis], steps[axis] = places.start, places.start + (count - 1) * places.step + 1, places.step
    return x.emit(Slice(tuple(starts), tuple(stops), tuple(steps)))


Item = int | slice | None | Literal["..."]


def _item(value: Any) -> Item:
    """`1`, `null` for a new axis, `"..."`, or a slice: `"1:3"`, `":"`, `"::2"`."""
    if value is None or is_int(value) or value == "...":
        return cast("Item", value)
    parts = value.split(":") if isinstance(value, str) else []
    try:
        if 2 <= len(parts) <= 3 and (len(parts) == 2 or not parts[2].strip() or int(parts[2])):
            return slice(*(int(part) if part.strip() else None for part in parts))
    except ValueError:
        pass
    raise PydanticCustomError(
        "value_type", 'expected an integer, null, "..." or a slice such as "1:3"', {"form": "int_type"}
    )


def _key(value: Any) -> Any:
    items = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else (value,)
    if len(items) > MAX_AXES:
        raise PydanticCustomError("value", "expected at most {most} items", {"most": MAX_AXES})
    key = tuple(map(_item, items))
    if key.count("...") > 1:
        raise PydanticCustomError("value", '"..." can stand once')
    return key


@_add("get_item")
def _get_item(g: Builder, x: Tensor, *, key: Annotated[Any, BeforeValidator(_key)]) -> Tensor:
    """Basic indexing, the batch as a whole."""
    items: list[Item] = list(key)
    taken = sum(item is not None and item != "..." for item in items)
    if taken > x.rank:
        raise ShapeError(f"`key` has {taken} items, {format_shape(x.shape)} has {x.rank} axes", axis="rank")
    whole: list[Item] = [slice(None)] * (x.rank - taken)
    at = items.index("...") if "..." in items else len(items)
    items[at : at + 1] = whole
    shape: list[int | None] = []
    axis = 0
    for item in items:
        if item is None:
            shape.append(1)
            continue
        x, kept = _pick(x, axis, item)
        shape += kept
        axis += 1
    if x.batched and (not shape or shape[0] is not None):
        raise ShapeError("an axis before the batch is not supported", 'begin `key` with ":"')
    return reshaped(x, tuple(shape))


def _pick(x: Tensor, axis: int, item: Item) -> tuple[Tensor, list[int | None]]:
    """x after one item of a key, and the extents that the item leaves: none for an index."""
    size = x.shape[axis]
    if size is None:
        if item != slice(None):
            raise ShapeError("samples cannot be taken out of the batch", 'begin `key` with ":"')
        return x, [None]
    if isinstance(item, slice):
        x = slice_axis(x, axis, Span.of(item, size))
        return x, [x.shape[axis]]
    assert isinstance(item, int)
    if not -size <= item < size:
        raise ShapeError(f"the index {item} is outside of axis {axis} of {format_shape(x.shape)}", axis=axis)
    return slice_axis(x, axis, Span.at(item if item >= 0 else item + size)), []


@_add("take")
def _take_at(g: Builder, x: Tensor, indices: Tensor | Numbers, *, axis: int | None = None) -> Tensor:
    """The elements at constant places along an axis, or rows of a constant table at the places that a tensor says."""
    if isinstance(indices, Tensor):
        if x.batched or (axis is None and x.rank != 1) or axis not in (0, None):
            raise ShapeError("a tensor of indices looks up rows of a constant table only", "use `axis: 0`")
        rows, *width = x.dims
        table = reshaped(x.as_float(), (rows, math.prod(width)))
        at = indices if indices.dtype == "int32" else indices.cast("int32")
        return reshaped(at.emit(Gather(), table), (*indices.shape, *width))
    if axis is None:
        raise ShapeError("`axis` must be given: without it the batch would be indexed, too", code="E204")
    (along,) = sample_axes(axis, x.rank)
    size = size_of(x, along)
    places = np.trunc(np.array(indices, np.float64))
    if not places.size or int(places.min()) < -size or int(places.max()) >= size:
        raise ShapeError(f"the indices must lie in {-size} to {size - 1}, axis {along} of {format_shape(x.shape)}")
    from_the_front = tuple(place + size if place < 0 else place for place in map(int, places.ravel()))
    y = x.emit(Take(along, from_the_front))
    return reshaped(y, (*x.shape[:along], *places.shape, *x.shape[along + 1 :]))


@_add("repeat")
def _repeat(g: Builder, x: Tensor, *, repeats: IntOrInts, axis: int | None = None) -> Tensor:
    """Every element `repeats` times in a row, or each as often as its number there says."""
    if axis is None:
        raise ShapeError("`axis` must be given: without it the batch would be repeated, too", code="E204")
    (along,) = sample_axes(axis, x.rank)
    counts = (repeats,) if isinstance(repeats, int) else repeats
    if min(counts, default=-1) < 0 or sum(counts) < 1 or len(counts) not in (1, size_of(x, along)):
        raise ShapeError(f"`repeats` {repeats} must be a positive number, or one for each of {size_of(x, along)}")
    if len(counts) == 1:
        return x.emit(Repeat(along, counts[0])) if counts[0] > 1 else x
    require_few(sum(counts))
    return x.emit(Take(along, tuple(i for i, count in enumerate(counts) for _ in range(count))))


@_add("tile")
def _tile(g: Builder, x: Tensor, *, repeats: IntOrInts) -> Tensor:
    times = (repeats,) if isinstance(repeats, int) else repeats
    rank = x.rank
    if len(times) > rank or min(times) < 1 or (len(times) == rank and times[0] != 1):
        raise ShapeError(f"`repeats` {list(times)} must be 1 for the batch and at least 1 for the other axes")
    for axis, n in enumerate(times, rank - len(times)):
        if n > 1:
            require_few(n * size_of(x, axis))
            x = x.emit(Take(axis, Tiled(size_of(x, axis), n)))
    return x


@_add("flip")
def _flip(g: Builder, x: Tensor, *, axis: IntOrInts | None = None) -> Tensor:
    for along in sample_axes(range(x.rank) if axis is None else axis, x.rank):
        require_few(size_of(x, along))
        x = x.emit(Take(along, Stepped.reversed(size_of(x, along))))
    return x


@_add("roll")
def _roll(g: Builder, x: Tensor, *, shift: IntOrInts, axis: IntOrInts | None = None) -> Tensor:
    if axis is None:
        raise ShapeError("`axis` must be given: without it the batch would be rolled, too", code="E204")
    shifts = (shift,) if isinstance(shift, int) else shift
    axes = (axis,) if isinstance(axis, int) else axis
    if len(shifts) != len(axes):
        raise ShapeError(f"`shift` {list(shifts)} and `axis` {list(axes)} differ in length")
    for by, one in zip(shifts, axes, strict=True):
        (along,) = sample_axes(one, x.rank)
        size = size_of(x, along)
        require_few(size)
        x = x.emit(Take(along, Rolled(size, by)))
    return x


def _pad_width(value: Any) -> Any:
    if is_int(value):
        return value
    rows = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else ()
    return tuple(tuple(cast("Sequence[Any]", row)) if isinstance(row, list | tuple) else row for row in rows)


PadWidth = Annotated[
    NonNegativeInt | tuple[NonNegativeInt | tuple[NonNegativeInt, NonNegativeInt], ...],
    BeforeValidator(_pad_width),
]


@_add("pad")
def _pad(
    g: Builder, x: Tensor, *, pad_width: PadWidth,
    mode: Literal["constant", "edge", "reflect", "symmetric", "wrap"] = "constant",
    constant_values: FiniteFloat | None = None,
) -> Tensor:  # fmt: skip
    pads = _pairs(pad_width, x)
    if mode == "constant":
        value = 0.0 if constant_values is None else constant_values
        return (x.as_float() if value else x).emit(Pad(pads, value))
    for axis, (low, high) in enumerate(pads):
        if low or high:
            size = size_of(x, axis)
            require_few(low + size + high)
            if mode != "edge" and max(low, high) > size - (mode == "reflect"):
                raise ShapeError(f"{max(low, high)} elements of padding do not fit `mode: {mode}` of {size}", axis=axis)
            x = x.emit(Take(axis, Extended(size, low, high, mode)))
    return x


def _pairs(pad_width: Any, x: Tensor) -> tuple[tuple[int, int], ...]:
    """Before and after for every axis."""
    rank = x.rank
    rows: tuple[Any, ...] = (pad_width,) if isinstance(pad_width, int) else pad_width
    if len(rows) == 2 and rank != 2 and all(is_int(row) for row in rows):
        rows = (rows,)
    if len(rows) == 1:
        rows *= rank
    pairs = tuple((row, row) if is_int(row) else tuple(row) for row in rows)
    if len(pairs) != rank or any(pairs[0]):
        raise ShapeError(
            f"`pad_width` {pad_width} must have a pair for each axis of {format_shape(x.shape)}",
            "begin with [0, 0] for the batch",
        )
    return pairs

"""Operations that join, cut and turn tensors by other names, and those that repeat to a shape."""

from __future__ import annotations

from modelc.errors import ShapeError
from modelc.graph.axes import sample_axes
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, where
from modelc.graph.types import format_shape
from modelc.layers.operations.arranging import permuted, reshaped, size_of
from modelc.layers.operations.picking import concatenated, parts
from modelc.layers.operations.registry import IntOrInts, Ints, Sizes, Table, adder
from modelc.layers.preprocessing.ranges import Numbers
from modelc.ops.constant import Range
from modelc.ops.places import Stepped
from modelc.ops.shape import Broadcast, Pad, Slice
from modelc.ops.take import Take, require_few

TABLE: Table = {}
_add = adder(TABLE)

_OVER_BATCH = "it would join or cut the samples of the batch"


@_add("hstack")
def _hstack(g: Builder, *xs: Tensor) -> Tensor:
    return concatenated(g, *xs, axis=1)


@_add("dstack")
def _dstack(g: Builder, *xs: Tensor) -> Tensor:
    deep = [reshaped(x, (*x.shape, 1)) if x.rank == 2 else x for x in xs]
    if any(x.rank < 3 for x in deep):
        raise ShapeError("it takes at least one axis beside the batch", axis="rank")
    return concatenated(g, *deep, axis=2)


@_add("append")
def _append(g: Builder, x1: Tensor, x2: Tensor, *, axis: int | None = None) -> Tensor:
    if axis is None:
        raise ShapeError("`axis` must be given: without it the batch would be joined, too", code="E204")
    return concatenated(g, x1, x2, axis=axis)


@_add("hsplit")
def _hsplit(g: Builder, x: Tensor, *, indices_or_sections: IntOrInts) -> tuple[Tensor, ...]:
    return parts(g, x, indices_or_sections=indices_or_sections, axis=1)


@_add("dsplit")
def _dsplit(g: Builder, x: Tensor, *, indices_or_sections: IntOrInts) -> tuple[Tensor, ...]:
    return parts(g, x, indices_or_sections=indices_or_sections, axis=2)


@_add("fliplr")
def _fliplr(g: Builder, x: Tensor) -> Tensor:
    sample_axes(1, x.rank)
    size = size_of(x, 1)
    require_few(size)
    return x.emit(Take(1, Stepped.reversed(size)))


@_add("rot90")
def _rot90(g: Builder, array: Tensor, *, k: int = 1, axes: Ints = (0, 1)) -> Tensor:
    """A quarter turn, k times, from the first of the axes to the second."""
    one, other = (a % array.rank for a in axes) if len(axes) == 2 else (0, 0)
    if one == other or 0 in (one, other):
        raise ShapeError(f"`axes` {list(axes)} must be two axes beside the batch", code="E204")

    def flipped(x: Tensor, axis: int) -> Tensor:
        size = size_of(x, axis)
        require_few(size)
        return x.emit(Take(axis, Stepped.reversed(size)))

    order = list(range(array.rank))
    order[one], order[other] = order[other], order[one]
    match k % 4:
        case 0:
            return array
        case 1:
            return permuted(flipped(array, other), order)
        case 2:
            return flipped(flipped(array, one), other)
        case _:
            return flipped(permuted(array, order), other)


@_add("ravel")
def _ravel(g: Builder, x: Tensor) -> Tensor:
    if x.batched and x.rank > 1:
        raise ShapeError("it would mix the samples of the batch", "use `reshape` with `newshape: [-1, n]`")
    return x if x.rank == 1 else reshaped(x, (x.type.size,))


@_add("broadcast_to")
def _broadcast_to(g: Builder, x: Tensor, *, shape: Sizes) -> Tensor:
    """x repeated along its axes of 1 and along new ones; the batch is null, -1 or 1."""
    batch = (None, -1, 1, g.batch_size)
    wanted = (None, *shape[1:]) if x.batched and shape and shape[0] in batch else shape
    if x.batched and len(shape) != x.rank:
        raise ShapeError(f"`shape` {list(shape)} puts axes before the batch of {format_shape(x.shape)}")
    if x.shape == wanted:
        return x
    y = x.as_float().emit(Broadcast(tuple(wanted)))
    return y.cast("int32") if x.dtype == "int32" else y


@_add("slice")
def _slice(g: Builder, inputs: Tensor, start_indices: Tensor | Numbers, *, shape: Sizes) -> Tensor:
    """The part from constant places on, of this shape; all of the batch."""
    starts = _places(start_indices, inputs)
    if len(shape) != len(starts):
        raise ShapeError(f"`shape` {list(shape)} has a size for each axis of {format_shape(inputs.shape)}")
    stops: list[int | None] = []
    for axis, (start, size, extent) in enumerate(zip(starts, shape, inputs.shape, strict=True)):
        if extent is None:
            if start or size not in (None, -1, g.batch_size):
                raise ShapeError("samples cannot be taken out of the batch", "write -1 for the batch")
            stops.append(None)
        elif size is None or not 0 < size <= extent - start or start < 0:
            raise ShapeError(f"{size} elements from {start} on do not lie in the {extent} of axis {axis}", axis=axis)
        else:
            stops.append(start + size)
    return inputs.emit(Slice(tuple(starts), tuple(stops), (1,) * len(stops)))


@_add("slice_update")
def _slice_update(g: Builder, inputs: Tensor, start_indices: Tensor | Numbers, updates: Tensor) -> Tensor:
    """The tensor with a part of it, from constant places on, replaced."""
    starts = _places(start_indices, inputs)
    x, new = inputs.as_float(), updates.as_float()
    pads: list[tuple[int, int]] = []
    if new.rank != x.rank:
        raise ShapeError(f"{format_shape(new.shape)} is not a part of {format_shape(x.shape)}", axis="rank")
    for start, size, extent in zip(starts, new.shape, x.shape, strict=True):
        if (size is None) != (extent is None) or (size is None and start) or start < 0:
            raise ShapeError(f"{format_shape(new.shape)} is not a part of {format_shape(x.shape)}")
        pads.append((0, 0) if size is None or extent is None else (start, extent - start - size))
    if any(high < 0 for _, high in pads):
        raise ShapeError(f"{format_shape(new.shape)} does not fit into {format_shape(x.shape)} there")

    ones = abs(new).greater(abs(new)) * 0.0 + 1.0
    return where(ones.emit(Pad(tuple(pads))), new.emit(Pad(tuple(pads))), x)


def _places(start_indices: Tensor | Numbers, x: Tensor) -> tuple[int, ...]:
    given = start_indices if isinstance(start_indices, tuple) else (start_indices,)
    if len(given) != x.rank or not all(isinstance(place, float) and place.is_integer() for place in given):
        raise ShapeError(f"`start_indices` are {x.rank} constant integers, one for each axis")
    return tuple(int(place) for place in given if isinstance(place, float))


@_add("linspace")
def _linspace(
    g: Builder, start: Tensor, stop: Tensor, *, num: int = 50, endpoint: bool = True, axis: int = 0,
    retstep: bool = False, dtype: str | None = None,
) -> Tensor:  # fmt: skip
    """``y[..., i, ...] = start + i·(stop - start)/(num - 1)``, or over num without the end."""
    (at,) = sample_axes(axis, max(start.rank, stop.rank) + 1)
    if retstep or not 1 <= num <= 1 << 16:
        raise ShapeError("`num` is 1 to 65536, and `retstep` is not supported", code="E204")
    a, b = (reshaped(x.as_float(), (*x.shape[:at], 1, *x.shape[at:])) if x.rank else x
            for x in (start, stop))  # fmt: skip
    steps = reshaped(g.emit(Range(num)), (num, *(1,) * (max(a.rank, b.rank) - 1 - at)))
    share = steps * (1 / max(1, num - 1 if endpoint else num))
    return a.as_float() + (b - a) * share


@_add("unravel_index")
def _unravel_index(g: Builder, indices: Tensor, *, shape: Sizes) -> tuple[Tensor, ...]:
    """The places along every axis of a shape that places in its flat order stand for, int32."""
    places: list[Tensor] = []
    rest = indices.as_float()
    for size in reversed(shape):
        if size is None or size < 1:
            raise ShapeError(f"`shape` {list(shape)} must be known", code="E204")
        whole = (rest * (1 / size) + 0.25 / size).floor()
        own = rest - whole * float(size)
        places.append(own.cast("int32"))
        rest = whole
    return tuple(reversed(places))


@_add("rearrange")
def _rearrange(g: Builder, tensor: Tensor, *, pattern: str, axes_lengths: dict[str, int] | None = None) -> Tensor:
    """Axes taken apart, permuted and joined as the pattern says: `b h (w c) -> b (h w) c`."""
    left, arrow, right = pattern.partition("->")
    if not arrow or len(pattern) > 256:
        raise ShapeError(f"`pattern` ({pattern[:60]}) is not two lists of axes with `->` between", code="E204")
    before, after = _groups(left), _groups(right)
    names = [name for group in before for name in group]
    if len(before) != tensor.rank or sorted(names) != sorted(n for group in after for n in group):
        raise ShapeError(f"`pattern` ({pattern[:60]}) does not name the axes of {format_shape(tensor.shape)}")
    sizes: dict[str, int | None] = dict(axes_lengths or {})
    for group, extent in zip(before, tensor.shape, strict=True):
        open_ = [name for name in group if name not in sizes]
        known = 1
        for name in group:
            known *= sizes.get(name) or 1
        if extent is None and len(group) == 1:
            sizes[group[0]] = None
        elif extent is None or len(open_) > 1 or (extent % known if open_ else extent != known):
            raise ShapeError(f"`{' '.join(group)}` does not make an axis of {extent}")
        elif open_:
            sizes[open_[0]] = extent // known
    x = reshaped(tensor, tuple(sizes[name] for name in names))
    x = permuted(x, [names.index(name) for group in after for name in group])
    shape: list[int | None] = []
    for group in after:
        size: int | None = 1
        for name in group:
            extent = sizes[name]
            if extent is None and len(group) > 1:
                raise ShapeError(_OVER_BATCH)
            size = None if extent is None or size is None else size * extent
        shape.append(size)
    return reshaped(x, tuple(shape))


def _groups(text: str) -> list[list[str]]:
    """`b h (w c)` as `[[b], [h], [w, c]]`."""
    groups: list[list[str]] = []
    inside = False
    for word in text.replace("(", " ( ").replace(")", " ) ").split():
        if word == "(" and not inside:
            groups.append([])
            inside = True
        elif word == ")" and inside:
            inside = False
        elif not word.isidentifier():
            raise ShapeError(f"`{word[:20]}` in `pattern` is not an axis name", code="E204")
        elif inside:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups

"""Reshaping a tensor whose axes stand in another order than ONNX's: axis group by axis group, without moving any.

A reshape splits into groups of axes that become groups of axes with as many elements: of (N, C, H, W) → (N, g, C/g,
H·W) these are N → N, C → g, C/g and H, W → H·W. Where the axes of a group stand side by side in the model's tensor, in
order, the reshape leaves the groups where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from modelc.graph.expressions import Expression
from modelc.graph.sizes import expression_of, is_free
from modelc.layers.reshaping.shape import Flatten
from modelc.onnx.read.reader import Reader
from modelc.onnx.read.table import MixesSamplesError, RefusedError
from modelc.onnx.read.values import Flow
from modelc.sources.refs import SampleCount


@dataclass(slots=True)
class _Group:
    """Axes of a tensor and the sizes that they become."""

    axes: list[int]
    sizes: list[Any]
    places: list[int]
    """The axes of the result, in the ONNX tensor."""


def regrouped(r: Reader, x: Flow, target: Sequence[Any]) -> Flow:
    """A tensor in another shape, given as ONNX has it: -1 for a size that follows. Raises `MixesSamplesError`."""
    sizes = r.dims(x)
    wanted = _settled(r, sizes, target)
    if x.mixed is not None and not _same(sizes, wanted):
        x = r.in_order(x)
    if _same(sizes, wanted):
        return x
    groups = _groups(sizes, wanted)
    if groups is None:
        raise RefusedError(f"it gives a tensor of {_shown(sizes)} the shape {_shown(wanted)}, of other elements")
    for group in groups:
        if any(isinstance(sizes[i], SampleCount) for i in group.axes) and (
            sum(not _is_one(sizes[i]) for i in group.axes) > 1 or sum(not _is_one(size) for size in group.sizes) > 1
        ):
            raise MixesSamplesError("it reshapes across the axis of the batch")
    flat = _flattened(r, x, sizes, wanted, groups)
    if flat is not None:
        return flat
    if not all(_stands(x, group, sizes) for group in groups):
        x = r.plain(x)
    return _written(r, x, groups, len(wanted))


def _settled(r: Reader, sizes: Sequence[Any], target: Sequence[Any]) -> list[Any]:
    """The target without -1, and with the number of samples where the file has it as a number."""
    wanted = list(target)
    batch = next((i for i, size in enumerate(sizes) if isinstance(size, SampleCount)), None)
    if batch is not None and not any(isinstance(size, SampleCount) for size in wanted):
        place = _batch_place(r, sizes, wanted, batch)
        if place is None:
            raise MixesSamplesError(f"it reshapes {_shown(sizes)} to {_shown(wanted)}, across the batch")
        wanted[place] = SampleCount()
    if wanted.count(-1) == 1:
        known = _product([size for size in wanted if not isinstance(size, SampleCount) and size != -1])
        total = _product([size for size in sizes if not isinstance(size, SampleCount)])
        if isinstance(known, int) and known == 0:
            raise RefusedError("it has no elements")
        wanted[wanted.index(-1)] = total // known
    return wanted


def _batch_place(r: Reader, sizes: Sequence[Any], wanted: Sequence[Any], batch: int) -> int | None:
    """Where the batch stands in a target that says it as a number, or not at all."""
    rest = _product([size for i, size in enumerate(sizes) if i != batch])
    for place in range(min(batch + 1, len(wanted))):
        size = wanted[place]
        others = [one for i, one in enumerate(wanted) if i != place]
        open_others = sum(isinstance(one, int) and one == -1 for one in others)
        if isinstance(size, int) and size == -1:
            fits = not open_others and _equal(_product(others), rest)
        else:
            known = _product([one for one in others if not (isinstance(one, int) and one == -1)])
            fits = size == r.batch_size and (
                (open_others == 1 and _divides(known, rest)) or (not open_others and _equal(known, rest))
            )
        if fits and _equal(_product(sizes[:batch]), _product(wanted[:place])):
            return place
    return None


def _divides(known: Any, rest: Any) -> bool:
    return not (isinstance(known, int) and isinstance(rest, int)) or (known > 0 and rest % known == 0)


def _groups(sizes: Sequence[Any], wanted: Sequence[Any]) -> list[_Group] | None:
    """The smallest groups of axes with as many elements on both sides."""
    groups: list[_Group] = []
    i = j = 0
    while i < len(sizes) or j < len(wanted):
        group = _Group([], [], [])
        left: Any = 1
        right: Any = 1
        while True:
            if group.axes and group.sizes and _equal(left, right):
                break
            if i >= len(sizes) and j >= len(wanted):
                break
            if i < len(sizes) and (not group.axes or j >= len(wanted) or _less(left, right, group)):
                left = _times(left, sizes[i])
                group.axes.append(i)
                i += 1
            elif j < len(wanted):
                right = _times(right, wanted[j])
                group.sizes.append(wanted[j])
                group.places.append(j)
                j += 1
            else:
                left = _times(left, sizes[i])
                group.axes.append(i)
                i += 1
        if not _equal(left, right):
            return None
        groups.append(group)
    return _merged(groups)


def _merged(groups: list[_Group]) -> list[_Group]:
    """Groups of one side alone, axes of one element at the end, belong to the group before."""
    made: list[_Group] = []
    for group in groups:
        if made and (not group.axes or not group.sizes):
            made[-1] = _Group(made[-1].axes + group.axes, made[-1].sizes + group.sizes, made[-1].places + group.places)
        else:
            made.append(group)
    return made


def _less(left: Any, right: Any, group: _Group) -> bool:
    """Whether the next axis is to be taken from the left side. Of sizes that cannot be compared, in turns."""
    if isinstance(left, int) and isinstance(right, int):
        return left < right
    return len(group.axes) <= len(group.sizes)


def _stands(x: Flow, group: _Group, sizes: Sequence[Any]) -> bool:
    """Whether the axes of a group stand side by side and in order in the model's tensor."""
    places = [x.axes[i] for i in group.axes if not _is_one(sizes[i])]
    ones = [x.axes[i] for i in group.axes if _is_one(sizes[i])]
    if places != sorted(places):
        return False
    between = range(places[0], places[-1] + 1) if places else range(0)
    return all(at in places or at in ones for at in between)


def _flattened(
    r: Reader, x: Flow, sizes: Sequence[Any], wanted: Sequence[Any], groups: Sequence[_Group]
) -> Flow | None:
    """(N, C, H, W) → (N, C·H·W) of a tensor with its channels last: the elements stay in its order, which is noted."""
    last = groups[-1]
    if len(wanted) != 2 or len(last.sizes) != 1 or len(groups) != 2 or x.batch != 0 or x.mixed is not None:
        return None
    if any(is_free(sizes[i]) for i in last.axes):
        return None
    if _stands(x, last, sizes):
        return Flow(r.layer(Flatten, x.ref), (0, 1), x.dtype)
    inner = sorted(last.axes, key=lambda i: x.axes[i])
    order = tuple(last.axes.index(i) for i in inner)
    return Flow(r.layer(Flatten, x.ref), (0, 1), x.dtype, (tuple(sizes[i] for i in last.axes), order))


def _written(r: Reader, x: Flow, groups: Sequence[_Group], rank: int) -> Flow:
    """The reshape of a tensor in which the axes of each group stand together."""
    sizes = r.dims(x)

    def place(group: _Group) -> float:
        long = [x.axes[i] for i in group.axes if not _is_one(sizes[i])]
        return min(long) if long else min((x.axes[i] for i in group.axes), default=len(x.axes)) + 0.5

    axes = [0] * rank
    written: list[Any] = []
    at = 0 if x.batch is not None else 1
    for group in sorted(groups, key=place):
        for size, to in zip(group.sizes, group.places, strict=True):
            axes[to] = at
            if not isinstance(size, SampleCount):
                written.append(size)
            at += 1
    first = [size for group in groups for size, to in zip(group.sizes, group.places, strict=True) if axes[to] == 0]
    if x.batch is not None and not any(isinstance(size, SampleCount) for size in first):
        raise MixesSamplesError("it reshapes across the axis of the batch")
    return replace(x, ref=r.reshaped(x.ref, written), axes=tuple(axes), mixed=None)


# --- sizes, which are numbers, free sizes, or the number of samples


def _is_one(size: Any) -> bool:
    return isinstance(size, int) and size == 1


def _product(sizes: Sequence[Any]) -> Any:
    made: Any = 1
    for size in sizes:
        made = made * size
    return made


def _times(a: Any, b: Any) -> Any:
    if isinstance(a, SampleCount) and isinstance(b, SampleCount):
        raise MixesSamplesError("it has the batch as two axes")
    if isinstance(a, SampleCount) or isinstance(b, SampleCount):
        count, size = (a, b) if isinstance(a, SampleCount) else (b, a)
        return count * size if isinstance(size, int) and size else (count, size)
    return a * b


def _equal(a: Any, b: Any) -> bool:
    """Whether two sizes are the same for all values of those that are free. Nothing is taken to be known of them."""
    if isinstance(a, SampleCount | tuple) or isinstance(b, SampleCount | tuple):
        return type(a) is type(b) and a == b
    if isinstance(a, int) and isinstance(b, int):
        return a == b
    return _expression(a).plus(_expression(b), -1).number == 0


def _expression(size: Any) -> Expression:
    return expression_of(size)


def _same(a: Sequence[Any], b: Sequence[Any]) -> bool:
    return len(a) == len(b) and all(map(_equal, a, b))


def _shown(sizes: Sequence[Any]) -> str:
    return f"({', '.join('batch' if isinstance(size, SampleCount) else str(size) for size in sizes)})"

"""Reshaping without moving an element: axes of the model's tensor are split, and products of them are noted.

The axes of the ONNX tensor, taken apart into axes of the model's tensor, have the same product as the target. So each
size of the target is a product of such axes, or of parts of them: (N, C, H, W) → (N, g, C/g, H·W) splits C where it
stands, and notes that the last axis is H·W. Only where the sizes do not divide each other, as in (6, 4) → (8, 3), axes
have to be made one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from modelc.graph.sizes import as_size, expression_of, is_free
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import MixesSamplesError, RefusedError
from modelc.onnx.read.values import Flow, Place
from modelc.onnx.read.writing import extent, product_of
from modelc.sources.refs import SampleCount


@dataclass(slots=True)
class _Axis:
    """An axis of the model's tensor on the way through a target, and the parts that it is split into."""

    at: int
    size: Any
    sizes: list[Any] = field(default_factory=list[Any])


_Piece = tuple[int, int]
"""A part of an axis: the number of the axis on the way, and which of its parts."""


def regrouped(r: OnnxReader, x: Flow, target: Sequence[Any]) -> Flow:
    """A tensor in another shape, given as ONNX has it: -1 for a size that follows. Raises `MixesSamplesError`."""
    shape = r.shapes.type_of(x.ref).shape
    way = [at for i in range(x.rank) for at in x.parts(i)]
    for literal in dict.fromkeys((None, r.batch_size)):
        axes = [_Axis(at, literal if at == 0 and literal is not None else extent(shape, at)) for at in way]
        wanted = _settled([axis.size for axis in axes], target)
        if wanted is None:
            continue
        pieces = _factored(axes, wanted)
        if pieces is not None and _keeps_batch(axes):
            return _split(r, x, axes, _with_batch(axes, pieces))
    return _flat(r, x, target)


def _settled(sizes: Sequence[Any], target: Sequence[Any]) -> list[Any] | None:
    """The target without -1; None where there is no such size."""
    wanted = list(target)
    places = [i for i, size in enumerate(wanted) if isinstance(size, int) and size == -1]
    if len(places) > 1:
        raise RefusedError(f"its shape {wanted} has more than one -1")
    if places:
        try:
            known = product_of([size for i, size in enumerate(wanted) if i != places[0]])
            wanted[places[0]] = ratio(product_of(sizes), known)
        except TypeError:
            return None
        if wanted[places[0]] is None:
            return None
    return wanted


def _factored(axes: list[_Axis], wanted: Sequence[Any]) -> list[list[_Piece]] | None:
    """For each size of the target the pieces that it is the product of; None where the sizes do not divide."""
    made: list[list[_Piece]] = []
    i = 0
    left: Any = axes[0].size if axes else 1
    for size in wanted:
        pieces: list[_Piece] = []
        while not _is_one(size):
            while _is_one(left) and i + 1 < len(axes):
                i += 1
                left = axes[i].size
            if _is_one(left):
                return None
            rest = ratio(size, left)
            if rest is not None:
                part, size, left = left, rest, 1
            else:
                rest = ratio(left, size)
                if rest is None:
                    return None
                part, size, left = size, 1, rest
            pieces.append((i, len(axes[i].sizes)))
            axes[i].sizes.append(part)
        made.append(pieces)
    done = _is_one(left) and all(_is_one(axis.size) for axis in axes[i + 1 :])
    return made if done else None


def _keeps_batch(axes: Sequence[_Axis]) -> bool:
    return all(len(axis.sizes) <= 1 for axis in axes if axis.at == 0)


def _with_batch(axes: Sequence[_Axis], pieces: list[list[_Piece]]) -> list[list[_Piece]]:
    """Of a file that fixes one sample, the batch among the sizes: where the target has a 1 at its place, if it has.

    Else it becomes part of the axis after it, or, if that is the last one, before it.
    """
    number = next((i for i, axis in enumerate(axes) if axis.at == 0 and not axis.sizes), None)
    if number is None or not pieces:
        return pieces
    axes[number].sizes.append(1)
    first = max((j + 1 for j, own in enumerate(pieces) if any(i < number for i, _ in own)), default=0)
    last = min((j for j, own in enumerate(pieces) if any(i > number for i, _ in own)), default=len(pieces))
    made = [list(own) for own in pieces]
    if first < last:
        made[first].append((number, 0))
    elif last < len(pieces) - 1 or first == 0:
        made[last].insert(0, (number, 0))
    else:
        made[first - 1].append((number, 0))
    return made


def _split(r: OnnxReader, x: Flow, axes: Sequence[_Axis], pieces: Sequence[Sequence[_Piece]]) -> Flow:
    """The tensor whose axes are split as the pieces say, and the places of these."""
    shape = r.shapes.type_of(x.ref).shape
    by_place = {axis.at: i for i, axis in enumerate(axes)}
    starts: dict[int, int] = {}
    sizes: list[Any] = []
    for at, size in enumerate(shape):
        own = by_place.get(at)
        starts[at] = len(sizes)
        parts = axes[own].sizes if own is not None and at and len(axes[own].sizes) > 1 else [size]
        sizes += parts
    places: list[Place] = [tuple(starts[axes[i].at] + part for i, part in own) for own in pieces]
    return x.placed(r.reshaped(x.ref, sizes[1:]), places)


def _flat(r: OnnxReader, x: Flow, target: Sequence[Any]) -> Flow:
    """Where sizes do not divide each other: the axes in ONNX's order, as one reshape of each sample."""
    sizes = r.dims(x)
    x = r.plain(x)
    wanted = list(target)
    if x.batch is None:
        settled = _settled(sizes, wanted)
    else:
        if x.batch != 0 or not wanted or not (wanted[0] in (SampleCount(), r.batch_size) or wanted[0] == -1):
            raise MixesSamplesError(f"it reshapes {_shown(sizes)} to {_shown(wanted)}, across the batch")
        settled = _settled(sizes[1:], wanted[1:])
    if settled is None or not _equal(product_of(settled), product_of(sizes[x.batch is not None :])):
        if x.batch is not None:
            raise MixesSamplesError(f"it reshapes {_shown(sizes)} to {_shown(wanted)}, across the batch")
        raise RefusedError(f"it gives a tensor of {_shown(sizes)} the shape {_shown(wanted)}, of other elements")
    return x.placed(r.reshaped(x.ref, settled), [*([0] if x.batch is not None else []), *range(1, len(settled) + 1)])


# --- sizes, which are numbers, free sizes, or the number of samples


def _is_one(size: Any) -> bool:
    return isinstance(size, int) and size == 1


def ratio(a: Any, b: Any) -> Any:
    """The size of which `a` is the product with `b`; None where there is none. Nothing is assumed of free sizes."""
    if isinstance(b, SampleCount):
        return ratio(_plain(a.factor), _plain(b.factor)) if isinstance(a, SampleCount) else None
    if isinstance(a, SampleCount):
        rest = ratio(_plain(a.factor), b)
        return None if rest is None else SampleCount(Fraction(rest) if isinstance(rest, int) else rest)
    if isinstance(a, int) and isinstance(b, int):
        return a // b if b and a % b == 0 else None
    if not all(isinstance(size, int) or is_free(size) for size in (a, b)):
        return None
    quotient = expression_of(a).over(expression_of(b))
    if quotient.times(expression_of(b)) != expression_of(a):
        return None
    number = quotient.number
    free: Any = a if is_free(a) else b
    return as_size(free.sizes, quotient) if number is None else number


def _plain(factor: Any) -> Any:
    return int(factor) if isinstance(factor, Fraction) and factor.denominator == 1 else factor


def _equal(a: Any, b: Any) -> bool:
    rest = ratio(a, b)
    return rest is not None and _is_one(rest)


def _shown(sizes: Sequence[Any]) -> str:
    return f"({', '.join('batch' if isinstance(size, SampleCount) else str(size) for size in sizes)})"

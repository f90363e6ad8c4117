"""The fewest loops over tensors that broadcast to one shape, or that are sums of such."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass

from modelc.graph.sizes import likely, surely_equal
from modelc.graph.types import TensorType


@dataclass(frozen=True)
class Loops:
    """Three loops, the innermost over neighbours in memory, and the steps of each tensor along them."""

    outer: int
    rows: int
    columns: int
    """Extents; one that is negative is minus that of one sample of the batch."""
    strides: tuple[tuple[int, int, int], ...]
    """In elements: 0 along a loop in which a tensor is repeated, or summed."""


def loops_over(
    space: TensorType,
    tensors: Sequence[TensorType],
    sums: Sequence[tuple[int, ...]] = (),
    kept: Container[int] = (),
) -> Loops | None:
    """The loops over a tensor of the type `space`.

    An axis of 1 is none, unless it is among the `kept` ones. The strides are those of tensors that broadcast to the
    space, then of its sums over these axes (all of the rows).
    None where that takes more loops, or where a tensor is not contiguous, or repeated, in the innermost.
    """
    steps = [_strides(tensor.shape, space) for tensor in tensors]
    steps += [_summed(space, axes) for axes in sums]
    loops: list[tuple[int, list[int]]] = []  # the innermost first
    for axis in reversed(range(space.rank)):
        batched = axis == 0 and space.batched
        size = space.shape[axis]
        extent = 1 if size is None else size
        along = [s[axis] for s in steps]
        if surely_equal(extent, 1) and not batched and axis not in kept:
            continue
        if loops and not (batched and len(loops) == 1):
            inner, known = loops[-1]
            if all(surely_equal(s, k * inner) for s, k in zip(along, known, strict=True)):
                loops[-1] = (-inner if batched else inner * extent, known)
                continue
        loops.append((-1 if batched else extent, along))
    if not loops or likely(loops[0][0]) < 0 or len(loops) > 3:
        return None
    while len(loops) < 3:
        loops.append((1, [0] * len(steps)))
    (columns, inner), (rows, middle), (outer, far) = loops
    strides = tuple(zip(far, middle, inner, strict=True))
    fits = all(surely_equal(s[2], 0) or surely_equal(s[2], 1) for s in strides)
    summed = strides[len(tensors) :]
    # What is added up is added up by rows: all of one result, in one thread.
    added = all(
        surely_equal(s[1], 0) and surely_equal(s[2], 1) and (not surely_equal(s[0], 0) or surely_equal(outer, 1))
        for s in summed
    )
    return Loops(outer, rows, columns, strides) if fits and added else None


def _strides(shape: Sequence[int | None], space: TensorType) -> list[int]:
    """A tensor's stride along every axis of the space, 0 where it is repeated."""
    extents = [1 if d is None else d for d in shape]
    strides = [0] * space.rank
    first = space.rank - len(shape)
    for axis, extent in enumerate(shape):
        if not surely_equal(extent, 1):
            strides[first + axis] = math.prod(extents[axis + 1 :])
    return strides


def _summed(space: TensorType, axes: tuple[int, ...]) -> list[int]:
    """The stride along every axis of the sum over `axes`, which does not move along these."""
    kept = [1 if axis in axes else d for axis, d in enumerate(space.shape)]
    return [0 if axis in axes else stride for axis, stride in enumerate(_strides(kept, space))]

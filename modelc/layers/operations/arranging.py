"""Operations that give a tensor another shape or order of axes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydantic import PositiveInt

from modelc.errors import ShapeError
from modelc.graph.axes import resolve_axes
from modelc.graph.builder import Builder
from modelc.graph.sizes import same_shape
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.layers.operations.registry import IntOrInts, Ints, Sizes, Table, adder
from modelc.layers.options.fields import DataFormat

TABLE: Table = {}
_add = adder(TABLE)


def reshaped(x: Tensor, shape: tuple[int | None, ...]) -> Tensor:
    """x in this shape, which has as many elements."""
    return x if same_shape(shape, x.shape) else x.reshape(shape)


def permuted(x: Tensor, perm: Sequence[int]) -> Tensor:
    """x with its axes in another order, the batch first. Raises `ShapeError`."""
    if perm[0] != 0 and x.batched:
        raise ShapeError(f"the axes {list(perm)} would move the batch, which stays first")
    return x if list(perm) == sorted(perm) else x.transpose(tuple(perm))


def size_of(x: Tensor, axis: int) -> int:
    """The extent of an axis that is not the batch."""
    size = x.shape[axis]
    assert size is not None
    return size


@_add("reshape", "view")
def _reshape_to(g: Builder, x: Tensor, *, newshape: Sizes) -> Tensor:
    target = list(newshape)
    if target and x.batched:
        rest = [d for d in target[1:] if d not in (-1, None)]
        if target[0] not in (-1, None, g.batch_size) or len(target) - 1 - len(rest) > 1 or not math.prod(rest):
            raise _misfit(x, newshape)
        inferred = x.type.size // math.prod(rest)
        shape = (None, *(inferred if d in (-1, None) else d for d in target[1:]))
        if math.prod(d for d in shape if d is not None) != x.type.size:
            raise _misfit(x, newshape)
        return reshaped(x, shape)
    known = math.prod(d for d in target if d not in (-1, None))
    shape = tuple(x.type.size // max(known, 1) if d in (-1, None) else d for d in target)
    if x.batched or math.prod(shape) != x.type.size:
        raise _misfit(x, newshape)
    return reshaped(x, shape)


def _misfit(x: Tensor, newshape: Sizes) -> ShapeError:
    return ShapeError(
        f"`newshape` {list(newshape)} does not keep the batch of {format_shape(x.shape)} and its elements",
        "write -1 for the batch, which stays first",
    )


@_add("transpose")
def _transpose(g: Builder, x: Tensor, *, axes: Ints | None = None) -> Tensor:
    rank = x.rank
    perm = tuple(reversed(range(rank))) if axes is None else tuple(a % rank for a in axes)
    if sorted(perm) != list(range(rank)):
        raise ShapeError(f"`axes` {list(axes or ())} is not a permutation of the axes of {format_shape(x.shape)}")
    return permuted(x, perm)


@_add("swapaxes")
def _swapaxes(g: Builder, x: Tensor, *, axis1: int, axis2: int) -> Tensor:
    perm = list(range(x.rank))
    (one,), (two,) = resolve_axes(axis1, x.rank, "axis1"), resolve_axes(axis2, x.rank, "axis2")
    perm[one], perm[two] = perm[two], perm[one]
    return permuted(x, perm)


@_add("moveaxis")
def _moveaxis(g: Builder, x: Tensor, *, source: IntOrInts, destination: IntOrInts) -> Tensor:
    moved = [(s,) if isinstance(s, int) else s for s in (source, destination)]
    rank = x.rank
    if len(moved[0]) != len(moved[1]) or any(not -rank <= a < rank for axes in moved for a in axes):
        raise ShapeError(f"`source` {source} and `destination` {destination} do not name axes of {rank}-D input")
    places = {to % rank: at % rank for at, to in zip(*moved, strict=True)}
    others = iter([a for a in range(rank) if a not in places.values()])
    return permuted(x, [places[a] if a in places else next(others) for a in range(rank)])


@_add("expand_dims")
def expand_dims(g: Builder, x: Tensor, *, axis: IntOrInts) -> Tensor:
    """x with axes of extent 1 at these places of the result."""
    axes = (axis,) if isinstance(axis, int) else axis
    rank = x.rank + len(axes)
    places = resolve_axes(axes, rank)
    if 0 in places and x.batched:
        raise ShapeError("an axis before the batch is not supported", "count the axes from 1")
    sizes = iter(x.shape)
    return reshaped(x, tuple(1 if a in places else next(sizes) for a in range(rank)))


@_add("squeeze")
def squeeze(g: Builder, x: Tensor, *, axis: IntOrInts | None = None) -> Tensor:
    """x without these axes of extent 1; without all such axes where none are given."""
    shape = x.shape
    ones = tuple(a for a, d in enumerate(shape) if d == 1)
    axes = ones if axis is None else resolve_axes(axis, x.rank)
    if any(a not in ones for a in axes):
        raise ShapeError(f"`axis` {axis} of {format_shape(shape)} is not of extent 1")
    return reshaped(x, tuple(d for a, d in enumerate(shape) if a not in axes))


@_add("depth_to_space")
def _depth_to_space(
    g: Builder, x: Tensor, *, block_size: PositiveInt, data_format: DataFormat | None = "channels_last"
) -> Tensor:
    """(N, h, w, b·b·C) → (N, h·b, w·b, C); element (i, j) of a block comes from the (i·b + j)-th C channels."""
    x, last = _with_channels_last(x, data_format)
    _, height, width, depth = x.shape
    if depth is None or height is None or width is None or depth % block_size**2:
        raise ShapeError(f"{depth} channels do not make blocks of {block_size}×{block_size}")
    b, channels = block_size, depth // block_size**2
    x = reshaped(x, (None, height, width, b, b, channels))
    x = reshaped(x.transpose((0, 1, 3, 2, 4, 5)), (None, height * b, width * b, channels))
    return x if last else x.transpose((0, 3, 1, 2))


@_add("space_to_depth")
def _space_to_depth(
    g: Builder, x: Tensor, *, block_size: PositiveInt, data_format: DataFormat | None = "channels_last"
) -> Tensor:
    """The inverse of `depth_to_space`."""
    x, last = _with_channels_last(x, data_format)
    _, height, width, channels = x.shape
    b = block_size
    if height is None or width is None or channels is None or height % b or width % b:
        raise ShapeError(f"{format_shape(x.shape)} is not made of blocks of {b}×{b}")
    x = reshaped(x, (None, height // b, b, width // b, b, channels))
    x = reshaped(x.transpose((0, 1, 3, 2, 4, 5)), (None, height // b, width // b, b * b * channels))
    return x if last else x.transpose((0, 3, 1, 2))


def _with_channels_last(x: Tensor, data_format: str | None) -> tuple[Tensor, bool]:
    if x.rank != 4:
        raise ShapeError(f"it takes a batch of images, found {x.rank}-D input", axis="rank")
    last = data_format != "channels_first"
    return (x if last else x.transpose((0, 2, 3, 1))), last

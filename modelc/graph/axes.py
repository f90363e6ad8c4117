"""Axes that options name: counted from either end, checked against the rank of what they are axes of."""

from __future__ import annotations

from collections.abc import Sequence

from modelc.errors import ShapeError
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape


def resolve_axes(axis: int | Sequence[int], rank: int, option: str = "axis") -> tuple[int, ...]:
    """The axes from 0, in order. Raises `ShapeError` for one that this rank does not have, and for a repeated one."""
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    for a in axes:
        if not -rank <= a < rank:
            raise ShapeError(
                f"`{option}` (={a}) is out of range for {rank}-D input",
                f"use {-rank} to {rank - 1}, where 0 is the batch",
            )
    resolved = sorted(a % rank for a in axes)
    if len(set(resolved)) < len(resolved):
        raise ShapeError(f"`{option}` (={list(axes)}) names one axis of {rank}-D input twice")
    return tuple(resolved)


def sample_axes(axis: int | Sequence[int], rank: int, option: str = "axis") -> tuple[int, ...]:
    """`resolve_axes` for what is done to each sample by itself: raises `ShapeError` for the batch axis, too."""
    axes = resolve_axes(axis, rank, option)
    if 0 in axes:
        given = axis if isinstance(axis, int) else list(axis)
        raise ShapeError(f"`{option}` (={given}) includes the batch of {rank}-D input", "count the axes from 1")
    return axes


def dims_of(x: Tensor, axes: Sequence[int]) -> tuple[int, ...]:
    """The extents of x along these axes, none of which is the batch."""
    return tuple(d for axis, d in enumerate(x.shape) if axis in axes and d is not None)


def require_features(x: Tensor, owner: str) -> int:
    """The extent of the last axis. Raises `ShapeError` where x is nothing but a batch."""
    if x.rank < 2:
        raise ShapeError(
            f"{owner} works along the last axis, and {format_shape(x.shape)} has none beside the batch",
            "put a Reshape before it, or give the input its missing axes",
        )
    return x.dims[-1]

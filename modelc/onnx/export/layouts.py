"""The order in which a tensor of the file has the axes of a value of the graph.

modelc has channels last; ONNX's convolutions have them first. A value is written in the order in which it comes from
its operator, and is transposed only for an operator that needs another one: elementwise ones take any, and those along
an axis take its place in the order. So the transposes of a whole model are one at its input and one where a reshape
needs the elements in their own order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from modelc.graph.sizes import surely_equal

Layout = tuple[int, ...]
"""Axis i of the tensor is axis ``layout[i]`` of the value."""
Dims = Sequence[Any]
"""Sizes: integers, free ones, None for the batch."""


@dataclass(frozen=True, slots=True)
class Flattened:
    """A value (N, K) whose second axis was made of axes in another order: the elements are permuted."""

    dims: tuple[Any, ...]
    """The sizes that were flattened, in the order of the value: their product is K."""
    order: Layout
    """The order in which the tensor has them, counted from 0."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A tensor of the file that is a value of the graph."""

    name: str
    layout: Layout
    flattened: Flattened | None = None

    @property
    def plain(self) -> bool:
        """Whether it has the axes and the elements in the order of the value."""
        return self.flattened is None and is_plain(self.layout)


def plain(rank: int) -> Layout:
    """The order of the value itself."""
    return tuple(range(rank))


def is_plain(layout: Layout) -> bool:
    """Whether it is the order of the value itself."""
    return layout == plain(len(layout))


def channels_first(rank: int) -> Layout:
    """(N, C, *spatial) of (N, *spatial, C)."""
    return (0, rank - 1, *range(1, rank - 1))


def permuted(sizes: Dims, layout: Layout) -> tuple[Any, ...]:
    """What belongs to the axes of a value, in the order of the tensor."""
    return tuple(sizes[axis] for axis in layout)


def moves_nothing(shape: Dims, before: Layout, after: Layout) -> bool:
    """Whether two orders of the axes have the elements in the same order: only axes of one element change places."""

    def long(layout: Layout) -> list[int]:
        return [axis for axis in layout if not surely_equal(shape[axis], 1)]

    return long(before) == long(after)

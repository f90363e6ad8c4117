"""What a weight of a spec is made of: tensors of a PyTorch model, and the steps between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from modelc.pytorch.pattern import Pattern, PatternError

Array = NDArray[Any]
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One of several equal parts of a tensor along an axis."""

    index: int
    of: int
    axis: int = 0

    def shape(self, shape: Shape) -> Shape:
        """The shape of the part. Raises `PatternError` where the tensor has no such parts."""
        if not (self.axis < len(shape) and 0 <= self.index < self.of and shape[self.axis] % self.of == 0):
            raise PatternError(f"a tensor of the shape {shape} has no part {self.index} of {self.of}")
        return (*shape[: self.axis], shape[self.axis] // self.of, *shape[self.axis + 1 :])

    def take(self, array: Array) -> Array:
        """The part."""
        return np.split(array, self.of, self.axis)[self.index]


@dataclass(frozen=True, slots=True)
class MapEntry:
    """How one weight is made: parts of tensors, their blocks in another order, joined; then the axes rearranged."""

    tensors: tuple[str, ...]
    joined: Literal["add", "stack"] | None = None
    """How several tensors become one: added, or one above the other along a new first axis."""
    part: Part | None = None
    blocks: tuple[int, ...] = ()
    """The order of equal blocks along the first axis, such as the gates of a GRU; empty for that of the tensor."""
    axes: str | None = None
    """The pattern that rearranges the axes; None for a tensor that has the weight's shape."""
    sizes: Mapping[str, int] = field(default_factory=dict[str, int])
    """Sizes of axes in the pattern that do not follow from the shapes."""

    def check(self, shapes: Mapping[str, Shape], shape: Shape) -> None:
        """Raise `PatternError` unless tensors of these shapes become a weight of this shape."""
        parts = {self._part_shape(shapes[name]) for name in self.tensors}
        if len(parts) != 1:
            raise PatternError(f"the tensors {', '.join(self.tensors)} have different shapes")
        found = parts.pop()
        if self.blocks and (not found or sorted(self.blocks) != list(range(len(self.blocks)))):
            raise PatternError("`blocks` lists every number from 0 once")
        if self.blocks and found[0] % len(self.blocks):
            raise PatternError(f"a tensor of the shape {found} does not have {len(self.blocks)} equal blocks")
        if self.joined == "stack":
            found = (len(self.tensors), *found)
        if self.axes is None:
            if found != shape:
                raise PatternError(
                    f"it has the shape {found}, and the weight {shape}: say by `as` how one becomes the other"
                )
        elif not Pattern.of(self.axes).fits(found, shape, self.sizes):
            Pattern.of(self.axes).apply(np.broadcast_to(np.float32(0), found), shape, self.sizes)  # which says why

    def make(self, read: Callable[[str], Array], shape: Shape) -> Array:
        """The weight, from tensors that are read by name."""
        arrays = [self._prepared(read(name)) for name in self.tensors]
        array: Array = arrays[0]
        if self.joined == "add":
            array = np.asarray(np.sum(arrays, axis=0, dtype=np.float32))
        elif self.joined == "stack":
            array = np.stack(arrays)
        return array if self.axes is None else Pattern.of(self.axes).apply(array, shape, self.sizes)

    def _part_shape(self, shape: Shape) -> Shape:
        return shape if self.part is None else self.part.shape(shape)

    def _prepared(self, array: Array) -> Array:
        if self.part is not None:
            array = self.part.take(array)
        if self.blocks:
            blocks = np.split(array, len(self.blocks))
            array = np.concatenate([blocks[i] for i in self.blocks])
        return array

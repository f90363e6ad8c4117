"""Patterns of axes, which say how a tensor becomes a weight: `o i h w -> h w i o`.

The notation is that of einops: on the left the axes of the tensor, on the right those of the weight, with the same
names. Axes in parentheses are one axis of the array, the first of them the slowest; `1` is an axis of one element.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, ...]

_AXIS = re.compile(r"\s*(?:\(([^()]*)\)|(1|[a-z]\w*))\s*")
_NAME = re.compile(r"[a-z]\w*")
MAX_AXES = 16
"""Names that a pattern may have."""


class PatternError(ValueError):
    """A pattern is not well-formed, or does not fit the shapes."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The axes of a tensor and of a weight: for each axis of the array the names that it is made of."""

    left: tuple[tuple[str, ...], ...]
    right: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, text: str) -> Pattern:
        """The pattern that is written so. Raises `PatternError`."""
        left, arrow, right = text.partition("->")
        if not arrow:
            raise PatternError("it has no arrow `->` between the axes of the tensor and those of the weight")
        pattern = cls(_axes(left), _axes(right))
        names = [sorted(name for axis in side for name in axis) for side in (pattern.left, pattern.right)]
        if names[0] != names[1] or len(set(names[0])) != len(names[0]) or len(names[0]) > MAX_AXES:
            raise PatternError("the same names must stand on both sides of the arrow, each once")
        return pattern

    def apply(self, array: Array, shape: Shape, sizes: Mapping[str, int]) -> Array:
        """The array with its axes rearranged to `shape`. Raises `PatternError` where they do not fit."""
        known = self._sizes(array.shape, shape, sizes)
        names = [name for axis in self.left for name in axis]
        order = [names.index(name) for axis in self.right for name in axis]
        parts = array.reshape([known[name] for name in names]).transpose(order)
        return np.ascontiguousarray(parts.reshape(shape))

    def fits(self, found: Shape, shape: Shape, sizes: Mapping[str, int]) -> bool:
        """Whether a tensor of the shape `found` becomes a weight of this shape."""
        try:
            self._sizes(found, shape, sizes)
        except PatternError:
            return False
        return True

    def _sizes(self, found: Shape, shape: Shape, given: Mapping[str, int]) -> dict[str, int]:
        """The size of every name, from the shapes of both sides."""
        for side, dims, what in ((self.left, found, "tensor"), (self.right, shape, "weight")):
            if len(side) != len(dims):
                raise PatternError(f"it has {len(side)} axes for the {what}, which has the shape {dims}")
        known = dict(given)
        axes = [*zip(self.left, found, strict=True), *zip(self.right, shape, strict=True)]
        for _ in axes:
            for names, size in axes:
                unknown = [name for name in names if name not in known]
                rest = math.prod(known[name] for name in names if name in known)
                if len(unknown) == 1 and rest and size % rest == 0:
                    known[unknown[0]] = size // rest
        for names, size in axes:
            if any(name not in known for name in names):
                raise PatternError(f"the sizes of {', '.join(n for n in names if n not in known)} must be given")
            if math.prod(known[name] for name in names) != size:
                raise PatternError(f"a tensor of the shape {found} does not become {shape} by it")
        return known


def _axes(text: str) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    at = 0
    while at < len(text.rstrip()):
        match = _AXIS.match(text, at)
        if match is None:
            raise PatternError(f"{text.strip()!r} is not a list of axes: names of small letters, `1`, and `( )`")
        at = match.end()
        names: Sequence[str] = match[1].split() if match[1] is not None else [match[2]]
        if not all(_NAME.fullmatch(name) for name in names) and list(names) != ["1"]:
            raise PatternError(f"{text.strip()!r} is not a list of axes: names of small letters, `1`, and `( )`")
        found.append(() if list(names) == ["1"] else tuple(names))
    return tuple(found)

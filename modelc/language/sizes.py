"""The sizes that a model leaves free: their bounds, and the scope of a trace in which they are computed with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self, cast

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.base import Config
from modelc.graph.expressions import SizeSymbol
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.sizes import declare

_USUAL = 480
"""The value assumed for a free size without bounds: larger than most windows, and divisible by 2 five times."""


class SizeBounds(Config):
    """What a free size may be."""

    min: PositiveInt = 1
    """The least size."""
    max: PositiveInt | None = None
    """The largest size; by default any. Multiply-adds, memory and `limits` are those of the largest one."""
    multiple_of: PositiveInt = 1
    """What the size is a multiple of."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.max is not None and -(-self.min // self.multiple_of) * self.multiple_of > self.max:
            unit = f" that is a multiple of {self.multiple_of}" if self.multiple_of > 1 else ""
            raise PydanticCustomError(
                "conflict", "there is no size from {low} (`min`) to {high} (`max`){unit}",
                {"low": self.min, "high": self.max, "unit": unit, "help": "make `max` larger, or `min` smaller"},
            )  # fmt: skip
        return self

    @property
    def usual(self) -> int:
        """A size within the bounds that a model is checked for: the largest one, or one that most windows fit in."""
        unit = self.multiple_of
        if self.max is not None:
            return self.max // unit * unit
        return -(-max(self.min, _USUAL) // unit) * unit


NO_BOUNDS = SizeBounds()


def symbol_of(name: str, bounds: SizeBounds) -> SizeSymbol:
    """The free size of this name and these bounds."""
    return SizeSymbol(name, bounds.min, float("inf") if bounds.max is None else bounds.max, bounds.multiple_of)


_PLACES: Mapping[int, Sequence[str]] = {1: ("t",), 2: ("h", "w"), 3: ("d", "h", "w")}
"""What the axes beside the channels are called, by their number."""

_COLOURS = (1, 3, 4)
"""How many channels pictures have: grey, red, green and blue, and those with transparency."""


def size_names(shape: Sequence[Any], owner: str | None = None) -> list[str | None]:
    """The names of the sizes of a sample that are free, None for those that are fixed.

    A size without a name is called by its axis: `t` of a sequence, `h` and `w` of a picture; of one of several inputs,
    `owner`, also by the input: `image.h`.
    """
    prefix = "" if owner is None else f"{owner}."
    return [
        size if isinstance(size, str) else prefix + axis if size is None else None
        for size, axis in zip(shape, _axes(shape), strict=True)
    ]


def _axes(shape: Sequence[Any]) -> Sequence[str]:
    """What the axes of a sample are called."""
    if len(shape) == 1:
        return ("t",)
    places = _PLACES.get(len(shape) - 1)
    if places is None:
        return [f"n{i + 1}" for i in range(len(shape))]
    return ("c", *places) if _begins_with_channels(shape) else (*places, "c")


def _begins_with_channels(shape: Sequence[Any]) -> bool:
    """Whether the channels of a sample seem to come first, of which layers need to know the number: (3, None, None).

    An input does not know the `data_format` of the layers that come. Channels are first where the first size alone is
    fixed, or alone of both ends is a number of colours, as in (3, None, 64) and (3, 28, None).
    """
    first, last = shape[0], shape[-1]
    if first in _COLOURS:
        return last not in _COLOURS
    return isinstance(first, int) and not any(isinstance(size, int) for size in shape[1:])


def named_shapes(shapes: Mapping[str, Sequence[Any]]) -> dict[str, tuple[Any, ...]]:
    """The shapes of all inputs of a model, in which every free size has its name."""
    several = len(shapes) > 1
    return {
        owner: tuple(size if name is None else name for size, name in zip(shape, names, strict=True))
        for owner, shape in shapes.items()
        for names in (size_names(shape, owner if several else None),)
    }


def free_names(shapes: Mapping[str, Sequence[Any]]) -> list[str]:
    """The names of all free sizes of a model's inputs, by the inputs' names."""
    return list(dict.fromkeys(n for shape in named_shapes(shapes).values() for n in shape if isinstance(n, str)))


def declare_sizes(
    free_sizes: FreeSizes,
    shapes: Mapping[str, Sequence[Any]],
    bounds: Mapping[str, SizeBounds],
    sizes: Mapping[str, int],
    assumed: Mapping[str, int] = {},
) -> dict[str, tuple[int, ...]]:
    """The shapes of a model's inputs for a trace: free sizes are expressions of the scope.

    `sizes` are those of a call; where there is none, sizes are what they are `assumed` to be, or usual ones.
    """
    free_sizes.of_call = bool(sizes)
    known: dict[str, int] = {}

    def size_of(size: Any) -> int:
        if not isinstance(size, str):
            return cast("int", size)
        if size not in known:
            limit = bounds.get(size, NO_BOUNDS)
            known[size] = declare(free_sizes, symbol_of(size, limit), {**assumed, **sizes}.get(size, limit.usual))
        return known[size]

    return {owner: tuple(map(size_of, shape)) for owner, shape in named_shapes(shapes).items()}

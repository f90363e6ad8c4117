"""Names of layers: what a name may be, and the automatic ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modelc.layers.base import Layer

SEQUENTIAL, FUNCTIONAL = "sequential", "functional"
"""What models are called that have no name of their own."""
LONGEST_NAME = 200


def name_problem(name: str) -> str | None:
    """What is wrong with `name` as a layer's name, or None."""
    if not name or name != name.strip():
        return "a name must not be empty, or begin or end with a space"
    if len(name) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters"
    if name[0] in "!:" or "/" in name or "\\" in name or name in (".", ".."):
        return "a name must not begin with `!` or `:`, and must not contain a slash"
    return None if name.isprintable() else "a name must not contain control characters"


def scoped_name_problem(name: str) -> str | None:
    """What is wrong with `name` as a layer's name where blocks are written out: names with slashes between, or None."""
    if len(name) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters"
    return next((problem for part in name.split("/") if (problem := name_problem(part))), None)


def outer_names(name: str) -> Iterator[str]:
    """The names of the blocks around a layer: of `a/b/c` they are `a` and `a/b`."""
    at = name.find("/")
    while at >= 0:
        yield name[:at]
        at = name.find("/", at + 1)


class Namer:
    """Hands out the automatic names of one model: the first Conv2D is `conv2d`, the next `conv2d_1`.

    A name is not given either where a block of that name holds layers.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {part for name in taken for part in (name, *outer_names(name))}
        self._counts: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._taken

    def take(self, name: str) -> None:
        """Note a name that was given, so that no automatic one is the same."""
        self._taken.add(name)

    def release(self, name: str) -> None:
        """Make a name, and the numbers after it, free again."""
        self._taken.discard(name)
        self._counts.clear()

    def make(self, base: str) -> str:
        """The next free name that begins with `base`; a number that is taken is passed over."""
        while True:
            count = self._counts.get(base, 0)
            self._counts[base] = count + 1
            name = base if count == 0 else f"{base}_{count}"
            if name not in self._taken:
                self._taken.add(name)
                return name


def resolve_names(layers: Sequence[Layer]) -> list[str]:
    """The name of every layer: its own, or Keras's automatic one, numbered within this model."""
    namer = Namer(layer.name for layer in layers if layer.name is not None)
    return [namer.make(layer.auto_name()) if layer.name is None else layer.name for layer in layers]

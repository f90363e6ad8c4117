"""`TextNode`: a value of a spec that knows where it was written. Readers make them; every later step points at them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from re import compile as regex
from typing import Any, Final, TypeAlias

from modelc.config.arguments import kind_of
from modelc.errors import Diagnostic
from modelc.system.forks import cached_property
from modelc.system.slots import setters
from modelc.text.quoting import quote

MAX_DEPTH: Final = 64
"""Nesting allowed in a spec. It also bounds the recursion of everything that walks a `TextNode`."""
MAX_NODES: Final = 2_000_000
"""Values allowed in a spec, with aliases and variables counted at every use."""
MAX_LAYERS: Final = 20_000
"""Layers allowed in a spec, repeats and blocks counted: a few seconds of work, however short the text is."""
MAX_DIGITS: Final = 30
"""Digits allowed in an integer."""

MAX_MISTAKES: Final = 1000
"""Mistakes reported in one text by one step; no one reads more, and a text made of mistakes must not fill memory."""

_LONGEST_EXCERPT = 400
_LINE_BREAK = regex(r"\r\n|\r|\n")
_WORD = regex(r"[A-Za-z0-9_]+")


class Broken(Enum):
    """Stands for a value that was already reported, so that later steps do not report it again."""

    BROKEN = "broken"


BROKEN: Final = Broken.BROKEN

Trail: TypeAlias = "tuple[Trail, str | int] | None"
"""The way from the root to a value, innermost step last: `((None, "layers"), 2)`."""
Scalar: TypeAlias = bool | int | float | str | None
Value: TypeAlias = "Scalar | tuple[TextNode, ...] | dict[str, TextNode] | Broken"


@dataclass(frozen=True, eq=False)
class TextSource:
    """One text: its `name` as the user gave it, and the `folder` that relative paths in it start from.

    It may be a part of a longer text, with lines `above` it.
    """

    name: str
    text: str
    folder: Path | None = None
    above: int = 0

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]

    def locate(self, offset: int) -> tuple[int, int]:
        """The row and the column, both from 1, of the character at `offset`; lines above are not counted."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str | None:
        """The text of a line without its break, or None if there is no such line or it is too long to show.

        Lines are counted with those above.
        """
        starts = self._line_starts
        number -= self.above
        if not 1 <= number <= len(starts):
            return None
        end = starts[number] if number < len(starts) else len(self.text)
        if end - starts[number - 1] > _LONGEST_EXCERPT:
            return None
        return self.text[starts[number - 1] : end].rstrip("\r\n")


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Mark:
    """A place in a source. `row` and `column` count from 1; both are None in a spec made of Python objects."""

    source: TextSource
    row: int | None = None
    """The number of the line within the source; `line` is that in the file."""
    column: int | None = None
    trail: Trail = None

    def __init__(
        self, source: TextSource, row: int | None = None, column: int | None = None, trail: Trail = None
    ) -> None:
        _set_source(self, source)
        _set_row(self, row)
        _set_column(self, column)
        _set_trail(self, trail)

    @property
    def line(self) -> int | None:
        """The number of the line in the file, from 1."""
        return None if self.row is None else self.row + self.source.above

    @property
    def path(self) -> str:
        """Where the value was in its own source, such as `layers[2].filters`; empty for the root."""
        steps: list[str | int] = []
        trail = self.trail
        while trail is not None:
            trail, step = trail
            steps.append(step)
        return "".join(_step(step) for step in reversed(steps)).removeprefix(".")

    def diagnostic(self, code: str, message: str, help: str | None = None) -> Diagnostic:
        """A mistake at this place. Where there is no text, `path` stands in for the file."""
        line = self.line
        if line is None:
            return Diagnostic(code, message, help, file=self.path or self.source.name)
        return Diagnostic(code, message, help, self.source.name, line, self.column, self.source.line(line))


@dataclass(frozen=True, slots=True, eq=False)
class UseSite:
    """Where a block was used, and where the use was whose block that stands in, if any."""

    block: str
    place: Mark
    outer: UseSite | None = None

    def __str__(self) -> str:
        at = f"{self.place.source.name}:{self.place.line}" if self.place.line is not None else self.place.path
        here = f"in the block {quote(self.block)}, used at {at}"
        return here if self.outer is None else f"{here}, {self.outer}"


@dataclass(frozen=True, slots=True, eq=False, init=False)
class TextNode(Mark):
    """A value and its place: a scalar, a tuple of nodes, or a dict of nodes by key in the order of the text.

    `key` is the place of the key that holds the value, or None for list items and the root. `site` is where the block
    was used that an entry comes from. `referred` says that the value came from a variable or a parameter.
    """

    value: Value = None
    key: Mark | None = None
    site: UseSite | None = None
    referred: bool = False

    def __init__(
        self,
        source: TextSource,
        row: int | None = None,
        column: int | None = None,
        trail: Trail = None,
        value: Value = None,
        key: Mark | None = None,
        site: UseSite | None = None,
        referred: bool = False,
    ) -> None:
        _set_source(self, source)
        _set_row(self, row)
        _set_column(self, column)
        _set_trail(self, trail)
        _set_value(self, value)
        _set_key(self, key)
        _set_site(self, site)
        _set_referred(self, referred)

    @property
    def kind(self) -> str:
        """What the value is, for messages: `the number 3`, `the text "same"`, `a list`, `a mapping`, `null`."""
        if isinstance(self.value, dict | tuple):
            return "a mapping" if isinstance(self.value, dict) else "a list"
        return kind_of(self.value)

    @property
    def broken(self) -> bool:
        """True if the value was already reported as a mistake; nothing further is to be said about it."""
        return self.value is BROKEN

    def get(self, key: str) -> TextNode | None:
        """The value under `key`, or None if there is none or this is not a mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def at(self, path: tuple[str | int, ...]) -> TextNode | None:
        """The node reached through these keys and indices, or None where the way ends."""
        node: TextNode | None = self
        for step in path:
            value = node.value
            if isinstance(value, dict) and isinstance(step, str):
                node = value.get(step)
            elif isinstance(value, tuple) and isinstance(step, int) and 0 <= step < len(value):
                node = value[step]
            else:
                node = None
            if node is None:
                return None
        return node

    def plain(self) -> Any:
        """The value as plain Python: dicts, lists and scalars. A broken value gives None."""
        value = self.value
        if isinstance(value, dict):
            return {key: child.plain() for key, child in value.items()}
        if isinstance(value, tuple):
            return [child.plain() for child in value]
        return None if isinstance(value, Broken) else value

    def with_value(self, value: Value) -> TextNode:
        """The same place with another value."""
        return TextNode(self.source, self.row, self.column, self.trail, value, self.key, self.site, self.referred)

    def under(self, key: Mark | None) -> TextNode:
        """The same value held by another key."""
        return TextNode(self.source, self.row, self.column, self.trail, self.value, key, self.site, self.referred)

    def as_referred(self) -> TextNode:
        """The same value, known to have come from a variable or a parameter."""
        return TextNode(self.source, self.row, self.column, self.trail, self.value, self.key, self.site, True)

    def used(self, site: UseSite | None) -> TextNode:
        """The same value, known to have come from a block that was used at `site`."""
        return TextNode(self.source, self.row, self.column, self.trail, self.value, self.key, site, self.referred)


_set_source, _set_row, _set_column, _set_trail, _set_value, _set_key, _set_site, _set_referred = setters(TextNode)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _WORD.fullmatch(step) else f"[{quote(step)}]"

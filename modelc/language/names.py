"""Names of layers: valid names and automatic names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from re import Match
from re import compile as regex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modelc.layers.base import Layer

SEQUENTIAL, FUNCTIONAL = "sequential", "functional"
"""What models are called that have no name of their own."""
LONGEST_NAME = 1000
SLASH = "%2F"
"""A slash in a name, where a slash itself would be read as the way into a layer."""

_BEYOND = regex(r"[\\\x00-\x1f\x7f-\xa0\xad]|%(?=[0-9A-F]{2})")
_ESCAPES = regex(r"(?:%[0-9A-F]{2})+")


def name_problem(name: str) -> str | None:
    """What is wrong with `name` as a layer's name, or None."""
    if not name or name != name.strip():
        return "a name must not be empty, or begin or end with a space"
    if len(name) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters"
    if name[0] in "!:" or "/" in name or "\\" in name or name in (".", ".."):
        return "a name must not begin with `!` or `:`, and must not contain a slash"
    return None if name.isprintable() else "a name must not contain control characters"


@lru_cache(maxsize=4096)
def scoped_name_problem(name: str) -> str | None:
    """What is wrong with `name` as a layer's name where blocks are written out: names with slashes between, or None."""
    if len(name) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters"
    return next((problem for part in name.split("/") if (problem := name_problem(part))), None)


def escaped(name: str) -> str:
    """Any text as a name: what a name may not hold is written as in URLs, `%21` for the `!` in front.

    Slashes stay where a name may have them, between parts that are names. `unescaped` gives the text again.
    """
    parts = [_escaped_part(part) for part in name.split("/")]
    return ("/" if all(parts) else SLASH).join(parts)


def _escaped_part(part: str) -> str:
    made = "".join(_code(c) if _BEYOND.match(part, i) or not c.isprintable() else c for i, c in enumerate(part))
    if made in (".", ".."):
        return "%2E" * len(made)
    if made[:1] in ("!", ":", " "):
        made = _code(made[0]) + made[1:]
    return made if made == made.strip() else made.rstrip() + "".join(map(_code, made[len(made.rstrip()) :]))


def _code(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def unescaped(name: str) -> str:
    """The text that a name stands for; the name itself where `escaped` would not have written it so."""

    def text(codes: Match[str]) -> str:
        return bytes.fromhex(codes[0].replace("%", "")).decode("utf-8", "surrogatepass")

    try:
        made = _ESCAPES.sub(text, name)
    except UnicodeDecodeError:
        return name
    return made if escaped(made).replace("/", SLASH) == name.replace("/", SLASH) else name


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

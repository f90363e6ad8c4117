"""Reading a text over and over while it is edited: only what is new in it is read.

A text is taken apart into its sections, and `layers` into its entries: a line whose first character is that of a key
begins a section, a dash in the column of the first one an entry. Each part is read by itself, unless it was there
before. The result is what reading the whole text gives: YAML lets nothing but anchors reach from one such part to
another, and what is left open at the end of a part (a bracket, a quote) is a mistake in that part. Where any part has a
mistake, or where parts may depend on each other, the text is read as a whole.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from re import compile as regex
from typing import NamedTuple

from modelc.errors import Diagnostic
from modelc.language.text.node import TextNode, TextSource
from modelc.language.text.source import examine, without_schema
from modelc.language.text.yaml_reader import read_yaml
from modelc.text.limits import MAX_SPEC_BYTES
from modelc.words.text import is_python

_SECTION = regex(r"\n[^\s#-]")
_IN_FRONT = regex(r"(?:[ ]*(?:#[^\n]*)?\r?\n)*(?:---[ ]*\r?\n(?:[ ]*(?:#[^\n]*)?\r?\n)*)?")
"""What may stand before the first section: comments, and the mark of a document."""
_LAYERS = regex(r"layers[ ]*:[ ]*(?:[ ]#[^\n]*)?\r?\n(?:[ ]*(?:#[^\n]*)?\r?\n)*(?=([ ]*)-[ \r\n])")
"""The key of a list of layers with one entry below the other, and the column of their dashes."""
_ANCHOR = regex(r"[&*](?<=[\s\[{,].)\w")
_LONE_RETURN = regex(r"\r(?!\n)")
_LIST = "layers"
_WRAP = f"{_LIST}:\n"
"""Before an entry that is read by itself, so that it is as deep as in its list."""


class _TextPart(TextSource):
    """A section or an entry as a text of its own. As lines come and go above it, it moves with all nodes in it.

    That is why the nodes of an entry, and all that was made of them, serve as long as the entry itself is not edited.
    """

    def move(self, above: int) -> None:
        """Note how many lines are above it now."""
        # The one thing about a text that changes: a copy would mean another node for every value below the edit.
        vars(self)["above"] = above


class _PartText(NamedTuple):
    """The text of a part: of a section, or, with its wrap, of an entry."""

    text: str
    is_entry: bool


@dataclass(frozen=True, slots=True, eq=False)
class _ReadPart:
    """A part and what it says: the value of its key, which for an entry is a list of it alone."""

    piece: _PartText
    part: _TextPart
    key: str
    value: TextNode


@dataclass(slots=True, eq=False)
class Reading:
    """A text, the tree of its values if there is one, and the mistakes found."""

    text: str
    tree: TextNode | None
    diagnostics: tuple[Diagnostic, ...]
    parts: list[_ReadPart] = field(default_factory=list[_ReadPart])
    """Its parts, for the next reading, which uses them up: they move."""


class _Named(StringIO):
    def __init__(self, text: str, name: str) -> None:
        super().__init__(text, newline="")
        self.name = name


def named_text(name: str, text: str) -> StringIO:
    """A text as a file that is called `name`."""
    return _Named(text, name)


def read_text(name: str, text: str, before: Reading | None = None) -> Reading:
    """The text of a file that is called `name`; `before` is what was read before an edit."""
    folder = Path(name).parent if os.path.isabs(name) else None
    return _in_parts(TextSource(name, text, folder), before) or Reading(text, *examine(named_text(name, text), folder))


def _in_parts(source: TextSource, before: Reading | None) -> Reading | None:
    """The text read in parts; None where it has to be read as a whole."""
    text = source.text
    if len(text) > MAX_SPEC_BYTES or source.name.lower().endswith(".json") or text.startswith("\ufeff"):
        return None
    if ("&" in text or "*" in text) and _ANCHOR.search(text) is not None:
        return None
    if "\r" in text and _LONE_RETURN.search(text) is not None:
        return None
    pieces, above = _pieces(text)
    old = before.parts if before is not None else []
    first, last = _same_ends([read.piece for read in old], pieces)
    elsewhere = {read.piece: read for read in old[first : len(old) - last]}
    parts = old[:first]
    for piece in pieces[first : len(pieces) - last]:
        read = elsewhere.pop(piece, None) or _read(source, piece)
        if read is None:
            return None
        parts.append(read)
    parts += old[len(old) - last :]
    if len({read.key for read in parts if not read.piece.is_entry}) + _entries(pieces) < len(parts):
        return None  # a key occurs twice
    tree = _tree(source, parts, above)
    if tree.get("modelc") is None and is_python(text):
        return None
    for read, lines in zip(parts, above, strict=True):
        read.part.move(lines)
    if before is not None:
        before.parts = []
    return Reading(text, without_schema(tree), (), parts)


def _pieces(text: str) -> tuple[list[_PartText], list[int]]:
    """The pieces of a text, and how many lines there are above each."""
    front = _IN_FRONT.match(text)
    start = front.end() if front is not None else 0
    starts = [start, *(found.end() - 1 for found in _SECTION.finditer(text, start))]
    pieces, above, line = list[_PartText](), list[int](), text.count("\n", 0, start)
    for begin, end in zip(starts, [*starts[1:], len(text)], strict=True):
        found = _LAYERS.match(text, begin, end)
        cuts = [begin]
        if found is not None:
            dash = regex(rf"\n{found[1]}-(?=[ \r\n])")
            cuts += [entry.start() + 1 for entry in dash.finditer(text, found.end() - 1, end)]
        for at, until in zip(cuts, [*cuts[1:], end], strict=True):
            is_entry = at != begin
            pieces.append(_PartText(_WRAP + text[at:until] if is_entry else text[at:until], is_entry))
            above.append(line - is_entry)
            line += text.count("\n", at, until)
    return pieces, above


def _same_ends(old: list[_PartText], new: list[_PartText]) -> tuple[int, int]:
    """How many parts two texts begin with and end with in common."""
    most = min(len(old), len(new))
    first = next((i for i in range(most) if old[i] != new[i]), most)
    most -= first
    return first, next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)


def _entries(pieces: list[_PartText]) -> int:
    return sum(piece.is_entry for piece in pieces)


def _read(source: TextSource, piece: _PartText) -> _ReadPart | None:
    """A part that is read by itself; None if it has a mistake, or is no part after all."""
    part = _TextPart(source.name, piece.text, source.folder)
    made, mistakes = read_yaml(part)
    if mistakes or made is None or not isinstance(made.value, dict) or len(made.value) != 1:
        return None
    ((key, value),) = made.value.items()
    if value.key is None or (value.key.row, value.key.column) != (1, 1):
        return None
    if piece.is_entry and not (isinstance(value.value, tuple) and len(value.value) == 1):
        return None
    return _ReadPart(piece, part, key, value)


def _tree(source: TextSource, parts: list[_ReadPart], above: list[int]) -> TextNode:
    """The tree of all parts."""
    items: dict[str, TextNode] = {}
    entries = tuple(entry for read in parts if read.piece.is_entry for entry in _items(read.value))
    place: TextNode | None = None
    for read in parts:
        if not read.piece.is_entry:
            items[read.key] = read.value
        elif place is None:
            place, header = read.value, items[_LIST]
            items[_LIST] = TextNode(place.source, place.row, place.column, header.trail, entries, header.key)
    return TextNode(source, above[0] + 1, 1, None, items)


def _items(node: TextNode) -> tuple[TextNode, ...]:
    return node.value if isinstance(node.value, tuple) else ()

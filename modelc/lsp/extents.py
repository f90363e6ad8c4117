"""Where words of a text begin and end: nodes know where they begin, and editors want to know both."""

from __future__ import annotations

from dataclasses import dataclass
from re import compile as regex

from modelc.language.text.node import Mark, TextSource

_QUOTED = regex(r'"(?:[^"\\]|\\.)*"?|\'(?:[^\']|\'\')*\'?')
_PLAIN = regex(r"(?:\$\{[^{}]*\}|[^\s#])(?:[^\n#:,\[\]{}]|:(?!\s|$)|(?<!\s)#|\$\{[^{}]*\})*")
"""A plain scalar in brackets, where commas end it; elsewhere they are rare, and the word before one counts."""
_ENTRY_END = regex(r"(?<=\S)\s*(?:\s#.*)?$")


@dataclass(frozen=True, slots=True, order=True)
class Extent:
    """A part of a line. `line` and `column` count from 1, in characters."""

    line: int
    column: int
    length: int

    @property
    def end(self) -> int:
        """The column behind it."""
        return self.column + self.length

    def holds(self, line: int, column: int) -> bool:
        """Whether a cursor is in it or at one of its ends."""
        return self.line == line and self.column <= column <= self.end


def scalar_extent(source: TextSource, line: int, column: int) -> Extent:
    """The key or the value that begins at a place, as far as it is on that line; its quotes are left out."""
    rest = (source.line(line) or "")[column - 1 :]
    quoted = _QUOTED.match(rest)
    if quoted is not None:
        closed = len(quoted[0]) > 1 and quoted[0][-1] == quoted[0][0]
        return Extent(line, column + 1, len(quoted[0]) - 1 - closed)
    plain = _PLAIN.match(rest)
    return Extent(line, column, len(plain[0].rstrip()) if plain else 0)


def shown_extent(source: TextSource, line: int, column: int) -> Extent:
    """What an editor underlines for a mistake at a place: the word there, or the entry up to the end of its line."""
    text = source.line(line) or ""
    rest = text[column - 1 :]
    if rest[:1] in ("{", "[", "-"):
        end = _ENTRY_END.search(rest)
        return Extent(line, column, max(1, end.start() if end else len(rest)))
    word = scalar_extent(source, line, column)
    return Extent(line, word.column, max(1, word.length))


def word_extent(mark: Mark, word: str) -> Extent | None:
    """Where a word is in the key or the value at a place; None if it is not there as it is written."""
    return next(iter(word_extents(mark, word)), None)


def word_extents(mark: Mark, word: str) -> list[Extent]:
    """All places of a word in the key or the value at a place."""
    if mark.line is None or mark.column is None or not word:
        return []
    whole = scalar_extent(mark.source, mark.line, mark.column)
    text = (mark.source.line(mark.line) or "")[whole.column - 1 : whole.end - 1]
    found: list[Extent] = []
    at = text.find(word)
    while at >= 0:
        if not (_joined(text, at) or _joined(text, at + len(word))):
            found.append(Extent(mark.line, whole.column + at, len(word)))
        at = text.find(word, at + 1)
    return found


def _joined(text: str, at: int) -> bool:
    """Whether the characters before and behind a place are of one word."""
    return 0 < at < len(text) and _is_letter(text[at - 1]) and _is_letter(text[at])


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"

"""How text lies on a terminal: how many cells it takes, where it can be broken, and how wide the terminal is.

Unicode Standard Annex #11 says which characters are wide; a sequence of emoji that is shown as one counts as one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TextIO
from unicodedata import category, east_asian_width

_JOINS = "\u200d\u200c"
"""Format characters that words and emoji need, and that move nothing."""

_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"
_LEAST = 40
"""Nothing is laid out for fewer columns."""


def cells(text: str) -> int:
    """The number of cells that a text takes on a terminal."""
    return sum(cell_widths(text))


def cell_widths(text: str) -> list[int]:
    """The cells that each character adds: none for what is joined to the one before it."""
    if text.isascii():
        return [1] * len(text)
    return list(_widths(text))


def _widths(text: str) -> Iterator[int]:
    before = ""
    last: int = 0
    for character in text:
        if before == _JOINER or ("\U0001f3fb" <= character <= "\U0001f3ff" and last == 2):  # a joined one, a skin tone
            width = 0 if last == 2 else _width(character)
        elif character == _EMOJI_STYLE:
            width = 1 if last == 1 else 0  # which makes a narrow sign a wide one
            last += width
        else:
            width = _width(character)
        if width and character != _EMOJI_STYLE:
            last = width
        before = character
        yield width


def _width(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf", "Cc") or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def padded(text: str, width: int) -> str:
    """A text with blanks behind it, up to a number of cells."""
    return text + " " * max(0, width - cells(text))


def folded(text: str, width: int, breaks: str = "/_ ,", indent: str = "") -> list[str]:
    """A text in lines of at most `width` cells, broken behind one of `breaks` where there is one; nothing is left out.

    Lines after the first begin with `indent`.
    """
    lines: list[str] = []
    rest, before = text, ""
    while cells(before + rest) > width:
        at = _fitting(rest, width - len(before))
        last = at if rest[at] == " " else max(rest.rfind(one, 0, at) for one in breaks) + 1
        # Hardly anything on a line is worse than a word that is broken.
        cut = last if last > at // 3 else at
        lines.append((before + rest[:cut]).rstrip())
        rest, before = rest[cut:].lstrip(), indent
    return [*lines, before + rest] if rest or not lines else lines


def _fitting(text: str, width: int) -> int:
    """How many characters fit into a number of cells; at least one."""
    used = 0
    for i, one in enumerate(cell_widths(text)):
        used += one
        if used > width:
            return max(i, 1)
    return len(text)


def columns_of(stream: TextIO | None = None) -> int | None:
    """The columns of the terminal that a stream, by default standard output, goes to; None where it goes elsewhere."""
    asked: TextIO = sys.stdout if stream is None else stream
    try:
        if not asked.isatty():
            return None
        columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(asked.fileno()).columns
    except (AttributeError, OSError, ValueError):
        import shutil  # deferred: it imports much more, and most programs print no table

        columns = shutil.get_terminal_size().columns
    return max(columns or 80, _LEAST)


def shown(text: str) -> str:
    """Untrusted text on one line, with terminal control characters escaped.

    Control characters, line breaks and marks that turn the direction of text become escapes as in JSON: `\\u001b`.
    """
    return text if text.isascii() and text.isprintable() else "".join(map(_harmless, text))


def shown_lines(text: str) -> str:
    """A message with its line breaks and tabs, in which untrusted text may be embedded."""
    return "\n".join("\t".join(map(shown, line.split("\t"))) for line in text.split("\n"))


def shown_in_place(text: str) -> str:
    """A line of a file in as many characters as it has, so that a caret can stand below one of them."""
    return "".join(c if c == "\t" or _harmless(c) == c else "\ufffd" for c in text)


def shown_message(text: str) -> str:
    """A message: its first line, and those of ours after it, which are indented. Other line breaks are escaped."""
    first, *rest = text.split("\n")
    return shown_lines(first + "".join(f"\n{line}" if line.startswith("  ") else f"\\n{line}" for line in rest))


def _harmless(character: str) -> str:
    if character.isprintable() or character in _JOINS:
        return character
    if category(character) == "Zs":
        return character
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"

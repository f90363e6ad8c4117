"""The comments of a YAML text, and the blank lines, by which people group entries."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from modelc.language.format.events import WrittenNode, scalars


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: its text with the `#`, its offset and its line, and whether something stands before it on the line."""

    text: str
    at: int
    line: int
    trailing: bool


def comments_of(text: str, root: WrittenNode | None) -> list[Comment]:
    """The comments in the order of the text: what is behind a `#` that no scalar holds."""
    spans = [(node.first, node.last) for node in scalars(root)] if root is not None else []
    starts = [first for first, _ in spans]
    found: list[Comment] = []
    offset = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        at = line.find("#")
        while at >= 0:
            inside = bisect_right(starts, offset + at) - 1
            in_scalar = inside >= 0 and offset + at < spans[inside][1]
            if not in_scalar and (at == 0 or line[at - 1] in " \t\ufeff"):
                trailing = bool(line[:at].strip(" \t\ufeff"))
                found.append(Comment(line[at:].rstrip(), offset + at, number, trailing))
                break
            at = line.find("#", at + 1)
        offset += len(line)
    return found


def blank_before(text: str) -> set[int]:
    """The lines from 0 that have a blank line in front."""
    lines = text.splitlines()
    return {number for number in range(1, len(lines)) if lines[number].strip() and not lines[number - 1].strip()}

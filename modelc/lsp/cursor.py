"""Where a cursor is in a text that is being written, and so is rarely well-formed: the path to it, and the word there.

Only the lines count that make up the entry around the cursor, and the keys above it that lead there; they are read by
the reader of specs, with a marker at the cursor, and with the brackets closed that are still open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from re import compile as regex

from modelc.language.text.node import TextNode, TextSource
from modelc.language.text.yaml_reader import read_yaml

_MARKER = "qCURSORq"
_TOKEN = regex(r'"(?:[^"\\]|\\.)*(?:"|$)|\'(?:[^\']|\'\')*(?:\'|$)|(?:^|(?<=\s))#.*|\$\{[^{}]*\}?|[\[\]{}]')
_BRACKETS = {"[": "]", "{": "}"}
_DASHES = regex(r" *(?:- +)*(?:-$)?")
_COMMENT = regex(r"(?:^|\s)#.*$")
_WORD = regex(r"[\w.$@/+-]*$")
_AFTER = regex(r"[\w.@/]*")


@dataclass(frozen=True, slots=True, eq=False)
class Cursor:
    """A place in the tree of a spec."""

    around: tuple[tuple[str | int | None, TextNode], ...]
    """The mappings and lists around the cursor from the outermost on, each with the step that leads to it."""
    step: str | int | None
    """The key or the index at the cursor; None for a key that is being written."""
    word: str
    """What is written of the key or value in front of the cursor."""
    word_after: str
    """What is written of it behind the cursor."""
    line: int
    column: int
    """The place of the cursor, from 1."""
    in_quotes: bool
    in_flow: bool
    """Whether it is inside of brackets."""
    followed_by_colon: bool

    @property
    def path(self) -> tuple[str | int, ...]:
        """The steps to what is being written, without those of keys that are."""
        steps = [step for step, _ in self.around if step is not None]
        return tuple(steps if self.step is None else [*steps, self.step])

    @property
    def siblings(self) -> dict[str, TextNode]:
        """The other keys of the mapping around the cursor."""
        value = self.around[-1][1].value if self.around else None
        return {k: v for k, v in value.items() if _MARKER not in k} if isinstance(value, dict) else {}


def find_cursor(lines: Sequence[str], line: int, column: int) -> Cursor | None:
    """What is around the cursor; None in comments and where nothing can be made of the text. Places count from 1."""
    number, at = min(line - 1, len(lines)), column - 1
    if number == len(lines):  # behind the text, as an editor asks that is ahead of its edits
        lines, at = [*lines, ""], 0
    text = lines[number]
    before, after = text[:at], text[at:]
    opened = _open_brackets(lines, number, before)
    if opened is None:
        return None
    brackets, flow_line, quote = opened
    excerpt, position = _excerpt(lines, number, flow_line if brackets else number, before)
    word = _WORD.search(before)
    typed = word[0] if word else ""
    rest = _AFTER.match(after)
    behind = rest[0] if rest else ""
    colon = after[len(behind) :].lstrip("\"'").startswith(":")
    for attempt in _attempts(excerpt, position, before, after, brackets, quote, colon):
        root, _ = read_yaml(TextSource("", attempt))
        found = _find(root) if root is not None else None
        if found is not None:
            around, step = found
            return Cursor(around, step, typed, behind, line, column, bool(quote), bool(brackets), colon)
    return None


def _open_brackets(lines: Sequence[str], number: int, before: str) -> tuple[str, int, str] | None:
    """The brackets that are open at the cursor, the line of the outermost, and the quote that is; None in a comment."""
    first = number
    while first > 0 and (not lines[first][:1].strip() or lines[first].startswith(("#", "- ", "}", "]"))):
        first -= 1
    open_brackets, at, quote = "", number, ""
    for index in range(first, number + 1):
        quote = ""
        for token in _TOKEN.finditer(before if index == number else lines[index].rstrip("\r\n")):
            mark = token[0]
            if mark in _BRACKETS:
                at = at if open_brackets else index
                open_brackets += mark
            elif mark in "]}":
                open_brackets = open_brackets[:-1]
            elif mark[0] == "#":
                if index == number:
                    return None
            elif mark[0] in "\"'" and (len(mark) == 1 or mark[-1] != mark[0]):
                quote = mark[0]
    return open_brackets, at, quote


def _indent(line: str) -> tuple[int, int, bool]:
    """The column of a line's text from 0 with its dashes, that of what follows these, and whether it has any."""
    dashes = _DASHES.match(line)
    content = dashes.end() if dashes else 0
    first = len(line) - len(line.lstrip(" "))
    return first, content, content > first


def _excerpt(lines: Sequence[str], number: int, base: int, before: str) -> tuple[list[str], int]:
    """The lines that matter, and the index of the cursor's among them."""
    text = lines[base] if base != number or lines[base].strip() else before
    first, level, is_item = _indent(text.rstrip("\r\n"))
    start, limit = base, first if is_item else level
    if not is_item:
        while start > 0:
            above = lines[start - 1].rstrip("\r\n")
            outer, content, dashed = _indent(above)
            if not above.strip() or above.lstrip().startswith("#") or outer >= level:
                start -= 1
                continue
            if dashed and content == level:
                start -= 1
                limit = outer
            break
    end = number + 1
    while end < len(lines):
        outer, _, dashed = _indent(lines[end])
        blank = not lines[end].strip()
        if not blank and (outer < limit or (outer == limit and (limit != level or dashed or is_item))):
            break
        end += 1
    ancestors: list[str] = []
    for index in range(start - 1, -1, -1):
        above = lines[index].rstrip("\r\n")
        outer, _, dashed = _indent(above)
        bare = _COMMENT.sub("", above).rstrip()
        if not bare or not (outer < limit or (outer == limit and not dashed and is_header(bare))):
            continue
        if dashed or is_header(bare):
            ancestors.append(bare)
            limit = outer
        if limit == 0 and not dashed:
            break
    ancestors.reverse()
    chosen = [line.rstrip("\r\n") for line in lines[start:end]]
    return [*ancestors, *chosen], len(ancestors) + number - start


def is_header(line: str) -> bool:
    """Whether a line is a key whose value is below it."""
    return line.endswith(":")


def _attempts(
    excerpt: list[str], position: int, before: str, after: str, brackets: str, quote: str, colon: bool
) -> Iterator[str]:
    """Texts with the marker at the cursor, the most complete first."""
    bare = before.lstrip(" -")
    is_key = not brackets and not colon and ":" not in bare and not quote
    above, below = excerpt[:position], excerpt[position + 1 :]
    cut = _AFTER.match(after)
    behind = after.rstrip("\r\n")
    closers = quote + "".join(_BRACKETS[b] for b in reversed(brackets))
    for mark in (f"{_MARKER}:", _MARKER) if is_key else (_MARKER, f"{_MARKER}:"):
        yield "\n".join([*above, before + mark + behind, *below])
        if cut is not None and not brackets:
            yield "\n".join([*above, before + mark + (":" if colon and ":" not in mark else ""), *below])
        yield "\n".join([*above, before + mark + closers, *below])
        yield "\n".join([*above, before + mark + closers])


Around = tuple[tuple[str | int | None, TextNode], ...]


def _find(node: TextNode) -> tuple[Around, str | int | None] | None:
    """The containers around the marker, and the step to it; None as the step to a key."""
    return _inside(node, ((None, node),)) if isinstance(node.value, dict | tuple) else None


def _inside(node: TextNode, around: Around) -> tuple[Around, str | int | None] | None:
    pairs = node.value.items() if isinstance(node.value, dict) else enumerate(_listed(node))
    for step, child in pairs:
        if isinstance(step, str) and _MARKER in step:
            return around, None
        if isinstance(child.value, str) and _MARKER in child.value:
            return around, step
        if isinstance(child.value, dict | tuple):
            found = _inside(child, (*around, (step, child)))
            if found is not None:
                return found
    return None


def _listed(node: TextNode) -> tuple[TextNode, ...]:
    return node.value if isinstance(node.value, tuple) else ()

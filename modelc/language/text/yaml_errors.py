"""What went wrong in a YAML text, in plain words. Covers the messages of libyaml and of PyYAML's own parser."""

from __future__ import annotations

from dataclasses import dataclass
from re import Pattern
from re import compile as regex
from typing import Protocol

from modelc.errors import Diagnostic
from modelc.language.text.node import Mark, TextSource
from modelc.text.quoting import quote
from modelc.words.text import glued


class _Position(Protocol):
    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...

    @property
    def index(self) -> int: ...


_QUOTE_HELP = "put the text in quotes"
_INDENT_HELP = "keys of one mapping, and items of one list, start in the same column"

_RULES: tuple[tuple[Pattern[str], str, str, str | None, bool], ...] = tuple(
    (regex(pattern), code, message, help, at_context)
    for pattern, code, message, help, at_context in (
        (r"tab character", "E102", "a tab in the indentation, which must be spaces", "indent with spaces", False),
        (
            r"mapping values are not allowed|unexpected ':'",
            "E102",
            "a colon where no key is allowed",
            "put text that holds `: ` in quotes; if this is a key, check the indentation of its line",
            False,
        ),
        (
            r"could not find expected ':'",
            "E102",
            "a key without a colon",
            "write `key: value`, with a space after the colon",
            True,
        ),
        (r"quoted scalar.*end of stream", "E102", "a quote that is never closed", "add the closing quote", True),
        (r"quoted scalar.*document separator", "E102", "a quote that is never closed", "add the closing quote", True),
        (
            r"quoted scalar.*(escape|hexdecimal|hexadecimal)",
            "E102",
            "an unknown escape in double-quoted text",
            "write `\\\\` for a backslash, or use single quotes",
            False,
        ),
        (
            r"sequence entries are not allowed",
            "E102",
            "a list item on the line of its key",
            "start the list on the next line, or write [a, b]",
            False,
        ),
        (
            r"an (alias|anchor):? .*alphabetic or numeric",
            "E102",
            "an anchor or alias without a name",
            'text that starts with `*` or `&` needs quotes, as in "*"',
            True,
        ),
        (r"document (indicator|separator)", "E102", "a document marker inside a value", "put it in quotes", False),
        (r"block mapping", "E102", "text that does not fit the mapping around it", _INDENT_HELP, False),
        (r"block (collection|sequence)", "E102", "text that does not fit the list around it", _INDENT_HELP, False),
        (r"node content", "E102", "no value where one should stand", None, False),
        (r"<document start>", "E102", "text after the end of the spec", "check brackets and indentation above", False),
        (
            r"tag handle|(scanning|parsing) a tag",
            "E104",
            "a tag; specs have no tags",
            "put text that starts with `!` in quotes",
            True,
        ),
        (r"directive|incompatible YAML", "E104", "a YAML directive; specs have none", "remove the line", False),
        (r"block scalar", "E102", "text after `|` or `>`", "start the text on the next line", False),
        (
            r"mapping keys are not allowed",
            "E102",
            "a `?` where no key can stand",
            "put text that starts with `?` in quotes",
            False,
        ),
    )
)


def explain(
    source: TextSource,
    text: str,
    context: str | None,
    context_mark: _Position | None,
    problem: str | None,
    problem_mark: _Position | None,
) -> Diagnostic:
    """The diagnostic for a parser's error. `text` is what was parsed; the marks count in it from 0."""
    said = f"{context or ''}: {problem or ''}"
    near = _missing_space(source, (problem_mark, context_mark))
    if near is not None:
        return near
    mark = problem_mark or context_mark
    if mark is None:
        return Mark(source, 1, 1).diagnostic("E102", f"not well-formed YAML: {problem or context or 'no reason given'}")
    if mark.index >= len(text):
        index = len(text.rstrip())
        line, column = TextSource("", text).locate(index)
        mark = _End(line - 1, column - 1, index)
        if "node content" in said:
            return _at(source, mark, "E102", "the text ends inside brackets", "add the closing bracket")
    character = text[mark.index] if mark.index < len(text) else ""
    if "cannot start any token" in said:
        if character == "\t":
            return _at(source, mark, "E102", "a tab in the indentation, which must be spaces", "indent with spaces")
        return _at(source, mark, "E102", f"{quote(character)} cannot begin a value", _QUOTE_HELP)
    for bracket, name in (("}", "{"), ("]", "[")):
        if f"',' or '{bracket}'" in said and context_mark is not None:
            if character == "{" and text[mark.index - 1 : mark.index] == "$":
                message = "a reference without quotes inside brackets"
                help = 'inside {} and [] write a reference in quotes, as in "${width}"'
                return Mark(source, mark.line + 1, mark.column).diagnostic("E102", message, help)
            opened = f"line {context_mark.line + 1}, column {context_mark.column + 1}"
            message = f"expected `,` or `{bracket}`: the `{name}` from {opened} is still open"
            return _at(source, mark, "E102", message, "close the bracket, or add the missing comma or quote")
    if character in ("}", "]") and ("block " in said or "node content" in said or "<document start>" in said):
        return _at(source, mark, "E102", f"a {quote(character)} that closes nothing", "check the brackets before it")
    deeper = _indented_deeper(source, mark) if "mapping values are not allowed" in said else None
    if deeper is not None:
        return deeper
    for pattern, code, message, help, at_context in _RULES:
        if pattern.search(said):
            return _at(source, context_mark if at_context and context_mark else mark, code, message, help)
    return _at(source, mark, "E102", f"not well-formed YAML: {problem or context}")


_KEY = regex(r"(\s*(?:-\s+)?)([A-Za-z_]\w*):(?:\s|$)")


def _indented_deeper(source: TextSource, mark: _Position) -> Diagnostic | None:
    """The key that stands deeper than the key above it, which has a value already."""
    lines = source.text.splitlines()
    if not 0 < mark.line < len(lines):
        return None
    key, above = _KEY.match(lines[mark.line]), _KEY.match(lines[mark.line - 1])
    if key is None or above is None or len(key[1]) <= len(above[1]) or key.end(2) != mark.column:
        return None
    message = f"{quote(key[2])} is indented deeper than {quote(above[2])} above it"
    help = f"begin it in column {len(above[1]) + 1}, as {quote(above[2])}"
    return Mark(source, mark.line + 1, len(key[1]) + 1).diagnostic("E102", message, help)


def _missing_space(source: TextSource, marks: tuple[_Position | None, ...]) -> Diagnostic | None:
    """The space that is missing after a `-` or a `:` on the line of an error, or on the one before: the parser only
    notices what does not fit it."""
    lines = source.text.splitlines()
    for mark in marks:
        if mark is None:
            continue
        number = min(mark.line, len(lines) - 1)
        before = next((i for i in range(number - 1, -1, -1) if lines[i].strip()), None)
        for at in (number, before):
            found = None if at is None or at < 0 else glued(lines[at])
            if at is not None and found is not None:
                column, message, help = found
                return Mark(source, at + 1, column).diagnostic("E102", message, help)
    return None


def _at(source: TextSource, mark: _Position, code: str, message: str, help: str | None = None) -> Diagnostic:
    return Mark(source, mark.line + 1, mark.column + 1).diagnostic(code, message, help)


@dataclass(frozen=True, slots=True)
class _End:
    """The end of the text. The parser's own mark would stand on a line after the last."""

    line: int
    column: int
    index: int

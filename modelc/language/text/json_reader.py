"""JSON text → nodes (RFC 8259), with the position of every value and key."""

from __future__ import annotations

import json
from collections.abc import Callable
from re import compile as regex
from typing import Any, cast

from modelc.errors import Diagnostic, SpecError
from modelc.language.text.builder import TreeBuilder
from modelc.language.text.node import BROKEN, TextNode, TextSource, Value
from modelc.language.text.scalars import TooLargeError, to_float, to_int
from modelc.text.quoting import quote

# The C scanner of the standard library: (text, offset after the quote, strict) → (text, offset after the quote).
_scan_string = cast("Callable[[str, int, bool], tuple[str, int]]", cast(Any, json.decoder).scanstring)

_SPACE = regex(r"[ \t\n\r]*")
_NUMBER = regex(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = regex(r"[-+\w.$]+")
_COMMENT = ("a comment", "JSON has no comments; write the spec in YAML instead")
_LITERALS: dict[str, bool | None] = {"null": None, "true": True, "false": False}


def read_json(source: TextSource) -> tuple[TextNode | None, list[Diagnostic]]:
    """The root and the mistakes found; the root is None if one of them ended the reading."""
    scanner = _Scanner(source)
    try:
        scanner.run()
    except SpecError as error:
        return None, [*scanner.builder.diagnostics, *error.diagnostics]
    return scanner.builder.root, scanner.builder.diagnostics


class _Scanner:
    """Walks the text from value to value; `at` is the offset of the next character."""

    def __init__(self, source: TextSource) -> None:
        self.builder = TreeBuilder(source)
        self._text = source.text
        self._source = source
        self._at = 0
        self._closers: list[str] = []

    def run(self) -> None:
        """Reads one value and checks that nothing follows it. Raises SpecError."""
        self._value()
        while self._closers:
            self._next_entry()
        self._skip_space()
        if self._at < len(self._text):
            raise self._wrong("text after the end of the JSON value")

    def _next_entry(self) -> None:
        """Reads a comma and the entry after it, or the closing bracket."""
        closer = self._closers[-1]
        character = self._skip_space()
        if character == closer:
            self._close()
            return
        if character != ",":
            if not character:
                raise self._wrong(f"expected `,` or `{closer}`, but the text ends", "add the closing bracket")
            line, _ = self._source.locate(max(len(self._text[: self._at].rstrip()) - 1, 0))
            here, _ = self._source.locate(self._at)
            place = "before it" if here == line else f"at the end of line {line}"
            raise self._wrong(f"expected `,` or `{closer}`", f"add the missing comma {place}")
        comma = self._at
        self._at += 1
        if self._skip_space() in ("}", "]"):
            self._at = comma
            raise self._wrong(f"a comma before the closing `{closer}`", "remove the comma")
        self._entry()

    def _entry(self) -> None:
        if self._closers[-1] == "}":
            self._key()
        self._value()

    def _key(self) -> None:
        character = self._skip_space()
        start = self._at
        if character in ("/", "#"):
            raise self._wrong(*_COMMENT)
        if character != '"':
            if not character:
                raise self._wrong("the text ends inside a mapping", "add the closing bracket")
            raise self._wrong("a key without double quotes", "JSON takes double quotes around keys and text, YAML none")
        name = self._string()
        if self._skip_space() != ":":
            raise self._wrong(f"expected `:` after the key {quote(name)}")
        self._at += 1
        self.builder.key(name, *self._source.locate(start))

    def _value(self) -> None:
        character = self._skip_space()
        line, column = self._source.locate(self._at)
        if character == '"':
            self.builder.scalar(self._string(), line, column)
        elif character in ("{", "["):
            self.builder.open({} if character == "{" else [], line, column)
            self._closers.append("}" if character == "{" else "]")
            self._at += 1
            if self._skip_space() == self._closers[-1]:
                self._close()
            else:
                self._entry()  # as deep as the spec at most, which the builder bounds
        else:
            self.builder.scalar(self._word(), line, column)

    def _close(self) -> None:
        self._at += 1
        self._closers.pop()
        self.builder.close()

    def _string(self) -> str:
        start = self._at
        try:
            text, self._at = _scan_string(self._text, start + 1, True)
        except json.JSONDecodeError as error:
            self._at = error.pos
            broken_off = self._text[error.pos : error.pos + 1] in ("\n", "\r")
            if broken_off or "Unterminated" in error.msg:
                self._at = start
                message = "a quote that is not closed on its line"
                raise self._wrong(message, "add the closing quote; a line break in a text is written \\n") from None
            if "control character" in error.msg:
                raise self._wrong("a control character inside quotes", "write it as an escape, such as \\t") from None
            raise self._wrong("an unknown escape in quoted text", "write `\\\\` for a backslash") from None
        return text

    def _word(self) -> Value:
        match = _WORD.match(self._text, self._at)
        word = match[0] if match else ""
        if word in _LITERALS:
            self._at += len(word)
            return _LITERALS[word]
        number = _NUMBER.fullmatch(word)
        if number is None:
            raise self._wrong(*self._explain(word))
        try:
            value: Value = to_float(word) if number[1] or number[2] else to_int(word)
        except TooLargeError as error:
            self.builder.report(*self._source.locate(self._at), "E105", str(error))
            value = BROKEN
        self._at += len(word)
        return value

    def _explain(self, word: str) -> tuple[str, str | None]:
        character = self._text[self._at : self._at + 1]
        if not character:
            return "the text ends where a value should stand", None
        if character == "'":
            return "text in single quotes", 'JSON takes double quotes: "text"'
        if character in "/#":
            return _COMMENT
        if word.lstrip("+-") in ("NaN", "Infinity", "inf", "nan"):
            return f"{quote(word)} is not JSON", "write the spec in YAML, which has .inf and .nan"
        if word.lower() in ("none", "true", "false", "null"):
            return f"{quote(word)} is not JSON", "JSON has true, false and null"
        if word and word[0] in "0123456789+-.":
            return f"{quote(word)} is not a JSON number", "no leading zero or plus, and digits around the point"
        if word:
            return f"{quote(word)} is not JSON", "put text in double quotes"
        return f"{quote(character)} where a value should stand", None

    def _skip_space(self) -> str:
        match = _SPACE.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return self._text[self._at : self._at + 1]

    def _wrong(self, message: str, help: str | None = None) -> SpecError:
        at = min(self._at, len(self._text.rstrip()))
        return self.builder.fatal(*self._source.locate(at), "E102", message, help)

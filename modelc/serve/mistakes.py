"""Mistakes of requests: diagnostics with a place in the body, and the status that they are answered with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from modelc.errors import Diagnostic

BODY = "<body>"
"""What the body of a request is called in the place of a diagnostic."""
Place = Sequence[str | int]
"""Keys and indices that lead to a value in JSON."""


class RequestError(Exception):
    """A request that is answered with a status of HTTP, and with what is wrong."""

    def __init__(self, status: int, mistakes: Diagnostic | Iterable[Diagnostic], headers: dict[str, str] | None = None):
        self.diagnostics = (mistakes,) if isinstance(mistakes, Diagnostic) else tuple(mistakes)
        super().__init__(self.diagnostics)
        self.status = status
        self.headers = headers or {}

    def as_body(self) -> dict[str, Any]:
        """What is answered: `error` as the protocol has it, and all mistakes with codes, places and help."""
        return {"error": str(self), "diagnostics": [one.as_dict() for one in self.diagnostics]}

    def __str__(self) -> str:
        return "\n".join(str(one) if one.file is not None else one.sentence for one in self.diagnostics)


def refused(status: int, code: str, message: str, help: str | None = None, **headers: str) -> RequestError:
    """The error of one mistake without a place in the body."""
    return RequestError(status, Diagnostic(code, message, help), {k.replace("_", "-"): v for k, v in headers.items()})


class BodyMistakes:
    """Collects the mistakes in a body of JSON, whose places are looked up when there are any."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._found: list[tuple[Place, Diagnostic]] = []

    def add(self, place: Place, code: str, message: str, help: str | None = None) -> None:
        """A mistake at a place."""
        self._found.append((place, Diagnostic(code, message, help)))

    def raise_any(self) -> None:
        """Raise `RequestError` with all mistakes, if there are any."""
        if self._found:
            raise RequestError(400, [self._located(place, one) for place, one in self._found])

    def _located(self, place: Place, mistake: Diagnostic) -> Diagnostic:
        text = self._text.decode("utf-8", "replace")
        try:
            line, column = line_and_column(text, offset_of(text, place))
        except RecursionError:  # a thousand brackets in each other
            line, column = 1, 1
        message = f"`{written(place)}`: {mistake.message}" if place else mistake.message
        return replace(mistake, message=message, file=BODY, line=line, column=column)


def written(place: Place) -> str:
    """`inputs[0].shape`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The line and the column of a character, from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def offset_of(text: str, place: Place) -> int:
    """Where the value at a place begins in well-formed JSON; of a place that is not there, the last part that is."""
    decoder = json.JSONDecoder()
    at = _skip(text, 0)
    for step in place:
        found = _member(text, at, step, decoder)
        if found is None:
            break
        at = found
    return at


def _member(text: str, at: int, step: str | int, decoder: json.JSONDecoder) -> int | None:
    """Where a member of the object or the list at `at` begins."""
    is_object = isinstance(step, str)
    if text[at : at + 1] != ("{" if is_object else "["):
        return None
    at = _skip(text, at + 1)
    index = 0
    while text[at : at + 1] not in ("}", "]", ""):
        key: Any = index
        if is_object:
            key, at = decoder.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)  # the colon
        if key == step:
            return at
        _, at = decoder.raw_decode(text, at)
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        index += 1
    return None


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\r", "\n") and at < len(text):
        at += 1
    return at

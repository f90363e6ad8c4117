"""TOML text → nodes (TOML 1.0). The standard library reads the values; where each is written is found here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from re import compile as regex
from typing import Any, cast

from modelc.errors import Diagnostic
from modelc.language.text.node import BROKEN, Mark, TextNode, TextSource, Value

_KEY = r"(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')"
_PATH = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_TABLE = regex(rf"\s*\[\s*({_PATH})\s*\]\s*(?:#.*)?")
_LIST_TABLE = regex(rf"\s*\[\[\s*({_PATH})\s*\]\]\s*(?:#.*)?")
_ASSIGNED = regex(rf"\s*({_PATH})\s*=\s*")
_INSIDE = regex(rf"\"(?:[^\"\\\n]|\\.)*\"(?!\s*=)|'[^'\n]*'(?!\s*=)|#.*|[{{}}]|({_PATH})\s*=\s*")
_STEP = regex(_KEY)
_AT = regex(r"\(at line (\d+), column (\d+)\)")

Path = tuple[str, ...]


def read_toml(source: TextSource) -> tuple[TextNode | None, list[Diagnostic]]:
    """The root and the mistakes found; the root is None if the text is no TOML."""
    try:
        values = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        text = str(error)
        at = _AT.search(text)
        line, column = (int(at[1]), int(at[2])) if at else source.locate(len(source.text.rstrip()))
        said = _AT.sub("", text).strip().replace("(at end of document)", "").strip()
        return None, [Mark(source, line, column).diagnostic("E102", f"not well-formed TOML: {said}")]
    return _node(source, values, (), _places(source), Mark(source, 1, 1), None), []


def _node(
    source: TextSource, value: Any, path: Path, places: Mapping[Path, tuple[Mark, Mark]], around: Mark, key: Mark | None
) -> TextNode:
    """The node of a value. A value without a place of its own stands at that around it."""
    own, at = places.get(path, (key, around))
    made: Value
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        made = {name: _node(source, one, (*path, name), places, at, None) for name, one in table.items()}
    elif isinstance(value, list):
        made = tuple(_node(source, one, (*path, ""), {}, at, None) for one in cast("list[Any]", value))
    else:
        made = value if isinstance(value, bool | int | float | str) else BROKEN  # a date is no value of a spec
    return TextNode(source, at.row, at.column, None, made, own)


def _places(source: TextSource) -> dict[Path, tuple[Mark, Mark]]:
    """Where keys are written, and their values, by the path of the key."""
    places: dict[Path, tuple[Mark, Mark]] = {}
    table: Path = ()

    def note(path: Path, line: int, column: int, value: int) -> None:
        places.setdefault(path, (Mark(source, line, column), Mark(source, line, value)))

    for number, line in enumerate(source.text.splitlines(), 1):
        header = _TABLE.fullmatch(line)
        if header is not None:
            table = _steps(header[1])
            note(table, number, header.start(1) + 1, header.start(1) + 1)
            continue
        if _LIST_TABLE.fullmatch(line):
            table = ("",)  # the keys of its items are not looked up
            continue
        assigned = _ASSIGNED.match(line)
        if assigned is None:
            continue
        path = (*table, *_steps(assigned[1]))
        note(path, number, assigned.start(1) + 1, assigned.end() + 1)
        outer, inner = [path], path
        for part in _INSIDE.finditer(line, assigned.end()):
            if part[0] == "{":
                outer.append(inner)
            elif part[0] == "}":
                inner = outer.pop() if len(outer) > 1 else path
            elif part[1] is not None:
                inner = (*outer[-1], *_steps(part[1]))
                note(inner, number, part.start(1) + 1, part.end() + 1)
    return places


def _steps(path: str) -> Path:
    return tuple(step[0].strip("\"'") for step in _STEP.finditer(path))

"""Values in another notation: `(3, 3)`, `None`, `yes`, a quoted number, a list of one item."""

from __future__ import annotations

from collections.abc import Sequence
from re import compile as regex
from typing import Any, cast

_NUMBER = regex(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_TRUE, _FALSE = frozenset({"true", "yes", "on", "y"}), frozenset({"false", "no", "off", "n"})
_TUPLE = regex(r"\(\s*(.*?)\s*,?\s*\)")


def other_form(kind: str, key: str, value: Any) -> str | None:
    """What to write instead of a value of the wrong type. `kind` is pydantic's name of the error."""
    if isinstance(value, str):
        return _text(kind, key, value.strip())
    if isinstance(value, list | tuple):
        items = cast("Sequence[Any]", value)
        wants_one = kind in ("int_type", "float_type", "bool_type", "string_type")
        if wants_one and len(items) == 1 and not isinstance(items[0], list | dict):
            return f"write it without brackets: {_shown(items[0])}"
    if kind == "bool_type" and isinstance(value, int) and value in (0, 1):
        return f"write {'true' if value else 'false'}"
    if kind == "tuple_type" and isinstance(value, int | float) and not isinstance(value, bool):
        return f"write it in brackets: [{_shown(value)}]"
    return None


def as_list(text: str) -> str | None:
    """Python's tuple as YAML's list: `(3, 3)` → `[3, 3]`; None for other text."""
    found = _TUPLE.fullmatch(text.strip())
    return f"[{found.group(1)}]" if found else None


def _text(kind: str, key: str, text: str) -> str | None:
    lower = text.lower()
    if as_list(text) is not None:
        return f"write {as_list(text)}: lists are written in square brackets"
    if kind == "bool_type":
        if lower in _TRUE | _FALSE:
            bare = lower if lower in ("true", "false") else None
            return f"write it without quotes: {bare}" if bare == text else f"write {str(lower in _TRUE).lower()}"
        return None
    if text == "None":
        return None if "shape" in key else "write null"
    if kind in ("int_type", "float_type"):
        if _NUMBER.fullmatch(text):
            return f"write it without quotes: {text}"
        if text.startswith("$"):
            return "a reference to a variable is written ${name}"
    return None


def other_choice(key: str, value: Any, choices: Sequence[str]) -> str | None:
    """What to write instead of a value that is none of the choices, or None."""
    if key == "padding" and isinstance(value, int | list | tuple) and not isinstance(value, bool):
        if value == 0:
            return "write `padding: valid`, which pads nothing"
        width = _shown(value)
        words = "write `padding: same`, which keeps the size at strides 1"
        return f"{words}, or put `{{type: ZeroPadding2D, padding: {width}}}` before it" if "same" in choices else None
    if key == "dtype" and isinstance(value, str):
        return "modelc computes in float32: leave `dtype` out"
    return None


def _shown(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_shown, cast('Sequence[Any]', value)))}]"
    return str(value)

"""Checks of the arguments of functions, and values as messages have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from modelc.errors import Diagnostic, InputError, SpecError
from modelc.text.unknown import hint


def show(value: Any) -> str:
    """A value as a spec would write it, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= 60 else text[:57] + "..."


def kind_of(value: Any) -> str:
    """The type of a value in the words of a spec: `text "32"`."""
    match value:
        case None:
            return "null"
        case bool():
            return show(value)
        case str():
            return f"the text {show(value)}"
        case int() | float():
            return f"the number {show(value)}"
        case dict():
            return "a mapping"
        case list() | tuple():
            return f"the list {show(list(value))}"  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return f"a {type(value).__name__}"


def require_count(name: str, value: Any, least: int = 1) -> None:
    """Raise `InputError` unless an argument is an integer, NumPy's included, and at least so large."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise InputError(f"`{name}` must be an integer, found {kind_of(value)}")
    if value < least:
        raise InputError(f"`{name}` must be at least {least}, found {value}")


def require_texts(name: str, value: Any, owner: str) -> None:
    """Raise `SpecError` unless an argument of `owner` is a list of texts: one text by itself is no list."""
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in cast("list[Any]", value)):
        return
    message = f"`{name}` must be a list of texts, found {kind_of(value)}"
    raise SpecError(Diagnostic("E203", message, f"write `{name}=[…]`", owner))


def require_sizes(name: str, value: Any, owner: str) -> None:
    """Raise `SpecError` unless an argument of `owner` is a list, whose items are checked elsewhere."""
    if not isinstance(value, list | tuple):
        message = f"`{name}` must be a tuple of sizes, found {kind_of(value)}"
        raise SpecError(Diagnostic("E203", message, "one number in a tuple has a comma: `(784,)`", owner))


def require_choice(name: str, value: Any, choices: Sequence[str], owner: str) -> None:
    """Raise `SpecError` unless an argument of `owner` is one of these words."""
    if isinstance(value, str) and value in choices:
        return
    help = hint(value if isinstance(value, str) else "", choices, f"one of: {', '.join(choices)}")
    raise SpecError(Diagnostic("E204", f"`{name}` cannot be {show(value)}", help, owner))


def require_seed(seed: Any, owner: str) -> None:
    """Raise `SpecError` unless a seed is an integer that a generator takes."""
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise SpecError(Diagnostic("E203", f"`seed` must be an integer, found {kind_of(seed)}", None, owner))
    if not 0 <= int(seed) < 2**63:
        raise SpecError(Diagnostic("E204", f"`seed` must be from 0 to 2**63 - 1, found {show(seed)}", None, owner))


def require_bool(trainable: Any, owner: str) -> None:
    """Raise `SpecError` unless `trainable` is set to true or false."""
    if not isinstance(trainable, bool):
        raise SpecError(Diagnostic("E203", "`trainable` must be true or false", None, owner))

"""Conversion of pydantic's errors to diagnostics: a stable code, a message with the value, and a help line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from modelc.config.arguments import kind_of, show
from modelc.text.suggest import did_you_mean
from modelc.text.unknown import ask, hint, unknown, write
from modelc.words.forms import other_choice, other_form
from modelc.words.keys import advice, other_key
from modelc.words.text import glued_key
from modelc.words.values import other_value

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Explanation = tuple[str, str, str | None]
"""Code, message, help."""

_EXPECTED_TYPE: dict[str, str] = {
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "none_required": "null",
    "finite_number": "a finite number",
}

_BOUND: dict[str, tuple[str, str]] = {
    "greater_than": ("greater than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def unknown_key(key: str, owner: str, known: Iterable[str]) -> Explanation:
    """The explanation for a key that `owner` does not have."""
    help = _about_key(key, owner, list(known))
    return "E201", *unknown("key", key, (), where=f"in {owner}", otherwise=help)


def _about_key(key: str, owner: str, known: list[str]) -> str:
    other, joined = other_key(key, owner, known), glued_key(key)
    if other is not None:
        return write(other, key)
    if joined is not None:
        return joined[1]
    near = meant_key(key, owner, known)
    return advice(key, owner) or (ask(near, key) if near else _the_keys(known))


def meant_key(key: str, owner: str, known: Sequence[str]) -> str | None:
    """The option of `owner` that an unknown key stands for: another framework's word for it, or a misspelling."""
    other = other_key(key, owner, known)
    if other is not None or advice(key, owner) is not None:
        return other
    joined = glued_key(key)
    return did_you_mean(key if joined is None else joined[0], known)


EVERYWHERE = ("name", "trainable", "dtype", "input_shape", "inputs")
"""What every layer can have."""
_MOST_KEYS = 12


def _the_keys(known: list[str]) -> str:
    """The keys, its own ones first, as many as are read at a glance."""
    own = [key for key in known if key not in EVERYWHERE]
    own = own if set(EVERYWHERE) <= set(known) and own else known
    more = "" if len(own) <= _MOST_KEYS else f", … ({len(own) - _MOST_KEYS} more)"
    return f"the keys are: {', '.join(own[:_MOST_KEYS])}{more}"


def without_misspelt(details: Sequence[ErrorDetails], owner: str, known: Sequence[str]) -> list[ErrorDetails]:
    """The errors without the options that are missing because they stand under another word: that is one mistake."""
    unknown = [str(one["loc"][0]) for one in details if one["type"] == "extra_forbidden"]
    meant = {meant_key(key, owner, known) for key in unknown}
    return [one for one in details if one["type"] != "missing" or str(one["loc"][0]) not in meant]


def one_per_mistake(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without those of further alternatives: pydantic tells what each kind of value that an option may be
    has against the value.

    Where the value is of one of these kinds, what is wrong with it as such is told, else one error names all kinds.
    Nor is a list too short because items of it are wrong, which pydantic does not count.
    """
    by_option: dict[Any, list[ErrorDetails]] = {}
    for one in errors:
        if one["type"] == "too_short" and any(
            o["loc"][: len(one["loc"])] == one["loc"] and o is not one for o in errors
        ):
            continue
        by_option.setdefault(one["loc"][:1], []).append(one)
    found: list[ErrorDetails] = []
    for same in by_option.values():
        kinds = [e for e in same if e["type"] in _EXPECTED_TYPE and not any(isinstance(s, int) for s in e["loc"])]
        if len(same) > len(kinds):
            found += [e for e in same if e not in kinds]
        elif len(kinds) > 1:
            words = list(dict.fromkeys(_EXPECTED_TYPE[e["type"]] for e in kinds))
            expected = " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
            merged: Any = {**kinds[0], "type": _OF_SEVERAL, "ctx": {"expected": expected}}
            found.append(merged)
        else:
            found += kinds
    return found


_OF_SEVERAL = "several_types"


def explain(details: ErrorDetails, owner: str, fields: Iterable[str]) -> Explanation:
    """What to say about one of pydantic's errors in the options of `owner`."""
    kind, value = details["type"], details["input"]
    context: dict[str, Any] = details.get("ctx", {})
    loc = details["loc"]
    key = "".join([str(loc[0]), *(f"[{step}]" for step in loc[1:] if isinstance(step, int))]) if loc else owner
    if kind == "extra_forbidden":
        return unknown_key(key, owner, fields)
    if kind == "missing":
        return "E202", f"{owner} needs `{key}`", f"add `{key}: …`"
    if kind == _OF_SEVERAL:
        return "E203", f"`{key}` must be {context['expected']}, found {kind_of(value)}", None
    if kind in _EXPECTED_TYPE:
        return "E203", f"`{key}` must be {_EXPECTED_TYPE[kind]}, found {kind_of(value)}", other_form(kind, key, value)
    if kind in _BOUND:
        words, bound = _BOUND[kind]
        return "E204", f"`{key}` must be {words} {context[bound]}, found {show(value)}", None
    if kind == "literal_error":
        return _literal(key, value, context["expected"])
    if kind in ("too_short", "too_long"):
        count = context.get("min_length", context.get("max_length"))
        return "E204", f"`{key}` must have {'at least' if kind == 'too_short' else 'at most'} {count} items", None
    if kind in _CUSTOM:
        return _CUSTOM[kind](key, value, context, details["msg"])
    return "E204", f"`{key}`: {details['msg']}", None


def _literal(key: str, value: Any, expected: str) -> Explanation:
    choices = expected.replace("'", "").replace(" or ", ", ").split(", ")
    return "E204", f"`{key}` cannot be {show(value)}", _about_choice(key, value, choices)


def _about_choice(key: str, value: Any, choices: list[str]) -> str:
    kind = "activation" if "relu" in choices else key
    if isinstance(value, str):
        told = other_value(kind, value, choices) or other_choice(kind, value, choices)
        if told is not None:
            return told
        near = hint(value, choices)
        if near:
            return near
    return other_choice(kind, value, choices) or f"one of: {', '.join(choices)}"


def _as_type(key: str, value: Any, context: dict[str, Any], message: str) -> Explanation:
    help = context.get("help") or other_form(context.get("form", ""), key, value)
    return "E203", f"`{key}`: {message}, found {kind_of(value)}", help


def _as_value(key: str, value: Any, context: dict[str, Any], message: str) -> Explanation:
    return "E204", f"`{key}`: {message}", context.get("help")


def _as_conflict(key: str, value: Any, context: dict[str, Any], message: str) -> Explanation:
    return "E207", message, context.get("help")


_CUSTOM: dict[str, Callable[[str, Any, dict[str, Any], str], Explanation]] = {
    "config_type": _as_type,
    "config_name": _as_value,
    "value_type": _as_type,
    "value": _as_value,
    "conflict": _as_conflict,
}
"""Our own kinds of error, raised as `PydanticCustomError(kind, message, {"help": …})` by field validators.

Instead of a help, `form` is pydantic's error for a value of the expected type, for the help of `other_form`.
"""

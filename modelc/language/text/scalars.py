"""What an unquoted YAML scalar means: the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema)."""

from __future__ import annotations

from math import inf, isinf, nan
from re import compile as regex

from modelc.language.text.node import MAX_DIGITS, Scalar

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((sign + word for sign in ("", "+") for word in (".inf", ".Inf", ".INF")), inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), nan),
}
_NUMBER_STARTS = frozenset("0123456789+-.")
_DECIMAL = regex(r"[-+]?[0-9]+")
_OCTAL = regex(r"0o[0-7]+")
_HEXADECIMAL = regex(r"0x[0-9a-fA-F]+")
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


class TooLargeError(ValueError):
    """A number that is longer than a spec may hold, or larger than a float64 can be."""


def resolve(text: str) -> Scalar:
    """The value of an unquoted scalar: null, a truth value, an integer, a float, or else the text itself.

    `010` is ten, `0o17` fifteen, `1e-3` a float; `on`, `yes`, `12:30`, `1_000` and dates are text.
    Raises TooLargeError.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _DECIMAL.fullmatch(text):
        return to_int(text)
    if _FLOAT.fullmatch(text):
        return to_float(text)
    if _OCTAL.fullmatch(text):
        return to_int(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return to_int(text[2:], 16)
    return text


def to_int(digits: str, base: int = 10) -> int:
    """The integer that a run of digits spells. Raises TooLargeError beyond MAX_DIGITS digits."""
    if len(digits) > MAX_DIGITS and len(digits.lstrip("+-").lstrip("0")) > MAX_DIGITS:
        raise TooLargeError(f"an integer of more than {MAX_DIGITS} digits")
    return int(digits.lstrip("0") or "0", base) if len(digits) > MAX_DIGITS else int(digits, base)


def to_float(text: str) -> float:
    """The float that a decimal number spells. Raises TooLargeError where it would be infinite."""
    value = float(text)
    if isinf(value):
        raise TooLargeError("a number larger than a float64 can hold")
    return value

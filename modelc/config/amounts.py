"""The options that are amounts with units, as `text/amounts.py` reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.text.amounts import parse_bytes, parse_count, parse_seconds


def _validator(parse: Callable[[str], int | None], example: str) -> BeforeValidator:
    def validate(value: Any) -> Any:
        amount = parse(value) if isinstance(value, str) else value
        if not isinstance(amount, int) or isinstance(amount, bool):
            raise PydanticCustomError("value_type", "expected an amount such as {example}", {"example": example})
        if amount < 0:
            raise PydanticCustomError("value", "must not be negative, found {amount}", {"amount": amount})
        return amount

    return BeforeValidator(validate)


def _schema(units: str, example: str) -> WithJsonSchema:
    text = {"type": "string", "pattern": rf"^\s*[0-9]+(\.[0-9]+)?\s*{units}\s*$", "examples": [example]}
    return WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, text]})


def _time(value: Any) -> Any:
    if not isinstance(value, str) or parse_seconds(value) is None:
        raise PydanticCustomError("value_type", "expected a time with its unit, such as 5ms")
    return value


Count = Annotated[int, _validator(parse_count, "50k"), _schema("[kKmMgGbBtT]?", "50k")]
Bytes = Annotated[int, _validator(parse_bytes, "64MB"), _schema("([kKmMgGtT]?([iI]?[bB])?)", "64MB")]

Time = Annotated[
    str,
    BeforeValidator(_time),
    WithJsonSchema({
        "type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*([uUµμ]|[mM])?[sS]\s*$", "examples": ["5ms"],
    }),
]  # fmt: skip
"""A time as text: a number alone would not say of what."""

"""The values of options as plain data: numbers, texts, lists and mappings, as YAML, JSON and Python have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

if TYPE_CHECKING:
    from modelc.config.base import Config


def plain_value(value: Any, sequence: type[list[Any]] | type[tuple[Any, ...]] = list) -> Any:
    """A value as plain data: a config as a spec holds it, by its name alone where it has no options.

    Tuples become a `sequence`: lists, as YAML and JSON have them, or tuples, as Python shows them.
    """
    if isinstance(value, BaseModel):
        return cast("Config", value).shortest()
    if isinstance(value, tuple):
        return sequence(plain_value(item, sequence) for item in cast(tuple[Any, ...], value))
    if isinstance(value, Mapping):
        return {str(key): plain_value(item, sequence) for key, item in cast("Mapping[Any, Any]", value).items()}
    return value

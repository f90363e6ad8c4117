"""`ByOutput`: options that hold one config for all outputs of a model, or several by the names of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard, cast

from modelc.config.registry import Registry


@dataclass(frozen=True, slots=True)
class ByOutput:
    """Marks a field that holds a config of a registry, or several by the names of outputs."""

    registry: Registry[Any]
    words: frozenset[str] = frozenset()
    """What a text may be besides, whose meaning is found out later."""
    many: bool = False
    """Whether there may be a list."""


TYPE: Final = "type"
"""The key of a config that says of which class it is."""


def is_by_output(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value is a mapping by the names of outputs, and no config.

    A config has a word as its `type`. So an output of that name is given a list or a mapping: `{type: [mse]}`.
    """
    return isinstance(value, Mapping) and not isinstance(cast("Mapping[str, Any]", value).get(TYPE), str)


def for_output(name: str, item: Any) -> Any:
    """What a mapping gives an output: for the one called `type`, what its list holds, where that is one thing."""
    if name != TYPE or not isinstance(item, list | tuple):
        return item
    items = cast("Sequence[Any]", item)
    return items[0] if len(items) == 1 else items

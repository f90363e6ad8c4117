"""Layers that are written like others: their options are validated once, and the layers are copies.

Most models, and the specs of one repository, have many layers that differ in nothing but their names.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from modelc.config.paths import path_fields
from modelc.language.mistakes import Mistakes
from modelc.language.text.node import TextNode
from modelc.layers.base import Layer

L = TypeVar("L", bound=Layer)

_MOST = 4096
"""The layers that are kept; beyond, all are forgotten."""
_SCALARS = frozenset({str, int, bool, type(None)})
_made: dict[Hashable, Layer] = {}


def like_others(cls: type[L], node: TextNode, found: Mistakes, make: Callable[[], L | None]) -> L | None:
    """The layer that `make` makes of a mapping, or a copy of one with the same options; None where it has mistakes."""
    options = _options(cls, node)
    if options is None:
        return make()
    known = _made.get(options)
    name = node.get("name")
    if isinstance(known, cls):
        return _named(known, None if name is None else name.value)
    before = len(found)
    made = make()
    if made is not None and len(found) == before:
        if len(_made) >= _MOST:
            _made.clear()
        _made[options] = _named(made, None)
    return made


def _options(cls: type[Layer], node: TextNode) -> Hashable | None:
    """All that is written but the name, where it is plain scalars and lists of them and means the same anywhere."""
    if not isinstance(node.value, dict) or path_fields(cls):
        return None
    found: list[Any] = [cls]  # type checkers do not take a class of configs for hashable
    for key, child in node.value.items():
        if key == "name":
            if not isinstance(child.value, str):
                return None
        elif key != "type":
            plain = _plain(child)
            if plain is None:
                return None
            found += key, plain
    return tuple(found)


def _plain(node: TextNode) -> Hashable | None:
    """A scalar with its type, as 1 and True are equal, or a list of such; None for anything else."""
    value = node.value
    if value.__class__ in _SCALARS:
        return value.__class__, value
    if isinstance(value, float):
        return float, repr(value)  # 0.0 and -0.0 are equal
    if isinstance(value, tuple):
        items = tuple(map(_plain, value))
        return None if None in items else items
    return None


def _named(layer: L, name: Any) -> L:
    """A copy with this name, at no place of a text."""
    copy = layer.model_copy(update={"name": name})
    if name is None:
        copy.__pydantic_fields_set__.discard("name")
    private = copy.__pydantic_private__
    assert private is not None
    private["_place"] = None
    return copy

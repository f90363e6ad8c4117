"""Finding a layer by name or by index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from modelc.errors import Diagnostic, SpecError
from modelc.layers.base import Layer
from modelc.suggest import did_you_mean

L = TypeVar("L", bound=Layer)

_NAMES_SHOWN = 20


def find_layer(layers: Sequence[L], name: str | None = None, index: int | None = None) -> L:
    """The layer of that name, or at that index. Raises `SpecError` where there is none, or both are given."""
    if (name is None) == (index is None):
        raise SpecError(Diagnostic("E207", "get_layer takes a name or an index", None, "get_layer"))
    if index is None:
        names = [layer.label for layer in layers]
        if name not in names:
            raise SpecError(Diagnostic("E304", *no_layer(str(name), names), "get_layer"))
        return layers[names.index(name)]
    if not -len(layers) <= index < len(layers):
        message = f"no layer has the index {index}: there are {len(layers)}"
        raise SpecError(Diagnostic("E304", message, None, "get_layer"))
    return layers[index]


def no_layer(name: str, names: Sequence[str]) -> tuple[str, str]:
    """The message and the help for a name that no layer has."""
    near = did_you_mean(name, names)
    shown = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
    return f"there is no layer `{name}`", f"did you mean `{near}`?" if near else f"the layers are: {shown}"

"""Finding a layer by name or by index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from modelc.config.arguments import kind_of
from modelc.errors import Diagnostic, SpecError
from modelc.layers.base import Layer
from modelc.text.unknown import unknown


def find_layer(layers: Sequence[Layer], name: str | None = None, index: int | None = None) -> Any:
    """The layer of that name, or at that index. Raises `SpecError` where there is none, or both are given.

    A path reaches into models that are used as layers: `base/block3_pool`; a dot may stand for the slash. What is
    found is a `Layer`; it is not declared as one because each has attributes of its own.
    """
    if (name is None) == (index is None):
        raise SpecError(Diagnostic("E207", "get_layer takes a name or an index", None, "get_layer"))
    if index is None:
        found = _at(layers, str(name))
        if found is None:
            names = [path for layer in layers for path in layer_paths(layer)]
            raise SpecError(Diagnostic("E304", *unknown("layer", str(name), names), "get_layer"))
        return found
    if isinstance(index, bool) or not hasattr(index, "__index__"):
        raise SpecError(Diagnostic("E203", f"`index` must be an integer, found {kind_of(index)}", None, "get_layer"))
    if not -len(layers) <= index < len(layers):
        message = f"no layer has the index {index}: there are {len(layers)}"
        raise SpecError(Diagnostic("E304", message, None, "get_layer"))
    return layers[index]


def _at(layers: Sequence[Layer], path: str) -> Layer | None:
    """The layer at a path; names of layers may hold slashes themselves."""
    for layer in layers:
        if path == layer.label:
            return layer
        if path.startswith((f"{layer.label}/", f"{layer.label}.")):
            found = _at(_inside(layer), path[len(layer.label) + 1 :])
            if found is not None:
                return found
    return None


def layer_paths(layer: Layer) -> Iterator[str]:
    """The path of a layer, and those of the layers inside of it where it is a model."""
    yield layer.label
    for inner in _inside(layer):
        yield from (f"{layer.label}/{path}" for path in layer_paths(inner))


def _inside(layer: Layer) -> Sequence[Layer]:
    """The layers of a model that is used as a layer."""
    return getattr(layer, "layers", ()) if layer.is_model else ()

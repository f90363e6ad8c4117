"""Walks through a spec and the models inside of it: warnings are about these as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from modelc.graph.graph import LayerTrace
from modelc.layers.base import Layer

if TYPE_CHECKING:
    from modelc.language.definition import Definition
    from modelc.language.nested import ModelLayer


def models_in(layers: Iterable[Any]) -> Iterator[ModelLayer]:
    """The models among the entries of a spec, in wrappers too, and those inside of them; whatever views leave out."""
    for layer in layers:
        if not isinstance(layer, Layer):
            continue
        if layer.is_model:
            model: Any = layer
            yield model
            yield from models_in(model.spec.entries)
        elif layer.wrapped:  # most layers hold none, and to begin a walk for each takes longer than the rest
            yield from models_in(layer.inside)


def layers_by_path(spec: Definition) -> dict[str, Layer]:
    """The layers of a spec and those inside of models, by the path that their records have."""
    return dict(_with_paths(((str(layer.name), layer) for layer in spec.layers), ""))


def _with_paths(parts: Iterable[tuple[str, Layer]], above: str) -> Iterator[tuple[str, Layer]]:
    for name, layer in parts:
        yield above + name, layer
        inside = layer.parts()
        if inside:
            yield from _with_paths(inside, f"{above}{name}/")


def all_records(records: Iterable[LayerTrace]) -> Iterator[LayerTrace]:
    """What tracing learnt about each layer, and after a model about the layers inside of it."""
    for record in records:
        yield record
        if record.inner:
            yield from all_records(record.inner)

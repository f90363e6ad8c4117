"""Converts the ways to declare a model's inputs to a single one.

A chain says it by `input`, by an InputLayer in front, or by `input_shape` of its first layer: all become `input`. Where
the inputs count as layers, because `inputs` at the top or several InputLayers name them, all become InputLayers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modelc.errors import Diagnostic, SpecError
from modelc.language.definition import Definition, InputSpec
from modelc.language.names import FUNCTIONAL
from modelc.language.text.node import TextNode
from modelc.language.wiring import Entry
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer


def resolve_input(spec: Definition) -> Definition:
    """The same spec with its inputs said in one way. Raises `SpecError` where two places contradict."""
    if "name" not in spec.model_fields_set and any(e.connections is not None for e in spec.entries):
        spec = spec.replaced(name=FUNCTIONAL)
    if spec.input_table or sum(isinstance(entry, InputLayer) for entry in spec.entries) > 1:
        return _functional(spec)
    found: list[Diagnostic] = []
    entries = list(spec.entries)
    declared: InputSpec | None = None
    key = "input_shape"
    first = entries[0] if entries else None
    if isinstance(first, InputLayer):
        del entries[0]
        key = "shape"
        declared = InputSpec(shape=first.shape, dtype=first.dtype, name=first.name, batch_size=first.batch_size)
    elif isinstance(first, Layer) and first.input_shape is not None:
        declared = InputSpec(shape=first.input_shape)
        entries[0] = first.model_copy(update={"input_shape": None})
    found += _misplaced(entries)
    if declared is not None and spec.input is not None and spec.input.shape != declared.shape:
        message = f"the first layer takes {list(declared.shape)}, but `input` says {list(spec.input.shape)}"
        found.append(_at(spec.entries[0], key, "E207", message, "say the shape in one place only"))
    if not entries:
        found.append(_at(spec.entries[0], "", "E204", "a model needs a layer beside its InputLayer", None))
    if found:
        raise SpecError(found)
    return spec.replaced(entries=tuple(entries), input=spec.input or declared)


def _functional(spec: Definition) -> Definition:
    """The spec whose inputs are InputLayers, those of `inputs` at the top first."""
    layers = tuple(
        InputLayer(shape=input.shape, dtype=input.dtype, name=input.name, batch_size=input.batch_size)
        for input in spec.input_table
    )
    found: list[Diagnostic] = []
    place = spec.place("inputs")
    for layer in layers:
        at = (place.get(str(layer.name)) or place) if place is not None else None
        if at is not None:
            layer.locate(at)
    if spec.input is not None:
        help = "write all inputs under `inputs`, by name"
        found.append(spec.diagnostic("input", "E207", "`input` and several inputs do not go together", help))
    taken = {str(layer.name) for layer in layers}
    for entry in spec.entries:
        if isinstance(entry, Layer) and entry.input_shape is not None:
            help = "remove it: the inputs are named at the top"
            found.append(_at(entry, "input_shape", "E207", "`input_shape` is for the first layer of a chain", help))
        if isinstance(entry, Layer) and entry.name in taken:
            message = f"`{entry.name}` is also the name of an input"
            found.append(_at(entry, "name", "E206", message, "names are unique in a model: rename one of them"))
    if found:
        raise SpecError(found)
    name = spec.name if "name" in spec.model_fields_set else FUNCTIONAL
    return spec.replaced(name=name, entries=layers + spec.entries, input_table=())


def _misplaced(entries: Sequence[Entry]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for i, layer in enumerate(entries):
        if isinstance(layer, InputLayer):
            found.append(_at(layer, "", "E207", "an InputLayer can only be the first layer", "remove it"))
        elif i > 0 and isinstance(layer, Layer) and layer.input_shape is not None:
            help = "remove it: later shapes are inferred"
            found.append(_at(layer, "input_shape", "E207", "`input_shape` is only for the first layer", help))
    return found


def _at(layer: Entry, key: str, code: str, message: str, help: str | None) -> Diagnostic:
    place: Any = layer.place
    if isinstance(place, TextNode):
        return (place.get(key) or place).diagnostic(code, message, help)
    return Diagnostic(code, message, help, layer.name or layer.type_name())

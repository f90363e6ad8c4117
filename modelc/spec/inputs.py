"""The three ways to say what a model takes, brought to one: `input`, an InputLayer, `input_shape` of a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modelc.errors import Diagnostic, SpecError
from modelc.layers.base import Layer
from modelc.spec.node import Node
from modelc.spec.spec import InputSpec, Spec


def resolve_input(spec: Spec) -> Spec:
    """The same spec with its input shape at the top only. Raises `SpecError` where two places contradict."""
    found: list[Diagnostic] = []
    entries = list(spec.entries)
    declared: InputSpec | None = None
    key = "input_shape"
    if entries and entries[0].type_name() == "InputLayer":
        layer: Any = entries.pop(0)
        key = "shape"
        declared = InputSpec(shape=layer.shape, dtype=layer.dtype, name=layer.name)
    elif entries and entries[0].input_shape is not None:
        declared = InputSpec(shape=entries[0].input_shape)
        entries[0] = entries[0].model_copy(update={"input_shape": None})
    found += _misplaced(entries)
    if declared is not None and spec.input is not None and spec.input.shape != declared.shape:
        message = f"the first layer takes {list(declared.shape)}, but `input` says {list(spec.input.shape)}"
        found.append(_at(spec.entries[0], key, "E207", message, "say the shape in one place only"))
    if not entries:
        found.append(_at(spec.entries[0], "", "E204", "a model needs a layer beside its InputLayer", None))
    if found:
        raise SpecError(found)
    return spec.replaced(entries=tuple(entries), input=spec.input or declared)


def _misplaced(entries: Sequence[Layer]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for i, layer in enumerate(entries):
        if layer.type_name() == "InputLayer":
            found.append(_at(layer, "", "E207", "an InputLayer can only be the first layer", "remove it"))
        elif i > 0 and layer.input_shape is not None:
            help = "remove it: later shapes are inferred"
            found.append(_at(layer, "input_shape", "E207", "`input_shape` belongs to the first layer", help))
    return found


def _at(layer: Layer, key: str, code: str, message: str, help: str | None) -> Diagnostic:
    place = layer.place
    if isinstance(place, Node):
        return (place.get(key) or place).diagnostic(code, message, help)
    return Diagnostic(code, message, help, layer.name or layer.type_name())

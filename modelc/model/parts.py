"""What is done with a model beside running it: it is taken apart, told, saved, and is a layer of another one.

A model that was loaded runs without any of this; `model.py` imports it where it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from modelc.config.arguments import require_sizes
from modelc.errors import Diagnostic, SpecError
from modelc.graph.sizes import shown
from modelc.graph.types import format_shape
from modelc.language.names import FUNCTIONAL, SEQUENTIAL
from modelc.language.nested import ModelLayer
from modelc.language.selectors import select_ordered
from modelc.layers.base import Layer
from modelc.layers.find import find_layer
from modelc.model.built import BuiltGraph, part_between
from modelc.model.c_export import export_c as export_c
from modelc.model.pickled import pickled as pickled
from modelc.model.retrace import retraced as retraced
from modelc.model.samples import predicted as predicted
from modelc.model.samples import samples_of as samples_of
from modelc.model.samples import together as together
from modelc.model.saving import load_weights as load_weights
from modelc.model.saving import save as save
from modelc.model.saving import save_onnx as save_onnx
from modelc.model.saving import save_weights as save_weights
from modelc.model.symbol import Symbol, Traced, tensors_by_name, tensors_of
from modelc.pages.notebook import definition_as_html as definition_as_html
from modelc.pages.view import view_of_definition as view_of_definition
from modelc.report.summary import summarize as summarize

if TYPE_CHECKING:
    from modelc.model.model import Model

Outputs = Symbol | Sequence[Symbol] | Mapping[str, Symbol]


def part(inputs: Symbol | Sequence[Symbol], outputs: Outputs, name: str | None) -> tuple[BuiltGraph, Traced]:
    """The part of a traced model between these tensors, and the traced model."""
    keys = tuple(outputs) if isinstance(outputs, Mapping) else ()
    wanted = _symbols(list(outputs.values()) if isinstance(outputs, Mapping) else outputs, "outputs")
    return part_between(_symbols(inputs, "inputs"), wanted, name, keys), wanted[0].owner


def symbols(model: Model, root: Traced, *, outputs: bool) -> list[Symbol]:
    """The symbolic inputs or outputs of a model, whose layers have the symbols of `root`."""
    graph = model.graph
    values, names = (graph.outputs, graph.output_names) if outputs else (graph.inputs, graph.input_names)
    return [Symbol(root, value, name) for value, name in zip(values, names, strict=True)]


def extracted(model: Model, root: Traced, selectors: Sequence[str]) -> Symbol | list[Symbol]:
    """The symbolic outputs of the selected layers."""
    known = tensors_by_name(model.graph)
    layers = model.graph.layers
    inside = [path for record in layers for inner in record.inner for path in inner.paths()]
    names = select_ordered(selectors, [record.name for record in layers], inner=inside)
    tensors = [tensor for name in names for tensor in tensors_of(name, known)]
    found = [Symbol(root, known[tensor], tensor) for tensor in tensors]
    return found[0] if len(found) == 1 else found


def require_input_shape(model: Model, given: Sequence[int | None]) -> None:
    """Raise `SpecError` unless the one input of a model, which is built, may have this shape, with the batch axis."""
    require_sizes("input_shape", given, "build")
    shapes = [shown(value.type.shape) for value in model.graph.inputs]
    fits = len(shapes) == 1 and len(shapes[0]) == len(given)
    if not fits or any(None not in pair and pair[0] != pair[1] for pair in zip(shapes[0], given, strict=True)):
        found = " and ".join(map(format_shape, shapes))
        message = f"the model is built, and takes {found}, found {tuple(given)}"
        raise SpecError(Diagnostic("E207", message, "`spec.with_input_shape(…)` makes another spec", model.name))


def layer_of(model: Model, name: str | None, index: int | None) -> Layer:
    """The layer with that name, or at that index. Raises `SpecError` if there is none."""
    return find_layer(tuple(model.layers), name, index)


def as_layer(model: Model) -> ModelLayer:
    """A model as a layer of another one."""
    spec = model.to_spec().without_weight_files()
    name = None if model.name in (SEQUENTIAL, FUNCTIONAL) else model.name
    return ModelLayer.around(spec, model.layers, model, name, model.trainable)


def _symbols(given: Symbol | Sequence[Symbol], what: str) -> list[Symbol]:
    symbols = [given] if isinstance(given, Symbol) else list(given)
    if not symbols or not all(isinstance(s, Symbol) for s in symbols):
        help = "give the `inputs` of a model, or the `output` of its layers"
        raise SpecError(Diagnostic("E203", f"`{what}` must be symbolic tensors of a model", help, "Model"))
    return symbols

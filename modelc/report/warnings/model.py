"""Warnings about the layers: pictures in another order, inputs that nothing uses, Dense at every place of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from modelc.errors import Diagnostic
from modelc.graph.graph import Graph, LayerTrace, Value
from modelc.initializers.classes import Constant, Identity, Ones, Zeros
from modelc.language.validation.shape_help import channels_come_first, last
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.report.warnings.inside import all_records, layers_by_path
from modelc.report.warnings.last import last_activation, makers
from modelc.report.warnings.place import warn

if TYPE_CHECKING:
    from modelc.language.definition import Definition
    from modelc.language.view import ModelView

_OVER_PICTURES = ("Conv2D", "MaxPooling2D", "AveragePooling2D", "DepthwiseConv2D", "SeparableConv2D")
_LOOK_AROUND = ("Conv", "Max", "Average", "Separable", "Depthwise")
"""What the types of layers begin with that tell of pictures."""
_FIXED = (Zeros, Ones, Constant, Identity)
"""Initializers that draw nothing."""


def model_warnings(spec: Definition) -> Iterator[Diagnostic]:
    """The warnings of a traced spec that need no `training`, and those of what is frozen in one that is trained."""
    yield from _channels_first(spec)
    yield from _unused_inputs(spec)
    yield from _dense_over_pictures(spec)
    if spec.training is not None and spec.weights is None:
        yield from _frozen_at_random(spec)


def _channels_first(spec: Definition) -> Iterator[Diagnostic]:
    inputs = set(spec.graph.inputs)
    for record in all_records(spec.graph.layers):
        if record.type not in _OVER_PICTURES or not record.inputs or record.input not in inputs:
            continue
        shape, layer = record.input.type.dims, layers_by_path(spec).get(record.name)
        if getattr(layer, "data_format", None) == "channels_first" or not channels_come_first(shape):
            continue
        message = f"`{record.name}` ({record.type}) takes {shape[0]} × {shape[1]} images of {shape[2]} channels"
        help = f"modelc is channels-last: for {shape[1]} × {shape[2]} images the shape is {last(shape)}"
        yield warn(record.place, "W402", message, help, record.name)


def _unused_inputs(spec: Definition) -> Iterator[Diagnostic]:
    yield from _unused_by_graph(spec.graph)
    for path, layer in layers_by_path(spec).items():
        if layer.is_model:
            model: Any = layer
            for name, place in _unused_by_wiring(model.viewed.view):
                name = f"{path}/{name}"
                help = "remove it, and what is given for it"
                yield warn(place, "W403", f"the input `{name}` is not used", help, name)


def _unused_by_wiring(view: ModelView) -> Iterator[tuple[str, Any]]:
    """The inputs of a model inside that none of its outputs depends on, and where they are written."""
    used = {view.wiring.uses[i].layer for i in view.wiring.ancestors(view.outputs)}
    for layer in view.layers:
        if isinstance(layer, InputLayer) and layer.name not in used:
            yield str(layer.name), layer.place


def _unused_by_graph(graph: Graph) -> Iterator[Diagnostic]:
    read = {value for node in graph.nodes for value in node.inputs} | set(graph.outputs)
    if len(graph.inputs) < 2:
        return
    records = {record.outputs[0]: record for record in graph.layers if record.type == "InputLayer"}
    for value in graph.inputs:
        if value not in read:
            record = records.get(value)
            name = record.name if record is not None else "input"
            place = record.place if record is not None else None
            yield warn(place, "W403", f"the input `{name}` is not used", "remove it, or name it in `inputs`", name)


def _dense_over_pictures(spec: Definition) -> Iterator[Diagnostic]:
    """A Dense that gives the output, applied at every row and column of a picture."""
    made = makers(spec.graph.layers)
    for output in spec.graph.outputs:
        record = _behind(output, made)
        if record is None or record.type != "Dense" or record.input.type.rank != 4 or not _names_classes(spec, output):
            continue
        if not any(r.type.startswith(_LOOK_AROUND) for r in all_records(spec.graph.layers)):
            continue
        rows, columns = record.input.type.dims[:2]
        message = f"`{record.name}` (Dense) is applied at each of the {rows} × {columns} positions of an image"
        help = "for one result per image, put {type: Flatten} or {type: GlobalAveragePooling2D} before it"
        yield warn(record.place, "W304", message, help, record.name)


def _names_classes(spec: Definition, output: Value) -> bool:
    """Whether an output tells which of several classes something is of: it ends with a softmax."""
    made = makers(spec.graph.layers)
    return last_activation(made.get(output), made, layers_by_path(spec)) == "softmax"


def _behind(output: Value, made: dict[Value, LayerTrace]) -> LayerTrace | None:
    """The layer that makes a value, before activations and what acts in training only."""
    record = made.get(output)
    while record is not None and record.type in ("Activation", "Softmax", "ReLU", "Dropout") and record.inputs:
        record = made.get(record.input)
    return record


def _frozen_at_random(spec: Definition) -> Iterator[Diagnostic]:
    records = {record.name: record for record in all_records(spec.graph.layers)}
    yield from _frozen_among(((str(layer.name), layer) for layer in spec.layers), "", records)


def _frozen_among(
    parts: Iterable[tuple[str, Layer]], above: str, records: Mapping[str, LayerTrace]
) -> Iterator[Diagnostic]:
    """W401 for layers below a path; one for a model that is frozen as a whole."""
    for name, layer in parts:
        path = above + name
        if not layer.trainable:
            if _is_random(layer, path, records):
                help = "give a weight file: `weights: FILE` or --weights"
                yield warn(records[path].place, "W401", f"`{path}` is frozen, but its weights are random", help, path)
        elif layer.is_model and not _has_weights_file(layer):
            yield from _frozen_among(layer.parts(), f"{path}/", records)


def _is_random(layer: Layer, path: str, records: Mapping[str, LayerTrace]) -> bool:
    """Whether something of a layer is drawn, and comes from no file."""
    record = records.get(path)
    if record is None or _has_weights_file(layer):
        return False
    if layer.is_model:
        return any(_is_random(part, f"{path}/{name}", records) for name, part in layer.parts())
    return any(w.trainable and not isinstance(w.initializer, _FIXED) for w in record.stored)


def _has_weights_file(layer: Layer) -> bool:
    """Whether a model that is used as a layer names a file of weights."""
    return getattr(layer, "names_weights", False)

"""Warnings about the layers: pictures in another order, inputs that nothing uses, Dense at every place of a picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelc.errors import Diagnostic
from modelc.graph.graph import LayerTrace, Value
from modelc.initializers import Constant, Identity, Ones, Zeros
from modelc.layers.base import Layer
from modelc.report.warnings.last import last_activation, makers
from modelc.report.warnings.place import warn
from modelc.spec.shape_help import channels_come_first, last

if TYPE_CHECKING:
    from modelc.spec.spec import Spec

_OVER_PICTURES = ("Conv2D", "MaxPooling2D", "AveragePooling2D", "DepthwiseConv2D", "SeparableConv2D")
_FIXED = (Zeros, Ones, Constant, Identity)
"""Initializers that draw nothing."""


def model_warnings(spec: Spec) -> Iterator[Diagnostic]:
    """The warnings of a traced spec that need no `training`, and those of what is frozen in one that is trained."""
    yield from _channels_first(spec)
    yield from _unused_inputs(spec)
    yield from _dense_over_pictures(spec)
    if spec.training is not None and spec.weights is None:
        yield from _frozen_at_random(spec)


def _channels_first(spec: Spec) -> Iterator[Diagnostic]:
    inputs = set(spec.graph.inputs)
    layers = {layer.name: layer for layer in spec.layers}
    for record in spec.graph.layers:
        layer = layers.get(record.name)
        if record.type not in _OVER_PICTURES or not record.inputs or record.input not in inputs:
            continue
        shape = record.input.type.dims
        if getattr(layer, "data_format", None) == "channels_first" or not channels_come_first(shape):
            continue
        message = f"`{record.name}` ({record.type}) takes {shape[0]} × {shape[1]} pictures of {shape[2]} channels"
        help = f"channels come last: if this is meant as {shape[1]} × {shape[2]} pictures, the shape is {last(shape)}"
        yield warn(record.place, "W402", message, help, record.name)


def _unused_inputs(spec: Spec) -> Iterator[Diagnostic]:
    graph = spec.graph
    read = {value for node in graph.nodes for value in node.inputs} | set(graph.outputs)
    if len(graph.inputs) < 2:
        return
    records = {record.outputs[0]: record for record in graph.layers if record.type == "InputLayer"}
    for value in graph.inputs:
        if value not in read:
            record = records.get(value)
            name = record.name if record is not None else "input"
            place = record.place if record is not None else None
            yield warn(place, "W403", f"nothing uses the input `{name}`", "remove it, or name it in `inputs`", name)


def _dense_over_pictures(spec: Spec) -> Iterator[Diagnostic]:
    """A Dense that gives the output, applied at every row and column of a picture."""
    made = makers(spec.graph.layers)
    for output in spec.graph.outputs:
        record = _behind(output, made)
        if record is None or record.type != "Dense" or record.input.type.rank != 4 or not _names_classes(spec, output):
            continue
        if not any(r.type.startswith(("Conv", "Max", "Average", "Separable", "Depthwise")) for r in spec.graph.layers):
            continue
        rows, columns = record.input.type.dims[:2]
        message = f"`{record.name}` (Dense) is applied at each of the {rows} × {columns} places of a picture"
        help = "for one result per picture, put {type: Flatten} or {type: GlobalAveragePooling2D} before it"
        yield warn(record.place, "W304", message, help, record.name)


def _names_classes(spec: Spec, output: Value) -> bool:
    """Whether an output tells which of several classes something is of: it ends with a softmax."""
    made = makers(spec.graph.layers)
    return last_activation(made.get(output), made, {layer.name: layer for layer in spec.layers}) == "softmax"


def _behind(output: Value, made: dict[Value, LayerTrace]) -> LayerTrace | None:
    """The layer that makes a value, before activations and what acts in training only."""
    record = made.get(output)
    while record is not None and record.type in ("Activation", "Softmax", "ReLU", "Dropout") and record.inputs:
        record = made.get(record.input)
    return record


def _frozen_at_random(spec: Spec) -> Iterator[Diagnostic]:
    records = {record.name: record for record in spec.graph.layers}
    for layer in spec.layers:
        record = records.get(str(layer.name))
        if record is not None and not layer.trainable and not _has_weights_file(layer) and _is_drawn(record):
            message = f"`{layer.name}` is frozen, and its weights are random"
            help = "name its weights: `weights: FILE`, or --weights on the command"
            yield warn(record.place, "W401", message, help, layer.name)


def _has_weights_file(layer: Layer) -> bool:
    """Whether a model that is used as a layer names a file of weights."""
    inner = getattr(layer, "spec", None)
    return layer.is_model and any(getattr(one, "weights", None) is not None for one in (layer, inner))


def _is_drawn(record: LayerTrace) -> bool:
    return any(w.trainable and not isinstance(w.initializer, _FIXED) for w in record.stored)

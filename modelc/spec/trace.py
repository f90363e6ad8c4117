"""Spec → Graph: calls every layer on symbolic values, and says where a shape does not fit and why."""

from __future__ import annotations

from collections.abc import Sequence

from modelc.errors import Diagnostic, ShapeError, SpecError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, LayerTrace
from modelc.graph.types import Shape, TensorType, format_shape
from modelc.layers.base import Layer

_INTEGER_DTYPES = frozenset({"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"})


def input_type(shape: Sequence[int], dtype: str) -> TensorType:
    """The type of a model input inside the model: integers become int32, floats float32."""
    return TensorType((None, *shape), "int32" if dtype in _INTEGER_DTYPES else "float32")


def trace(
    name: str,
    layers: Sequence[Layer],
    shape: Sequence[int],
    dtype: str = "float32",
    *,
    outputs: Sequence[str] = (),
    training: bool = False,
) -> Graph:
    """The graph of a chain of named layers; `outputs` names the layers to return, the last one unless said.

    Raises `SpecError` at the entry of the layer that cannot take what reaches it.
    """
    builder = Builder(training=training)
    x = builder.input(input_type(shape, dtype), dtype)
    made: list[LayerTrace] = []
    for layer in layers:
        assert layer.name is not None, "names are resolved before tracing"
        start = builder.mark()
        try:
            with builder.layer(layer.name):
                y = layer.call(builder, x)
        except ShapeError as error:
            raise SpecError(_located(error, layer, x.type.shape, made, layers)) from None
        made.append(
            builder.record(start, name=layer.name, type=layer.type_name(), input=x, output=y, trainable=layer.trainable)
        )
        x = y
    by_name = {record.name: record.output for record in made}
    names = tuple(outputs) or ((made[-1].name,) if made else ("input",))
    values = tuple(by_name[n] for n in names) if made else (x,)
    return builder.graph(name, values, names)


def _located(
    error: ShapeError, layer: Layer, shape: Shape, made: Sequence[LayerTrace], layers: Sequence[Layer]
) -> Diagnostic:
    message = f"`{layer.name}` ({layer.type_name()}) cannot take {format_shape(shape)}: {error.message}"
    helps = [error.help] if error.help else []
    cause = _cause(made)
    if cause is not None:
        record = made[cause]
        place = layers[cause].place
        at = f" at {place.source.name}:{place.line}" if place is not None and place.line is not None else ""
        helps.insert(
            0,
            f"`{record.name}` ({record.type}){at} made it that small: "
            f"{format_shape(record.input.type.shape)} → {format_shape(record.output.type.shape)}",
        )
    help = "; ".join(helps) or None
    if layer.place is None:
        return Diagnostic(error.code, message, help, layer.name)
    return layer.place.diagnostic(error.code, message, help)


def _cause(made: Sequence[LayerTrace]) -> int | None:
    """The last layer before the error that shrank what flows: it made the shape what it is."""
    for i in range(len(made) - 1, -1, -1):
        before, after = made[i].input.type, made[i].output.type
        if before.shape == after.shape:
            continue
        shrank = before.rank == after.rank and any(a < b for a, b in zip(after.dims, before.dims, strict=True))
        return i if shrank else None
    return None

"""Spec → Graph: calls every layer on symbolic values, and says where a shape does not fit and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from modelc.errors import Diagnostic, ShapeError, SpecError
from modelc.graph.builder import Builder, Mark
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
    chain = Chain(shape, dtype, training=training)
    for layer in layers:
        chain.add(layer)
    return chain.graph(name, outputs)


class Chain:
    """A model that is traced as its layers come, each once."""

    def __init__(self, shape: Sequence[int], dtype: str = "float32", *, training: bool = False) -> None:
        self._builder = Builder(training=training)
        self._input = self._builder.input(input_type(shape, dtype), dtype)
        self.records: list[LayerTrace] = []
        """What was learnt about each layer, in order."""
        self._layers: list[Layer] = []
        self._marks: list[Mark] = []

    def add(self, layer: Layer) -> LayerTrace:
        """Trace a named layer on what the last one gives. Raises `SpecError` at its entry where that does not fit."""
        assert layer.name is not None, "names are resolved before tracing"
        builder = self._builder
        x = self.records[-1].output if self.records else self._input
        start = builder.mark()
        try:
            with builder.layer(layer.name):
                y = layer.call(builder, x)
        except ShapeError as error:
            builder.rewind(start)
            raise SpecError(_located(error, layer, x.type.shape, self.records, self._layers)) from None
        record = builder.record(
            start, name=layer.name, type=layer.type_name(), input=x, output=y, trainable=layer.trainable
        )
        self._layers.append(layer)
        self.records.append(record)
        self._marks.append(start)
        return record

    def pop(self) -> None:
        """Forget the last layer."""
        self._builder.rewind(self._marks.pop())
        del self._layers[-1], self.records[-1]

    def graph(self, name: str, outputs: Sequence[str] = ()) -> Graph:
        """The graph so far; `outputs` names the layers to return, the last one unless said."""
        if not self.records:
            return self._builder.graph(name, (self._input,), ("input",))
        by_name = {record.name: record.output for record in self.records}
        names = tuple(outputs) or (self.records[-1].name,)
        return self._builder.graph(name, tuple(by_name[n] for n in names), names)


def _located(
    error: ShapeError, layer: Layer, shape: Shape, made: Sequence[LayerTrace], layers: Sequence[Layer]
) -> Diagnostic:
    message = f"`{layer.name}` ({layer.type_name()}) cannot take {format_shape(shape)}: {error.message}"
    helps = [error.help] if error.help else []
    cause = _cause(error.axis, made)
    if cause is not None:
        record = made[cause]
        place = layers[cause].place
        at = f" at {place.source.name}:{place.line}" if place is not None and place.line is not None else ""
        what = f"{record.output.type.rank}-D" if error.axis == "rank" else "that small"
        helps.insert(
            0,
            f"`{record.name}` ({record.type}){at} made it {what}: "
            f"{format_shape(record.input.type.shape)} → {format_shape(record.output.type.shape)}",
        )
    help = "; ".join(helps) or None
    if layer.place is None:
        return Diagnostic(error.code, message, help, layer.name)
    return layer.place.diagnostic(error.code, message, help)


def _cause(axis: int | Literal["rank"] | None, made: Sequence[LayerTrace]) -> int | None:
    """The last layer that changed the number of axes, or made the axis smaller; None where no layer did."""
    if axis is None:
        return None
    for i in range(len(made) - 1, -1, -1):
        before, after = made[i].input.type, made[i].output.type
        if before.rank != after.rank:
            return i if axis == "rank" else None
        if axis == "rank" or before.shape == after.shape:
            continue
        if before.shape[axis] != after.shape[axis]:
            return i if before.dims[axis - 1] > after.dims[axis - 1] else None
    return None

"""Spec → Graph: calls every layer on symbolic values, and says where a shape does not fit and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from modelc.config.options import Precision
from modelc.errors import Diagnostic, NotOneCallError, ShapeError, SpecError
from modelc.graph.builder import Builder, Mark
from modelc.graph.graph import Graph, LayerTrace, Value
from modelc.graph.tensor import Tensor
from modelc.graph.types import TensorType, format_shape
from modelc.language.sizes import declare_sizes
from modelc.language.suitable import applied_for_some
from modelc.language.validation.free_help import free_help
from modelc.language.validation.shape_help import input_help
from modelc.language.wiring import ANONYMOUS_INPUT, Reference, Wiring
from modelc.layers.base import Layer
from modelc.semantics import SEMANTICS, SemanticsName
from modelc.text.unknown import Suggestion

_INTEGER_DTYPES = frozenset({"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"})


def input_type(shape: Sequence[int], dtype: str) -> TensorType:
    """The type of a model input inside the model: integers become int32, floats and truth values float32."""
    return TensorType((None, *shape), "int32" if dtype in _INTEGER_DTYPES else "float32")


class Tracer:
    """A model, or the inside of one that is used as a layer, traced as its layers come."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._prefix = f"{builder.path}/" if builder.path else ""

    def apply(
        self,
        layer: Layer,
        inputs: Sequence[Tensor],
        tensors: Mapping[str, Any] | None = None,
        sources: tuple[str, ...] = (),
        place: Any = None,
    ) -> tuple[Tensor, ...]:
        """Trace a use of a named layer. Raises `SpecError` where the inputs do not fit, at `place` or its own entry."""
        builder = self._builder
        path = f"{self._prefix}{layer.name}"
        start, sizes = builder.mark(), builder.free_sizes
        sizes.asked.clear()
        try:
            with builder.layer(path):
                outputs = layer.apply(builder, *inputs, **(tensors or {}))
        except ShapeError as error:
            if builder.in_loop and isinstance(error, NotOneCallError):
                raise  # who traces the loop may write out its steps instead
            sizes.refused = () if error.free else tuple(reversed(sizes.asked))
            builder.rewind(start)
            raise SpecError(_located(error, layer, inputs, builder, place or layer.place)) from None
        except SpecError:
            builder.rewind(start)
            raise
        macs, weights = builder.spent(start)
        builder.traces.add(LayerTrace(
            name=path, type=layer.shown_type, inputs=tuple(x.value for x in inputs),
            outputs=tuple(y.value for y in outputs), weights=weights, macs=macs,
            trainable=layer.trainable, sources=sources, place=layer.place,
        ))  # fmt: skip
        return outputs

    def declare(self, layer: Layer, x: Tensor) -> tuple[Tensor, ...]:
        """Note an input of the model, which counts as a layer."""
        self._builder.traces.add(LayerTrace(
            name=f"{self._prefix}{layer.name}", type=layer.shown_type, inputs=(x.value,), outputs=(x.value,),
            weights=(), macs=0, trainable=layer.trainable, place=layer.place,
        ))  # fmt: skip
        return (x,)

    def network(
        self, wiring: Wiring, order: Sequence[int], layers: Mapping[str, Layer], inputs: Mapping[str, Tensor]
    ) -> Uses:
        """Trace the uses `order` of a wiring; `inputs` are the values of its InputLayers, by name."""
        uses = Uses(wiring, self._builder, self._prefix)
        if ANONYMOUS_INPUT in inputs:
            uses.values[-1] = (inputs[ANONYMOUS_INPUT],)
        for position in order:
            use = wiring.uses[position]
            layer = layers[use.layer]
            if not use.sources and layer.type_name() == "InputLayer":
                uses.values[position] = self.declare(layer, inputs[use.name])
                continue
            operands = [value for tensor in use.inputs for value in uses.find(tensor, use.place)]
            tensors: dict[str, Any] = {}
            for argument, references in use.tensors.items():
                values = tuple(value for tensor in references for value in uses.find(tensor, use.place))
                tensors[argument] = values[0] if len(values) == 1 else values
            uses.values[position] = self.apply(layer, operands, tensors, use.sources, use.place)
        return uses


class Uses:
    """The values that the uses of a wiring gave."""

    def __init__(self, wiring: Wiring, builder: Builder, prefix: str) -> None:
        self.values: dict[int, tuple[Tensor, ...]] = {}
        self._wiring = wiring
        self._builder = builder
        self._prefix = prefix

    def find(self, tensor: Reference, place: Any = None) -> tuple[Tensor, ...]:
        """The values that a reference means. Raises `SpecError` where there is no such tensor."""
        values = self.values[tensor.use]
        name = self._wiring.uses[tensor.use].name if tensor.use >= 0 else ANONYMOUS_INPUT
        if tensor.inner:
            path = f"{self._wiring.uses[tensor.use].layer}/{tensor.inner}"
            record = self._builder.traces.inner(f"{self._prefix}{path}")
            if record is None:
                raise SpecError(_at(place, "E305", f"unknown layer `{tensor.inner}` in the model `{name}`", None))
            values, name = tuple(map(self._builder.tensor, record.outputs)), path
        if tensor.index is None:
            return values
        if tensor.index >= len(values):
            message = (
                f"`{name}` has {len(values)} output{'s' if len(values) > 1 else ''}, there is no `[{tensor.index}]`"
            )
            raise SpecError(_at(place, "E305", message, "tensors are counted from 0"))
        return (values[tensor.index],)


class LayerChain:
    """A chain of layers that is traced as they come, each once."""

    def __init__(
        self,
        shape: Sequence[int],
        dtype: str = "float32",
        *,
        training: bool = False,
        batch_size: int | None = None,
        semantics: SemanticsName = "keras3",
        precision: Precision = "fast",
    ) -> None:
        self._builder = Builder(
            training=training, batch_size=batch_size, semantics=SEMANTICS[semantics], exact=precision == "exact"
        )
        self._tracer = Tracer(self._builder)
        sizes = declare_sizes(self._builder.free_sizes, {ANONYMOUS_INPUT: shape}, {}, {})[ANONYMOUS_INPUT]
        self._input = self._builder.input(input_type(sizes, dtype), dtype)
        self._marks: list[Mark] = []

    @property
    def input(self) -> Value:
        """The input of the chain."""
        return self._input.value

    @property
    def records(self) -> list[LayerTrace]:
        """The record of each layer, in order."""
        return self._builder.traces.layers

    def add(self, layer: Layer) -> LayerTrace:
        """Trace a named layer on what the last one gives. Raises `SpecError` at its entry where that does not fit."""
        assert layer.name is not None, "names are resolved before tracing"
        records = self._builder.traces.layers
        start = self._builder.mark()
        inputs = tuple(map(self._builder.tensor, records[-1].outputs)) if records else (self._input,)
        source = records[-1].name if records else ANONYMOUS_INPUT
        applied_for_some(self._builder.free_sizes, lambda: self._tracer.apply(layer, inputs, sources=(source,)))
        self._marks.append(start)
        return self._builder.traces.layers[-1]

    def pop(self) -> None:
        """Forget the last layer."""
        self._builder.rewind(self._marks.pop())

    def graph(self, name: str) -> Graph:
        """The graph so far, which returns what the last layer gives."""
        records = self._builder.traces.layers
        if not records:
            return self._builder.graph(name, (self._input,), (ANONYMOUS_INPUT,))
        last = records[-1]
        outputs = tuple(map(self._builder.tensor, last.outputs))
        return self._builder.graph(name, outputs, tensor_names(last.name, len(outputs)))


def tensor_names(name: str, count: int) -> tuple[str, ...]:
    """What the tensors are called that a layer gives: by its name where there is one, else `lstm[0]`, `lstm[1]`."""
    return (name,) if count == 1 else tuple(f"{name}[{i}]" for i in range(count))


def _located(error: ShapeError, layer: Layer, inputs: Sequence[Tensor], builder: Builder, place: Any) -> Diagnostic:
    shapes = ", ".join(format_shape(x.type.shape) for x in inputs)
    message = f"`{layer.name}` ({layer.shown_type}) cannot take {shapes or 'no input'}: {error.message}"
    helps = [error.help] if error.help else []
    if inputs:
        channels_first = getattr(layer, "data_format", None) == "channels_first"
        other = input_help(error.takes, inputs[0].value, builder.traces.makers, channels_first)
        helps = helps if other is None else [other]
    if error.free and inputs:
        helps = [free_help(layer, inputs[0].value, error.free, builder.inputs, builder.traces.makers)]
    cause = _cause(error.axis, inputs[0].value, builder.traces.makers) if inputs else None
    if cause is not None and error.axis == "rank" and cause.type == "Flatten" and inputs[0].type.rank == 2:
        helps = [f"move the Flatten behind `{layer.name}`, or remove it"]
    if cause is not None:
        at = f" at {cause.place.source.name}:{cause.place.line}" if getattr(cause.place, "line", None) else ""
        what = f"{cause.output.type.rank}-D" if error.axis == "rank" else "that small"
        helps.insert(
            0,
            f"`{cause.name}` ({cause.type}){at} made it {what}: "
            f"{format_shape(cause.input.type.shape)} → {format_shape(cause.output.type.shape)}",
        )
    site = getattr(place, "site", None)
    if site is not None:
        helps.append(str(site))
    help = helps[0] if len(helps) == 1 else "; ".join(helps) or None
    if place is None:
        return Diagnostic(error.code, message, help, layer.name)
    return _argument(place, help).diagnostic(error.code, message, help)


def _argument(place: Any, help: str | None) -> Any:
    """The key of the argument in `inputs` that the help has another word for, else the place itself."""
    written = place.get("inputs") if isinstance(help, Suggestion) else None
    argument = written.get(help.found) if written is not None and isinstance(help, Suggestion) else None
    return place if argument is None else argument.key or argument


def _cause(axis: int | Literal["rank"] | None, value: Value, makers: Mapping[Value, LayerTrace]) -> LayerTrace | None:
    """The last layer on the way to `value` that changed the number of axes, or made the axis smaller, if any."""
    while axis is not None and value in makers:
        made = makers[value]
        if not made.inputs or made.input is value:
            return None
        before, after = made.input.type, value.type
        if before.rank != after.rank:
            return made if axis == "rank" else None
        if axis != "rank" and before.shape[axis] != after.shape[axis]:
            return made if before.dims[axis - 1] > after.dims[axis - 1] else None
        value = made.input
    return None


def _at(place: Any, code: str, message: str, help: str | None) -> Diagnostic:
    return Diagnostic(code, message, help) if place is None else place.diagnostic(code, message, help)

"""`Symbol`: a tensor of a model that has no value yet: what `layer.output` and `model.inputs` give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Protocol, get_args

from modelc.config.arguments import require_choice
from modelc.config.options import Precision
from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import Graph, LayerTrace, Value
from modelc.graph.sizes import shown
from modelc.graph.types import Shape, format_shape
from modelc.language.nested import ModelLayer
from modelc.language.trace import tensor_names
from modelc.layers.base import Layer
from modelc.weights.variable import Variable

if TYPE_CHECKING:
    from modelc.language.definition import Definition

Backend = Literal["native", "reference"]
"""What runs a graph: compiled kernels, or the ops' NumPy definitions."""


def require_backend(backend: Any, owner: str) -> None:
    """Raise `SpecError` unless there is such a backend."""
    require_choice("backend", backend, get_args(Backend), owner)


def require_precision(precision: Any, owner: str) -> None:
    """Raise `SpecError` unless there is such a precision."""
    require_choice("precision", precision, get_args(Precision), owner)


class Traced(Protocol):
    """A traced model with its variables: what several models can be made of, sharing their weights."""

    @property
    def graph(self) -> Graph:
        """The graph. Raises `NotBuiltError` while the input shape is not known."""
        ...

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, in order."""
        ...

    @property
    def variables(self) -> Mapping[str, Variable]:
        """The weights by path."""
        ...

    @property
    def backend(self) -> Backend:
        """What runs the models that are made of it."""
        ...

    def to_spec(self) -> Definition:
        """The spec of the whole chain, as its layers are now."""
        ...


@dataclass(frozen=True, slots=True)
class Symbol:
    """A tensor of the traced model `owner`; `name` is that of the layer which made it, or `input`."""

    owner: Traced
    value: Value
    name: str

    @property
    def shape(self) -> Shape:
        """The dimensions; None for the batch."""
        return shown(self.value.type.shape)

    @property
    def dtype(self) -> str:
        """The type of its elements."""
        return self.value.type.dtype

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        message = f"`{self.name}` is a symbolic tensor, which has no values"
        help = "layers are chained by Sequential or by a spec; call them on arrays"
        raise SpecError(Diagnostic("E207", message, help, self.name))

    def __repr__(self) -> str:
        return f"<Symbol {self.name} shape={format_shape(self.shape)} dtype={self.dtype}>"


INPUT_NAME = "input"
"""The name of the symbol that a model begins with."""


def tensors_by_name(graph: Graph) -> dict[str, Value]:
    """The tensors of a graph that have a name: its inputs, and what its layers and those inside of models give."""
    named = dict(zip(graph.input_names, graph.inputs, strict=True))
    if graph.inputs:
        named.setdefault(INPUT_NAME, graph.inputs[0])
    waiting = list(reversed(graph.layers))
    while waiting:
        record = waiting.pop()
        named.update(zip(tensor_names(record.name, len(record.outputs)), record.outputs, strict=True))
        waiting += reversed(record.inner)
    return named


def tensors_of(layer: str, known: Mapping[str, Value]) -> list[str]:
    """The names of the tensors that a layer gives: its own, or `lstm[0]`, `lstm[1]`, … where it gives several."""
    several = takewhile(known.__contains__, (f"{layer}[{i}]" for i in count()))
    return [layer] if layer in known else list(several)


def bind_layers(layers: Sequence[Layer], records: Sequence[LayerTrace], owner: Traced) -> None:
    """Give layers, and those inside of models, their weights and their symbolic inputs and outputs."""
    known = tensors_by_name(owner.graph)
    names = {value: name for name, value in reversed(known.items())}
    for layer, record in zip(layers, records, strict=True):
        bind_layer(layer, owner, record, known, names, owner.variables)


def bind_layer(
    layer: Layer,
    owner: Traced,
    record: LayerTrace,
    known: Mapping[str, Value],
    names: Mapping[Value, str],
    variables: Mapping[str, Variable],
) -> None:
    """Give a layer its weights and its symbolic inputs and outputs; `known` are the tensors of the model by name."""
    inputs = [Symbol(owner, value, _source_name(value, record, known, names)) for value in record.inputs]
    called = tensor_names(record.name, len(record.outputs))
    outputs = [Symbol(owner, v, name) for name, v in zip(called, record.outputs, strict=True)]
    own = tuple(variables[weight.path] for weight in record.weights)
    below = tuple(weight.path.removeprefix(f"{record.name}/") for weight in record.weights)
    layer.bind(own, _one_or_all(inputs), _one_or_all(outputs), below)
    if isinstance(layer, ModelLayer):
        inner = {f"{record.name}/{one.name}": one for one in layer.layers}
        for inside in record.inner:
            if not inner[inside.name].in_model:  # a model that was made before keeps its own tensors
                bind_layer(inner[inside.name], owner, inside, known, names, variables)


def _source_name(value: Value, record: LayerTrace, known: Mapping[str, Value], names: Mapping[Value, str]) -> str:
    """What a tensor is called that goes into a layer: as the layer refers to it where that is its name."""
    return next((s for s in record.sources if known.get(s) is value), names.get(value, record.name))


def _one_or_all(symbols: list[Symbol]) -> Symbol | list[Symbol]:
    return symbols[0] if len(symbols) == 1 else symbols

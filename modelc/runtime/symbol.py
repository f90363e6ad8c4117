"""`Symbol`: a tensor of a model that has no value yet: what `layer.output` and `model.inputs` give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Protocol

from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import Graph, LayerTrace, Value
from modelc.graph.types import Shape, format_shape
from modelc.layers.base import Layer
from modelc.variables import Variable

if TYPE_CHECKING:
    from modelc.spec.spec import Spec

Backend = Literal["native", "reference"]
"""What runs a graph: compiled kernels, or the ops' NumPy definitions."""


class Traced(Protocol):
    """A traced chain of layers with its variables: what several models can be made of, sharing their weights."""

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

    def to_spec(self) -> Spec:
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
        return self.value.type.shape

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


def bind_layer(layer: Layer, owner: Traced, record: LayerTrace, before: str, variables: tuple[Variable, ...]) -> None:
    """Give a layer its weights and its symbolic input, which the layer `before` makes, and output."""
    layer.bind(variables, Symbol(owner, record.input, before), Symbol(owner, record.output, record.name))

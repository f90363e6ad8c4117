"""`LayerPart`: the parts of a model that a comparison uses: its layers, including nested ones, and its inputs and
outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modelc.config.plain import plain_value
from modelc.graph.graph import Graph, LayerTrace, Value
from modelc.graph.sizes import shown
from modelc.graph.types import Shape
from modelc.language.expansion.references import split_suffix
from modelc.language.nested import ModelLayer
from modelc.language.pairing import paired
from modelc.language.view import ModelView
from modelc.language.wiring import ANONYMOUS_INPUT
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.report.align import Candidate

if TYPE_CHECKING:
    from modelc.language.definition import Definition

_OF_MODELS = ("spec", "truncate", "extract", "freeze", "weights")
"""Options of a model that is used as a layer which say what its layers say: those are compared one by one."""


@dataclass(frozen=True)
class LayerPart:
    """A layer of a model that is compared with another one."""

    path: str
    layer: Layer
    options: Mapping[str, Any]
    """Those that differ from their defaults, without the name and the inputs; of a model, what it returns."""
    sources: tuple[str, ...]
    """What it is applied to, by path."""
    follows: bool
    """Whether that is just the layer before it."""
    output_shapes: tuple[Shape, ...]
    params: int

    @property
    def type(self) -> str:
        """The type of the layer."""
        return self.layer.type_name()

    @property
    def candidate(self) -> Candidate:
        """What it is recognized by."""
        return Candidate(self.path, self.type, dict(self.options))

    def value(self, key: str) -> Any:
        """The value of an option, its default where it is not written; None where the type has no such option."""
        if key in self.options:
            return self.options[key]
        fields = type(self.layer).model_fields
        return plain_value(
            next((field.default for name, field in fields.items() if (field.alias or name) == key), None)
        )

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form."""
        return {
            "name": self.path,
            "type": self.type,
            "options": dict(self.options),
            "inputs": list(self.sources),
            "params": self.params,
            "output_shapes": [list(shape) for shape in self.output_shapes],
        }


@dataclass(frozen=True, slots=True)
class Port:
    """A tensor that a model takes or returns."""

    name: str
    """Its name, or its key where the model returns a mapping."""
    shape: Shape
    dtype: str
    source: str
    """The tensor that is returned, by name."""

    @property
    def shown(self) -> str:
        """The name, and the tensor if it has another one: `probability` or `a = probability`."""
        return self.name if self.source == self.name else f"{self.name} = {self.source}"

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form."""
        other = {} if self.source == self.name else {"source": self.source}
        return {"name": self.name, "shape": list(self.shape), "dtype": self.dtype, **other}


@dataclass(frozen=True)
class Names:
    """What the layers of one model are called in another."""

    known: Mapping[str, str]

    def of(self, reference: str) -> str | None:
        """The reference in the other model; None where it has no such layer."""
        name, suffix = split_suffix(reference)
        found = self.known.get(name)
        if found is None and name.endswith(f"/{ANONYMOUS_INPUT}"):
            model = self.known.get(name.removesuffix(f"/{ANONYMOUS_INPUT}"))
            found = None if model is None else f"{model}/{ANONYMOUS_INPUT}"
        return None if found is None else found + suffix


def parts_of(spec: Definition) -> list[LayerPart]:
    """The layers of a model, each followed by those inside of it; what the model takes is told by `inputs_of`."""
    return list(_parts(spec.graph.layers, spec.layers, ""))


def inputs_of(graph: Graph) -> tuple[Port, ...]:
    """What a model takes."""
    named = zip(graph.input_names, graph.inputs, graph.input_dtypes, strict=True)
    return tuple(Port(name, shown(value.type.shape), dtype, name) for name, value, dtype in named)


def outputs_of(graph: Graph) -> tuple[Port, ...]:
    """What a model returns."""
    named: Iterator[tuple[str, Value, str]] = zip(graph.output_labels, graph.outputs, graph.output_names, strict=True)
    return tuple(Port(name, shown(value.type.shape), value.type.dtype, source) for name, value, source in named)


def _parts(records: Sequence[LayerTrace], layers: Sequence[Layer], around: str, uses: int = 1) -> Iterator[LayerPart]:
    before: str | None = None
    for layer, record in paired(layers, records, around):
        if around or not isinstance(layer, InputLayer):
            sources = tuple(f"{around}{source}" for source in record.sources[: len(record.sources) // uses])
            yield LayerPart(
                path=record.name,
                layer=layer,
                options=_options(layer, f"{record.name}/"),
                sources=sources,
                follows=sources == (before,) or (before is None and record.uses == 1),
                output_shapes=tuple(shown(value.type.shape) for value in record.outputs),
                params=sum(w.size for w in record.stored),
            )
            if isinstance(layer, ModelLayer):
                yield from _parts(record.inner, layer.layers, f"{record.name}/", record.uses)
        before = record.name


def _options(layer: Layer, inside: str) -> dict[str, Any]:
    options = {key: value for key, value in layer.options().items() if key not in ("name", "inputs")}
    if isinstance(layer, ModelLayer):
        options = {key: value for key, value in options.items() if key not in _OF_MODELS}
        if layer.spec.semantics != "keras3":
            options["semantics"] = layer.spec.semantics
        view = layer.viewed.view
        returned = [inside + name for name in _returned(view)]
        options["outputs"] = dict(zip(view.keys, returned, strict=True)) if view.keys else returned
    return options


def _returned(view: ModelView) -> Iterator[str]:
    """What a model returns, as references."""
    for tensor in view.outputs:
        name = view.wiring.uses[tensor.use].name if tensor.use >= 0 else ANONYMOUS_INPUT
        path = f"{name}/{tensor.inner}" if tensor.inner else name
        yield path if tensor.index is None else f"{path}[{tensor.index}]"

"""`Spec`: what the user wrote, validated. Frozen: `truncate`, `extract` and `freeze` each give a new one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema

from modelc.config import Config
from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import Graph
from modelc.layers.base import Layer
from modelc.layers.find import find_layer, no_layer
from modelc.options import InputDType, SampleShape
from modelc.spec.amounts import Bytes, Count
from modelc.spec.names import resolve_names
from modelc.spec.node import Node
from modelc.spec.selectors import select, select_ordered
from modelc.spec.trace import trace

if TYPE_CHECKING:
    from modelc.report.summary import Summary
    from modelc.runtime.model import Model


class InputSpec(Config):
    """What the model takes."""

    shape: SampleShape
    """The shape of one sample, without the batch: `[250, 250, 3]`."""
    dtype: InputDType = "float32"
    """The type of its elements."""
    name: str | None = None
    """The input's name, where a file holds several arrays."""


class Limits(Config):
    """Budgets. Exceeding one fails `check`, `summary` and `build`."""

    params: Count | None = None
    """The most parameters: `50k`."""
    macs: Count | None = None
    """The most multiply-adds per sample: `300M`."""
    activation_memory: Bytes | None = None
    """The most memory for activations at the batch size in use: `64MB`."""


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]


Selectors = Annotated[
    tuple[str, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Spec(Config):
    """A model definition: a chain of layers, what it takes, and the view of it that is wanted."""

    model_config = ConfigDict(populate_by_name=True)

    version: Literal[1] = Field(1, alias="modelc")
    """The version of the spec language."""
    name: str = "sequential"
    """The model's name."""
    input: InputSpec | None = None
    """What the model takes; without it the model is deferred until its input shape is known."""
    entries: Annotated[tuple[Layer, ...], BeforeValidator(_listed)] = Field(alias="layers")
    """The layers, from first to last."""
    truncate_at: str | None = Field(None, alias="truncate")
    """Keep the layers up to and with this one."""
    extracts: Selectors = Field((), alias="extract")
    """Return the outputs of these layers, in this order; `"*"` for all."""
    freezes: Selectors = Field((), alias="freeze")
    """Selectors of the layers that training leaves alone; later ones win, `!` takes back."""
    weights: str | None = None
    """A safetensors file, relative to this file."""
    limits: Limits = Limits()
    """Budgets."""

    _folder: Path | None = PrivateAttr(None)
    _places: dict[str, Node] = PrivateAttr(default_factory=dict[str, Node])

    # --- the view that the spec describes

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that remain, each with its name and its effective `trainable`."""
        names = resolve_names(self.entries)
        end = len(names)
        if self.truncate_at is not None:
            if self.truncate_at not in names:
                raise SpecError(self._diagnostic("truncate", "E304", *no_layer(self.truncate_at, names)))
            end = names.index(self.truncate_at) + 1
        if self.extracts:
            wanted = select_ordered(self.extracts, names[:end], self.place("extract"))
            end = max(map(names.index, wanted)) + 1
        names, dropped = names[:end], names[end:]
        frozen = select(self.freezes, names, self.place("freeze"), dropped)
        return tuple(
            entry.resolved(name, entry.trainable and not cold)
            for entry, name, cold in zip(self.entries, names, frozen, strict=False)
        )

    @property
    def output_names(self) -> tuple[str, ...]:
        """The layers whose outputs the model returns; empty where it is just the last one."""
        names = [str(layer.name) for layer in self.layers]
        return select_ordered(self.extracts, names, self.place("extract")) if self.extracts else ()

    @cached_property
    def graph(self) -> Graph:
        """The traced model. Raises `SpecError` where a shape does not fit, or where the input shape is not known."""
        if self.input is None:
            raise SpecError(self._diagnostic(
                "input", "E402", "the input shape is not known",
                "add `input: {shape: […]}` to the spec, or give --input-shape (in Python: spec.with_input_shape(…))",
            ))  # fmt: skip
        return trace(self.name, self.layers, self.input.shape, self.input.dtype, outputs=self.output_names)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """The layer of that name, or at that index. Raises `SpecError` where there is none."""
        return find_layer(self.layers, name, index)

    # --- other views: each a new spec

    def truncate(self, name: str) -> Self:
        """The spec up to and with the layer `name`."""
        names = [layer.label for layer in self.layers]
        if name not in names:
            raise SpecError(Diagnostic("E304", *no_layer(name, names), "truncate"))
        return self.replaced(truncate_at=name, extracts=())

    def extract(self, *selectors: str) -> Self:
        """The spec that returns the outputs of these layers, in this order."""
        return self._checked(self.replaced(extracts=selectors))

    def freeze(self, *selectors: str) -> Self:
        """The spec with these layers frozen as well; `!` takes a layer back."""
        return self._checked(self.replaced(freezes=(*self.freezes, *selectors)))

    def with_input_shape(self, shape: Sequence[int]) -> Self:
        """The spec with the input shape `shape`, without the batch."""
        checked = InputSpec(shape=tuple(shape))
        return self.replaced(input=self.input.model_copy(update={"shape": checked.shape}) if self.input else checked)

    def _checked(self, spec: Self) -> Self:
        _ = spec.layers
        return spec

    def replaced(self, **changes: Any) -> Self:
        """A copy with other values of some fields, which the caller has checked."""
        copy = self.model_copy(update=changes)
        for cached in ("layers", "graph"):
            vars(copy).pop(cached, None)
        fields = type(self).model_fields
        written = {fields[name].alias or name for name in changes} - {"freeze"}  # freezing adds to what is written
        copy._places = {key: place for key, place in self._places.items() if key not in written}
        return copy

    def __eq__(self, other: object) -> bool:
        """Whether both say the same, wherever and in whichever way it is written."""
        return isinstance(other, Spec) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(self.to_json(indent=None))

    # --- text

    def to_dict(self) -> dict[str, Any]:
        """The canonical form as plain data: defaults left out, `extends`, `vars` and `repeat` resolved."""
        plain: dict[str, Any] = {"modelc": self.version}
        for name, field in type(self).model_fields.items():
            if name in ("version", "entries"):
                continue
            value = getattr(self, name)
            if value != field.default:
                plain[field.alias or name] = _plain(value)
            if name == "input":
                plain["layers"] = [entry.plain() for entry in self.entries]
        return plain

    def to_yaml(self) -> str:
        """The canonical form as YAML, one line per layer."""
        from modelc.spec.writer import to_yaml

        return to_yaml(self.to_dict())

    def to_json(self, indent: int | None = 2) -> str:
        """The canonical form as JSON."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    # --- what a spec is made into

    def summary(self, **options: Any) -> Summary:
        """The table of layers, shapes and parameters; see `modelc.report.summary.Summary` for the options."""
        from modelc.report.summary import summarize

        return summarize(self, **options)

    def build(self, *, seed: int = 0, weights: Any = None, backend: Literal["native", "reference"] = "native") -> Model:
        """The model, ready to run; see `modelc.runtime.model.build`."""
        from modelc.runtime.build import build

        return build(self, seed=seed, weights=weights, backend=backend)

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    # --- locating mistakes

    def locate(self, root: Node) -> None:
        """Note where the spec is written."""
        self._folder = root.source.folder
        self._places = {"": root, **(root.value if isinstance(root.value, dict) else {})}

    @property
    def folder(self) -> Path | None:
        """The folder that relative paths start from."""
        return self._folder

    @property
    def weights_path(self) -> Path:
        """The file that `weights` names."""
        place = self._places.get("weights")
        folder = place.source.folder if place is not None else self._folder
        return (folder or Path()) / str(self.weights)

    @property
    def dropped_layers(self) -> frozenset[str]:
        """The names of the layers that `truncate` and `extract` leave out."""
        return frozenset(resolve_names(self.entries)) - {str(layer.name) for layer in self.layers}

    def place(self, key: str) -> Node | None:
        """Where the value of a top-level key is written."""
        return self._places.get(key)

    def _diagnostic(self, key: str, code: str, message: str, help: str | None = None) -> Diagnostic:
        node = self._places.get(key) or self._places.get("")
        return node.diagnostic(code, message, help) if node else Diagnostic(code, message, help, key or self.name)


def _plain(value: Any) -> Any:
    if isinstance(value, Config):
        return value.options()
    return list(value) if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]

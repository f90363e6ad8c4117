"""`Definition`: a validated model definition. Immutable: `truncate`, `extract` and `freeze` return a new one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar, cast

from pydantic import BeforeValidator, ConfigDict, Field, PositiveInt, PrivateAttr, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.config.amounts import Bytes, Count, Time
from modelc.config.arguments import require_sizes, require_texts
from modelc.config.base import Config
from modelc.config.options import InputDType, Precision, Returned, SampleShape
from modelc.config.paths import WeightsPath
from modelc.errors import Diagnostic, SpecError
from modelc.files.preprocessing import PreprocessingField
from modelc.graph.graph import Graph
from modelc.language.fixing import require_sizes_of, with_shape, with_sizes
from modelc.language.labels import LabelsField, require_labels
from modelc.language.names import SEQUENTIAL
from modelc.language.published import PretrainedName, published_path
from modelc.language.sizes import SizeBounds
from modelc.language.text.node import TextNode
from modelc.language.view import ModelView, trace_spec, view_of
from modelc.language.wiring import ANONYMOUS_INPUT, Entry, Wiring, use_names, wire
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.layers.find import find_layer
from modelc.semantics import SemanticsName
from modelc.system.forks import cached_property
from modelc.zoo.pretrained import IMAGENET

if TYPE_CHECKING:
    from modelc.language.training import Training


class InputSpec(Config):
    """The input of a model."""

    shape: SampleShape
    """The shape of one sample, without the batch axis, such as `[224, 224, 3]` for colour images (height, width,
    channels)."""
    dtype: InputDType = "float32"
    """The data type: `float32`, or `int32` for indices such as those of an Embedding."""
    name: str | None = None
    """The name of the input, used by the `inputs` of entries and for its array in a file with several arrays."""
    batch_size: PositiveInt | None = None
    """The batch size, if it is fixed, as stateful layers require. By default any."""


class Limits(Config):
    """Upper bounds of a model: `check`, `summary`, `build`, `run`, `train` and `bench` fail if one is exceeded."""

    params: Count | None = None
    """The maximum number of parameters, such as `50k`."""
    macs: Count | None = None
    """The maximum number of multiply-adds per sample, such as `300M`."""
    activation_memory: Bytes | None = None
    """The maximum memory of activations for the batch size in use, such as `64MB`."""
    latency: Time | None = None
    """The maximum time of a call, such as `5ms`: its median for the batch size in use. Only `bench` checks it."""


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]


Selectors = Annotated[
    tuple[str, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


def _tabled(value: Any) -> Any:
    """`{image: {shape: …}, …}` as the list of inputs with their names."""
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return tuple(_input(name, options) for name, options in table.items())
    return tuple(cast("list[Any]", value)) if isinstance(value, list) else value


def _input(name: str, options: Any) -> InputSpec:
    if isinstance(options, InputSpec):
        return options if options.name is not None else options.model_copy(update={"name": name})
    if not isinstance(options, dict):
        raise PydanticCustomError(
            "value_type", "expected the inputs by name", {"help": "write `inputs: {image: {shape: […]}}`"}
        )
    return InputSpec(**cast("dict[str, Any]", {"name": name, **options}))


def _training(value: Any) -> Any:
    """The `training` section. Only specs that have one import the training vocabulary."""
    if value is None:
        return None
    from modelc.language.training import Training

    if isinstance(value, Training):
        return value
    if not isinstance(value, dict):
        raise PydanticCustomError("value_type", "expected a mapping", {"help": "write `training: {loss: …, data: …}`"})
    return Training(**cast("dict[str, Any]", value))


if TYPE_CHECKING:
    TrainingField = Training | None
else:
    TrainingField = Annotated[Any, BeforeValidator(_training)]


D = TypeVar("D", bound="Definition")


class Definition(Config):
    """A model definition: inputs, layers, their connections, and a view of the model (truncate, extract, freeze)."""

    model_config = ConfigDict(populate_by_name=True)

    version: Literal[1] = Field(default=1, alias="modelc")
    """The version of the spec language: 1."""
    name: str = SEQUENTIAL
    """The name of the model in summaries and files."""
    semantics: SemanticsName = "keras3"
    """The version of Keras that layers follow where versions differ, such as in the merging of masks; `keras2-theano`
    is Keras 2 on Theano, which pads elsewhere."""
    precision: Precision = "fast"
    """How convolutions are computed: `fast` may use fewer multiplications, whose rounding errors stay below 1e-4 of the
    largest output of the model; `exact` computes plain sums of products. That of the whole model counts, not that of a
    model in it."""
    input: InputSpec | None = None
    """The input of the model, such as `{shape: [28, 28, 1]}`, the shape of one sample. Without it the shape must be
    given when the model is used."""
    input_table: Annotated[tuple[InputSpec, ...], BeforeValidator(_tabled)] = Field(default=(), alias="inputs")
    """The inputs of a model with several inputs, by name: `{image: {shape: [32, 32, 3]}, age: {shape: [1]}}`."""
    sizes: dict[str, SizeBounds] = Field(default={})
    """What the free sizes of the inputs may be, by name: `{time: {min: 1, max: 4096, multiple_of: 8}}`."""
    entries: Annotated[tuple[Entry, ...], BeforeValidator(_listed)] = Field(alias="layers")
    """The layers in order. Each is applied to the preceding one, unless its `inputs` name others."""
    preprocessing: PreprocessingField = None
    """What is done to pictures from files before the model takes them: `tf`, `caffe`, `torch` or `none` as in Keras, or
    a mapping with `mode`, `interpolation` and `fit`. By default what the model inside says that takes them first, else
    pictures must have the size that the model takes. Arrays are never changed."""
    returns: Returned = Field(default=None, alias="outputs")
    """The name of the entry whose output the model returns, or a list of names; by default the last entry. A mapping
    `{key: name}` makes the model return its outputs by key."""
    labels: LabelsField = None
    """The names of the classes, in the order of the numbers that the model returns: a list, the name of a file beside
    this one with a label in each line, or `imagenet`; by output name for several outputs."""
    order: Literal["written", "depth"] = "written"
    """The order of layers in summaries and of weights: `written`, or by depth in the graph as in Keras."""
    truncate_at: str | None = Field(default=None, alias="truncate")
    """The name of the last layer to keep: all layers after it are removed, and its output is the model's output."""
    extracts: Selectors = Field(default=(), alias="extract")
    """The layers whose outputs the model returns instead, in this order: names or patterns; `"*"` for all."""
    freezes: Selectors = Field(default=(), alias="freeze")
    """The layers that training does not update: names, patterns or slices such as `":-1"`. A leading `!` unfreezes
    layers; the last matching selector wins."""
    weights: WeightsPath | None = None
    """The path of the weight file (.safetensors, .modelc or Keras), relative to this file; or `imagenet` for those that
    Keras publishes, once `modelc zoo fetch` has fetched them. Without it weights are initialized randomly."""
    pretrained: PretrainedName | None = None
    """The model of `modelc zoo fetch` whose weights `weights: imagenet` means. Specs of the zoo say so themselves."""
    limits: Limits = Limits()
    """Upper bounds of the model's parameters, multiply-adds, memory and latency."""
    training: TrainingField = None
    """How the model is trained by `modelc train`: loss, optimizer, metrics, data, epochs."""

    _folder: Path | None = PrivateAttr(None)
    _places: dict[str, TextNode] = PrivateAttr(default_factory=dict[str, TextNode])
    _remarks: tuple[Diagnostic, ...] = PrivateAttr(())

    # --- the view that the spec describes

    @cached_property
    def wiring(self) -> Wiring:
        """How all entries are connected, whatever the view leaves out. Raises `SpecError`."""
        return wire(self.entries, self._input_names)

    @property
    def _input_names(self) -> tuple[str, ...]:
        """The names of what the model takes, where no entry says so."""
        if any(isinstance(entry, InputLayer) for entry in self.entries):
            return ()
        name = self.input.name if self.input is not None else None
        return (ANONYMOUS_INPUT,) if name is None else (ANONYMOUS_INPUT, name)

    @property
    def is_functional(self) -> bool:
        """Whether the model's inputs count as layers, as in a Functional model of Keras."""
        return any(isinstance(entry, InputLayer) for entry in self.entries)

    @cached_property
    def view(self) -> ModelView:
        """The outputs of the model, and the uses of layers that they need."""
        return view_of(self)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that remain, each with its name and its effective `trainable`."""
        return self.view.layers

    @property
    def output_names(self) -> tuple[str, ...]:
        """The names in `outputs` or `extract`; empty if the model returns the last layer."""
        return self.view.names if self.extracts or self.returns is not None else ()

    @cached_property
    def graph(self) -> Graph:
        """The traced model. Raises `SpecError` if a shape or the number of labels does not fit, or the input shape is
        not known."""
        graph = trace_spec(self)
        require_labels(self, graph)
        return graph

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """The layer with that name or path, or at that index. Raises `SpecError` if there is none."""
        return find_layer(self.layers, name, index)

    # --- other views: each a new spec

    def truncate(self, name: str) -> Self:
        """The spec without all layers after the layer `name`, whose output becomes the model's output."""
        require_texts("name", (name,), "truncate")
        return self._checked(self.replaced(truncate_at=name, extracts=()))

    def extract(self, *selectors: str) -> Self:
        """The spec that returns the outputs of the selected layers, in this order."""
        require_texts("selectors", selectors, "extract")
        return self._checked(self.replaced(extracts=selectors))

    def freeze(self, *selectors: str) -> Self:
        """The spec with the selected layers frozen too; a leading `!` unfreezes layers."""
        require_texts("selectors", selectors, "freeze")
        return self._checked(self.replaced(freezes=(*self.freezes, *selectors)))

    def with_sizes(self, sizes: Mapping[str, int]) -> Self:
        """The spec with free sizes fixed: `{"time": 128}`. Raises `SpecError` for sizes that are not free, or that
        their bounds exclude."""
        return self.replaced(**with_sizes(self, require_sizes_of(self, sizes, "sizes")))

    def with_input_shape(self, shape: Sequence[int | str | None]) -> Self:
        """The spec with the input shape `shape`, without the batch axis; sizes that are None or names stay free.

        Raises `SpecError` for a model with several inputs, and for a size outside of the bounds of a free one.
        """
        require_sizes("shape", shape, "with_input_shape")
        checked = InputSpec(shape=tuple(shape)).shape
        if not self.is_functional:
            checked, bounds = with_shape(self, ANONYMOUS_INPUT, checked)
            new = InputSpec(shape=checked) if self.input is None else self.input.model_copy(update={"shape": checked})
            return self.replaced(input=new, sizes=bounds)
        inputs = [entry for entry in self.entries if isinstance(entry, InputLayer)]
        if len(inputs) > 1:
            names = ", ".join(f"`{entry.name}`" for entry in inputs)
            help = "set them one by one: --set inputs.NAME.shape=[…]"
            raise SpecError(Diagnostic("E207", f"the model has several inputs: {names}", help, self.name))
        checked, bounds = with_shape(self, str(inputs[0].name), checked)
        changed = inputs[0].model_copy(update={"shape": checked})
        entries = tuple(changed if entry is inputs[0] else entry for entry in self.entries)
        return self.replaced(entries=entries, sizes=bounds)

    def _checked(self, spec: Self) -> Self:
        _ = spec.layers
        return spec

    def as_kind(self, kind: type[D]) -> D:
        """The same definition as one of a class above this one, with all that is known of it."""
        new = kind.model_construct()
        vars(new).update(vars(self))
        new.__pydantic_fields_set__.update(self.__pydantic_fields_set__)
        new._folder, new._places, new._remarks = self._folder, self._places, self._remarks
        return new

    def replaced(self, **changes: Any) -> Self:
        """A copy with other values of some fields, which the caller has validated."""
        copy = self.model_copy(update=changes)
        for cached in ("view", "layers", "graph"):
            vars(copy).pop(cached, None)
        if not changes.keys().isdisjoint(("entries", "input")):  # a view leaves the connections as they are
            vars(copy).pop("wiring", None)
        fields = type(self).model_fields
        written = {fields[name].alias or name for name in changes} - {"freeze"}  # freezing adds to what is written
        copy._places = {key: place for key, place in self._places.items() if key not in written}
        return copy

    def without_weight_files(self) -> Self:
        """The spec without weight files, including those of nested models."""
        entries = tuple(entry.without_weight_files() if isinstance(entry, Layer) else entry for entry in self.entries)
        return self.replaced(weights=None, entries=entries)

    def seen_from(self, place: Any, **changes: Any) -> Self:
        """As `replaced`, for changes that the entry at `place` states: mistakes in them are located there."""
        copy = self.replaced(**changes)
        if isinstance(place, TextNode) and isinstance(place.value, dict):
            keys = ("truncate", "extract", "freeze")
            copy._places = {**copy._places, **{key: place.value[key] for key in keys if key in place.value}}
        return copy

    def __eq__(self, other: object) -> bool:
        """Whether both define the same model, regardless of how they are written."""
        return isinstance(other, Definition) and self.contents() == other.contents()

    def __hash__(self) -> int:
        return hash(self.to_json(indent=None))

    # --- text

    def to_dict(self) -> dict[str, Any]:
        """The canonical form as plain data: defaults omitted; `extends`, `vars`, `blocks` and `repeat` expanded.

        A literal `${` in a text is written as `$${`, as in a file.
        """
        return cast("dict[str, Any]", _literal(self.contents()))

    def contents(self) -> dict[str, Any]:
        """The canonical form with texts as they are meant, to be a part of another one."""
        plain: dict[str, Any] = {"modelc": self.version}
        inputs, entries = self._leading_inputs()
        for name, field in type(self).model_fields.items():
            key = field.alias or name
            value = getattr(self, name)
            if name == "input_table":
                if inputs:
                    plain[key] = {str(layer.name): _input_options(layer) for layer in inputs}
            elif name == "entries":
                plain[key] = [entry.plain() for entry in entries]
            elif name == "name":
                if value != SEQUENTIAL or inputs or any(entry.connections is not None for entry in entries):
                    plain[key] = value  # without it, a graph would be read with another automatic name
            elif name == "sizes":
                if value:
                    plain[key] = {size: bounds.options() for size, bounds in value.items()}
            elif name != "version" and value != field.default:
                plain[key] = _plain(value)
        return plain

    def _leading_inputs(self) -> tuple[tuple[InputLayer, ...], tuple[Entry, ...]]:
        """The InputLayers that the entries begin with, which `inputs` at the top stands for, and the other entries."""
        count = 0
        for entry in self.entries:
            # Its `trainable` has no effect, since it has no weights.
            if not isinstance(entry, InputLayer) or entry.name is None:
                break
            count += 1
        return cast("tuple[InputLayer, ...]", self.entries[:count]), self.entries[count:]

    def to_yaml(self) -> str:
        """The canonical form as YAML, one line per layer."""
        from modelc.language.text.writer import to_yaml

        return to_yaml(self.to_dict())

    def to_json(self, indent: int | None = 2) -> str:
        """The canonical form as JSON."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    # --- warnings

    @property
    def remarks(self) -> tuple[Diagnostic, ...]:
        """The warnings found while reading the text: unused variables and blocks."""
        return self._remarks

    def with_remarks(self, remarks: tuple[Diagnostic, ...]) -> Self:
        """The same spec, for which these warnings about its text are noted."""
        self._remarks = remarks
        return self

    # --- locating mistakes

    def locate(self, root: TextNode) -> None:
        """Set the place of the spec in its text."""
        self._folder = root.source.folder
        self._places = {"": root, **(root.value if isinstance(root.value, dict) else {})}

    @property
    def folder(self) -> Path | None:
        """The folder that relative paths start from."""
        return self._folder

    @property
    def weights_path(self) -> Path:
        """The path of the weight file. Raises `SpecError` for published weights that were not fetched."""
        if self.takes_published:
            return published_path(self, self.place("weights"))
        place = self._places.get("weights")
        folder = place.source.folder if place is not None else self._folder
        return (folder or Path()) / str(self.weights)

    @property
    def takes_published(self) -> bool:
        """Whether its weights are those that Keras publishes, in the cache."""
        return self.weights == IMAGENET

    @property
    def dropped_layers(self) -> frozenset[str]:
        """The paths of the layers that the view removes, including those in nested models."""
        kept = {path for record in self.graph.layers for path in record.paths()}
        return frozenset(set(self.paths()) - kept)

    def paths(self) -> Iterator[str]:
        """The paths of all layers before the view is applied, including those in nested models."""
        for name, entry in zip(use_names(self.entries), self.entries, strict=True):
            if isinstance(entry, Layer):
                yield name
                yield from (f"{name}/{path}" for path in entry.inner_paths())

    def place(self, key: str) -> TextNode | None:
        """The place of a top-level key's value in the text."""
        return self._places.get(key)

    def diagnostic(self, key: str, code: str, message: str, help: str | None = None) -> Diagnostic:
        """A diagnostic at the value of a top-level key, or at the whole spec."""
        node = self._places.get(key) or self._places.get("")
        return node.diagnostic(code, message, help) if node else Diagnostic(code, message, help, key or self.name)


def _input_options(layer: InputLayer) -> dict[str, Any]:
    return {key: value for key, value in layer.options().items() if key not in ("name", "trainable")}


def _plain(value: Any) -> Any:
    if isinstance(value, Config):
        return value.options()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in cast("dict[str, Any]", value).items()}
    return list(value) if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]


def _literal(value: Any) -> Any:
    """Plain data as written in a file, where `${` begins a reference to a variable."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, list):
        return [_literal(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _literal(item) for key, item in cast("dict[str, Any]", value).items()}
    return value

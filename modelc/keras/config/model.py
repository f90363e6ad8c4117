"""Keras's serialized models, Sequential and Functional, of Keras 2 and 3, to specs.

The text of a file only ever selects from closed tables; nothing is imported or evaluated. Layers keep their order,
and so do weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from modelc.errors import FileFormatError, UnsupportedError
from modelc.files.hdf5.reader import MAX_DEPTH
from modelc.keras.config.batches import with_free_batch
from modelc.keras.config.functional import Functional
from modelc.keras.config.inputs import current_input, declared_shape
from modelc.keras.config.layers import MODELS, class_name_of, config_of, layer_from_keras
from modelc.keras.config.naming import with_spec_names
from modelc.keras.config.semantics import spoken, written_semantics
from modelc.keras.weights.tree import require_name
from modelc.language.definition import Definition, InputSpec
from modelc.language.names import FUNCTIONAL, SEQUENTIAL
from modelc.language.nested import ModelLayer
from modelc.language.wiring import Reuse
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.semantics import Semantics, SemanticsName
from modelc.sources.notes import Notes
from modelc.sources.tidy import tidied

_MAX_CALLS = 100_000


def spec_from_keras(
    config: Mapping[str, Any],
    notes: Notes,
    input_shape: Sequence[int | str | None] | None = None,
    semantics: Semantics | None = None,
) -> Definition:
    """The spec of a serialized model, as `json.loads(model.to_json())` gives it.

    `notes` collects what was left out. `input_shape`, without the batch, is for a model whose input has no fixed one;
    `semantics` are those of the Keras which wrote it; as it is written, unless said. Raises `UnsupportedError` for what
    modelc does not have, `FileFormatError` for text that describes no model, `SpecError` for wrong values and shapes
    that do not fit.
    """
    class_name = class_name_of(config, "keras")
    if class_name not in MODELS:
        raise UnsupportedError(f"a Keras model of the class `{class_name}` is not supported")
    semantics = semantics or written_semantics(config)
    given = tuple(input_shape) if input_shape is not None else None
    reader = _ModelReader(notes, semantics, spoken(semantics, config), given)
    spec = reader.model(config)
    if _calls(spec) > _MAX_CALLS:  # calls of models inside of models multiply
        raise FileFormatError(f"the Keras model calls its layers more than {_MAX_CALLS} times, models inside included")
    return tidied(with_free_batch(spec, notes))


class _ModelReader:
    """Reads a model and those inside of it."""

    def __init__(
        self,
        notes: Notes,
        semantics: Semantics,
        spoken: SemanticsName,
        input_shape: tuple[int | str | None, ...] | None,
    ) -> None:
        self._notes, self._semantics, self._input_shape = notes, semantics, input_shape
        self._spoken: SemanticsName = spoken
        self._depth = 0

    def model(self, config: Mapping[str, Any]) -> Definition:
        """A serialized model, whatever its kind."""
        class_name = class_name_of(config, "keras")
        options = config_of(config, class_name)
        options = with_spec_names({**options, "layers": [_named(entry) for entry in _layers(options)]})
        layers = cast("list[Mapping[str, Any]]", options["layers"])
        name = str(options.get("name") or config.get("name") or class_name.lower())
        if self._depth > MAX_DEPTH:
            raise FileFormatError("the Keras model has models nested too deeply")
        if class_name == "Sequential":
            spec = self._sequential(config, options, layers, name)
        else:
            spec = self._functional(options, layers, name)
        if options.get("trainable") is False and not self._depth:
            spec = spec.replaced(freezes=("*",))
        return spec

    def layer(self, entry: Mapping[str, Any]) -> Layer:
        """A layer, or a model as one."""
        return layer_from_keras(entry, self._notes, self._nested, self._semantics)

    def _nested(self, config: Mapping[str, Any]) -> Layer:
        self._depth += 1
        spec = self.model(config)
        self._depth -= 1
        options = config_of(config, class_name_of(config, "keras"))
        return ModelLayer(
            spec=spec.replaced(name=FUNCTIONAL if spec.is_functional else SEQUENTIAL),
            name=spec.name,
            trainable=options.get("trainable") is not False,
        )

    # --- Sequential

    def _sequential(
        self, model: Mapping[str, Any], options: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], name: str
    ) -> Definition:
        with_input = bool(entries) and entries[0].get("class_name") == "InputLayer"
        first = entries[0] if with_input else _declared(model, options, entries)
        given = self._sequential_input(first)
        layers = tuple(self.layer(entry) for entry in entries[with_input:])
        if not layers or any(isinstance(layer, InputLayer) for layer in layers):
            what = "has no layers" if not layers else "has an InputLayer that is not its first layer"
            raise UnsupportedError(f"the Keras model `{name}` {what}")
        return Definition(name=name, input=given, layers=layers, semantics=self._spoken)  # pyright: ignore[reportCallIssue]

    def _sequential_input(self, first: Mapping[str, Any] | None) -> InputSpec | None:
        """What a Sequential model takes; None where nothing says it."""
        if first is not None:
            layer = self._input(first, self._input_shape)
            return InputSpec(shape=layer.shape, dtype=layer.dtype, batch_size=layer.batch_size)
        if not self._depth and self._input_shape is not None:
            return InputSpec(shape=self._input_shape)
        return None

    # --- Functional

    def _functional(self, options: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], name: str) -> Definition:
        single = sum(entry.get("class_name") == "InputLayer" for entry in entries) == 1
        shape = self._input_shape if single else None

        def layer(entry: Mapping[str, Any]) -> Layer:
            return self._input(entry, shape) if entry.get("class_name") == "InputLayer" else self.layer(entry)

        graph = Functional(options, entries, self._notes, layer, self._semantics)
        if all(isinstance(entry, InputLayer) for entry in graph.entries):
            raise UnsupportedError(f"the Keras model `{name}` has no layers")
        return Definition(  # pyright: ignore[reportCallIssue]
            name=name, layers=graph.entries, outputs=graph.returns, semantics=self._spoken
        )

    def _input(self, entry: Mapping[str, Any], shape: Sequence[int | str | None] | None) -> InputLayer:
        """An InputLayer, of the sizes that are given where its own are free.

        Inside of another model, that one says how many samples there are.
        """
        options = current_input(config_of(entry, "InputLayer"))
        batch, *sizes = options["batch_shape"]
        if shape is not None and not self._depth:
            if len(shape) != len(sizes) or any(own not in (None, n) for own, n in zip(sizes, shape, strict=True)):
                raise UnsupportedError(f"the Keras model takes the shape {sizes}, which {list(shape)} does not fit")
            sizes = list(shape)
        options["batch_shape"] = [None if self._depth else batch, *sizes]
        return cast(InputLayer, self.layer({**entry, "config": options}))


def _calls(spec: Definition) -> int:
    """How often layers are called in one call of a model."""
    inside = {
        str(entry.name): _calls(entry.spec) for entry in spec.entries if isinstance(entry, ModelLayer)
    }  # fmt: skip
    return sum(1 + inside.get(entry.use if isinstance(entry, Reuse) else str(entry.name), 0) for entry in spec.entries)


def _declared(
    model: Mapping[str, Any], options: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """The InputLayer of a Sequential model that is written without one, if its shape is known."""
    place = _mapping(entries[0].get("config") if entries else None)
    shape = declared_shape(model, options, entries)
    if shape is not None:
        return {"class_name": "InputLayer", "config": {"name": "input", "batch_shape": shape}}
    inner: Any = place.get("layers") if entries and entries[0].get("class_name") in MODELS else None
    front = _mapping(cast("list[Any]", inner)[0] if isinstance(inner, list) and inner else None)
    return front if front.get("class_name") == "InputLayer" else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _layers(options: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    layers = options.get("layers")
    if not isinstance(layers, list) or not all(isinstance(entry, Mapping) for entry in cast("list[Any]", layers)):
        raise FileFormatError("the Keras model has no list of `layers`")
    found = cast("list[Mapping[str, Any]]", layers)
    names = [str(config_of(entry, str(entry.get("class_name"))).get("name")) for entry in map(_named, found)]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None) if _has_twins(names) else None
    if twice is not None:
        raise FileFormatError(f"the Keras model is malformed: two of its layers have the name `{twice[:60]}`")
    return found


def _has_twins(names: Sequence[str]) -> bool:
    return len(set(names)) < len(names)


def _named(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry whose options hold its name, checked. Keras 2 writes some names beside the options only."""
    class_name = str(entry.get("class_name"))
    options = config_of(entry, class_name)
    name = options.get("name", entry.get("name", class_name.lower()))
    if class_name == "TensorFlowOpLayer":  # which goes by another name than its options say
        name = entry.get("name", name)
    require_name(name)
    return entry if options.get("name") == name else {**entry, "config": {**options, "name": name}}

"""Keras's serialized layers, as they are in its JSON, to ours.

The text of a file only ever selects from closed tables: a class outside the vocabulary, a registered custom
object or an option that modelc does not have is refused by name, and nothing is imported or evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from modelc.config.base import Config
from modelc.config.registry import Registry
from modelc.constraints import CONSTRAINTS
from modelc.errors import SpecError
from modelc.errors import UnsupportedError as UnsupportedError
from modelc.initializers import INITIALIZERS
from modelc.keras.config.activations import (
    activation_name,
    is_activation_layer,
    is_keras_2_hard_sigmoid,
    written_activation,
)
from modelc.keras.config.dtypes import computed_in
from modelc.keras.config.names import is_own_module, registered_class
from modelc.keras.config.older import NO_EFFECT, current
from modelc.keras.weights.quantized import mode_of, refusal
from modelc.language.names import SLASH, escaped
from modelc.layers import LAYERS
from modelc.layers.base import Layer
from modelc.layers.names.refused import REFUSED
from modelc.regularizers import REGULARIZERS
from modelc.semantics import KERAS_3, GateDefault, HardSigmoid, Semantics
from modelc.sources.notes import Notes

_GATES = "recurrent_activation"

MODELS = frozenset({"Sequential", "Functional", "Model"})
"""The classes of models; `Model` is what Keras called a Functional one before 2.4."""

_OBJECTS: dict[str, Registry[Any]] = {
    "initializer": INITIALIZERS,
    "regularizer": REGULARIZERS,
    "constraint": CONSTRAINTS,
}

_FILLED_FROM = {"strides": "pool_size", "value_dim": "key_dim"}
"""Options whose default is the value of another option: each name, with that of the other option."""

_MAX_DEPTH = 16
"""How deep lists and mappings may be nested in an option."""


def layer_from_keras(
    config: Mapping[str, Any],
    notes: Notes | None = None,
    model: Callable[[Mapping[str, Any]], Layer] | None = None,
    semantics: Semantics = KERAS_3,
) -> Layer:
    """The layer that a serialized Keras layer (`{"class_name": …, "config": {…}}`) describes.

    `notes` collects the options that were dropped; `model` makes the layer that a model inside of it is; `semantics`
    are those of the Keras which wrote it. Raises `UnsupportedError` for a class or an option that modelc does not have,
    `SpecError` for a wrong value.
    """
    written = class_name_of(config, "keras.layers")
    if written in MODELS:
        if model is None:
            raise UnsupportedError(f"a nested `{written}` model is not supported, only layers are")
        return model(config)
    options = config_of(config, written)
    class_name, options = current(written, options)
    name = str(options.get("name") or class_name)
    if class_name not in LAYERS.names or LAYERS[class_name].origin == "modelc":
        raise UnsupportedError(_refusal(class_name, name))
    reader = _LayerReader(class_name, name, notes or Notes(), model, semantics)
    layer_type = LAYERS[class_name]
    made: dict[str, Any] = {}
    for key, value in options.items():
        if key == "dtype" and (mode := mode_of(value)) is not None:
            reader.note_quantized(mode, options)
        elif key == "quantization_config" and isinstance(value, Mapping) and "class_name" in value:
            continue  # the dtype says how the layer is quantized
        elif key == "dtype" and class_name != "InputLayer":
            reader.note_dtype(value)
        elif key not in layer_type.model_fields and (class_name, key) != ("InputLayer", "batch_shape"):
            reader.drop(key, value)
        elif not _is_filled_in(key, value, options, layer_type):
            made[key] = reader.option(key, value)
    if semantics.gate_default is GateDefault.HARD_SIGMOID and _GATES in layer_type.model_fields:
        made.setdefault(_GATES, reader.option(_GATES, "hard_sigmoid"))
    made |= _one_activation(made, options)
    try:
        return layer_type(**made)
    except SpecError as error:
        found = [replace(d, file=f"{d.file} `{name}`" if d.file else f"`{name}`") for d in error.diagnostics]
        raise SpecError(found) from None


def _one_activation(made: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Layer]:
    """The two activations of a recurrent layer under the same name, if Keras noted that they are one object."""
    pair = {key: made.get(key) for key in ("activation", _GATES)}
    layers = {key: layer for key, layer in pair.items() if isinstance(layer, Layer)}
    notes = {cast("Mapping[str, Any]", options[key]).get("shared_object_id") for key in layers}
    if len(layers) < len(pair) or len(notes) > 1 or None in notes:
        return {}
    return {key: layer.model_copy(update={"name": layer.auto_name()}) for key, layer in layers.items()}


def _is_filled_in(key: str, value: Any, options: Mapping[str, Any], layer_type: type[Layer]) -> bool:
    """Whether an option has the value that it would have if the file left it out."""
    said = "channels_last" if key == "data_format" else options.get(_FILLED_FROM.get(key, ""))
    return value is not None and value == said and layer_type.model_fields[key].default is None


def _refusal(class_name: str, name: str) -> str:
    named = f"`{class_name}`" if name == class_name else f"`{class_name}` (`{name}`)"
    reason = REFUSED.get(class_name)
    if reason is not None:
        return f"the Keras layer {named} is not supported: {reason}"
    return (
        f"the Keras class {named} is not a layer of modelc's: if the class is your own, its code is not in the file "
        "and would not be run; build the model of Keras's layers, and save it again"
    )


def class_name_of(config: Any, module: str) -> str:
    """The name of the class of a serialized object, which is one of Keras's own in `module`, or a model."""
    serialized = cast("Mapping[str, Any]", config if isinstance(config, Mapping) else {})
    written = serialized.get("class_name")
    if not isinstance(written, str):
        raise UnsupportedError("a serialized Keras object has no `class_name`")
    name, registered = registered_class(written), serialized.get("registered_name")
    kind = "" if name in MODELS else module.partition(".")[2]
    if not is_own_module(serialized.get("module"), kind) or (
        registered is not None and (not isinstance(registered, str) or registered_class(registered) != name)
    ):
        raise UnsupportedError(
            f"the Keras object `{registered or name}` is a custom one, whose code is not in the file: "
            "make it of Keras's own layers, or save the part of the model before it"
        )
    return name


def config_of(config: Mapping[str, Any], owner: str) -> Mapping[str, Any]:
    """The options of a serialized object."""
    inner = config.get("config")
    if isinstance(inner, list) and owner == "Sequential":  # before Keras 2.3
        return {"layers": cast("list[Any]", inner)}
    if not isinstance(inner, Mapping):
        raise UnsupportedError(f"the Keras object `{owner}` has no `config`")
    return cast("Mapping[str, Any]", inner)


@dataclass(frozen=True, slots=True)
class _LayerReader:
    """Reads the options of one layer."""

    class_name: str
    name: str
    notes: Notes
    model: Callable[[Mapping[str, Any]], Layer] | None
    semantics: Semantics

    @property
    def owner(self) -> str:
        named = "" if self.name == self.class_name else f" (`{self.name}`)"
        return f"the Keras layer `{self.class_name}`{named}"

    def drop(self, key: str, value: Any) -> None:
        """Leave out an option that modelc does not have. Raises `UnsupportedError` where it changes something."""
        ignored = LAYERS[self.class_name].keras_ignored
        if value is not None and value not in NO_EFFECT.get(key, ()) and key not in ignored:
            # The reader of the model takes its input shape from `batch_input_shape`.
            if not (key == "batch_input_shape" and isinstance(value, list)):
                raise UnsupportedError(f"the option `{key}` of {self.owner} is not supported: {str(value)[:60]}")
            return
        self.notes.dropped(key, value, self.name)

    def note_quantized(self, mode: str, options: Mapping[str, Any]) -> None:
        """A layer that Keras quantized. Raises `UnsupportedError` where its weights are not numbers with scales."""
        reason = refusal(mode, self.class_name, options.get("equation"))
        if reason is not None:
            raise UnsupportedError(f"{self.owner} is not supported: {reason}")
        text = f"dequantized from {mode}, and computed in float32; Keras also rounds what goes in"
        self.notes.add(text, self.name)

    def note_dtype(self, policy: Any) -> None:
        try:
            other = computed_in(policy, self.class_name)
        except ValueError as error:
            raise UnsupportedError(f"{self.owner} has the dtype {error}, only floats are supported") from None
        if other is not None:
            self.notes.add(f"computed in float32, where Keras says {other}", self.name)

    def option(self, key: str, value: Any) -> Any:
        kind = key.rpartition("_")[2]
        if key in ("layer", "backward_layer", "cell") and isinstance(value, Mapping):
            return self._inner(value)
        if key in ("layers", "cells") and isinstance(value, list):
            return [self._inner(item) for item in cast("list[Any]", value)]
        if kind in _OBJECTS:
            return self._object(_OBJECTS[kind], value)
        if kind == "activation":
            return self._activation(value)
        plain = plain_data(value, f"the option `{key}` of {self.owner}")
        field = LAYERS[self.class_name].model_fields.get(key)
        return plain if field is None else as_written_by_python(plain, field.annotation)

    def _object(self, registry: Registry[Any], value: Any) -> Config | str | None:
        """An initializer, a regularizer or a constraint."""
        if value is None or isinstance(value, str):
            return value
        name = class_name_of(value, f"keras.{registry.kind}s")
        if name not in registry:
            raise UnsupportedError(f"the Keras {registry.kind} `{name}` of {self.owner} is not supported")
        known = registry[name].model_fields
        options: dict[str, Any] = {}
        for key, item in config_of(value, name).items():
            what = f"the option `{key}` of the Keras {registry.kind} `{name}`"
            if key in known:
                options[key] = plain_data(item, what)
            elif item is None or key == "dtype":
                self.notes.dropped(f"{name}.{key}", item, self.name)
            else:
                raise UnsupportedError(f"{what} of {self.owner} is not supported")
        return registry[name](**options)

    def _inner(self, value: Any) -> Layer:
        if self.class_name != "TimeDistributed" and class_name_of(value, "keras.layers") in MODELS:
            raise UnsupportedError(f"{self.owner} holds a model: of modelc's wrappers, only TimeDistributed does")
        inner = cast("Mapping[str, Any]", value)
        options = inner.get("config")
        name = cast("Mapping[str, Any]", options).get("name") if isinstance(options, Mapping) else None
        if isinstance(name, str) and (made := escaped(name).replace("/", SLASH)) != name:
            inner = {**inner, "config": {**cast("Mapping[str, Any]", options), "name": made}}
        return layer_from_keras(inner, self.notes, self.model, self.semantics)

    def _activation(self, value: Any) -> str | Layer:
        if is_activation_layer(value):
            inner = cast("Mapping[str, Any]", value)
            layer = layer_from_keras(inner, self.notes, self.model, self.semantics)
            return layer.model_copy(update={"name": None})
        if is_keras_2_hard_sigmoid(value):
            return "keras2_hard_sigmoid"
        name = activation_name(value)
        if name is None:
            written = str(written_activation(value))[:60]
            raise UnsupportedError(
                f"the activation `{written}` of {self.owner} is not supported: it is none of Keras's own"
            )
        if name == "hard_sigmoid" and self.semantics.hard_sigmoid is HardSigmoid.FIFTH:
            return "keras2_hard_sigmoid"
        return name


def as_written_by_python(value: Any, annotation: Any) -> Any:
    """A number as an option of this type has it: Keras takes 0 and 1 for truth values, and `units=64.0`."""
    kinds = get_args(annotation) or (annotation,)
    if bool in kinds and int not in kinds and isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if int in kinds and float not in kinds and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def plain_data(value: Any, what: str, depth: int = 0) -> Any:
    """Plain data, out of Keras's wrappers for tuples and arrays where it has them."""
    if depth > _MAX_DEPTH:
        raise UnsupportedError(f"{what} is nested too deeply")
    if isinstance(value, list):
        return [plain_data(item, what, depth + 1) for item in cast("list[Any]", value)]
    if not isinstance(value, Mapping):
        return value
    wrapper = cast("Mapping[str, Any]", value)
    if "class_name" not in wrapper:
        return {key: plain_data(item, what, depth + 1) for key, item in wrapper.items()}
    match dict(wrapper):
        case {"class_name": "__numpy__" | "__tensor__", "config": {"value": inner}} | {
            "class_name": "__tuple__",
            "items": inner,
        }:
            return plain_data(inner, what, depth + 1)
        case _:
            raise UnsupportedError(f"{what} cannot be a `{wrapper['class_name']}`")

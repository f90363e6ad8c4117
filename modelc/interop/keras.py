"""Keras's JSON: from its serialized layers, and models that are plain chains of them, to ours.

The text of a file only ever selects from closed tables: a class outside the vocabulary, a registered custom
object or an option that modelc does not have is refused by name, and nothing is imported or evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast, get_args

from modelc.config import Config, Registry
from modelc.constraints import CONSTRAINTS
from modelc.errors import ModelcError
from modelc.initializers import INITIALIZERS
from modelc.layers.base import Layer
from modelc.layers.fields import ActivationName
from modelc.layers.registry import LAYERS
from modelc.regularizers import REGULARIZERS

_ACTIVATIONS = frozenset(get_args(ActivationName))

_MODELS = frozenset({"Sequential", "Functional", "Model"})

_MAX_DEPTH = 16
"""How deep lists and mappings may be nested in an option."""

_NO_EFFECT: dict[str, tuple[Any, ...]] = {"sparse": (False,), "ragged": (False,), "optional": (False,)}
"""Options that modelc does not have, with the values (besides null) at which they change nothing."""


class UnsupportedError(ModelcError):
    """A Keras model uses something that modelc does not have."""

    exit_code = 2


@dataclass(frozen=True)
class KerasChain:
    """A Keras model that is a plain chain of layers, as its JSON describes it."""

    name: str
    input_name: str | None
    """The name of its InputLayer, which a Functional model counts among its layers; None for a Sequential one."""
    input_shape: tuple[int | None, ...] | None
    """The shape of its input, the batch first; None for a model that was never built."""
    dtype: str
    layers: tuple[Layer, ...]


def layer_from_keras(config: Mapping[str, Any]) -> Layer:
    """The layer that a serialized Keras layer (`{"class_name": …, "config": {…}}`) describes.

    Raises `UnsupportedError` for a class or an option that modelc does not have, `SpecError` for a wrong value.
    """
    class_name = _class_name(config, "keras.layers")
    if class_name not in LAYERS.names:
        raise UnsupportedError(f"the Keras class `{class_name}` is not a layer of modelc's")
    layer_type = LAYERS[class_name]
    options: dict[str, Any] = {}
    for key, value in _config_of(config, class_name).items():
        if key == "dtype":
            _require_float32(value, class_name)
        elif key in layer_type.model_fields:
            options[key] = _option(key, value, class_name)
        elif value is not None and value not in _NO_EFFECT.get(key, ()):
            raise UnsupportedError(f"the option `{key}` of the Keras layer `{class_name}` is not supported")
    return layer_type(**options)


def chain_from_keras(config: Mapping[str, Any]) -> KerasChain:
    """The chain of layers that `model.to_json()` of Keras describes, parsed.

    A Sequential model is one, and so is a Functional model of one input and one output in which every layer is
    applied once, to the output of the layer before it. Raises `UnsupportedError` for any other kind of model, nested
    ones included, `SpecError` for a wrong value.
    """
    class_name = _class_name(config, "keras")
    if class_name not in _MODELS:
        raise UnsupportedError(f"a Keras model of the class `{class_name}` is not supported")
    inner = _config_of(config, class_name)
    name = str(inner.get("name") or class_name.lower())
    entries = _entries(inner)
    if class_name != "Sequential":
        _require_chain(inner, entries, name)
    shape, dtype, input_name = inner.get("build_input_shape"), "float32", None
    if entries and entries[0].get("class_name") == "InputLayer":
        first = _config_of(entries.pop(0), "InputLayer")
        dtype = str(first.get("dtype") or "float32")
        shape = first.get("batch_shape") or first.get("batch_input_shape")
        input_name = None if class_name == "Sequential" else str(first.get("name"))
    return KerasChain(
        name=name,
        input_name=input_name,
        input_shape=_static_shape(shape),
        dtype=dtype,
        layers=tuple(layer_from_keras(entry) for entry in entries),
    )


def _require_chain(model: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], name: str) -> None:
    """Raise `UnsupportedError` where the layers of a Functional model are not applied one after the other."""
    if not entries or entries[0].get("class_name") != "InputLayer":
        raise _not_a_chain(name, "it does not begin with an InputLayer")
    names = [str(_config_of(entry, str(entry.get("class_name"))).get("name")) for entry in entries]
    for tensors, expected, what in (("input_layers", names[0], "input"), ("output_layers", names[-1], "output")):
        if _only_layer(model.get(tensors)) != expected:
            raise _not_a_chain(name, f"its {what} is not that of the layer `{expected}` alone")
    for entry, before, own in zip(entries[1:], names, names[1:], strict=False):  # the last is before none
        if _applied_to(entry, own) != before:
            raise _not_a_chain(name, f"the layer `{own}` is not applied once, to the output of `{before}`")


def _only_layer(tensors: Any) -> str | None:
    """The layer that one model input or output belongs to; None where there are several."""
    match tensors:
        case [str(name), 0, 0] | [[str(name), 0, 0]]:
            return name
        case _:
            return None


def _applied_to(entry: Mapping[str, Any], name: str) -> str | None:
    """The layer to whose output alone, and once, a layer of a Functional model is applied; None where it is not so."""
    match entry.get("inbound_nodes"):
        case [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": [str(before), 0, 0]}}], **rest}]:
            options = rest.get("kwargs")
        case [[[str(before), 0, 0, options]]]:  # as tf.keras wrote it
            pass
        case _:
            return None
    for key, value in cast("Mapping[str, Any]", options if isinstance(options, Mapping) else {}).items():
        # Keras notes the `training` that the model was made under, and runs it with the one that it is called with.
        if value is not None and (key, value) != ("training", False):
            raise UnsupportedError(f"the Keras layer `{name}` is called with `{key}`, which is not supported")
    return before


def _not_a_chain(name: str, reason: str) -> UnsupportedError:
    return UnsupportedError(f"the Keras model `{name}` is not a plain chain of layers: {reason}")


def _entries(model: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    layers = model.get("layers")
    if not isinstance(layers, list) or not all(isinstance(entry, Mapping) for entry in cast("list[Any]", layers)):
        raise UnsupportedError("the Keras model has no list of `layers`")
    return list(cast("list[Mapping[str, Any]]", layers))


def _class_name(config: Any, module: str) -> str:
    """The name of the class, which is one of Keras's own in `module`."""
    serialized = cast("Mapping[str, Any]", config if isinstance(config, Mapping) else {})
    name = serialized.get("class_name")
    if not isinstance(name, str):
        raise UnsupportedError("a serialized Keras object has no `class_name`")
    if name in _MODELS and module == "keras.layers":
        raise UnsupportedError(f"a nested `{name}` model is not supported, only layers are")
    custom = serialized.get("registered_name")
    if name not in _MODELS and (serialized.get("module", module) != module or custom not in (None, name)):
        raise UnsupportedError(f"the Keras object `{custom or name}` is a custom one")
    return name


def _config_of(config: Mapping[str, Any], owner: str) -> Mapping[str, Any]:
    inner = config.get("config")
    if not isinstance(inner, Mapping):
        raise UnsupportedError(f"the Keras object `{owner}` has no `config`")
    return cast("Mapping[str, Any]", inner)


def _require_float32(policy: Any, owner: str) -> None:
    name = _config_of(policy, "dtype").get("name") if isinstance(policy, Mapping) else policy  # pyright: ignore[reportUnknownArgumentType]
    if name not in (None, "float32"):
        raise UnsupportedError(f"the Keras layer `{owner}` has the dtype {name}, only float32 is supported")


def _option(key: str, value: Any, owner: str) -> Any:
    kind = key.rpartition("_")[2]
    if kind in _OBJECTS:
        return _object(_OBJECTS[kind], value)
    if kind == "activation":
        return _activation(value, owner)
    return _data(value, f"the option `{key}` of the Keras layer `{owner}`")


def _object(registry: Registry[Any], value: Any) -> Config | str | None:
    """An initializer, a regularizer or a constraint."""
    if value is None or isinstance(value, str):
        return value
    name = _class_name(value, f"keras.{registry.kind}s")
    if name not in registry:
        raise UnsupportedError(f"the Keras {registry.kind} `{name}` is not supported")
    known = registry[name].model_fields
    options: dict[str, Any] = {}
    for key, item in _config_of(value, name).items():
        if key in known:
            options[key] = _data(item, f"the option `{key}` of the Keras {registry.kind} `{name}`")
        elif item is not None:
            raise UnsupportedError(f"the option `{key}` of the Keras {registry.kind} `{name}` is not supported")
    return registry[name](**options)


_OBJECTS: dict[str, Registry[Any]] = {
    "initializer": INITIALIZERS,
    "regularizer": REGULARIZERS,
    "constraint": CONSTRAINTS,
}


def _activation(value: Any, owner: str) -> str:
    if isinstance(value, Mapping):
        function = cast("Mapping[str, Any]", value)
        value = function.get("config") if function.get("class_name") == "function" else function.get("class_name")
    if value is None:
        return "linear"
    if not isinstance(value, str) or value not in _ACTIVATIONS:
        raise UnsupportedError(f"the activation `{value}` of the Keras layer `{owner}` is not supported")
    return value


def _data(value: Any, what: str, depth: int = 0) -> Any:
    """Plain data, out of Keras's wrappers for tuples and arrays where it has them."""
    if depth > _MAX_DEPTH:
        raise UnsupportedError(f"{what} is nested too deeply")
    if isinstance(value, list):
        return [_data(item, what, depth + 1) for item in cast("list[Any]", value)]
    if not isinstance(value, Mapping):
        return value
    wrapper = cast("Mapping[str, Any]", value)
    if "class_name" not in wrapper:
        return {key: _data(item, what, depth + 1) for key, item in wrapper.items()}
    match dict(wrapper):
        case {"class_name": "__numpy__" | "__tensor__", "config": {"value": inner}} | {
            "class_name": "__tuple__",
            "items": inner,
        }:
            return _data(inner, what, depth + 1)
        case _:
            raise UnsupportedError(f"{what} cannot be a `{wrapper['class_name']}`")


def _static_shape(shape: Any) -> tuple[int | None, ...] | None:
    if shape is None:
        return None
    dims = tuple(cast("Sequence[Any]", shape)) if isinstance(shape, list) else ()
    if not dims or not all(d is None or (isinstance(d, int) and d > 0) for d in dims):
        raise UnsupportedError(f"the input shape {shape} of the Keras model is not a list of sizes")
    if None in dims[1:]:
        raise UnsupportedError(f"the input shape {list(dims)} is not fixed: only the batch may be null")
    return dims

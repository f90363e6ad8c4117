"""Keras's JSON: from its serialized layers and Sequential models to ours.

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
class KerasSequential:
    """A Sequential model as its JSON describes it."""

    name: str
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


def sequential_from_keras(config: Mapping[str, Any]) -> KerasSequential:
    """The Sequential model that `model.to_json()` of Keras describes, parsed.

    Raises `UnsupportedError` for any other kind of model, nested ones included, `SpecError` for a wrong value.
    """
    class_name = _class_name(config, "keras")
    if class_name != "Sequential":
        raise UnsupportedError(f"a Keras model of the class `{class_name}` is not supported, only Sequential is")
    inner = _config_of(config, class_name)
    entries = _entries(inner)
    shape, dtype = inner.get("build_input_shape"), "float32"
    if entries and entries[0].get("class_name") == "InputLayer":
        first = _config_of(entries.pop(0), "InputLayer")
        dtype = str(first.get("dtype") or "float32")
        shape = first.get("batch_shape") or first.get("batch_input_shape")
    return KerasSequential(
        name=str(inner.get("name") or "sequential"),
        input_shape=_static_shape(shape),
        dtype=dtype,
        layers=tuple(layer_from_keras(entry) for entry in entries),
    )


def _entries(sequential: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    layers = sequential.get("layers")
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

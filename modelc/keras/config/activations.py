"""What Keras's files call activations: names, functions of TensorFlow's, and layers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from modelc.functions.function import UnaryFunction
from modelc.functions.table import ALIASES, NAMED
from modelc.layers import LAYERS

_NOT_OF_KERAS = frozenset(f.name for f in NAMED.values() if isinstance(f, UnaryFunction) and not f.of_keras)
"""The activations that Keras 3 does not have."""

_NAMES = frozenset((*NAMED, *ALIASES)) - _NOT_OF_KERAS

_ALIASES = MappingProxyType(
    {"identity": "linear", "exp": "exponential", "hard_swish": "hard_silu", "leakyrelu": "leaky_relu"}
)
"""Names of functions that were given as activations, to Keras's names for them."""

KERAS_2_HARD_SIGMOID: Mapping[str, Any] = MappingProxyType(
    {
        "module": "keras.layers",
        "class_name": "Pipeline",
        "config": {
            "name": "keras2_hard_sigmoid",
            "layers": [
                {
                    "module": "keras.layers",
                    "class_name": "Rescaling",
                    "config": {"name": "rescaling", "dtype": "float32", "scale": 0.2, "offset": 0.5},
                    "registered_name": None,
                },
                {
                    "module": "keras.layers",
                    "class_name": "ReLU",
                    "config": {"name": "re_lu", "dtype": "float32", "max_value": 1.0},
                    "registered_name": None,
                },
            ],
        },
        "registered_name": None,
    }
)
"""``min(max(0.2·x + 0.5, 0), 1)`` in the layers of Keras 3, which takes any layer as an activation."""

_NAMING = frozenset({"name", "dtype", "module", "registered_name"})
"""What Keras may call otherwise when it saves these layers."""

_LAYERS = frozenset({"LeakyReLU", "ReLU", "PReLU", "ELU", "Softmax"})
"""The layers that are an activation, and may be one of another layer."""


def activation_name(value: Any) -> str | None:
    """The name of a serialized activation, or None where it is none of Keras's: `softmax_v2` is `softmax`.

    A version of TensorFlow's name for the same function ends with `_v2`, and is what Keras 2 wrote for `tf.nn.softmax`.
    """
    value = written_activation(value)
    if value is None:
        return "linear"
    if not isinstance(value, str):
        return None
    for name in (value, value.removesuffix("_v2"), value.removesuffix("_v1"), value.lower()):
        if _ALIASES.get(name, name) in _NAMES:
            return _ALIASES.get(name, name)
    return None


def is_keras_2_hard_sigmoid(value: Any) -> bool:
    """Whether a serialized activation is those layers, however much Keras has added to their options."""
    return _agrees(value, KERAS_2_HARD_SIGMOID)


def _agrees(value: Any, pattern: Any) -> bool:
    if isinstance(pattern, Mapping):
        known = cast("Mapping[str, Any]", pattern)
        keys = known.keys() - _NAMING
        if not isinstance(value, Mapping):
            return False
        found = cast("Mapping[str, Any]", value)
        return all(_agrees(found.get(key), known[key]) for key in keys)
    if isinstance(pattern, list):
        items = cast("list[Any]", pattern)
        return (
            isinstance(value, list)
            and len(cast("list[Any]", value)) == len(items)
            and all(map(_agrees, cast("list[Any]", value), items))
        )
    return value == pattern


def written_activation(value: Any) -> Any:
    """What a serialized activation names: a function, or the class of a layer."""
    if not isinstance(value, Mapping):
        return value
    function = cast("Mapping[str, Any]", value)
    inner = function.get("config")
    if function.get("class_name") == "Activation" and isinstance(inner, Mapping):
        return written_activation(cast("Mapping[str, Any]", inner).get("activation"))
    return inner if function.get("class_name") == "function" else function.get("class_name")


def is_activation_layer(value: Any) -> bool:
    """Whether an activation is a serialized layer with options of its own: `LeakyReLU(0.1)`."""
    if not isinstance(value, Mapping):
        return False
    serialized = cast("Mapping[str, Any]", value)
    name = serialized.get("class_name")
    named = isinstance(name, str) and LAYERS.current(name) in _LAYERS
    return named and isinstance(serialized.get("config"), Mapping)

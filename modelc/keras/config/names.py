"""The modules in which Keras's own classes are, in all of its versions, and the names of those that are registered."""

from __future__ import annotations

from re import compile as regex
from types import MappingProxyType

_OWN_MODULE = regex(r"(tensorflow\.(python\.|_api\.v[12]\.)?)?(tf_keras|keras_core|keras)(\.\w+)*")
"""`keras.layers`, `keras.src.engine.functional`, `tf_keras.layers`, `tensorflow.python.keras.engine.training`, …"""

_REGISTERED = MappingProxyType(
    {
        "Custom>CustomScaleLayer": "CustomScaleLayer",
        "Custom>LayerScale": "LayerScale",
        "Custom>StochasticDepth": "StochasticDepth",
        "Custom>FixedDropout": "Dropout",  # of the package efficientnet: a Dropout with `noise_shape`
        "FixedDropout": "Dropout",
    }
)
"""Layers of `keras.applications`, and of the packages before it, by the names under which files have them."""


def is_own_module(module: object, kind: str) -> bool:
    """Whether a class that a file places in this module is one of Keras's own.

    `kind` is the module that all versions have in the path: `layers`, `initializers`; empty for models.
    """
    if module is None:
        return True
    if not isinstance(module, str) or _OWN_MODULE.fullmatch(module) is None:
        return False
    parts = module.split(".")
    return not kind or kind in parts or (kind == "layers" and "applications" in parts)


def registered_class(name: str) -> str:
    """The class that a registered name stands for: `Custom>LayerScale` is `LayerScale`; else the name itself."""
    return _REGISTERED.get(name, name)

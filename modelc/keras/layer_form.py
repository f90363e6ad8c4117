"""Layers to and from Keras's configurations, one by one: `keras.layers.serialize` and `keras.layers.deserialize`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelc.config.arguments import kind_of
from modelc.errors import InputError
from modelc.keras.config.layers import layer_from_keras
from modelc.keras.config.model import spec_from_keras
from modelc.keras.export.export import model_config
from modelc.keras.export.expressible import require_in_keras
from modelc.keras.export.serialize import Serialized, Shapes, serialized_layer
from modelc.language.nested import ModelLayer
from modelc.layers.base import Layer
from modelc.sources.notes import Notes


def serialize(layer: Layer) -> dict[str, Any]:
    """A layer as Keras's JSON has it: `{"module": …, "class_name": …, "config": {…}, "registered_name": …}`.

    Raises `UnsupportedError` for what Keras does not have.
    """
    require_in_keras((layer,))
    return serialized_layer(layer, layer.name or layer.auto_name(), _model, {})


def deserialize(config: Mapping[str, Any]) -> Layer:
    """The layer that such a mapping describes, of Keras's or of `serialize`; without weights.

    Raises `UnsupportedError` for a class or an option that modelc does not have, `SpecError` for a wrong value.
    """
    if not isinstance(config, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f"a serialized layer is a mapping with `class_name` and `config`, found {kind_of(config)}")
    return layer_from_keras(config, model=_nested)


def _model(layer: Layer, shapes: Shapes) -> Serialized | None:
    """A layer that is a model; its weights have no part in the configuration."""
    return dict(model_config(layer.viewed)) if isinstance(layer, ModelLayer) else None


def _nested(config: Mapping[str, Any]) -> Layer:
    return ModelLayer(spec=spec_from_keras(config, Notes()))

"""`model_from_json` and `clone_model`, as Keras has them: architectures become models with new weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelc.model.build import build
from modelc.model.keras_config import definition_of_json
from modelc.model.model import Model
from modelc.model.sequential import Sequential
from modelc.model.spec import Spec


def model_from_json(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Model:
    """The model that the JSON of `to_json` describes, here or in Keras of any version, with new weights.

    It is a Sequential where the JSON says so. Nothing in it is executed or imported: classes are looked up by name, and
    `custom_objects` are refused. Raises `UnsupportedError` for what modelc does not have, `FileFormatError` for text
    that is something else.
    """
    definition, is_sequential = definition_of_json(json_string, custom_objects)
    spec = Spec.of(definition)
    return Sequential.from_spec(spec) if is_sequential else build(spec)


def clone_model(model: Model) -> Model:
    """A model of the same architecture with new weights, as by `keras.models.clone_model`."""
    spec = Spec.of(model.to_spec().without_weight_files())
    return Sequential.from_spec(spec) if isinstance(model, Sequential) else build(spec)

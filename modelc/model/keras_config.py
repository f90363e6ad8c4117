"""The definition that Keras's configuration of a model or its JSON describes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from modelc.config.arguments import kind_of
from modelc.errors import InputError, UnsupportedError
from modelc.keras.read import read_keras_model
from modelc.language.definition import Definition


def definition_of_config(config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Definition:
    """The definition of what `get_config()` gave, of a Functional or of a Sequential model."""
    _refuse(custom_objects)
    if not isinstance(config, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f"`config` is a mapping, as `get_config()` gives it, found {kind_of(config)}")
    try:
        plain = json.loads(json.dumps(config))  # Keras's own has tuples in it
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"`config` is not plain data: {error}") from None
    class_name = "Functional" if "input_layers" in plain else "Sequential"
    return read_keras_model({"class_name": class_name, "config": plain}).spec


def definition_of_json(text: Any, custom_objects: Mapping[str, Any] | None = None) -> tuple[Definition, bool]:
    """The definition of what `to_json()` gave, and whether it is that of a Sequential model."""
    _refuse(custom_objects)
    if not isinstance(text, str) or not text.lstrip().startswith("{"):
        raise InputError("expected the JSON of a model, which begins with `{`", "`modelc.load_spec` reads files")
    return read_keras_model(text).spec, json.loads(text).get("class_name") == "Sequential"


def _refuse(custom_objects: Mapping[str, Any] | None) -> None:
    if custom_objects:
        names = ", ".join(f"`{name}`" for name in custom_objects)
        raise UnsupportedError(f"`custom_objects` ({names}) are code, and models are data: express them by layers")

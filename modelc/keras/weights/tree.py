"""`LayerNode`: the layers of a Keras model by class and name, as far as the places of its weights depend on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from modelc.errors import FileFormatError
from modelc.files.hdf5.reader import MAX_DEPTH
from modelc.language.names import LONGEST_NAME, SLASH, escaped
from modelc.layers import LAYERS
from modelc.layers.base import Layer
from modelc.text.naming import snake_case

_MODELS = frozenset({"Sequential", "Functional", "Model"})
_PASSED_ON = frozenset({"activation"})
"""Attributes of the cell that Keras's recurrent layers have too, so that a layer in them is found there first."""


@dataclass(frozen=True, slots=True)
class LayerNode:
    """A layer, or a model, with the layers inside of it."""

    name: str
    """Its name in the model, with slashes escaped, so that it is one part of its weights' paths."""
    class_name: str
    trainable: bool = True
    layers: tuple[LayerNode, ...] = ()
    """The layers of a model, in the order of Keras's `model.layers`; the cells of `StackedRNNCells`."""
    parts: tuple[tuple[str, LayerNode], ...] = ()
    """Single inner layers, by the attribute of the layer that holds each: `("cell", …)`, in the order of weights."""
    lifted: frozenset[str] = frozenset()
    """The attributes of the parts that the layer around this one has too: Keras saves these parts in its group."""
    channels_first: bool = False
    """Whether its channels come before the axes of the image."""

    @property
    def is_model(self) -> bool:
        """Whether it is a model."""
        return self.class_name in _MODELS

    @property
    def is_named(self) -> bool:
        """Whether the layers inside are told apart by their names."""
        return self.is_model or layer_type(self.class_name).keras_names_layers

    @property
    def container(self) -> str:
        """The attribute that holds `layers`."""
        return _list_of(self.class_name) or "layers"

    @property
    def group_name(self) -> str:
        """What Keras calls the class where it numbers the layers of a model: `Conv2D` is `conv2d`."""
        name = (self.class_name if self.class_name != "Model" else "Functional").rpartition(">")[2]
        return LAYERS[name].auto_name() if name in LAYERS else snake_case(name)


def number_in(group: str, name: str) -> int | None:
    """The number that an automatic name has among those of a class; None where it is no such name of this class."""
    if name == group:
        return 0
    number = name.removeprefix(f"{group}_")
    return int(number) if number.isdecimal() and number != name else None


def layer_tree(config: Mapping[str, Any]) -> LayerNode:
    """The layers of a serialized Keras model, of Keras 2 or 3. Operations that are no layers may be among them.

    Raises `FileFormatError` where the text does not describe a model, or a name in it could be a path.
    """
    return _node(config, 0)


def _node(entry: Any, depth: int) -> LayerNode:
    if not isinstance(entry, Mapping) or depth > MAX_DEPTH:
        raise FileFormatError("the Keras model has a layer that is not an object, or is nested too deeply")
    fields = cast("Mapping[str, Any]", entry)
    class_name, config = fields.get("class_name"), fields.get("config")
    if isinstance(config, list):  # a Sequential model of Keras before 2.3
        config = {"layers": cast("list[Any]", config)}
    if not isinstance(class_name, str) or not isinstance(config, Mapping):
        raise FileFormatError("the Keras model has a layer without a `class_name` and a `config`")
    options = cast("Mapping[str, Any]", config)
    name = options.get("name", fields.get("name", class_name.lower()))
    listed = _list_of(class_name)
    inner = None if listed is None else options.get(listed)
    layers = cast("Sequence[Any]", inner) if isinstance(inner, list) else ()
    return LayerNode(
        name=escaped(require_name(name)).replace("/", SLASH),
        class_name=class_name,
        trainable=options.get("trainable") is not False,
        channels_first=options.get("data_format") == "channels_first",
        layers=tuple(_node(layer, depth + 1) for layer in layers),
        parts=tuple(_parts(class_name, name, options, depth)),
    )


def require_name(name: Any) -> str:
    """The name of a layer. Raises `FileFormatError` for what is none, and for one that leads out of a folder.

    A slash may be in it, as in those of the DenseNets of Keras 2.
    """
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        raise FileFormatError(f"the Keras layer name {str(name)[:60]!r} is no name, or is too long")
    parts = name.replace("\\", "/").split("/")
    if len(parts) > 1 and (not parts[0] or not {".", ".."}.isdisjoint(parts)):
        raise FileFormatError(f"the Keras layer name {name[:60]!r} is not a plain name: it could be a path")
    return name


def layer_type(class_name: str) -> type[Layer]:
    """The layer that a class of Keras's is; `Layer` itself, which declares nothing, for models and operations."""
    name = LAYERS.current(class_name)
    return LAYERS[name] if name in LAYERS else Layer  # noqa: SIM401, a registry has no `get`


def _list_of(class_name: str) -> str | None:
    """The option, and Keras's attribute, that holds a list of layers; None where there is none."""
    if class_name in _MODELS:
        return "layers"
    return next((option for option in ("layers", "cells") if option in layer_type(class_name).wrapped), None)


def _parts(class_name: str, name: str, options: Mapping[str, Any], depth: int) -> list[tuple[str, LayerNode]]:
    kind = layer_type(class_name)
    if kind.keras_cell:
        inner = tuple(_activations(options))
        return [("cell", LayerNode(f"{name}_cell", f"{class_name}Cell", parts=inner, lifted=_PASSED_ON))]
    if kind.keras_projections:
        left_out = () if options.get("use_gate") else ("gate",)
        return [
            (attribute, LayerNode(inner, "EinsumDense"))
            for attribute, inner in kind.keras_projections
            if inner not in left_out
        ]
    if kind.keras_parts:
        return [
            (attribute, _node(next(filter(None, map(options.get, chosen)), None), depth + 1))
            for attribute, chosen in kind.keras_parts
        ]
    return _activations(options)


def _activations(options: Mapping[str, Any]) -> list[tuple[str, LayerNode]]:
    """The activations that are layers with weights."""
    found = {key: options.get(key) for key in ("activation", "recurrent_activation")}
    return [
        (key, LayerNode("p_re_lu", "PReLU"))
        for key, value in found.items()
        if isinstance(value, Mapping) and cast("Mapping[str, Any]", value).get("class_name") == "PReLU"
    ]

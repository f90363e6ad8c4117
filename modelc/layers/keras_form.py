"""`KerasForm`: what Keras's files say of one layer in another way than its class here. `modelc.keras` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from modelc import layers
from modelc.config.arguments import kind_of
from modelc.config.base import Config
from modelc.errors import InputError


class KerasForm(Config):
    """The base of layers that holds how Keras saves them; a layer declares only what differs from the defaults."""

    keras_names: ClassVar[tuple[str, ...]] = ()
    """Other names of the class in files: aliases, and the names in earlier versions; said by the class itself, not
    inherited."""
    keras_module: ClassVar[str] = "keras.layers"
    """The module that files name as that of the class."""
    keras_renamed: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Options that earlier versions called otherwise: each name there, with the name here."""
    keras_ignored: ClassVar[tuple[str, ...]] = ()
    """Options in files that never change an output, whatever their value: they are dropped when a file is read."""
    keras_lacks: ClassVar[frozenset[str]] = frozenset()
    """Options that Keras's class does not have: they are left out when a file is written."""
    keras_takes_dtype: ClassVar[bool] = True
    """Whether Keras's constructor takes a `dtype`."""
    keras_takes_list: ClassVar[bool] = False
    """Whether Keras calls the layer on one list of tensors, not on several arguments."""

    keras_cell: ClassVar[bool] = False
    """Whether Keras keeps the weights in a cell that the layer makes, the attribute `cell`."""
    keras_parts: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    """The attributes of Keras's object that hold one inner layer each, in the order of weights; each with the
    options that may give the layer, of which the first that is given does."""
    keras_projections: ClassVar[tuple[tuple[str, str], ...]] = ()
    """The attributes of Keras's object that hold an EinsumDense which the layer makes, in the order of weights; each
    with the name of the inner layer."""
    keras_names_layers: ClassVar[bool] = False
    """Whether Keras tells the layers in the layer's list apart by their names, not by their places."""

    @classmethod
    def keras_options(cls, saved_as: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options of a saved layer as the latest Keras would write them; `saved_as` is the class in the file."""
        renamed = dict(cls.keras_renamed)
        return {renamed.get(key, key): value for key, value in options.items()}

    def get_config(self) -> dict[str, Any]:
        """The options as Keras's layer of this class gives them, all of them; `from_config` takes them.

        Raises `UnsupportedError` for what Keras does not have.
        """
        layer: Any = self  # of which this is the part that Keras's form is about
        return layers.serialize(layer)["config"]

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """The layer of a configuration that `get_config` gave, here or in Keras; without weights.

        Raises `UnsupportedError` for an option that modelc does not have, `SpecError` for a wrong value.
        """
        if not isinstance(config, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InputError(f"`config` is a mapping, as `get_config()` gives it, found {kind_of(config)}")
        made: Any = layers.deserialize({"class_name": cls.type_name(), "config": config})
        return made

"""`read_keras_model`: from what Keras saved, a file of any kind or `model.to_json()`, to a spec and weights.

Keras is not needed, nothing in a file is executed, and what a file says is bounded before it is believed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from numpy.typing import NDArray

from modelc.errors import FileFormatError
from modelc.files.hdf5.attributes import MAX_TEXT_BYTES
from modelc.files.regular_file import opened
from modelc.files.signatures import is_saved_by_keras
from modelc.graph.graph import Weight
from modelc.keras.config.model import spec_from_keras
from modelc.keras.config.semantics import written_semantics
from modelc.keras.file import read_keras_file
from modelc.keras.keras1.load import keras_1_backend
from modelc.keras.keras1.models import as_keras_2, is_keras_1
from modelc.keras.weights.tree import LayerNode, layer_tree
from modelc.keras.weights.weights import LoadReport, match
from modelc.language.definition import Definition
from modelc.semantics import Semantics
from modelc.sources.notes import Notes
from modelc.weights.variable import Variable

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class KerasModel:
    """A model that Keras described, and where its weights are."""

    spec: Definition
    notes: tuple[str, ...]
    """What was left out or is read otherwise, for people to read."""
    tree: LayerNode
    """Its layers in Keras's order, which the places of weights in a file follow from."""
    path: str | None
    """The file that holds its weights, too; None where it was read from text."""

    def read_weights(
        self, path: str | os.PathLike[str] | None = None, *, partial: bool = False
    ) -> tuple[dict[str, Array], LoadReport]:
        """The arrays of its weights by path, from its own file or from another one that Keras saved.

        Raises `WeightsError` with every weight and array that does not match, unless `partial`; `FileFormatError`
        where the file is damaged, and where there is none.
        """
        where = path if path is not None else self.path
        if where is None:
            raise FileFormatError("the text of a Keras model holds no weights: name a file that does")
        return read_keras_weights(where, self.tree, self.spec.graph.stored, partial=partial)


def read_keras_model(
    source: str | os.PathLike[str] | Mapping[str, Any], *, input_shape: Sequence[int | str | None] | None = None
) -> KerasModel:
    """The model in a `.keras` or `.h5` file, in the text of `model.to_json()` or a file with it, or in parsed JSON.

    `input_shape`, without the batch, is for models whose input has no fixed one. Raises `UnsupportedError` for what
    modelc does not have, `FileFormatError` where the file is damaged or something else, `SpecError` where an option or
    a shape is wrong.
    """
    if isinstance(source, Mapping):
        return _model(source, written_semantics(source), None, input_shape)
    name = os.fspath(source)
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return _of_text(source, "the text", input_shape)
    with opened(name) as stream:
        if not is_saved_by_keras(stream):
            stream.seek(0)
            data = stream.read(MAX_TEXT_BYTES + 1)
            if len(data) > MAX_TEXT_BYTES:
                raise FileFormatError(f"`{name}` is larger than {MAX_TEXT_BYTES} bytes, too large for a Keras model")
            try:
                return _of_text(data.decode("utf-8-sig"), f"`{name}`", input_shape)
            except UnicodeDecodeError:
                raise FileFormatError(
                    f"`{name}` is not a file that Keras saved: it is neither HDF5, zip nor text"
                ) from None
    with read_keras_file(name) as file:
        if file.config is None:
            raise FileFormatError(
                f"`{name}` holds weights alone: name the file with the model, and this one with --weights"
            )
        semantics = written_semantics(file.config, file.keras_version, file.backend or keras_1_backend(file))
        return _model(file.config, semantics, name, input_shape, file.keras_version)


def read_keras_weights(
    path: str | os.PathLike[str], tree: LayerNode, weights: Sequence[Weight | Variable], *, partial: bool = False
) -> tuple[dict[str, Array], LoadReport]:
    """The arrays in a file that Keras saved, for the weights of the model that `tree` describes; see `match`."""
    with read_keras_file(path) as file:
        return match(file, tree, weights, partial=partial)


def _of_text(text: str, what: str, input_shape: Sequence[int | str | None] | None) -> KerasModel:
    if len(text) > MAX_TEXT_BYTES:
        raise FileFormatError(f"{what} is larger than {MAX_TEXT_BYTES} characters, too large for a Keras model")
    try:
        config: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileFormatError(f"{what} is not the JSON of a Keras model: {str(error)[:200]}") from None
    if not isinstance(config, dict):
        raise FileFormatError(f"{what} is not the JSON of a Keras model: it is not an object")
    config = cast("dict[str, Any]", config)
    return _model(config, written_semantics(config), None, input_shape)


def _model(
    config: Mapping[str, Any],
    semantics: Semantics,
    path: str | None,
    input_shape: Sequence[int | str | None] | None,
    version: str | None = None,
) -> KerasModel:
    notes = Notes()
    if is_keras_1(config, version):
        config = as_keras_2(config, notes)
    tree = layer_tree(config)  # refuses names that could be paths first
    spec = spec_from_keras(config, notes, input_shape, semantics)
    if config.get("compile_config"):
        notes.add("the optimizer, the loss and the metrics were left out")
    return KerasModel(spec, notes.lines(), tree, path)

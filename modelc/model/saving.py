"""Saving and loading models: the suffix selects the format to write, the content of a file the format to read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from modelc.errors import FileFormatError
from modelc.files.kinds import Kind, kind_of
from modelc.files.signatures import is_artifact, is_keras_file, is_keras_model
from modelc.files.suffixes import kind_of_model, kind_of_weights
from modelc.graph.program import OnCompile
from modelc.model.model import Model
from modelc.model.symbol import Backend
from modelc.weights.assign import match_by_path, shapes_of
from modelc.weights.variable import assign_together


def save(model: Model, path: str | os.PathLike[str], *, force: bool | None = None) -> None:
    """Save a model in the format of the suffix, replacing `path` atomically."""
    if kind_of_model(path) is Kind.KERAS:
        from modelc.keras.export.export import export_keras

        export_keras(path, model.to_spec(), model.arrays, force=force)
        return
    from modelc.model.artifact import save

    save(model, path, force=force)


def save_weights(model: Model, path: str | os.PathLike[str], *, force: bool | None = None) -> None:
    """Save the weights of a model in the format of the suffix, replacing `path` atomically."""
    if kind_of_weights(path) is Kind.KERAS_WEIGHTS:
        from modelc.keras.export.export import export_keras_weights

        export_keras_weights(path, model.to_spec(), model.arrays, force=force)
        return
    from modelc.files.tensors import save_weights

    save_weights(path, model.arrays, force=force)


def load(path: str | os.PathLike[str], *, backend: Backend = "native", on_compile: OnCompile | None = None) -> Model:
    """Load and compile the model in a `.modelc` file or a Keras file with a whole model.

    Nothing in the file is executed. Raises `FileFormatError` with the reason for a damaged file or another format,
    `UnsupportedError` for a Keras model with unsupported features.
    """
    from modelc.model.artifact import load

    if is_artifact(path):
        return load(path, backend=backend, on_compile=on_compile)
    if kind_of(path) is Kind.SPEC:
        help = "a spec is built by `modelc.load_spec(path).build()`, which draws its weights or reads the file it names"
        raise FileFormatError(f"`{os.fspath(path)}` is not a .modelc file: it is a spec\n  help: {help}")
    if kind_of(path) in (Kind.WEIGHTS, Kind.KERAS_WEIGHTS):
        help = "weights alone belong to a spec: `modelc.load_spec(spec).build(weights=path)`"
        raise FileFormatError(f"`{os.fspath(path)}` is not a .modelc file: it holds weights alone\n  help: {help}")
    if is_keras_model(os.fspath(path)):
        from modelc.model.build import build
        from modelc.model.loading import load_spec

        return build(load_spec(Path(path)), backend=backend, on_compile=on_compile)
    return load(path, backend=backend, on_compile=on_compile)


def load_weights(model: Model, path: str | os.PathLike[str]) -> None:
    """Load all weights of a model from a file; none are assigned if one is missing or does not match."""
    owner = f"the model `{model.name}`"
    arrays: dict[str, NDArray[Any]]
    if is_artifact(path):
        from modelc.model.artifact import read_weights

        arrays = match_by_path(shapes_of(model.graph.stored), read_weights(path), owner, ())
    elif is_keras_file(path):
        from modelc.keras.weights.load import load_keras_weights

        arrays = load_keras_weights(path, model.to_spec(), model.graph.stored)
    else:
        from modelc.files.tensors import load_arrays

        arrays = load_arrays(path, shapes_of(model.graph.stored), owner)
    assign_together((model.variables_by_path[w.path], arrays[w.path]) for w in model.graph.stored)

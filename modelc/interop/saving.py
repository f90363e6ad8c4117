"""A model to a file and back: the suffix says what is written, the content of a file what is read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from modelc.errors import FileFormatError, InputError
from modelc.interop.kinds import Kind, kind_of
from modelc.interop.signatures import is_artifact, is_keras_file, is_keras_model
from modelc.runtime.model import Model
from modelc.runtime.program import OnCompile
from modelc.runtime.symbol import Backend
from modelc.variables import assign_together
from modelc.weights import match_by_path, shapes_of

_MODELS = {".modelc": Kind.MODEL, ".keras": Kind.KERAS}
_WEIGHTS = {".safetensors": Kind.WEIGHTS, ".weights.h5": Kind.KERAS_WEIGHTS}
_OF_SPECS = (".yaml", ".yml", ".json")


def kind_of_model(path: str | os.PathLike[str]) -> Kind:
    """The kind of file that a model is saved as under this name. Raises `InputError` for a suffix that means none."""
    name = Path(path).name
    if (kind := _by_suffix(name, _MODELS)) is not None:
        return kind
    if _by_suffix(name, _WEIGHTS) is not None:
        help = "`save_weights` writes weights alone; a model is a .modelc file, or a .keras file for Keras"
    elif name.lower().endswith(_OF_SPECS):
        help = "write the text of `model.to_spec().to_yaml()`; a model with its weights is a .modelc file"
    elif name.lower().endswith((".h5", ".hdf5")):
        help = "whole models as HDF5 are Keras's older form: name it .keras, or .modelc"
    else:
        help = "name it .modelc, or .keras for Keras"
    raise InputError(f"{os.fspath(path)}: a model is not saved as {_suffix(name)}\n  help: {help}")


def kind_of_weights(path: str | os.PathLike[str]) -> Kind:
    """The kind of file that weights are saved as under this name. Raises as `kind_of_model` does."""
    name = Path(path).name
    if (kind := _by_suffix(name, _WEIGHTS)) is not None:
        return kind
    whole = "`save` writes a model; " if _by_suffix(name, _MODELS) is not None else ""
    raise InputError(
        f"{os.fspath(path)}: weights are not saved as {_suffix(name)}\n"
        f"  help: {whole}name it .safetensors, or .weights.h5 for Keras"
    )


def save(model: Model, path: str | os.PathLike[str], *, force: bool | None = None) -> None:
    """Write a model as the kind of file that the suffix names, replacing `path` as a whole."""
    if kind_of_model(path) is Kind.KERAS:
        from modelc.interop.keras_export import export_keras

        export_keras(path, model.to_spec(), model.arrays, force=force)
        return
    from modelc.interop.artifact import save

    save(model, path, force=force)


def save_weights(model: Model, path: str | os.PathLike[str], *, force: bool | None = None) -> None:
    """Write the weights of a model as the kind of file that the suffix names, replacing `path` as a whole."""
    if kind_of_weights(path) is Kind.KERAS_WEIGHTS:
        from modelc.interop.keras_export import export_keras_weights

        export_keras_weights(path, model.to_spec(), model.arrays, force=force)
        return
    from modelc.interop.tensors import save_weights

    save_weights(path, model.arrays, force=force)


def load(path: str | os.PathLike[str], *, backend: Backend = "native", on_compile: OnCompile | None = None) -> Model:
    """The model in a file, with its weights, compiled: a `.modelc` file, or one of Keras's with a whole model.

    Nothing in the file is executed. Raises `FileFormatError` with the reason where it is damaged or something else,
    `UnsupportedError` for a Keras model that uses what modelc does not have.
    """
    from modelc.interop.artifact import load

    if is_artifact(path):
        return load(path, backend=backend, on_compile=on_compile)
    if kind_of(path) is Kind.SPEC:
        help = "a spec is built by `modelc.load_spec(path).build()`, which draws its weights or reads the file it names"
        raise FileFormatError(f"`{os.fspath(path)}` is not a .modelc file: it is a spec\n  help: {help}")
    if kind_of(path) in (Kind.WEIGHTS, Kind.KERAS_WEIGHTS):
        help = "weights alone belong to a spec: `modelc.load_spec(spec).build(weights=path)`"
        raise FileFormatError(f"`{os.fspath(path)}` is not a .modelc file: it holds weights alone\n  help: {help}")
    if is_keras_model(os.fspath(path)):
        from modelc.interop.loading import load_spec
        from modelc.runtime.build import build

        return build(load_spec(Path(path)), backend=backend, on_compile=on_compile)
    return load(path, backend=backend, on_compile=on_compile)


def load_weights(model: Model, path: str | os.PathLike[str]) -> None:
    """Assign all weights of a model from a file; nothing is assigned where one is missing or does not fit."""
    owner = f"the model `{model.name}`"
    arrays: dict[str, NDArray[Any]]
    if is_artifact(path):
        from modelc.interop.artifact import read_weights

        arrays = match_by_path(shapes_of(model.graph.stored), read_weights(path), owner, ())
    elif is_keras_file(path):
        from modelc.interop.keras_load import load_keras_weights

        arrays = load_keras_weights(path, model.to_spec(), model.graph.stored)
    else:
        from modelc.interop.tensors import load_arrays

        arrays = load_arrays(path, shapes_of(model.graph.stored), owner)
    assign_together((model.variables_by_path[w.path], arrays[w.path]) for w in model.graph.stored)


def _by_suffix(name: str, kinds: dict[str, Kind]) -> Kind | None:
    """The kind that a name asks for. Keras goes by the suffixes of its files as they are written here."""
    for suffix, kind in kinds.items():
        if name.endswith(suffix) or (name.lower().endswith(suffix) and kind in (Kind.MODEL, Kind.WEIGHTS)):
            return kind
    return None


def _suffix(name: str) -> str:
    return f"a {Path(name).suffix} file" if Path(name).suffix else "a file without a suffix"

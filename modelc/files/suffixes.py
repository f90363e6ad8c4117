"""The file formats for saving models and weights, by file name suffix."""

from __future__ import annotations

import os
from pathlib import Path

from modelc.errors import InputError
from modelc.files.kinds import Kind

_MODELS = {".modelc": Kind.MODEL, ".keras": Kind.KERAS, ".onnx": Kind.ONNX}
_WEIGHTS = {".safetensors": Kind.WEIGHTS, ".weights.h5": Kind.KERAS_WEIGHTS}
_OF_SPECS = (".yaml", ".yml", ".json")


def kind_of_model(path: str | os.PathLike[str]) -> Kind:
    """The kind of file that a model is saved as under this name. Raises `InputError` for a suffix that means none."""
    name = Path(path).name
    if (kind := _by_suffix(name, _MODELS)) is not None:
        return kind
    if _by_suffix(name, _WEIGHTS) is not None:
        help = (
            "`save_weights` writes weights alone; a model is a .modelc file, a .keras file for Keras, or an .onnx file"
        )
    elif name.lower().endswith(_OF_SPECS):
        help = "write the text of `model.to_spec().to_yaml()`; a model with its weights is a .modelc file"
    elif name.lower().endswith((".h5", ".hdf5")):
        help = "whole models as HDF5 are Keras's older form: name it .keras, or .modelc"
    else:
        help = "name it .modelc, .keras for Keras, or .onnx"
    raise InputError(f"{os.fspath(path)}: a model is not saved as {_suffix(name)}", help)


def kind_of_weights(path: str | os.PathLike[str]) -> Kind:
    """The kind of file that weights are saved as under this name. Raises as `kind_of_model` does."""
    name = Path(path).name
    if (kind := _by_suffix(name, _WEIGHTS)) is not None:
        return kind
    whole = "`save` writes a model; " if _by_suffix(name, _MODELS) is not None else ""
    raise InputError(
        f"{os.fspath(path)}: weights are not saved as {_suffix(name)}",
        f"{whole}name it .safetensors, or .weights.h5 for Keras",
    )


def _by_suffix(name: str, kinds: dict[str, Kind]) -> Kind | None:
    """The kind that a name asks for. Keras goes by the suffixes of its files as they are written here."""
    for suffix, kind in kinds.items():
        if name.endswith(suffix) or (name.lower().endswith(suffix) and kind in (Kind.MODEL, Kind.WEIGHTS)):
            return kind
    return None


def _suffix(name: str) -> str:
    return f"a {Path(name).suffix} file" if Path(name).suffix else "a file without a suffix"

"""`load`: a model with its weights from a file of any kind that modelc reads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from modelc.errors import FileFormatError
from modelc.files.signatures import is_artifact, is_keras_model, is_onnx
from modelc.model.kept_file import KeptFile
from modelc.weights.assign import OwnArrays

if TYPE_CHECKING:
    from modelc.config.options import Precision
    from modelc.graph.program import OnCompile
    from modelc.model.model import Model
    from modelc.model.symbol import Backend

# What builds models is imported where it is used: a model whose plan is in the cache starts in less time.


def load(
    path: str | os.PathLike[str],
    *,
    backend: Backend = "native",
    precision: Precision | None = None,
    on_compile: OnCompile | None = None,
) -> Model:
    """Load and compile the model in a `.modelc` file, a Keras file with a whole model, or an ONNX file.

    `precision`, `fast` or `exact`, takes the place of that of the model's spec. Nothing in the file is executed. Raises
    `FileFormatError` with the reason for a damaged file or another format, `UnsupportedError` for a Keras or ONNX model
    with unsupported features.
    """
    from modelc.files.kinds import Kind, kind_of

    if is_artifact(path):
        return load_artifact(path, backend=backend, precision=precision, on_compile=on_compile)
    kind = kind_of(path)
    if kind is Kind.SPEC:
        help = "a spec is built by `modelc.load_spec(path).build()`, which draws its weights or reads the file it names"
        raise FileFormatError(f"`{os.fspath(path)}` is not a .modelc file: it is a spec", help)
    if kind in (Kind.WEIGHTS, Kind.KERAS_WEIGHTS):
        help = "weights alone belong to a spec: `modelc.load_spec(spec).build(weights=path)`"
        raise FileFormatError(f"`{os.fspath(path)}` is not a .modelc file: it holds weights alone", help)
    if is_onnx(path):
        from modelc.model.build import build
        from modelc.onnx.read.model import read_onnx

        made = read_onnx(path)
        arrays = OwnArrays(made.arrays)
        return build(made.spec, weights=arrays, backend=backend, precision=precision, on_compile=on_compile)
    if is_keras_model(os.fspath(path)):
        from modelc.model.build import build
        from modelc.model.loading import load_spec

        return build(load_spec(path), backend=backend, precision=precision, on_compile=on_compile)
    return load_artifact(path, backend=backend, precision=precision, on_compile=on_compile)


def load_artifact(
    path: str | os.PathLike[str],
    *,
    backend: Backend = "native",
    precision: Precision | None = None,
    on_compile: OnCompile | None = None,
) -> Model:
    """Load and compile the model in a `.modelc` file. Nothing in the file is executed.

    Where it was loaded before, its plan is read from the cache (`model/kept_file.py`). Raises `FileFormatError` with
    the reason if the file is damaged, was modified, or has another format.
    """
    kept = KeptFile.at(path, precision) if backend == "native" else None
    model = None if kept is None else kept.model()
    if model is not None:
        return model
    if kept is not None:
        return kept.built(on_compile)
    from modelc.model.artifact import read
    from modelc.model.build import build

    definition, weights = read(path)
    return build(definition, weights=OwnArrays(weights), backend=backend, precision=precision, on_compile=on_compile)

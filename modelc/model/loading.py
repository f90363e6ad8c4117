"""`load_spec` and `load`: a spec, or a model with its weights, from a file of any kind that modelc reads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelc.errors import FileFormatError
from modelc.files.signatures import is_artifact, is_keras_model
from modelc.language.load import load_definition
from modelc.language.text.source import SpecSource
from modelc.model.spec import Spec

if TYPE_CHECKING:
    from modelc.config.options import Precision
    from modelc.graph.program import OnCompile
    from modelc.model.model import Model
    from modelc.model.symbol import Backend

# What builds models is imported where it is used: reading a spec starts in less time.


def load_spec(
    source: SpecSource,
    *,
    settings: Sequence[str] = (),
    folder: str | os.PathLike[str] | None = None,
    input_shape: Sequence[int | str | None] | None = None,
) -> Spec:
    """Read a spec from a YAML or JSON file, from text, a file object or a mapping, or from a Keras file.

    `settings` are assignments such as `"layers.0.filters=64"`, applied before validation; `folder` is the base of
    relative paths if `source` has no folder of its own. Keras models may be `.keras` and `.h5` files, whose weights the
    spec then refers to, or the JSON of `model.to_json()`; `input_shape`, without the batch axis, is for Keras models
    without a fixed input shape. Raises `SpecError` with all errors found, `FileFormatError` for a damaged file,
    `UnsupportedError` for a Keras model with unsupported features.
    """
    if not is_keras_model(source):
        return Spec.of(load_definition(source, settings=settings, folder=folder))
    from modelc.keras.read import read_keras_model

    given: Any = source
    model = read_keras_model(given, input_shape=input_shape)
    document = model.spec.to_dict()
    if model.path is not None:
        document["weights"] = Path(model.path).name
        folder = Path(model.path).parent
    return Spec.of(load_definition(document, settings=settings, folder=folder))


def load(
    path: str | os.PathLike[str],
    *,
    backend: Backend = "native",
    precision: Precision | None = None,
    on_compile: OnCompile | None = None,
) -> Model:
    """Load and compile the model in a `.modelc` file or a Keras file with a whole model.

    `precision`, `fast` or `exact`, takes the place of that of the model's spec. Nothing in the file is executed. Raises
    `FileFormatError` with the reason for a damaged file or another format, `UnsupportedError` for a Keras model with
    unsupported features.
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
    if is_keras_model(os.fspath(path)):
        from modelc.model.build import build

        return build(load_spec(Path(path)), backend=backend, precision=precision, on_compile=on_compile)
    return load_artifact(path, backend=backend, precision=precision, on_compile=on_compile)


def load_artifact(
    path: str | os.PathLike[str],
    *,
    backend: Backend = "native",
    precision: Precision | None = None,
    on_compile: OnCompile | None = None,
) -> Model:
    """Load and compile the model in a `.modelc` file. Nothing in the file is executed.

    Raises `FileFormatError` with the reason if the file is damaged, was modified, or has another format.
    """
    from modelc.model.artifact import read
    from modelc.model.build import build

    definition, weights = read(path)
    return build(definition, weights=weights, backend=backend, precision=precision, on_compile=on_compile)

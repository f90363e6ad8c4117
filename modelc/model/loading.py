"""`load_spec`: a spec from a file of any kind that describes a model."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from modelc.files.held_arrays import HeldArrays
from modelc.files.signatures import is_keras_model, is_onnx
from modelc.language.load import load_definition
from modelc.language.text.source import SpecSource
from modelc.model.spec import Spec


def load_spec(
    source: SpecSource,
    *,
    settings: Sequence[str] = (),
    folder: str | os.PathLike[str] | None = None,
    input_shape: Sequence[int | str | None] | None = None,
) -> Spec:
    """Read a spec from a YAML or JSON file, from text, a file object or a mapping, from a Keras file or an ONNX file.

    `settings` are assignments such as `"layers.0.filters=64"`, applied before validation; `folder` is the base of
    relative paths if `source` has no folder of its own. Keras models may be `.keras` and `.h5` files, whose weights the
    spec then refers to, or the JSON of `model.to_json()`; `input_shape`, without the batch axis, is for Keras models
    without a fixed input shape, or ONNX files. What is a picture (N, C, H, W) in an ONNX file has its channels last in
    the spec, and so have its inputs and outputs. Raises `SpecError` with all errors found, `FileFormatError` for a
    damaged file, `UnsupportedError` for a Keras or ONNX model with unsupported features, `InputError` where the package
    onnx is needed and not installed.
    """
    if is_onnx(source):
        from modelc.onnx.read.model import read_onnx

        path: Any = source
        described = read_onnx(path, input_shape=input_shape)
        document = described.spec.to_dict() | {"weights": Path(path).name}
        spec = Spec.of(load_definition(document, settings=settings, folder=Path(path).parent))
        spec.hold(HeldArrays(path, described.arrays))
        return spec
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

"""`load_spec`: the spec in whatever describes a model, a file of modelc's or of Keras's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from modelc.files.signatures import is_keras_model
from modelc.language.load import load_spec as _load_spec
from modelc.language.spec import Spec
from modelc.language.text.source import SpecSource


def load_spec(
    source: SpecSource,
    *,
    settings: Sequence[str] = (),
    folder: str | os.PathLike[str] | None = None,
    input_shape: Sequence[int] | None = None,
) -> Spec:
    """The spec in a YAML or JSON file, in text, in a file object or in a mapping; or in what Keras saved.

    `settings` are assignments such as `"layers.0.filters=64"`, made before anything is checked; `folder` is where
    relative paths start from where `source` has no folder of its own. Of Keras it takes `.keras` and `.h5` files, whose
    weights the spec then names, and what `model.to_json()` gives; `input_shape`, without the batch, is for those models
    of Keras that leave sizes of their input open. Raises `SpecError` with every mistake, `FileFormatError` for a
    damaged file, `UnsupportedError` for a Keras model that uses what modelc does not have.
    """
    if not is_keras_model(source):
        return _load_spec(source, settings=settings, folder=folder)
    from modelc.keras.read import read_keras_model

    given: Any = source
    model = read_keras_model(given, input_shape=input_shape)
    document = model.spec.to_dict()
    if model.path is not None:
        document["weights"] = Path(model.path).name
        folder = Path(model.path).parent
    return _load_spec(document, settings=settings, folder=folder)

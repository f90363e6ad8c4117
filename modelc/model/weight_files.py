"""Weight files of every kind, told by their content."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from typing import Any

from numpy.typing import NDArray

from modelc.files.held_arrays import take_held
from modelc.files.signatures import is_artifact, is_keras_file, is_onnx
from modelc.files.tensors import load_arrays
from modelc.graph.graph import Weight
from modelc.language.definition import Definition
from modelc.language.published import with_second_scale
from modelc.weights.assign import match_by_path, shapes_of

Array = NDArray[Any]


def read_weights(
    path: str | os.PathLike[str],
    definition: Callable[[], Definition],
    weights: Sequence[Weight],
    owner: str,
    elsewhere: Collection[str] = (),
) -> dict[str, Array]:
    """The arrays of these weights in a file: safetensors, that of a built model (`.modelc`), one that Keras saved, or
    the ONNX file that the model was read from.

    `definition` gives that of the model whose weights they are; only files of Keras are read by it, and not every part
    of a model has one. `owner` is what messages call it; `elsewhere` are the layers of a larger model whose weights the
    file may hold as well. Raises `FileFormatError` where the file is damaged and
    `WeightsError` with every tensor that does not match.
    """
    if is_artifact(path):
        from modelc.model import artifact

        return match_by_path(shapes_of(weights), artifact.read_weights(path), owner, elsewhere)
    if is_keras_file(path):
        from modelc.keras.weights.load import load_keras_weights

        spec = definition()
        return with_second_scale(spec, path, load_keras_weights(path, spec, weights))
    if is_onnx(path):
        from modelc.onnx.read.model import read_onnx

        held = take_held(path)
        return match_by_path(shapes_of(weights), read_onnx(path).arrays if held is None else held, owner, elsewhere)
    return load_arrays(path, shapes_of(weights), owner, elsewhere)

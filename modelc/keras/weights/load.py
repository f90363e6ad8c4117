"""The weights of a model from a file that Keras saved: a `.keras` file, `.weights.h5`, or an older `.h5`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from modelc.graph.graph import Weight
from modelc.keras.export.export import exported
from modelc.keras.file import KerasFile, read_keras_file
from modelc.keras.weights.tree import layer_tree
from modelc.keras.weights.weights import match
from modelc.language.definition import Definition

Arrays = dict[str, NDArray[Any]]


def load_keras_weights(path: str | os.PathLike[str], spec: Definition, weights: Sequence[Weight]) -> Arrays:
    """The arrays for these weights of a spec, by path.

    A view of a larger model takes its part of the whole model's file, of one that lacks other layers such as the
    classifier, or of a file with just that part. Raises `WeightsError` with every weight and array that does not fit;
    `FileFormatError` where the file is damaged.
    """
    whole = spec.replaced(truncate_at=None, extracts=())
    with read_keras_file(path) as file:
        if spec.dropped_layers:
            arrays = _matched(file, whole, whole.graph.stored, partial=True)
            if all(weight.path in arrays for weight in weights):
                return {weight.path: arrays[weight.path] for weight in weights}
        return _matched(file, spec, weights, partial=False)


def _matched(file: KerasFile, spec: Definition, weights: Sequence[Weight], *, partial: bool) -> Arrays:
    """The arrays for the weights of a spec.

    With `partial` the file may lack some of them, such as those of the classifier; there are none where it has others.
    """
    model = exported(spec)
    named = [replace(weight, path=model.paths[weight.path]) for weight in weights]
    arrays, report = match(file, layer_tree(model.config), named, partial=partial)
    if report.unexpected or report.mis_shaped:
        return {}
    found = {weight.path: arrays.get(model.paths[weight.path]) for weight in weights}
    return {path: array for path, array in found.items() if array is not None}

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

    A view of a larger model takes its part of the whole model's file, or a file with just that part. Raises
    `WeightsError` with every weight and array that does not fit; `FileFormatError` where the file is damaged.
    """
    whole = spec.replaced(truncate_at=None, extracts=())
    with read_keras_file(path) as file:
        if spec.dropped_layers:
            arrays = _matched(file, whole, whole.graph.stored, partial=True)
            if arrays is not None:
                return {weight.path: arrays[weight.path] for weight in weights}
        found = _matched(file, spec, weights, partial=False)
        assert found is not None
        return found


def _matched(file: KerasFile, spec: Definition, weights: Sequence[Weight], *, partial: bool) -> Arrays | None:
    """The arrays for the weights of a spec; None where `partial` and the file is not that of the model."""
    model = exported(spec)
    named = [replace(weight, path=model.paths[weight.path]) for weight in weights]
    arrays, report = match(file, layer_tree(model.config), named, partial=partial)
    if not report.complete:
        return None
    return {weight.path: arrays[model.paths[weight.path]] for weight in weights}

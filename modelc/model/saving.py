"""Saving models and their weights, in the format that the suffix selects; reading weights, by the content of a file."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from modelc.files import tensors
from modelc.files.kinds import Kind
from modelc.files.suffixes import kind_of_model, kind_of_weights
from modelc.model.weight_files import read_weights
from modelc.weights.variable import assign_together

if TYPE_CHECKING:
    from modelc.model.model import Model


def save(model: Model, path: str | os.PathLike[str], *, force: bool | None = None) -> None:
    """Save a model in the format of the suffix, replacing `path` atomically."""
    kind = kind_of_model(path)
    if kind is Kind.ONNX:
        save_onnx(model, path, force=force)
        return
    if kind is Kind.KERAS:
        from modelc.keras.export.export import export_keras

        export_keras(path, model.to_spec(), model.arrays, force=force)
        return
    from modelc.model.artifact import save

    save(model, path, force=force)


def save_onnx(
    model: Model,
    path: str | os.PathLike[str],
    *,
    opset: int | None = None,
    half: bool = False,
    weights_beside: bool | None = None,
    force: bool | None = None,
) -> tuple[str, ...]:
    """Save a model as an ONNX file; notes for the user. See `modelc.onnx.export.model.export_onnx`.

    What the spec says of labels and preprocessing is kept as the metadata of the file.
    """
    from modelc.onnx.export.model import export_onnx

    spec: dict[str, Any] = json.loads(model.to_spec().to_json())
    about = {key: json.dumps(spec[key], ensure_ascii=False) for key in ("labels", "preprocessing") if key in spec}
    return export_onnx(
        path, model.graph, model.arrays, opset=opset, half=half,
        weights_beside=weights_beside, about=about, force=force,
    )  # fmt: skip


def save_weights(model: Model, path: str | os.PathLike[str], *, force: bool | None = None) -> None:
    """Save the weights of a model in the format of the suffix, replacing `path` atomically."""
    if kind_of_weights(path) is Kind.KERAS_WEIGHTS:
        from modelc.keras.export.export import export_keras_weights

        export_keras_weights(path, model.to_spec(), model.arrays, force=force)
        return
    tensors.save_weights(path, model.arrays, force=force)


def load_weights(model: Model, path: str | os.PathLike[str]) -> None:
    """Load all weights of a model from a file; none are assigned if one is missing or does not match."""
    arrays = read_weights(path, model.to_spec, model.graph.stored, f"the model `{model.name}`")
    assign_together(((model.variables_by_path[w.path], arrays[w.path]) for w in model.graph.stored), copied=False)

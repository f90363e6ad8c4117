"""The names of the layers of a model, for completion."""

from __future__ import annotations

from pathlib import Path

from modelc.errors import ModelcError
from modelc.files.signatures import is_artifact
from modelc.layers.find import layer_paths
from modelc.model.artifact import read_spec
from modelc.model.loading import load_spec


def layer_names(source: str) -> list[str]:
    """The paths of the layers of the model in a file; none where it cannot be read."""
    try:
        layers = (read_spec(source) if is_artifact(source) else load_spec(Path(source))).layers
    except (ModelcError, OSError):
        return []
    return [path for layer in layers for path in layer_paths(layer)]

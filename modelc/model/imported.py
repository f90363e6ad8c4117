"""`import_weights`: weights that another framework saved, for a spec of the same architecture."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modelc.errors import Diagnostic, SpecError
from modelc.language.definition import Definition
from modelc.language.text.source import SpecSource
from modelc.model.loading import load_spec
from modelc.pytorch.load import ImportedWeights, load_onto
from modelc.pytorch.map_file import WeightsMap, read_map


def import_weights(
    file: str | os.PathLike[str],
    *,
    onto: Definition | SpecSource,
    map: str | os.PathLike[str] | Mapping[str, Any] | WeightsMap | None = None,
) -> ImportedWeights:
    """The weights of a PyTorch or Hugging Face model, in safetensors files, for a spec of the same architecture.

    `file` is the only one, or the index of several (`model.safetensors.index.json`), which lie beside it.
    `onto` is the spec, or what `load_spec` reads one from. Which tensors its weights are made of follows from names,
    shapes and the order of modules; `map`, a YAML file or a mapping, says it where that does not tell or is wrong. The
    result has the `arrays`, for `spec.build(weights=…)`, the complete `map` and `notes` for people. Raises
    `WeightsError` for every weight that nothing or more than one thing fits, `SpecError` for mistakes in the spec or in
    the map, `FileFormatError` for a damaged file and for a pickle (`.pt`, `.pth`, `.bin`), which is never opened.
    """
    spec = onto if isinstance(onto, Definition) else load_spec(onto)
    if isinstance(map, str) and "\n" not in map:
        map = Path(map)
    if isinstance(map, WeightsMap | None):
        return load_onto(file, spec, map)
    if not isinstance(map, str | os.PathLike | Mapping):
        raise SpecError(Diagnostic("E601", f"`map` is a file or a mapping, found {type(map).__name__}"))
    return load_onto(file, spec, read_map(map))

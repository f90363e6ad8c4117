"""Writing the files that Keras 3 opens: `.weights.h5`, and `.keras` with the model's configuration. Needs h5py.

The same model gives the same bytes, and a file is replaced whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError, WeightsError
from modelc.files.atomic import replacing, scratch
from modelc.files.kinds import Kind
from modelc.keras.archive import CONFIG, METADATA, WEIGHTS
from modelc.keras.weights.layout import places
from modelc.keras.weights.tree import LayerNode, layer_tree

Array = NDArray[Any]

KERAS_VERSION = "3.15.1"
"""The version of Keras whose files these are."""

_CHUNK_BYTES = 2**20


def save_keras_weights(
    path: str | os.PathLike[str], tree: LayerNode, arrays: Mapping[str, Array], *, force: bool | None = None
) -> None:
    """Write weights by our paths as a `.weights.h5` file, for `model.load_weights` of Keras.

    `tree` describes the model by the names in our paths, its layers in the order of Keras's `model.layers`. Raises
    `WeightsError` where a weight belongs to none of its layers, `InputError` where h5py is not installed,
    `OverwriteError` for the place of another kind of file, unless `force`.
    """
    with replacing(path, Kind.KERAS_WEIGHTS, force=force) as temporary:
        _write_weights(temporary, tree, arrays)


def save_keras(
    path: str | os.PathLike[str], config: Mapping[str, Any], arrays: Mapping[str, Array], *, force: bool | None = None
) -> None:
    """Write a `.keras` file: the serialized Keras model `config`, and its weights by our paths.

    The names of layers in `config` are those in our paths. Raises as `save_keras_weights` does.
    """
    tree = layer_tree(config)
    with (
        replacing(path, Kind.KERAS, force=force) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive,
    ):
        # Keras notes the time as well, which would make each file another one.
        metadata = {"keras_version": KERAS_VERSION, "date_saved": "1980-01-01@00:00:00"}
        archive.writestr(_entry(METADATA), json.dumps(metadata))
        archive.writestr(_entry(CONFIG), json.dumps(config))
        with scratch(temporary) as folder:
            weights = folder / WEIGHTS
            _write_weights(weights, tree, arrays)
            entry = _entry(WEIGHTS)
            entry.file_size = weights.stat().st_size
            with weights.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, _CHUNK_BYTES)


def _write_weights(path: Path, tree: LayerNode, arrays: Mapping[str, Array]) -> None:
    found = places(tree, arrays)
    if left := arrays.keys() - {weight for place in found for weight in place.weights}:
        raise WeightsError(f"the weight `{min(left)}` belongs to no layer of the Keras model; nothing was saved")
    try:
        import h5py  # pyright: ignore[reportMissingImports, reportUnknownVariableType]
    except ImportError:
        raise InputError("writing HDF5 files needs h5py: pip install 'modelc[keras]'") from None
    # The temporary file is locked already, by what replaces files.
    with cast("Any", h5py).File(path, "w", locking=False) as file:
        for place in found:
            group = file.create_group(place.group)
            group.attrs["name"] = place.name
            for i, weight in enumerate(place.weights):
                # `name/count` of a Normalization is the one weight that Keras holds as an integer, and it casts it.
                group.create_dataset(str(i), data=np.asarray(arrays[weight], np.float32), track_times=False)


def _entry(name: str) -> zipfile.ZipInfo:
    """The directory entry of a member, with a fixed time and system, so that one model always gives the same bytes."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry

"""Which files are of Keras 1: by the version that they note, by their options and by the names of their arrays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from modelc.keras.file import read_keras_file
from modelc.keras.keras1.load import is_of_keras_1, keras_1_backend
from modelc.keras.keras1.models import is_keras_1
from modelc.model.loading import load_spec
from tests.keras.recorded import Recorded

h5py: Any = pytest.importorskip("h5py")

HERE = Path(__file__).parent
KERAS_1 = Recorded(HERE / "keras1_files")


def config_of(path: Path) -> dict[str, Any]:
    with h5py.File(path) as file:
        return json.loads(file.attrs["model_config"])


def without_version(source: Path, target: Path) -> Path:
    """A copy that notes no version, as files of Keras before 1.2 did."""
    shutil.copy(source, target)
    with h5py.File(target, "r+") as file:
        for place in (file, file["model_weights"]):
            for key in ("keras_version", "backend"):
                place.attrs.pop(key, None)
    return target


@pytest.mark.parametrize(
    ("version", "expected"), [("1.2.2", True), ("0.3.3", True), ("1.0", True), ("2.0.0", False), ("3.1.0", False)]
)
def test_a_version_decides(version: str, expected: bool) -> None:
    dense = {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"output_dim": 2}}]}
    assert is_keras_1(dense, version) is expected
    assert is_keras_1({**dense, "keras_version": version}) is expected


@pytest.mark.parametrize("name", KERAS_1.names)
def test_files_of_keras_1(name: str, tmp_path: Path) -> None:
    path = without_version(KERAS_1.folder / f"{name}.h5", tmp_path / "m.h5")
    assert is_keras_1(config_of(path))
    KERAS_1.assert_computes(load_spec(path).build(backend="reference"), name)


@pytest.mark.parametrize("name", KERAS_1.names)
def test_arrays_of_keras_1(name: str) -> None:
    with read_keras_file(KERAS_1.folder / f"{name}.h5") as file:
        has_weights = any(layer.weights for layer in file.legacy_layers())
        assert is_of_keras_1(file) is has_weights
        assert keras_1_backend(file) == ("tensorflow" if has_weights else None)


@pytest.mark.parametrize("folder", ["older_layers", "theano_files", "dictionary_files"])
def test_files_of_keras_2_are_none(folder: str, tmp_path: Path) -> None:
    for source in sorted((HERE / folder).glob("*.h5")):
        path = without_version(source, tmp_path / source.name)
        assert not is_keras_1(config_of(path)), source.name
        with read_keras_file(path) as file:
            assert not is_of_keras_1(file), source.name
            assert keras_1_backend(file) is None, source.name

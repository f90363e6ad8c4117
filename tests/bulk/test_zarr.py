"""Samples in Zarr arrays, of both versions of the format; and arrays that would run code, which are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.bulk.predict_files import predict_files
from modelc.errors import FileFormatError, InputError
from modelc.model.model import Model
from tests.bulk.conftest import X

zarr = pytest.importorskip("zarr")


def _predicted(model: Model, path: str) -> Any:
    predict_files(model, path, "y.npy")
    return np.load("y.npy")


@pytest.mark.parametrize("version", [2, 3])
def test_arrays(model: Model, expected: Any, folder: Path, version: int) -> None:
    zarr.create_array("x.zarr", data=X.astype(np.float64), chunks=(16, 3), zarr_format=version)
    assert np.allclose(_predicted(model, "x.zarr"), expected, atol=1e-6)


@pytest.mark.parametrize("version", [2, 3])
def test_groups(model: Model, expected: Any, folder: Path, version: int) -> None:
    group = zarr.create_group("g.zarr", zarr_format=version)
    group.create_array("other", data=np.zeros(3, np.float32))
    with pytest.raises(InputError, match=r"the input has the shape|has the shape \(3,\)"):
        predict_files(model, "g.zarr", "y.npy")
    group.create_array("x", data=X, chunks=(70, 4))
    assert np.allclose(_predicted(model, "g.zarr"), expected, atol=1e-6)
    del group["x"]
    group.create_array("third", data=X)
    with pytest.raises(InputError, match="holds the arrays other, third, none of which is `x`"):
        predict_files(model, "g.zarr", "y.npy")


def test_compressors_and_shards(model: Model, expected: Any, folder: Path) -> None:
    codecs = zarr.codecs
    for name, compressor in {
        "gzip": codecs.GzipCodec(),
        "zstd": codecs.ZstdCodec(),
        "blosc": codecs.BloscCodec(),
    }.items():
        zarr.create_array(f"{name}.zarr", data=X, chunks=(7, 4), shards=(35, 4), compressors=compressor)
        assert np.allclose(_predicted(model, f"{name}.zarr"), expected, atol=1e-6)


def _described(**changes: Any) -> dict[str, Any]:
    plain = {
        "zarr_format": 2, "shape": [70, 4], "chunks": [70, 4], "dtype": "<f4", "compressor": None, "fill_value": 0,
        "order": "C", "filters": None,
    }  # fmt: skip
    return plain | changes


HOSTILE: dict[str, tuple[str, Any, str]] = {
    "pickle as a filter": (".zarray", _described(filters=[{"id": "pickle"}]), "the codec `pickle`"),
    "pickle as a compressor": (".zarray", _described(compressor={"id": "pickle", "protocol": 5}), "the codec `pickle`"),
    "objects": (".zarray", _described(dtype="|O"), "not an array of numbers"),
    "records": (".zarray", _described(dtype=[["a", "<f4"]]), "not an array of numbers"),
    "a codec of version 3": (
        "zarr.json",
        {
            "zarr_format": 3, "node_type": "array", "shape": [70, 4], "data_type": "float32", "fill_value": 0,
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [70, 4]}},
            "chunk_key_encoding": {"name": "default"}, "codecs": [{"name": "numcodecs.pickle"}],
        },
        "the codec `pickle`",
    ),
    "a codec inside of shards": (
        "zarr.json",
        {
            "zarr_format": 3, "node_type": "array", "shape": [70, 4], "data_type": "float32",
            "codecs": [{"name": "sharding_indexed", "configuration": {"codecs": [{"name": "evil"}]}}],
        },
        "the codec `evil`",
    ),
    "a codec that is no mapping": (".zarray", _described(compressor="pickle"), "the codec `pickle`"),
    "no JSON": (".zarray", None, "not the metadata of a Zarr array, or damaged"),
    "no shape": (".zarray", {"zarr_format": 2, "dtype": "<f4"}, "not a Zarr array, or damaged"),
    "a huge shape": (".zarray", _described(shape=[70, 10**18]), "has the shape"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_refused(model: Model, folder: Path, name: str) -> None:
    file, content, message = HOSTILE[name]
    Path("x.zarr").mkdir()
    (Path("x.zarr") / file).write_text("{" if content is None else json.dumps(content))
    (Path("x.zarr") / "0.0").write_bytes(b"cos\nsystem\n(S'touch hacked'\ntR.")
    with pytest.raises((FileFormatError, InputError), match=message):
        predict_files(model, "x.zarr", "y.npy")
    assert not Path("hacked").exists()
    assert not Path("y.npy").exists()


def test_folders_that_are_none(model: Model, folder: Path) -> None:
    Path("x.zarr").mkdir()
    with pytest.raises(FileFormatError, match="not a Zarr array or group"):
        predict_files(model, "x.zarr", "y.npy")
    with pytest.raises(InputError, match="there is no such folder"):
        predict_files(model, "y.zarr", "y.npy")

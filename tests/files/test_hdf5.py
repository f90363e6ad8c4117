"""Arrays and text of HDF5 files, against what h5py wrote. Files that are refused: see `test_hostile_keras_files.py`."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import FileFormatError
from modelc.files.hdf5.reader import Hdf5File, open_hdf5

h5py: Any = pytest.importorskip("h5py")
RANDOM = np.random.default_rng(0)
FLOATS = RANDOM.normal(size=(7, 5)).astype(np.float32)


def stored(write: Any, libver: str = "earliest") -> io.BytesIO:
    stream = io.BytesIO()
    with h5py.File(stream, "w", libver=libver) as file:
        write(file)
    return stream


def opened(stream: io.BytesIO) -> Any:
    return open_hdf5(stream, len(stream.getvalue()), "a file")


def test_files_of_keras_are_read_without_h5py() -> None:
    path = Path(__file__).parents[1] / "keras" / "keras1_files" / "by_batch.h5"
    code = (
        "import sys; sys.modules['h5py'] = None\n"
        "import modelc; print(len(modelc.load_spec(sys.argv[1]).build(backend='reference').arrays))"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) > 0


@pytest.mark.parametrize("dtype", ["<f2", "<f4", ">f4", "<f8", "<i4", ">i8", "u1", "?"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3, 4)])
def test_an_array_of_any_numeric_type_is_read_as_float32(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.asarray(RANDOM.integers(0, 100, shape), dtype)
    with opened(stored(lambda f: f.create_dataset("g/x", data=array))) as file:
        assert file.arrays["g/x"].shape == shape
        read = file.read("g/x")
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, array.astype(np.float32))


@pytest.mark.parametrize("libver", ["earliest", "v108", "latest"])
@pytest.mark.parametrize(
    "options",
    [
        {"chunks": (3, 2)},
        {"chunks": (7, 5), "compression": "gzip"},
        {"chunks": (2, 5), "compression": "gzip", "shuffle": True},
        {"chunks": (4, 4), "compression": "gzip", "shuffle": True, "fletcher32": True},
        {"chunks": (4, 4), "fletcher32": True, "maxshape": (None, 9)},
    ],
)
def test_an_array_in_chunks(options: dict[str, Any], libver: str) -> None:
    with opened(stored(lambda f: f.create_dataset("x", data=FLOATS, **options), libver)) as file:
        np.testing.assert_array_equal(file.read("x"), FLOATS)


def test_a_compact_array() -> None:
    def write(file: Any) -> None:
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple(FLOATS.shape)
        array = h5py.h5d.create(file.id, b"x", h5py.h5t.IEEE_F32LE, space, plan)
        array.write(h5py.h5s.ALL, h5py.h5s.ALL, FLOATS)

    with opened(stored(write)) as file:
        np.testing.assert_array_equal(file.read("x"), FLOATS)


def test_bfloat16_as_keras_stores_it() -> None:
    # 1.0, -2.0 and the bfloat16 nearest to pi, by their bits (IEEE 754 binary32, the upper 16).
    bits = np.array([0x3F80, 0xC000, 0x4049], "<u2")
    with opened(stored(lambda f: f.create_dataset("x", data=bits.view("V2")))) as file:
        np.testing.assert_array_equal(file.read("x"), np.array([1.0, -2.0, 3.140625], np.float32))


@pytest.mark.parametrize("libver", ["earliest", "v108", "latest"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", ("text",)),
        (b"bytes", ("bytes",)),
        (np.bytes_(b"fixed"), ("fixed",)),
        (["a", "", "größer"], ("a", "", "größer")),
        ([b"a", b"bcd"], ("a", "bcd")),
        (np.asarray([b"a", b"bcd"]), ("a", "bcd")),
        (np.asarray([], "f8"), ()),
        (["layer" * 30 + str(i) for i in range(900)], tuple("layer" * 30 + str(i) for i in range(900))),
        ("x" * 300_000, ("x" * 300_000,)),
    ],
    ids=["text", "bytes", "fixed", "several", "several-bytes", "several-fixed", "none", "many", "long"],
)
def test_text_in_an_attribute(value: Any, expected: tuple[str, ...], libver: str) -> None:
    def write(file: Any) -> None:
        for i in range(3):  # so that the header is continued in another place
            file["g"] if i else file.create_group("g")
            file["g"].attrs[f"before{i}"] = "y" * 100 * i
        file["g"].attrs["names"] = value
        file["g"].attrs["after"] = ["z"]

    with opened(stored(write, libver)) as file:
        assert file.strings("g", "names") == expected
        assert file.strings("g", "after") == ("z",)
        assert file.strings("g", "other") is None
        assert file.strings("", "names") is None


def test_groups_by_path() -> None:
    with opened(stored(lambda f: f.create_group("a/b/c"))) as file:
        assert set(file.groups) == {"", "a", "a/b", "a/b/c"}
        assert isinstance(file, Hdf5File)


def test_groups_named_by_paths_of_windows() -> None:
    # Keras 2.13 joined the parts of a path by the separator of the system.
    def write(file: Any) -> None:
        file["_layer_checkpoint_dependencies\\lstm\\cell/vars/0"] = FLOATS

    with opened(stored(write)) as file:
        assert list(file.arrays) == ["_layer_checkpoint_dependencies/lstm/cell/vars/0"]
        np.testing.assert_array_equal(file.read("_layer_checkpoint_dependencies/lstm/cell/vars/0"), FLOATS)


def test_damaged_chunks_are_refused() -> None:
    stream = stored(lambda f: f.create_dataset("x", data=FLOATS, chunks=(7, 5), compression="gzip"))
    with h5py.File(stream, "r+") as file:
        file["x"].id.write_direct_chunk((0, 0), b"no zlib stream")
    with opened(stream) as file, pytest.raises(FileFormatError, match="incorrect header check"):
        file.read("x")

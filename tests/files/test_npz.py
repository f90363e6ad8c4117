"""Files of arrays that claim more than they have, or have more than memory: refused before anything is allocated."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.data import table as table_module
from modelc.data.table import MAX_LINE_CHARACTERS, read_table
from modelc.errors import FileFormatError, ModelcError, ResourceError
from modelc.files.arrays import map_array, open_npz
from modelc.graph import resources
from modelc.system.memory_limits import Limit

MEMORY = 8 * 2**20
"""What the machine of these tests has."""


@pytest.fixture(autouse=True)
def small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (resources, table_module):
        monkeypatch.setattr(module, "memory_limit", lambda: Limit(MEMORY, "this machine has"))


def npy(shape: tuple[int, ...], data: bytes = b"", dtype: str = "<f4") -> bytes:
    """A .npy file whose header claims this shape."""
    out = io.BytesIO()
    np.lib.format.write_array_header_2_0(out, {"descr": dtype, "fortran_order": False, "shape": shape})
    return out.getvalue() + data


def packed(path: Path, member: bytes, compression: int = zipfile.ZIP_DEFLATED, name: str = "x.npy") -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr(name, member)
    return path


def claiming(path: Path, member: bytes, size: int) -> Path:
    """A zip archive whose directory claims another size of its member."""
    packed(path, member, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 20 : at + 28] = struct.pack("<II", size, size)
    path.write_bytes(data)
    return path


def read(path: Path) -> Any:
    with open_npz(path) as arrays:
        return [arrays.read(name) for name in arrays.names]


HOSTILE: dict[str, tuple[Callable[[Path], Path], type[ModelcError], str]] = {
    "a header of 10^15 elements": (
        lambda p: packed(p, npy((10**15,), b"abcd")), FileFormatError, r"`x` claims 4,000,000,000,000,000 bytes",
    ),
    "a header beyond 64 bits": (lambda p: packed(p, npy((2**40, 2**40))), FileFormatError, "it has the shape"),
    "a header of fewer": (lambda p: packed(p, npy((2,), bytes(400))), FileFormatError, "`x` claims 8 bytes"),
    "a negative shape": (lambda p: packed(p, npy((-1, 4))), FileFormatError, "damaged"),
    "a directory that claims as much": (
        lambda p: claiming(p, npy((2**29 - 32,)), 2**31), FileFormatError, "does not have them|damaged",
    ),
    "zeros beyond memory": (
        lambda p: packed(p, npy((4 * 2**20,), bytes(16 * 2**20))), ResourceError,
        r"its arrays need 16\.00 MB of memory, this machine has 8\.00 MB\n  help: save the arrays as \.npy files",
    ),
    "another compression": (
        lambda p: packed(p, npy((4,), bytes(16)), zipfile.ZIP_BZIP2), FileFormatError, "compressed in another way",
    ),
    "objects": (lambda p: packed(p, npy((4,), b"(dp0\n.", "|O")), FileFormatError, "Python objects are not read"),
    "no array": (lambda p: packed(p, b"text"), FileFormatError, "damaged"),
    "nothing": (lambda p: packed(p, b""), FileFormatError, "damaged"),
    "a long header": (
        lambda p: packed(p, b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**24) + b" " * 2**24), FileFormatError,
        "damaged: its header has 16,777,216 bytes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_arrays_that_are_not_read(case: str, tmp_path: Path) -> None:
    make, error, message = HOSTILE[case]
    path = make(tmp_path / "a.npz")
    tracemalloc.start()
    try:
        with pytest.raises(error, match=message) as caught:
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
    assert str(path) in str(caught.value)


def test_arrays_that_do_not_fit_together(tmp_path: Path) -> None:
    zeros = np.zeros(2**20, np.float32)
    np.savez_compressed(tmp_path / "a.npz", zeros, zeros, zeros)
    with pytest.raises(ResourceError, match=r"its arrays need 12\.00 MB"):
        read(tmp_path / "a.npz")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_that_are_read(save: Any, tmp_path: Path) -> None:
    """Those of any order and layout, empty ones and long rows of zeros as well."""
    arrays = {
        "zeros": np.zeros((1000, 1000), np.uint8), "fortran": np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        "empty": np.zeros((0, 3)), "scalar": np.array(3), "big": np.arange(5, dtype=">i4"), "text": np.array(["a"]),
    }  # fmt: skip
    save(tmp_path / "a.npz", **arrays)
    for found, expected in zip(read(tmp_path / "a.npz"), arrays.values(), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("shape", [(10**15,), (2**40, 2**40), (-1, 4), (100,)])
def test_mapped_arrays_that_claim_more_than_they_have(shape: tuple[int, ...], tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(npy(shape, bytes(16)))
    with pytest.raises(FileFormatError, match=r"a\.npy: not a \.npy file, or damaged"):
        map_array(tmp_path / "a.npy")


def test_tables_beyond_memory(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,2\n" * (MEMORY // 32 + 1))
    with pytest.raises(ResourceError, match=r"t\.csv: the table needs 8\.00 MB of memory"):
        read_table(path, True, ",")
    path.write_text("a,b\n" + "1,2\n" * (MEMORY // 32))
    assert read_table(path, True, ",").numbers.shape == (MEMORY // 32, 2)


@pytest.mark.parametrize("end", ["\n", '"', ""])
def test_lines_beyond_reason(end: str, tmp_path: Path) -> None:
    """A line without an end is not read to it, quoted or not; nor is a file that has none, such as /dev/zero."""
    path = tmp_path / "t.csv"
    with path.open("w") as file:
        file.write('a,b\n1,"' if end == '"' else "a,b\n")
        for _ in range(10):
            file.write("1," * (MAX_LINE_CHARACTERS // 4))
        file.write(end)
    tracemalloc.start()
    try:
        with pytest.raises(FileFormatError, match=r"t\.csv:2: the line has more than 4,194,304 characters"):
            read_table(path, True, ",")
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_LINE_CHARACTERS
    finally:
        tracemalloc.stop()


def test_a_text_over_many_lines(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('a,b\n1,"' + "2\n" * 2**18)
    with pytest.raises(FileFormatError, match=r"field larger than field limit"):
        read_table(tmp_path / "t.csv", True, ",")

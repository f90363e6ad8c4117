"""Checksums of HDF5's tables: one that is wrong is noticed, in every kind of table that has one."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from modelc.errors import FileFormatError
from modelc.files.hdf5.checksums import lookup3
from modelc.files.hdf5.reader import open_hdf5

h5py: Any = pytest.importorskip("h5py")

SIGNATURES = b"\x89HDF", b"OHDR", b"OCHK", b"FRHP", b"FHIB", b"FHDB", b"BTHD", b"BTIN", b"BTLF"
INDEXES = b"FAHD", b"FADB", b"EAHD", b"EAIB", b"EASB", b"EADB"


@pytest.mark.parametrize(
    ("text", "expected"), [(b"", 0xDEADBEEF), (b"Four score and seven years ago", 0x17770551)], ids=["empty", "text"]
)
def test_the_values_that_the_author_gives(text: bytes, expected: int) -> None:
    """In the comments of lookup3.c."""
    assert lookup3(text) == expected


def _many_names(file: Any) -> None:
    for i in range(1500):
        h5py.h5g.create(file.id, b"%d" % i + b"x" * 40)
        file.attrs[f"a{i}"] = np.bytes_(b"%d" % i)
    file["0" + "x" * 40].attrs["text"] = np.bytes_(b"x" * 300)


def _chunks(file: Any) -> None:
    x = np.arange(40 * 6).reshape(40, 6)
    for name, most in (("fixed", (40, 6)), ("growing", (None, 6)), ("tree", (None, None))):
        file.create_dataset(name, data=x, chunks=(1, 1), maxshape=most)


def _pages(file: Any) -> None:
    x = np.arange(3000, dtype="<f4")
    for name, most in (("fixed", (3000,)), ("growing", (None,))):
        file.create_dataset(name, data=x, chunks=(1,), maxshape=most)


def _written(write: Any) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w", libver="latest") as file:
        write(file)
    return stream.getvalue()


def _read(data: bytes) -> None:
    """Names, attributes and arrays."""
    with open_hdf5(io.BytesIO(data), len(data), "a file") as file:
        for group in list(file.groups)[:3]:
            for name in ("a0", "a700", "a1499", "text"):
                file.strings(group, name)
        for name in file.arrays:
            file.read(name)


@pytest.mark.parametrize(
    ("write", "signatures"),
    [(_many_names, SIGNATURES), (_chunks, (*INDEXES, b"BTHD", b"BTLF")), (_pages, INDEXES)],
    ids=["names", "chunks", "pages"],
)
def test_a_changed_table_is_refused(write: Any, signatures: tuple[bytes, ...]) -> None:
    data = _written(write)
    _read(data)
    met = [signature for signature in signatures if signature in data]
    assert len(met) >= 5
    for signature in met:
        # Behind the signature and the version: what is changed there is an address or a number in any table.
        at = data.index(signature) + (9 if signature == b"\x89HDF" else 6)
        changed = data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :]
        with pytest.raises(FileFormatError):
            _read(changed)


@pytest.mark.parametrize("back", [1, 5])
def test_the_checksum_is_what_refuses(back: int) -> None:
    """A bit of the root group's header that nothing reads, such as a time; and one of the checksum itself."""
    stream = io.BytesIO()
    with h5py.File(stream, "w", libver="latest", track_order=True) as file:
        file.attrs["text"] = "x"
    data = stream.getvalue()
    start = data.index(b"OHDR")
    end = next(
        e for e in range(start + 8, len(data)) if lookup3(data[start:e]).to_bytes(4, "little") == data[e : e + 4]
    )
    at = end + 4 - back
    changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    with pytest.raises(FileFormatError, match="does not have the checksum that is stored with it"):
        _read(changed)

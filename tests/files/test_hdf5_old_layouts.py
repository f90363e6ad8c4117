"""Arrays as libraries before 1.6.3 laid them out: what is read is what libhdf5 reads.

Newer libraries do not write such files. So a file of h5py gets a second header for its array, with the layout written
here by the specification (IV.A.2.i), and libhdf5 says whether it is one.
"""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest

from modelc.errors import FileFormatError
from modelc.files.hdf5.reader import open_hdf5

h5py: Any = pytest.importorskip("h5py")

ARRAY = np.arange(60, dtype="<f4").reshape(5, 12)
_SPACE, _LAYOUT = 1, 8
_END_OF_FILE, _ENTRY = 40, 8


def _messages(data: bytes, at: int) -> list[tuple[int, int, bytes]]:
    """The kinds, flags and bodies of the messages of a header of version 1, which is in one piece."""
    size, found = struct.unpack_from("<I", data, at + 8)[0], []
    place = at + 16
    while place < at + 16 + size:
        kind, length, flags = struct.unpack_from("<HHB", data, place)
        found.append((kind, flags, data[place + 8 : place + 8 + length]))
        place += 8 + length
    return found


def _relaid(stream: io.BytesIO, version: int) -> bytes:
    """The file, with the only array in its root laid out by an older version."""
    data = bytearray(stream.getvalue())
    entry = data.index(b"SNOD") + 8
    header = int.from_bytes(data[entry + _ENTRY : entry + 2 * _ENTRY], "little")
    messages = [
        (kind, flags, _old_layout(body, version) if kind == _LAYOUT else body)
        for kind, flags, body in _messages(bytes(data), header)
    ]
    padded = [(kind, flags, body + bytes(-len(body) % 8)) for kind, flags, body in messages]
    body = b"".join(struct.pack("<HHB3x", kind, len(body), flags) + body for kind, flags, body in padded)
    data += bytes(-len(data) % 8)
    data[entry + _ENTRY : entry + 2 * _ENTRY] = len(data).to_bytes(8, "little")
    data += struct.pack("<BxHII4x", 1, len(messages), 1, len(body)) + body
    data[_END_OF_FILE : _END_OF_FILE + 8] = len(data).to_bytes(8, "little")
    return bytes(data)


def _old_layout(body: bytes, version: int) -> bytes:
    assert body[0] == 3
    kind, sizes = body[1], struct.pack("<5I", *ARRAY.shape, 4, 0, 0)[:12]
    start = struct.pack("<BBB5x", version, 3, kind)
    match kind:
        case 0:
            held = struct.unpack_from("<H", body, 2)[0]
            return start + sizes + struct.pack("<I", held) + body[4 : 4 + held]
        case 1:
            return start + body[2:10] + sizes
        case _:
            return start + body[3:11] + body[11:23]


def _compact(file: Any) -> None:
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple(ARRAY.shape)
    h5py.h5d.create(file.id, b"x", h5py.h5t.IEEE_F32LE, space, plan).write(h5py.h5s.ALL, h5py.h5s.ALL, ARRAY)


WRITE = {
    "compact": _compact,
    "contiguous": lambda f: f.create_dataset("x", data=ARRAY),
    "chunked": lambda f: f.create_dataset("x", data=ARRAY, chunks=(2, 5)),
    "compressed": lambda f: f.create_dataset("x", data=ARRAY, chunks=(2, 5), compression="gzip", shuffle=True),
}


def _file(write: Any, version: int) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w", libver="earliest") as file:
        write(file)
    return _relaid(stream, version)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("write", WRITE.values(), ids=WRITE)
def test_an_array_of_an_old_layout(write: Any, version: int) -> None:
    data = _file(write, version)
    with h5py.File(io.BytesIO(data), "r") as file:
        np.testing.assert_array_equal(file["x"][()], ARRAY)
    with open_hdf5(io.BytesIO(data), len(data), "a file") as ours:
        np.testing.assert_array_equal(ours.read("x"), ARRAY)


def test_sizes_that_are_not_those_of_the_array_are_refused() -> None:
    data = _file(WRITE["contiguous"], 1)
    sizes = struct.pack("<3I", 5, 12, 4)
    changed = data.replace(sizes, struct.pack("<3I", 5, 13, 4))
    assert changed != data
    with pytest.raises(FileFormatError, match="claims 240 bytes"), open_hdf5(io.BytesIO(changed), len(data), "a file"):
        pass

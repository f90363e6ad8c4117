"""Headers of .npy files that are none: unbalanced, of sizes that are no sizes, of types that are no numbers."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from modelc.errors import FileFormatError
from modelc.files.arrays import read_input
from modelc.graph.types import TensorType

_HEADERS = [
    "((((",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (True,), }",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (True, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 1" + "0" * 3000 + "), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0, " + "9" * 5000 + "), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1," * 65 + "), }",
    "{'descr': '<f4', 'fortran_order': 3, 'shape': (2, 4), }",
    "{'descr': ('<f4', (2000000000,)), 'fortran_order': False, 'shape': (2, 4), }",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 4), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (2, 4), }",
    "{'descr': 'nonsense', 'fortran_order': False, 'shape': (2, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4)",
    "'" + "\\x00" * 100,
    "[" * 3000,
    "-" * 3000 + "1",
    "\x1b]0;pwned\x07",
    "",
]


def _file(header: str) -> bytes:
    text = header.encode("latin-1") + b"\n"
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(text)) + text + bytes(32)


@pytest.mark.parametrize("header", _HEADERS, ids=lambda header: header[:16].replace("\x1b", "ESC"))
@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_a_damaged_header_is_told(tmp_path: Path, header: str, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    if suffix == ".npy":
        path.write_bytes(_file(header))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x.npy", _file(header))
    with pytest.raises(FileFormatError) as caught:
        read_input(path, TensorType((None, 4)))
    assert len(str(caught.value)) < 400
    assert "\x1b" not in str(caught.value)


def test_what_numpy_writes_is_read(tmp_path: Path) -> None:
    for array in (np.ones((2, 4), "<f8"), np.ones((0, 4), "f4"), np.asfortranarray(np.arange(8).reshape(2, 4))):
        np.save(tmp_path / "x.npy", array)
        assert np.array_equal(read_input(tmp_path / "x.npy", TensorType((None, 4))), array)
    stream = io.BytesIO()
    np.savez_compressed(stream, x=np.ones((2, 4)))
    (tmp_path / "x.npz").write_bytes(stream.getvalue())
    assert read_input(tmp_path / "x.npz", TensorType((None, 4))).shape == (2, 4)

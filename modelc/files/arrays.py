"""Arrays that are read from files: .npy and .npz, and images.

Files are data: object arrays, which NumPy would unpickle, are refused. A .npy file is memory-mapped, so it may be
larger than memory.
"""

from __future__ import annotations

import io
import math
import os
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError, InputError
from modelc.files.pictures import PICTURES, read_picture
from modelc.files.regular_file import regular_file
from modelc.graph.resources import require_memory
from modelc.graph.types import TensorType

if TYPE_CHECKING:
    from modelc.files.preprocessing import Preprocessing

Array = NDArray[Any]

_DAMAGED = (
    ValueError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, MemoryError,
)  # fmt: skip
"""What NumPy and zipfile raise for a file that is not what its name says."""
_MAX_HEADER_BYTES = 10_000
"""What NumPy allows, which looks only once it has read all of it."""
_MAX_BYTES = 2**63
"""Sizes that NumPy cannot count."""
_MAX_RANK = 32
_MAX_RATIO = 1100
"""Deflate makes no more than 1,032 bytes of one."""


def read_input(
    path: str | os.PathLike[str], type: TensorType, name: str | None = None, how: Preprocessing | None = None
) -> Array:
    """The array in a file, for an input of this type; memory-mapped where it is .npy.

    Of an .npz the array called `name`, or the only one. A picture (extra `images`) gives one sample, resized and with
    values as `how` says; else of the size that the model takes, with values 0 to 255. Raises `FileFormatError` where
    the file is not what its name says, `InputError` where it does not fit.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in PICTURES:
        return read_picture(path, type, how)[None]
    if suffix not in (".npy", ".npz"):
        known = ", ".join([".npy", ".npz", *sorted(PICTURES)])
        raise InputError(f"{path}: an input is a file that ends in one of {known}")
    if suffix == ".npy":
        return map_array(path)
    with open_npz(path) as file:
        names = file.names
        chosen = name if name in names else names[0] if len(names) == 1 else None
        if chosen is None:
            wanted = f"none of which is `{name}`" if name else "expected one"
            raise InputError(f"{path}: holds the arrays {', '.join(names) or '(none)'}, {wanted}")
        return file.read(chosen)


def map_array(path: str | os.PathLike[str]) -> Array:
    """The array in a .npy file, memory-mapped. Raises as `read_input` does."""
    with _reading(path, ".npy"):
        with open(path, "rb", opener=regular_file) as file:
            if sum(_claimed(file)) > os.path.getsize(path):
                raise ValueError("it has less than its header claims")
        # np.load would take an .npz that is named .npy.
        return np.lib.format.open_memmap(path, mode="r")


class StreamedArray:
    """The array in a .npy file that comes through a pipe; its rows are read once, from the first to the last."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        """`name` is what messages call it. Raises `FileFormatError` where it is no .npy file, or not one of rows."""
        with _reading(name, ".npy"):
            start = stream.read(12)
            if len(start) < 12:
                raise ValueError("it ends in its header")
            wide = start[6:7] != b"\x01"
            length = int.from_bytes(start[8 : 12 if wide else 10], "little") + (12 if wide else 10)
            if length > _MAX_HEADER_BYTES:
                raise ValueError(f"its header has {length:,} bytes")
            head = io.BytesIO(start + stream.read(length - 12))
            _claimed(head)
            head.seek(0)
            self.shape, is_fortran, self.dtype = _header(head)
            if is_fortran and len(self.shape) > 1:
                raise ValueError("it is stored column by column, which is read from a file only")
            if not self.shape:
                raise ValueError("it is a single number")
        self._stream, self._name = stream, name

    def read(self, rows: int) -> Array:
        """The next rows, fewer where the stream ends. Raises `ResourceError` where they do not fit into memory."""
        size = math.prod(self.shape[1:]) * self.dtype.itemsize
        require_memory(rows * size, f"{self._name}: {rows:,} samples need", "give a smaller batch size")
        data = bytearray()
        while len(data) < rows * size and (part := self._stream.read(rows * size - len(data))):
            data += part
        whole = len(data) // size if size else rows
        return np.frombuffer(data, self.dtype, whole * math.prod(self.shape[1:])).reshape(whole, *self.shape[1:])


class Arrays:
    """The arrays in an open .npz file."""

    def __init__(self, path: str | os.PathLike[str], file: zipfile.ZipFile) -> None:
        self._path = path
        self._file = file
        self._bytes = 0
        """What was read, in memory."""
        self.names = [member.removesuffix(".npy") for member in file.namelist() if member.endswith(".npy")]
        """What they are called, in the order of the file."""

    def read(self, name: str) -> Array:
        """One of them.

        Raises `FileFormatError` where it claims another size than it has, and `ResourceError` where what was read and
        this do not fit into memory; nothing is allocated then.
        """
        info = self._file.getinfo(f"{name}.npy")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileFormatError(f"{self._path}: not a .npz file: its members are compressed in another way")
        with self._file.open(info) as member:
            self._check(name, info, *_claimed(member))
        with self._file.open(info) as member:
            return np.lib.format.read_array(member, allow_pickle=False)

    def _check(self, name: str, info: zipfile.ZipInfo, header: int, data: int) -> None:
        held = min(info.compress_size, os.path.getsize(self._path))
        most = held if info.compress_type == zipfile.ZIP_STORED else _MAX_RATIO * held
        if header + data != info.file_size or info.file_size > most:
            claims = f"the array `{name}` claims {data:,} bytes"
            raise FileFormatError(f"{self._path}: not a .npz file, or damaged: {claims}, and does not have them")
        self._bytes += data
        help = "save the arrays as .npy files: these are read batch by batch"
        require_memory(self._bytes, f"{self._path}: its arrays need", help)


def _claimed(member: IO[bytes]) -> tuple[int, int]:
    """The bytes of an array's header, and of its data as the header has them.

    Raises `ValueError` for an array that must not be: of Python objects, of records, of sizes that are no sizes.
    """
    start = member.read(12)
    length = int.from_bytes(start[8 : 10 if start[6:7] == b"\x01" else 12], "little")
    if length > _MAX_HEADER_BYTES:
        raise ValueError(f"its header has {length:,} bytes")
    member.seek(0)
    shape, _, dtype = _header(member)
    if dtype.hasobject:
        raise ValueError("Object arrays are not read")
    if dtype.fields is not None or dtype.subdtype is not None:
        raise ValueError("it holds records, not numbers")
    # Truth values are integers to Python, and NumPy maps memory for the sizes of an empty array, too.
    if not all(type(d) is int and 0 <= d < _MAX_BYTES for d in shape) or len(shape) > _MAX_RANK:
        raise ValueError(f"it has the shape {str(shape)[:60]}")
    data = math.prod(shape) * dtype.itemsize
    if math.prod(max(1, d) for d in shape) * max(1, dtype.itemsize) >= _MAX_BYTES:
        raise ValueError(f"it has the shape {str(shape)[:60]}")
    return member.tell(), data


def _header(member: IO[bytes]) -> tuple[tuple[Any, ...], bool, np.dtype[Any]]:
    """The shape in a header, whether columns come first, and the type.

    NumPy reads it as a Python literal, and fails in many ways.
    """
    try:
        version = np.lib.format.read_magic(member)
        read: Any = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, is_fortran, dtype = read(member)
    except OSError:
        raise
    except Exception:
        raise ValueError("its header is malformed") from None
    return shape, is_fortran, dtype


@contextmanager
def open_npz(path: str | os.PathLike[str]) -> Generator[Arrays]:
    """The arrays in an .npz file. Raises as `read_input` does."""
    with (
        _reading(path, ".npz"),
        open(path, "rb", opener=regular_file) as stream,
        zipfile.ZipFile(stream) as file,
    ):
        yield Arrays(path, file)


@contextmanager
def _reading(path: str | os.PathLike[str], suffix: str) -> Generator[None]:
    """What goes wrong with a file of that suffix, in our words."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    except _DAMAGED as error:
        if "allow_pickle" in str(error) or "Python objects" in str(error) or "Object arrays" in str(error):
            raise FileFormatError(f"{path}: not an array of numbers; Python objects are not read from files") from None
        raise FileFormatError(f"{path}: not a {suffix} file, or damaged: {error}") from None

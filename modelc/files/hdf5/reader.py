"""Reading untrusted HDF5 files: plain groups, plain arrays of numbers, attributes of text.

The format is read here, in Python, by the HDF5 File Format Specification, version 4.0: a library in C would follow
whatever a file says. Everything else that HDF5 can do is refused when the file is opened: links to other names and
other files, data kept outside of the file or assembled from elsewhere, objects with several names, types that hold
references. No array may be larger than what is stored of it explains, and no description longer than the file.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, BinaryIO, NoReturn

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError
from modelc.files.hdf5.attributes import read_texts
from modelc.files.hdf5.chunk_index import stored_chunks
from modelc.files.hdf5.chunks import FILTERS, read_chunks
from modelc.files.hdf5.header import Header, Says, read_header
from modelc.files.hdf5.links import members
from modelc.files.hdf5.place import InChunks, InHeader, InOnePlace, Place, VirtualError, read_place
from modelc.files.hdf5.source import UNDEFINED, Hdf5Source, MalformedError
from modelc.files.hdf5.superblock import SIGNATURE, root_address
from modelc.files.hdf5.types import BFLOAT16, Space, read_elements, read_space

Array = NDArray[Any]

MAX_OBJECTS = 50_000
"""Groups and datasets allowed in one file, and chunks in one dataset."""
MAX_DEPTH = 64
"""How deep groups may be nested."""
MAX_NAME = 1024
"""The length allowed of one name."""

_MAX_RATIO = 1100
"""Elements per byte that compression can explain: deflate reaches 1032."""
_SMALL_BYTES = 2**20
_MAX_TOTAL_RATIO = 100

# Keras 2.13 on Windows joined the parts of a group's path with backslashes.
_WINDOWS_PATH = re.compile(r"(?:_layer_checkpoint_dependencies|layers|optimizer|metrics)(?:\\\w+)+")


@dataclass(frozen=True, slots=True)
class Stored:
    """One array of a file."""

    path: str
    """The names of the groups and of the array, joined by `/`."""
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    held: int
    """The bytes that the file holds of it."""
    place: Place
    """Where these are."""

    @property
    def nbytes(self) -> int:
        """Its size in memory, before it becomes float32."""
        return math.prod(self.shape) * self.dtype.itemsize


class Hdf5File:
    """The arrays and text attributes of a file that has passed every check. Made by `open_hdf5`."""

    def __init__(
        self, name: str, source: Callable[[], Hdf5Source], groups: Mapping[str, int], arrays: Mapping[str, Stored]
    ) -> None:
        self._name, self._source, self._groups = name, source, groups
        self._last: tuple[str, Header] | None = None
        self.arrays: Mapping[str, Stored] = MappingProxyType(dict(arrays))
        """Every array of the file, by path; none of them read yet."""

    @property
    def groups(self) -> Collection[str]:
        """The paths of the groups; the empty one is the root."""
        return self._groups.keys()

    def read(self, path: str) -> Array:
        """An array as float32. Raises `FileFormatError` where its data is damaged."""
        stored = self.arrays[path]
        with _translated(self._name):
            array = self._raw(stored)
        if array.dtype == BFLOAT16:
            # bfloat16 is the upper half of a float32.
            return (array.view("<u2").astype("<u4") << 16).view("<f4")
        with np.errstate(over="ignore"):
            return array.astype(np.float32, copy=False)

    def _raw(self, stored: Stored) -> Array:
        """The data as it is stored; what is not compressed is read into its place."""
        source = self._source()
        if isinstance(stored.place, InHeader):
            return np.frombuffer(bytearray(stored.place.data), stored.dtype).reshape(stored.shape)
        array = np.empty(stored.shape, stored.dtype)
        if isinstance(stored.place, InChunks):
            read_chunks(source, stored_chunks(source, stored.place, MAX_OBJECTS).values(), stored.place, array)
        elif array.size:
            source.fill(stored.place.address, array.reshape(-1).view(np.uint8).data)
        return array

    def strings(self, group: str, name: str) -> tuple[str, ...] | None:
        """The text of an attribute, one string or several; None where the group has no such attribute.

        Raises `FileFormatError` where the attribute is not text, or is larger than any that Keras writes.
        """
        source = self._source()
        try:
            texts = read_texts(source, self._header(source, group), name.encode())
            return None if texts is None else tuple(text.decode() for text in texts)
        except MalformedError as error:
            self._refuse(f"its attribute `{name}` cannot be read: {error}")
        except UnicodeDecodeError:
            self._refuse(f"its attribute `{name}` is not UTF-8 text")

    def _header(self, source: Hdf5Source, group: str) -> Header:
        """The header of a group; that of the last one is kept, as several attributes are asked for in a row."""
        last = self._last
        if last is None or last[0] != group:
            last = self._last = group, read_header(source, self._groups[group])
        return last[1]

    def _refuse(self, reason: str) -> NoReturn:
        raise damaged(self._name, reason)


@contextmanager
def open_hdf5(stream: BinaryIO, size: int, name: str) -> Generator[Hdf5File]:
    """A file of `size` bytes, which is called `name` in messages, read from a stream that can seek.

    Raises `FileFormatError` with the reason where it is damaged or holds anything but groups and arrays of numbers
    within the bounds above.
    """
    stream.seek(0)
    if stream.read(8) != SIGNATURE:
        raise damaged(name, "it does not begin as one")
    checked: set[tuple[int, int]] = set()

    def source() -> Hdf5Source:
        return Hdf5Source(stream, size, checked)

    with _translated(name):
        opened = Hdf5File(name, source, *_walk(source(), name, size))
    yield opened


def damaged(name: str, reason: str) -> FileFormatError:
    """The error for a file that is not what it should be."""
    return FileFormatError(f"`{name}` is not an HDF5 file that modelc reads, or is damaged: {reason}")


def _walk(source: Hdf5Source, name: str, size: int) -> tuple[dict[str, int], dict[str, Stored]]:
    """The address of every group, and every array, each looked at and nothing of its data read."""
    groups: dict[str, int] = {"": root_address(source, size)}
    arrays: dict[str, Stored] = {}
    headers = {"": read_header(source, groups[""])}
    if not headers[""].is_group:
        raise damaged(name, "its root is not a group")
    seen, objects = {groups[""]}, 0
    while headers:
        path, header = headers.popitem()
        found = members(source, header, MAX_OBJECTS)
        objects += len(found)
        if objects > MAX_OBJECTS or path.count("/") >= MAX_DEPTH:
            raise damaged(name, f"it has more than {MAX_OBJECTS} objects, or groups nested deeper than {MAX_DEPTH}")
        for one in found:
            child = f"{path}/{_checked_name(one.name, name)}".lstrip("/")
            if one.address is None:
                raise damaged(name, f"`{child}` is a link to another name or another file, which is not followed")
            if one.address in seen or child in groups or child in arrays:
                raise damaged(name, f"`{child}` is another name of an object that was met before")
            seen.add(one.address)
            entry = read_header(source, one.address)
            if entry.is_group:
                groups[child] = one.address
                headers[child] = entry
            elif entry.is_array:
                arrays[child] = _checked_array(source, entry, child, name)
            else:
                raise damaged(name, f"`{child}` is neither a group nor an array")
    _check_total(arrays, size, name)
    return groups, arrays


def _checked_name(raw: bytes, name: str) -> str:
    """The name of a link, with `/` between its parts where it is a path as Keras wrote them on Windows."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise damaged(name, "a name in it is not UTF-8 text") from None
    if _WINDOWS_PATH.fullmatch(text):
        return text.replace("\\", "/")
    if not is_plain_name(text):
        raise damaged(name, f"it holds the name {text[:60]!r}, which could be a path")
    return text


def is_plain_name(text: str) -> bool:
    """Whether a name is one part of a path: printable, not empty, no separator, not `.` or `..`."""
    return text.isprintable() and text not in ("", ".", "..") and not set(text) & {"/", "\\"} and len(text) <= MAX_NAME


def _checked_array(source: Hdf5Source, header: Header, path: str, name: str) -> Stored:
    """An array whose declaration is plain; where its data is comes first, as its shape may depend on other files."""
    kind, space = header.first(Says.TYPE), header.first(Says.SPACE)
    sizes = read_space(space.fields()) if space is not None else None
    try:
        place = read_place(header, sizes or Space((), ()))
    except VirtualError:
        raise damaged(name, f"`{path}` is virtual: assembled from other arrays, which are not looked up") from None
    if header.first(Says.OTHER_FILES) is not None:
        raise damaged(name, f"`{path}` keeps its data in another file, which is not opened")
    dtype = read_elements(kind.fields()) if kind is not None else None
    if not isinstance(dtype, np.dtype):
        raise damaged(name, f"`{path}` does not hold plain numbers")
    if sizes is None:
        raise damaged(name, f"`{path}` has no shape")
    if isinstance(place, InChunks):
        return _checked_chunks(source, place, dtype, path, name)
    if isinstance(place, InOnePlace):
        held = place.size if place.address != UNDEFINED else 0
        source.require(place.address if held else 0, held)
    else:
        held = len(place.data)
    stored = Stored(path, sizes.shape, dtype, held, place)
    if stored.nbytes != held:
        raise _claims(stored, name)
    return stored


def _checked_chunks(source: Hdf5Source, place: InChunks, dtype: np.dtype[Any], path: str, name: str) -> Stored:
    """Every chunk is there, compressed in a known way if at all, and the whole is not out of proportion."""
    if not FILTERS.issuperset(place.filters):
        raise damaged(name, f"`{path}` is compressed in a way that modelc does not read")
    if place.itemsize != dtype.itemsize:
        raise damaged(name, f"`{path}` has chunks of elements of another size")
    shape = place.space.shape
    chunks = stored_chunks(source, place, MAX_OBJECTS)
    stored = Stored(path, shape, dtype, sum(chunk.size for chunk in chunks.values()), place)
    most = max(_SMALL_BYTES, _MAX_RATIO * stored.held)
    if stored.nbytes > most or place.chunk_bytes > max(_SMALL_BYTES, stored.nbytes):
        raise _claims(stored, name)
    if len(chunks) != math.prod(-(-n // c) for n, c in zip(shape, place.chunk, strict=True)):
        raise damaged(name, f"`{path}` is not stored completely")
    return stored


def _claims(stored: Stored, name: str) -> FileFormatError:
    return damaged(name, f"`{stored.path}` claims {stored.nbytes} bytes, of which {stored.held} are stored")


def _check_total(arrays: Mapping[str, Stored], size: int, name: str) -> None:
    """Arrays do not share their bytes, and all together are not out of proportion to the file."""
    held = sum(stored.held for stored in arrays.values())
    claimed = sum(stored.nbytes for stored in arrays.values())
    if held > size or claimed > max(64 * _SMALL_BYTES, _MAX_TOTAL_RATIO * size):
        raise damaged(name, f"its arrays claim {claimed} bytes, {held} of them stored; the file has {size}")


@contextmanager
def _translated(name: str) -> Generator[None]:
    """What the format's parts, NumPy and zlib raise for damaged data becomes a `FileFormatError`."""
    try:
        yield
    except (MalformedError, OSError, ValueError, OverflowError, zlib.error) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise damaged(name, reason) from None

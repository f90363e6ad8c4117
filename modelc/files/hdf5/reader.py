"""Reading untrusted HDF5 files: plain groups, plain arrays of numbers, attributes of text.

Everything else that HDF5 can do is refused when the file is opened: links to other names and other files, data kept
outside of the file or assembled from elsewhere, objects with several names, types that hold references. No array may
be larger than what is stored of it explains. Needs h5py (extra `keras`).
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, BinaryIO, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError, InputError
from modelc.files.hdf5.chunks import FILTERS, read_chunks
from modelc.files.hdf5.strings import MAX_TEXT_BYTES, SIGNATURE, MalformedError, read_strings

Array = NDArray[Any]

MAX_OBJECTS = 50_000
"""Groups and datasets allowed in one file."""
MAX_DEPTH = 64
"""How deep groups may be nested."""
MAX_NAME = 1024
"""The length allowed of one name."""
MAX_NAMES = 2**16
"""Strings allowed in one attribute."""

_MAX_RATIO = 1100
"""Elements per byte that compression can explain: deflate reaches 1032."""
_SMALL_BYTES = 2**20
_MAX_TOTAL_RATIO = 100
_BFLOAT16 = np.dtype("V2")
"""How h5py stores Keras's bfloat16 arrays: opaque items of two bytes."""

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
    raw: bytes
    """The path as the file spells it."""

    @property
    def nbytes(self) -> int:
        """Its size in memory, before it becomes float32."""
        return math.prod(self.shape) * self.dtype.itemsize


class Hdf5File:
    """The arrays and text attributes of a file that has passed every check. Made by `open_hdf5`."""

    def __init__(
        self, name: str, stream: BinaryIO, file: Any, groups: Mapping[str, bytes], arrays: Mapping[str, Stored]
    ) -> None:
        self._name, self._stream, self._file, self._groups = name, stream, file, groups
        self.arrays: Mapping[str, Stored] = MappingProxyType(dict(arrays))
        """Every array of the file, by path; none of them read yet."""

    @property
    def groups(self) -> Collection[str]:
        """The paths of the groups; the empty one is the root."""
        return self._groups.keys()

    def read(self, path: str) -> Array:
        """An array as float32. Raises `FileFormatError` where its data is damaged."""
        stored, h5 = self.arrays[path], _h5py()
        with _translated(self._name):
            source = h5.h5d.open(self._file.id, stored.raw)
            chunked = source.get_create_plist().get_layout() == h5.h5d.CHUNKED
            array = np.empty(stored.shape, stored.dtype)
            if chunked:
                read_chunks(source, array)
            else:
                source.read(h5.h5s.ALL, h5.h5s.ALL, array)
        if array.dtype == _BFLOAT16:
            # bfloat16 is the upper half of a float32.
            return (array.view("<u2").astype("<u4") << 16).view("<f4")
        with np.errstate(over="ignore"):
            return array.astype(np.float32, copy=False)

    def strings(self, group: str, name: str) -> tuple[str, ...] | None:
        """The text of an attribute, one string or several; None where the group has no such attribute.

        Raises `FileFormatError` where the attribute is not text, or is larger than any that Keras writes.
        """
        with _translated(self._name):
            return self._strings(_h5py().h5g.open(self._file.id, self._groups[group] or b"/"), name)

    def _strings(self, owner: Any, name: str) -> tuple[str, ...] | None:
        h5, key = _h5py(), name.encode()
        if not h5.h5a.exists(owner, key):
            return None
        attribute = h5.h5a.open(owner, key)
        kind, count = attribute.get_type(), math.prod(attribute.shape)
        if count == 0:
            return ()
        if not isinstance(kind, h5.h5t.TypeStringID) or count > MAX_NAMES:
            self._refuse(f"its attribute `{name}` is not a list of names")
        if kind.is_variable_str():
            address = h5.h5o.get_info(owner).addr
            try:
                texts = read_strings(self._stream, address, key, count)
            except MalformedError as error:
                self._refuse(f"its attribute `{name}` cannot be read: {error}")
        else:
            size = kind.get_size()
            if size * count > MAX_TEXT_BYTES:
                self._refuse(f"its attribute `{name}` has {size * count} bytes, more than {MAX_TEXT_BYTES}")
            fixed = np.empty(attribute.shape, np.dtype(f"S{size}"))
            attribute.read(fixed, mtype=kind)
            texts = [bytes(text) for text in fixed.ravel()]
        try:
            return tuple(text.decode() for text in texts)
        except UnicodeDecodeError:
            self._refuse(f"its attribute `{name}` is not UTF-8 text")

    def _refuse(self, reason: str) -> NoReturn:
        raise damaged(self._name, reason)


@contextmanager
def open_hdf5(stream: BinaryIO, size: int, name: str) -> Generator[Hdf5File]:
    """A file of `size` bytes, which is called `name` in messages, read from a stream that can seek.

    Raises `FileFormatError` with the reason where it is damaged or holds anything but groups and arrays of numbers
    within the bounds above, and `InputError` where h5py is not installed.
    """
    h5 = _h5py()
    stream.seek(0)
    if stream.read(8) != SIGNATURE:
        raise damaged(name, "it does not begin as one")
    with _translated(name):
        file = h5.File(stream, "r")
    try:
        with _translated(name):
            opened = Hdf5File(name, stream, file, *_walk(h5, file.id, name, size))
        yield opened
    finally:
        file.close()


def damaged(name: str, reason: str) -> FileFormatError:
    """The error for a file that is not what it should be."""
    return FileFormatError(f"`{name}` is not an HDF5 file that modelc reads, or is damaged: {reason}")


def _walk(h5: Any, root: Any, name: str, size: int) -> tuple[dict[str, bytes], dict[str, Stored]]:
    """Every group and array, each looked at before it is opened, and nothing read.

    They are closed again, for memory, and later opened by the paths that were followed here.
    """
    groups: dict[str, bytes] = {"": b""}
    arrays: dict[str, Stored] = {}
    seen = {h5.h5o.get_info(root).addr}
    pending = [""]
    objects = 0
    while pending:
        path = pending.pop()
        group = h5.h5g.open(root, groups[path] or b"/")
        objects += group.get_num_objs()
        if objects > MAX_OBJECTS or path.count("/") >= MAX_DEPTH:
            raise damaged(name, f"it has more than {MAX_OBJECTS} objects, or groups nested deeper than {MAX_DEPTH}")
        for raw in group:
            child = f"{path}/{_checked_name(raw, name)}".lstrip("/")
            if group.links.get_info(raw).type != h5.h5l.TYPE_HARD:
                raise damaged(name, f"`{child}` is a link to another name or another file, which is not followed")
            entry = h5.h5o.open(group, raw)
            address = h5.h5o.get_info(entry).addr
            if address in seen or child in groups or child in arrays:
                raise damaged(name, f"`{child}` is another name of an object that was met before")
            seen.add(address)
            place = b"/".join([groups[path], raw]) if path else raw
            if isinstance(entry, h5.h5g.GroupID):
                groups[child] = place
                pending.append(child)
            elif isinstance(entry, h5.h5d.DatasetID):
                arrays[child] = _checked_array(h5, entry, place, child, name)
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


def _checked_array(h5: Any, array: Any, raw: bytes, path: str, name: str) -> Stored:
    """An array whose declaration is plain; its layout is looked at first, as its shape may depend on other files."""
    plan = array.get_create_plist()
    layout = plan.get_layout()
    if layout == h5.h5d.VIRTUAL:
        raise damaged(name, f"`{path}` is virtual: assembled from other arrays, which are not looked up")
    if plan.get_external_count():
        raise damaged(name, f"`{path}` keeps its data in another file, which is not opened")
    dtype = _checked_dtype(h5, array, path, name)
    space = array.get_space()
    if space.get_simple_extent_type() not in (h5.h5s.SIMPLE, h5.h5s.SCALAR):
        raise damaged(name, f"`{path}` has no shape")
    dims = tuple(int(n) for n in space.get_simple_extent_dims())
    stored = Stored(path, dims, dtype, array.get_storage_size(), raw)
    if layout == h5.h5d.CHUNKED:
        _check_chunks(array, plan, stored, name)
    elif stored.nbytes != stored.held:
        raise damaged(name, f"`{path}` claims {stored.nbytes} bytes, of which {stored.held} are stored")
    return stored


def _checked_dtype(h5: Any, array: Any, path: str, name: str) -> np.dtype[Any]:
    kind = array.get_type()
    if kind.get_class() in (h5.h5t.INTEGER, h5.h5t.FLOAT, h5.h5t.ENUM, h5.h5t.OPAQUE):
        dtype: np.dtype[Any] = kind.dtype
        if dtype == _BFLOAT16 or (dtype.kind in "fiub" and dtype.itemsize <= 8 and dtype.itemsize == kind.get_size()):
            return dtype
    raise damaged(name, f"`{path}` does not hold plain numbers")


def _check_chunks(array: Any, plan: Any, stored: Stored, name: str) -> None:
    """Every chunk is there, compressed in a known way if at all, and the whole is not out of proportion."""
    chunk = plan.get_chunk()
    count = math.prod(-(-n // c) for n, c in zip(stored.shape, chunk, strict=True))
    chunk_bytes = math.prod(chunk) * stored.dtype.itemsize
    filters = {plan.get_filter(i)[0] for i in range(plan.get_nfilters())}
    if not filters <= FILTERS:
        raise damaged(name, f"`{stored.path}` is compressed in a way that modelc does not read")
    most = max(_SMALL_BYTES, _MAX_RATIO * stored.held)
    if stored.nbytes > most or chunk_bytes > max(_SMALL_BYTES, stored.nbytes):
        raise damaged(name, f"`{stored.path}` claims {stored.nbytes} bytes, of which {stored.held} are stored")
    # Counting chunks visits them all, so it comes after the bound on their number.
    if count > MAX_OBJECTS or array.get_num_chunks() != count:
        raise damaged(name, f"`{stored.path}` is not stored completely")


def _check_total(arrays: Mapping[str, Stored], size: int, name: str) -> None:
    """Arrays do not share their bytes, and all together are not out of proportion to the file."""
    held = sum(stored.held for stored in arrays.values())
    claimed = sum(stored.nbytes for stored in arrays.values())
    if held > size or claimed > max(64 * _SMALL_BYTES, _MAX_TOTAL_RATIO * size):
        raise damaged(name, f"its arrays claim {claimed} bytes, {held} of them stored; the file has {size}")


@contextmanager
def _translated(name: str) -> Generator[None]:
    """What h5py, NumPy and zlib raise for damaged data becomes a `FileFormatError`."""
    try:
        yield
    except (OSError, RuntimeError, ValueError, TypeError, KeyError, OverflowError, zlib.error) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise damaged(name, reason) from None


def _h5py() -> Any:
    try:
        import h5py  # pyright: ignore[reportMissingImports, reportUnknownVariableType]
    except ImportError:
        raise InputError("reading HDF5 files needs h5py: pip install 'modelc[keras]'") from None
    return cast("Any", h5py)

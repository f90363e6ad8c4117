"""Weight files in the safetensors format (https://github.com/huggingface/safetensors#format).

A file is the length of its header as a little-endian u64, the header as JSON, then the tensors' bytes one after the
other. Both ways are done here, on any stream: artifacts and checkpoints hold the same bytes within a larger file;
names, shapes and types are compared with the model before any data is read; a full disk is an `OSError` like any other.
The library writes the same bytes for the same weights, and the tests read with it what is written here.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind
from modelc.files.regular_file import regular_file
from modelc.weights.assign import Shape, require_match
from modelc.weights.variable import Variable, assign_together

Array = NDArray[Any]

MAX_HEADER_BYTES = 16 * 2**20
_CHUNK_BYTES = 2**20
_ITEM_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2,
    "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8, "C64": 8,
}  # fmt: skip
FLOATS = {"F16": np.dtype("<f2"), "BF16": np.dtype("<u2"), "F32": np.dtype("<f4"), "F64": np.dtype("<f8")}
_EXACT = {
    name: np.dtype(code) for name, code in (
        ("F32", "<f4"), ("F64", "<f8"), ("F16", "<f2"), ("I32", "<i4"), ("I64", "<i8"), ("U8", "|u1"), ("BOOL", "|b1"),
        ("U32", "<u4"), ("U64", "<u8"), ("I8", "|i1"), ("I16", "<i2"), ("U16", "<u2"),
    )
}  # fmt: skip
"""The types that NumPy has too."""


class Stream(Protocol):
    """What tensors are read from, from its beginning."""

    def read(self, size: int, /) -> bytes:
        """The next `size` bytes; fewer only at the end."""
        ...


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """One tensor of a header; offsets count from the end of the header."""

    dtype: str
    shape: Shape
    start: int
    stop: int


def save_weights(path: str | os.PathLike[str], arrays: Mapping[str, Array], *, force: bool | None = None) -> None:
    """Write arrays by name, as float32, replacing `path` as a whole. The same arrays give the same bytes.

    Raises `OverwriteError` for the place of another kind of file, unless `force`.
    """
    with replacing(path, Kind.WEIGHTS, force=force) as temporary:
        write_tensors(temporary, arrays)


def write_tensors(path: str | os.PathLike[str], arrays: Mapping[str, Array]) -> None:
    """Write arrays by name to a file that need not survive an error."""
    with open(path, "wb") as file:
        write_exact(file, {name: np.asarray(a, np.float32) for name, a in arrays.items()})


def exact_bytes(arrays: Mapping[str, Array]) -> int:
    """The size of what `write_exact` writes."""
    return len(_exact_header(arrays)) + sum(array.nbytes for array in arrays.values())


def write_exact(out: IO[bytes], arrays: Mapping[str, Array]) -> None:
    """Write arrays by name to a stream, each with its own type, and none of them copied as a whole.

    Raises `TypeError` for an array of a type that safetensors does not have.
    """
    out.write(_exact_header(arrays))
    for name in _exact_order(arrays):
        out.write(np.ascontiguousarray(arrays[name]).reshape(-1).view(np.uint8).data)


def exact_places(arrays: Mapping[str, Array]) -> dict[str, int]:
    """Where in the file that `write_exact` writes the data of each array begins, in bytes."""
    at, places = len(_exact_header(arrays)), dict[str, int]()
    for name in _exact_order(arrays):
        places[name] = at
        at += arrays[name].nbytes
    return places


def read_exact(stream: Stream, size: int, name: str) -> dict[str, Array]:
    """All tensors of a safetensors stream of `size` bytes, each with its own type.

    Raises `FileFormatError` where the stream, which is called `name`, is damaged.
    """
    entries, _ = read_header(stream, size, name)
    arrays: dict[str, Array] = {}
    for path, entry in entries.items():
        if entry.dtype not in _EXACT:
            raise damaged_tensors(name, f"`{path}` has the type {entry.dtype}, which has no counterpart in NumPy")
        data = bytearray(_read(stream, entry.stop - entry.start, name))
        arrays[path] = np.frombuffer(data, _EXACT[entry.dtype]).reshape(entry.shape)
    return arrays


def _exact_order(arrays: Mapping[str, Array]) -> list[str]:
    """Wide types first, so that all data is aligned, then by name."""
    return sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))


def _exact_header(arrays: Mapping[str, Array]) -> bytes:
    fields: dict[str, Any] = {"__metadata__": {"format": "np"}}
    at = 0
    for name in _exact_order(arrays):
        array = arrays[name]
        type = next((type for type, dtype in _EXACT.items() if dtype == array.dtype), None)
        if type is None:
            raise TypeError(f"`{name}` holds {array.dtype}, which safetensors does not have")
        fields[name] = {"dtype": type, "shape": array.shape, "data_offsets": (at, at + array.nbytes)}
        at += array.nbytes
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def load_weights(
    path: str | os.PathLike[str],
    variables: Mapping[str, Variable],
    owner: str = "the model",
    ignore: Collection[str] = (),
) -> None:
    """Assign the tensors of a file to the variables of the same paths; those of layers in `ignore` are passed over.

    Raises `FileFormatError` where the file is damaged and `WeightsError` with every missing, unexpected and
    mis-shaped tensor; nothing is assigned then.
    """
    arrays = load_arrays(path, {p: v.shape for p, v in variables.items()}, owner, ignore)
    assign_together(((v, arrays[p]) for p, v in variables.items()), copied=False)


def load_arrays(
    path: str | os.PathLike[str], expected: Mapping[str, Shape], owner: str, ignore: Collection[str] = ()
) -> dict[str, Array]:
    """The tensors of a file that a model with the weights `expected` needs. Raises as `load_weights` does."""
    name = os.fspath(path)
    try:
        with open(path, "rb", opener=regular_file) as file:
            return read_tensors(file, size_of(file), expected, owner, name, ignore)
    except OSError as error:
        raise FileFormatError(f"`{name}` cannot be read: {error.strerror or error}") from None


def read_tensors(
    stream: Stream, size: int, expected: Mapping[str, Shape], owner: str, name: str, ignore: Collection[str] = ()
) -> dict[str, Array]:
    """The tensors of a safetensors stream of `size` bytes, which is called `name` in messages."""
    entries, data_bytes = read_header(stream, size, name)
    _require_match(entries, expected, owner, ignore)
    arrays: dict[str, Array] = {}
    at = 0
    for path, entry in entries.items():
        if path in expected:
            _skip(stream, entry.start - at, name)
            arrays[path] = as_floats(_read(stream, entry.stop - entry.start, name), entry)
            at = entry.stop
    _skip(stream, data_bytes - at, name)
    return arrays


def matched_entries(
    stream: Stream, size: int, expected: Mapping[str, Shape], owner: str, name: str
) -> tuple[dict[str, TensorEntry], int]:
    """Where in a safetensors stream the tensors that a model needs are, and the size of its header; none is read.

    Raises as `load_weights` does.
    """
    entries, data_bytes = read_header(stream, size, name)
    _require_match(entries, expected, owner)
    return {path: entries[path] for path in expected}, size - data_bytes


def _require_match(
    entries: Mapping[str, TensorEntry], expected: Mapping[str, Shape], owner: str, ignore: Collection[str] = ()
) -> None:
    problems = {path: f"holds {e.dtype}, expected floats" for path, e in entries.items() if e.dtype not in FLOATS}
    require_match(expected, {path: e.shape for path, e in entries.items()}, owner, ignore, problems)


def read_header(stream: Stream, size: int, name: str) -> tuple[dict[str, TensorEntry], int]:
    """The tensors in the order of their data, and the size of all data."""
    if size < 8:
        raise damaged_tensors(name, f"it has {size} bytes, fewer than a header takes")
    length = int.from_bytes(_read(stream, 8, name), "little")
    if length > min(size - 8, MAX_HEADER_BYTES):
        raise damaged_tensors(name, f"its header claims {length} bytes")
    try:
        header: Any = json.loads(_read(stream, length, name), object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise damaged_tensors(name, f"its header is not JSON: {error}") from None
    if not isinstance(header, dict):
        raise damaged_tensors(name, "its header is not a JSON object")
    fields = cast("dict[str, Any]", header)
    entries = {path: _entry(path, value, name) for path, value in fields.items() if path != "__metadata__"}
    ordered = dict(sorted(entries.items(), key=lambda item: (item[1].start, item[1].stop)))
    data_bytes, at = size - 8 - length, 0
    for path, entry in ordered.items():
        if entry.start != at:
            raise damaged_tensors(name, f"the data of `{path}` begins at {entry.start}, expected {at}")
        at = entry.stop
    if at != data_bytes:
        raise damaged_tensors(name, f"its tensors take {at} bytes, found {data_bytes}")
    return ordered, data_bytes


def _entry(path: str, value: Any, name: str) -> TensorEntry:
    try:
        dtype, shape, (start, stop) = value["dtype"], value["shape"], value["data_offsets"]
        sizes = [*shape, start, stop]
    except (KeyError, TypeError, ValueError):
        raise damaged_tensors(name, f"the header's entry for `{path}` is malformed") from None
    if not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 2**63 for n in sizes):
        raise damaged_tensors(name, f"the header's entry for `{path}` holds what is not a size")
    if not isinstance(dtype, str) or dtype not in _ITEM_BYTES:
        raise damaged_tensors(name, f"`{path}` has the type {dtype!r}, which this modelc does not know")
    if math.prod(shape) * _ITEM_BYTES[dtype] != stop - start:
        raise damaged_tensors(
            name, f"the data of `{path}` has {stop - start} bytes, which does not fit {dtype} {shape}"
        )
    return TensorEntry(dtype, tuple(shape), start, stop)


def as_floats(data: bytes | bytearray | NDArray[np.uint8], entry: TensorEntry) -> Array:
    """The data of a tensor of floats, as float32."""
    array = np.frombuffer(data, FLOATS[entry.dtype]).reshape(entry.shape)
    if entry.dtype == "BF16":
        # bfloat16 is the upper half of a float32.
        return (array.astype("<u4") << 16).view("<f4")
    with np.errstate(over="ignore"):
        return array.astype(np.float32, copy=False)


def _read(stream: Stream, size: int, name: str) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise damaged_tensors(name, f"it ends {size - len(data)} bytes too early")
    return data


def _skip(stream: Stream, size: int, name: str) -> None:
    while size > 0:
        size -= len(_read(stream, min(size, _CHUNK_BYTES), name))


def size_of(file: BinaryIO) -> int:
    """The size of an open file."""
    return os.fstat(file.fileno()).st_size


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key occurs twice")
    return made


def damaged_tensors(name: str, reason: str) -> FileFormatError:
    """The error for a file that is not what it should be."""
    return FileFormatError(f"`{name}` is not a safetensors file, or is damaged: {reason}")

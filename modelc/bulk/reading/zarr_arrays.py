"""Samples in Zarr arrays, which are read chunk by chunk (extra `zarr`).

A folder `NAME.zarr` has one array, or a group of arrays, in version 2 or 3 of the format. Its chunks are decoded by
codecs that its metadata names: only those that compress or rearrange bytes and numbers are used. Others, such as one
that unpickles Python objects, are refused before anything is decoded.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from modelc.errors import FileFormatError, InputError
from modelc.files.regular_file import regular_file

_CODECS = frozenset({
    "blosc", "bytes", "crc32c", "gzip", "sharding_indexed", "transpose", "zstd",
    "adler32", "bitround", "bz2", "crc32", "delta", "fixedscaleoffset", "lz4", "lzma", "packbits", "quantize",
    "shuffle", "zlib",
})  # fmt: skip
_METADATA = ("zarr.json", ".zarray")
_MOST_BYTES = 2**24


@dataclass(frozen=True)
class ZarrColumn:
    """An array in a folder; its place is all that is pickled."""

    path: str
    """The folder of the array."""

    @cached_property
    def array(self) -> Any:
        """The array, whose slices are read when they are asked for.

        Raises `InputError` where the package is missing, `FileFormatError` where the folder holds no array of numbers.
        """
        _require_harmless(self.path)
        zarr = _zarr()
        try:
            found = zarr.open_array(self.path, mode="r")
        except Exception as error:  # of many kinds, by the version of the package
            raise FileFormatError(f"{self.path}: not a Zarr array, or damaged: {_first_line(error)}") from None
        return _Slices(self.path, found)

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path}


class _Slices:
    """What is asked of an array of samples: its shape, its type, and rows of it."""

    def __init__(self, path: str, array: Any) -> None:
        self._path, self._array = path, array
        self.shape: tuple[int, ...] = tuple(array.shape)
        self.dtype = array.dtype
        self.ndim = len(self.shape)
        if not self.shape:
            raise FileFormatError(f"{path}: it is a single number")

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice) -> Any:
        try:
            return self._array[rows]
        except Exception as error:
            where = f"rows {rows.start} to {rows.stop - 1}"
            raise FileFormatError(f"{self._path}: {where} cannot be read: {_first_line(error)}") from None


def column_of(folder: str, name: str) -> ZarrColumn:
    """The array for the input of this name: the folder itself, or an array in it that is called so, or the only one.

    Raises `InputError` where there is none, and `FileFormatError` where the folder is none of Zarr.
    """
    if _kind(folder) == "array":
        return ZarrColumn(folder)
    names = sorted(one.name for one in Path(folder).iterdir() if one.is_dir() and _kind(str(one)) == "array")
    chosen = name if name in names else names[0] if len(names) == 1 else None
    if chosen is None:
        raise InputError(f"{folder}: holds the arrays {', '.join(names) or '(none)'}, none of which is `{name}`")
    return ZarrColumn(os.path.join(folder, chosen))


def _zarr() -> Any:
    try:
        import zarr
    except ImportError:
        raise InputError("Zarr arrays need the package zarr: pip install 'modelc[zarr]'") from None
    return zarr


def _kind(folder: str) -> str:
    """Whether a folder is that of an array or of a group."""
    path = Path(folder)
    if not path.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    if (path / ".zarray").exists():
        return "array"
    if (path / "zarr.json").exists():
        return "array" if _metadata(path / "zarr.json").get("node_type") == "array" else "group"
    if (path / ".zgroup").exists():
        return "group"
    raise FileFormatError(f"{folder}: not a Zarr array or group: it has no zarr.json, .zarray or .zgroup")


def _require_harmless(folder: str) -> None:
    """Raise `FileFormatError` for an array whose chunks are decoded by something else than the codecs known here."""
    path = next((Path(folder) / name for name in _METADATA if (Path(folder) / name).exists()), None)
    if path is None:
        raise FileFormatError(f"{folder}: not a Zarr array")
    metadata = _metadata(path)
    for name in _codecs(metadata):
        plain = str(name).removeprefix("numcodecs.")
        if plain not in _CODECS:
            raise FileFormatError(f"{path}: the codec `{plain[:60]}` is not one that is used on arrays of numbers")
    types = metadata.get("dtype", metadata.get("data_type"))
    if not isinstance(types, str) or "O" in types:
        raise FileFormatError(f"{path}: not an array of numbers; Python objects are not read from files")


def _codecs(metadata: Mapping[str, Any]) -> Iterator[Any]:
    """The names of all codecs in the metadata of an array, of version 2 or 3, inside of others too."""
    listed = [metadata.get("compressor"), *_list(metadata.get("filters")), *_list(metadata.get("codecs"))]
    for codec in listed:
        if codec is None:
            continue
        if not isinstance(codec, Mapping):
            yield codec
            continue
        known = cast("Mapping[str, Any]", codec)
        yield known.get("id", known.get("name"))
        inside = known.get("configuration")
        if isinstance(inside, Mapping):
            nested = cast("Mapping[str, Any]", inside)
            yield from _codecs({"codecs": [*_list(nested.get("codecs")), *_list(nested.get("index_codecs"))]})


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _metadata(path: Path) -> Mapping[str, Any]:
    try:
        with open(path, "rb", opener=regular_file) as file:
            found = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        found = None
    if not isinstance(found, Mapping):
        raise FileFormatError(f"{path}: not the metadata of a Zarr array, or damaged")
    return cast("Mapping[str, Any]", found)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).partition("\n")[0]

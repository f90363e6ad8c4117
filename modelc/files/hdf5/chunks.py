"""Chunked arrays, compressed or not: each chunk is decompressed into its place, with a limit on its size."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.files.hdf5.chunk_index import StoredChunk
from modelc.files.hdf5.place import InChunks
from modelc.files.hdf5.source import Hdf5Source

_DEFLATE, _SHUFFLE, _FLETCHER32 = 1, 2, 3
FILTERS = frozenset({_DEFLATE, _SHUFFLE, _FLETCHER32})
"""The numbers of the filters that are understood; they come with every HDF5 library."""
_CHECKSUM_BYTES = 4
_MODULUS = 65535


def read_chunks(source: Hdf5Source, chunks: Iterable[StoredChunk], place: InChunks, array: NDArray[Any]) -> None:
    """Fill an array from its chunks.

    Raises `ValueError` where a chunk holds more or less than its share, or not what its checksum says, and what zlib
    raises for damaged data.
    """
    for chunk in chunks:
        data = memoryview(bytearray(chunk.size))
        source.fill(chunk.address, data)
        block = _unfiltered(data, place.filters, chunk.skipped, place.chunk_bytes, array.itemsize)
        if len(block) != place.chunk_bytes:
            raise ValueError(f"a chunk has {len(block)} bytes, expected {place.chunk_bytes}")
        target = array[tuple(slice(o, o + c) for o, c in zip(chunk.offset, place.chunk, strict=True))]
        inside = tuple(slice(n) for n in target.shape)
        target[...] = np.frombuffer(block, array.dtype).reshape(place.chunk)[inside]


def _unfiltered(
    data: bytes | memoryview, filters: Sequence[int], skipped: int, size: int, itemsize: int
) -> bytes | memoryview:
    """A chunk as it was before the filters, and a few bytes more than `size` at most.

    Bit i of `skipped` says that filter i was not applied to this chunk.
    """
    for i, kind in reversed(list(enumerate(filters))):
        if skipped >> i & 1:
            continue
        if kind == _FLETCHER32:
            data = _checked(data)
        elif kind == _DEFLATE:
            data = zlib.decompressobj().decompress(data, size + _CHECKSUM_BYTES)
        else:
            data = _unshuffled(data, itemsize)
    return data


def _checked(data: bytes | memoryview) -> bytes | memoryview:
    """Data without the checksum behind it: Fletcher's, of words of 16 bits, the first byte of each the higher one."""
    content, stored = data[:-_CHECKSUM_BYTES], int.from_bytes(data[-_CHECKSUM_BYTES:], "little")
    words = np.frombuffer(bytes(content) + b"\0" * (len(content) % 2), ">u2").astype(np.uint64)
    low = int(words.sum()) % _MODULUS
    high = int((words * np.arange(len(words), 0, -1, dtype=np.uint64) % _MODULUS).sum()) % _MODULUS
    if (stored & 0xFFFF) % _MODULUS != low or (stored >> 16) % _MODULUS != high:
        raise ValueError("a chunk does not have the checksum that is stored with it")
    return content


def _unshuffled(data: bytes | memoryview, itemsize: int) -> bytes | memoryview:
    """Items whose first bytes came first, then their second ones, and so on; what is left over is not shuffled."""
    whole = len(data) - len(data) % itemsize
    planes = np.frombuffer(data[:whole], np.uint8).reshape(itemsize, -1)
    items = np.empty((planes.shape[1], itemsize), np.uint8)
    for i, plane in enumerate(planes):
        items[:, i] = plane
    return items.reshape(-1).data if whole == len(data) else items.tobytes() + bytes(data[whole:])

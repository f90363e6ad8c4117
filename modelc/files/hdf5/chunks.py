"""Chunked arrays in HDF5 files, compressed or not.

They are decompressed here, chunk by chunk and with a size limit: HDF5's own deflate filter grows its output without
limit.
"""

from __future__ import annotations

import itertools
import math
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DEFLATE, _SHUFFLE, _FLETCHER32 = 1, 2, 3
FILTERS = frozenset({_DEFLATE, _SHUFFLE, _FLETCHER32})
"""The numbers of the filters that are understood; they come with every HDF5 library."""


def read_chunks(source: Any, array: NDArray[Any]) -> None:
    """Fill `array` with the data of a chunked dataset of its shape and type, given by its h5py identifier.

    Raises `ValueError` where a chunk holds more or less than its share, and what h5py and zlib raise for damaged data.
    """
    plan = source.get_create_plist()
    chunk: tuple[int, ...] = tuple(plan.get_chunk())
    filters: list[int] = [plan.get_filter(i)[0] for i in range(plan.get_nfilters())]
    size = math.prod(chunk) * array.itemsize
    steps = (range(0, n, c) for n, c in zip(array.shape, chunk, strict=True))
    for offset in itertools.product(*steps):
        skipped, data = source.read_direct_chunk(offset)
        block = _unfiltered(data, filters, skipped, size, array.itemsize)
        if len(block) != size:
            raise ValueError(f"a chunk has {len(block)} bytes, expected {size}")
        target = array[tuple(slice(o, o + c) for o, c in zip(offset, chunk, strict=True))]
        inside = tuple(slice(n) for n in target.shape)
        target[...] = np.frombuffer(block, array.dtype).reshape(chunk)[inside]


def _unfiltered(data: bytes, filters: Sequence[int], skipped: int, size: int, itemsize: int) -> bytes:
    """A chunk as it was before the filters, and a few bytes more than `size` at most.

    Bit i of `skipped` says that filter i was not applied to this chunk.
    """
    for i, kind in reversed(list(enumerate(filters))):
        if skipped >> i & 1:
            continue
        if kind == _FLETCHER32:
            data = data[:-4]  # a checksum
        elif kind == _DEFLATE:
            data = zlib.decompressobj().decompress(data, size + 4)
        else:  # shuffled: the first bytes of all items, then the second ones, and so on
            data = np.frombuffer(data, np.uint8).reshape(itemsize, -1).T.tobytes()
    return data

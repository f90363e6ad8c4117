"""Samples in arrays: .npy, which is memory-mapped, .npz, and Zarr."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.bulk.chunk import Chunk, Numbered
from modelc.bulk.reading.zarr_arrays import ZarrColumn
from modelc.files.arrays import map_array

Array = NDArray[Any]


@dataclass(frozen=True)
class MappedArray:
    """The array in a .npy file; its path is all that is pickled."""

    path: str

    @cached_property
    def array(self) -> Array:
        """The array, memory-mapped. Raises as `map_array` does."""
        return map_array(self.path)

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path}


Column = MappedArray | ZarrColumn | Array
"""The rows of one input: in a file, or in memory."""


def _rows(column: Column) -> Any:
    return column if isinstance(column, np.ndarray) else column.array


@dataclass(frozen=True)
class ArrayPart:
    """Rows for each input: those from `start` to `stop` of a file, or all of an array that was cut out."""

    columns: tuple[Column, ...]
    start: int
    stop: int
    names: Sequence[str]

    def read(self) -> Chunk:
        """The rows; those of .npy files and in memory are not copied."""
        rows = (c if isinstance(c, np.ndarray) else c.array[self.start : self.stop] for c in self.columns)
        return Chunk(tuple(rows), self.names)


class ArraySource:
    """The rows of arrays in files, which must fit the model and each other."""

    is_named = False

    def __init__(self, columns: Sequence[Column], file: str) -> None:
        """`file` is that of the first input, which samples are named after."""
        self._columns = tuple(columns)
        self._file = file
        self.arrays: tuple[Any, ...] = tuple(map(_rows, columns))
        """For each input all of its rows."""
        self.is_held = any(isinstance(column, np.ndarray) for column in columns)
        """Whether one of them is in memory."""
        self.count = len(self.arrays[0]) if self.arrays[0].ndim else 0
        """The number of samples."""

    def parts(self, size: int) -> Iterator[ArrayPart]:
        """At most `size` rows at a time; an empty part, where there are none."""
        for start in range(0, max(self.count, 1), size):
            stop = min(start + size, self.count)
            cut = tuple(c[start:stop] if isinstance(c, np.ndarray) else c for c in self._columns)
            yield ArrayPart(cut, start, stop, self._names(start, stop))

    def _names(self, start: int, stop: int) -> Sequence[str]:
        return [self._file] if self.count == 1 else Numbered(f"{self._file}[", range(start, stop), "]")

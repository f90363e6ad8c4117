"""Samples in arrays: .npy, which is memory-mapped, and .npz."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from modelc.bulk.chunk import Chunk, Numbered
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


@dataclass(frozen=True)
class ArrayPart:
    """Rows for each input: those from `start` to `stop` of a file, or all of an array that was cut out."""

    columns: tuple[MappedArray | Array, ...]
    start: int
    stop: int
    names: Sequence[str]

    def read(self) -> Chunk:
        """The rows, which are not copied."""
        rows = (c.array[self.start : self.stop] if isinstance(c, MappedArray) else c for c in self.columns)
        return Chunk(tuple(rows), self.names)


class ArraySource:
    """The rows of arrays in files, which were checked to fit the model and each other."""

    is_named = False

    def __init__(self, columns: Sequence[MappedArray | Array], file: str) -> None:
        """`file` is that of the first input, which samples are named after."""
        self._columns = tuple(columns)
        self._file = file
        self.arrays = tuple(c.array if isinstance(c, MappedArray) else c for c in columns)
        """For each input all of its rows."""
        self.count = len(self.arrays[0])
        """The number of samples."""

    def parts(self, size: int) -> Iterator[ArrayPart]:
        """At most `size` rows at a time; an empty part, where there are none."""
        for start in range(0, max(self.count, 1), size):
            stop = min(start + size, self.count)
            cut = tuple(c if isinstance(c, MappedArray) else c[start:stop] for c in self._columns)
            yield ArrayPart(cut, start, stop, self._names(start, stop))

    def _names(self, start: int, stop: int) -> Sequence[str]:
        return [self._file] if self.count == 1 else Numbered(f"{self._file}[", range(start, stop), "]")

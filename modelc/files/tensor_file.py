"""A safetensors file whose tensors are read one by one."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol

from numpy.typing import NDArray

from modelc.files.regular_file import opened
from modelc.files.tensors import FLOATS, TensorEntry, as_floats, damaged_tensors, read_header, size_of

Shape = tuple[int, ...]


class Tensors(Protocol):
    """Tensors by name, in one file or in several."""

    name: str
    """What messages call the file."""

    @property
    def floats(self) -> dict[str, Shape]:
        """The shapes of the tensors that hold floats."""
        ...

    @property
    def others(self) -> dict[str, str]:
        """The types of the others: counters and indices, which are no weights."""
        ...

    def read(self, name: str) -> NDArray[Any]:
        """A tensor of floats, as float32."""
        ...


class TensorFile:
    """The tensors of an open file, by name. Made by `open_tensors`."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        size = size_of(file)
        self.name = name
        self._file = file
        self._entries, data_bytes = read_header(file, size, name)
        self._start = size - data_bytes

    @property
    def floats(self) -> dict[str, Shape]:
        """The shapes of the tensors that hold floats."""
        return {name: entry.shape for name, entry in self._entries.items() if entry.dtype in FLOATS}

    @property
    def others(self) -> dict[str, str]:
        """The types of the others: counters and indices, which are no weights."""
        return {name: entry.dtype for name, entry in self._entries.items() if entry.dtype not in FLOATS}

    def read(self, name: str) -> NDArray[Any]:
        """A tensor of floats, as float32; the file holds nothing of it."""
        entry: TensorEntry = self._entries[name]
        self._file.seek(self._start + entry.start)
        data = bytearray(entry.stop - entry.start)
        if self._file.readinto(data) != len(data):  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
            raise damaged_tensors(self.name, "it is shorter than it was")
        return as_floats(data, entry)


@contextmanager
def open_tensors(path: str | os.PathLike[str], *, link: bool = True) -> Generator[TensorFile]:
    """The tensors of a safetensors file. Raises `FileFormatError` where it is damaged or cannot be read.

    `link` says whether a symbolic link is followed.
    """
    with opened(path, link=link) as file:
        yield TensorFile(file, os.fspath(path))

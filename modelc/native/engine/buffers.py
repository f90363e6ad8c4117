"""Addresses of arrays, and aligned memory to compute in."""

from __future__ import annotations

from array import array
from ctypes import c_ssize_t
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.native.engine.memory_sizes import ALIGNMENT
from modelc.system.file_access import write_at
from modelc.system.file_maps import FileMap, give_back

Array = NDArray[Any]


_word_at = c_ssize_t.from_address
DATA = object.__basicsize__
"""The bytes of an array object before the address of its data: its `PyObject_HEAD`. What follows is fixed by NumPy's
binary interface (`PyArrayObject_fields`, whose first member is `data`)."""


def address_of(array: Array) -> int:
    """Where the data of an array lies. It takes a quarter of the time of `array.ctypes.data`."""
    return _word_at(id(array) + DATA).value


def _require_layout() -> None:
    """Raise `ImportError` where array objects are laid out in another way, as in another interpreter than CPython."""
    sample = np.empty(1)
    if address_of(sample) != sample.__array_interface__["data"][0]:
        raise ImportError("modelc needs CPython: it could not find the data of a NumPy array")


_require_layout()


class BlockFile(NamedTuple):
    """The file that a block is a shared mapping of."""

    mapping: FileMap
    descriptor: int = -1
    """That by which the file can be written."""
    start: int = 0
    """Where in it the block begins."""

    def write(self, offset: int, data: memoryview) -> None:
        """Put bytes at `offset` of the block. In memory they are only when they are read."""
        write_at(self.descriptor, data, self.start + offset)


class Block(NamedTuple):
    """Memory that begins on a cache line."""

    memory: Array | array[int]
    """What the memory belongs to."""
    address: int
    size: int
    file: BlockFile | None = None
    """The file that the memory is that of, if there is one."""

    @classmethod
    def of(cls, size: int) -> Block:
        """A block of at least `size` bytes, not initialized."""
        memory = np.empty(size + ALIGNMENT, np.uint8)
        address = address_of(memory)
        return cls(memory, address + -address % ALIGNMENT, size)

    @property
    def words(self) -> Array:
        """The block as integers of 64 bits."""
        return self._array.view(np.int64)

    @property
    def bytes(self) -> memoryview:
        """The block as bytes."""
        return self._array.data

    def copy(self, other: Block) -> None:
        """Begin with the bytes of another block, which is not larger."""
        self._array[: other.size] = other._array

    def write(self, offset: int, data: Array) -> None:
        """Put the bytes of `data` at `offset`."""
        raw = np.ascontiguousarray(data).reshape(-1).view(np.uint8)
        if self.file is None:
            self._array[offset : offset + raw.size] = raw
        else:
            self.file.write(offset, raw.data)

    def give_back(self) -> None:
        """Take what lies in a file out of memory, until it is read or written again."""
        if self.file is not None:
            give_back(self.file.mapping)

    @property
    def _array(self) -> Array:
        memory = np.frombuffer(self.memory, np.uint8)
        start = self.address - address_of(memory)
        return memory[start : start + self.size]

"""Addresses of arrays, and aligned memory to compute in."""

from __future__ import annotations

from ctypes import addressof, c_char
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.native.passes.memory import ALIGNMENT

Array = NDArray[Any]


def address_of(array: Array) -> int:
    """Where a C-contiguous array lies. It takes a third of the time of `array.ctypes.data` unless it is read-only."""
    if array.flags.writeable and array.size:
        return addressof(c_char.from_buffer(array))  # pyright: ignore[reportArgumentType]
    return int(array.__array_interface__["data"][0])


class Block(NamedTuple):
    """Memory that begins on a cache line."""

    memory: Array
    address: int
    size: int

    @classmethod
    def of(cls, size: int) -> Block:
        """A block of at least `size` bytes, not initialized."""
        memory = np.empty(size + ALIGNMENT, np.uint8)
        address = address_of(memory)
        return cls(memory, address + -address % ALIGNMENT, size)

    @property
    def words(self) -> Array:
        """The block as integers of 64 bits."""
        start = self.address - address_of(self.memory)
        return self.memory[start : start + self.size].view(np.int64)

    def copy(self, other: Block) -> None:
        """Begin with the bytes of another block, which is not larger."""
        start, source = (block.address - address_of(block.memory) for block in (self, other))
        self.memory[start : start + other.size] = other.memory[source : source + other.size]

    def write(self, offset: int, data: Array) -> None:
        """Put the bytes of `data` at `offset`."""
        raw = np.ascontiguousarray(data).reshape(-1).view(np.uint8)
        start = self.address - address_of(self.memory) + offset
        self.memory[start : start + raw.size] = raw

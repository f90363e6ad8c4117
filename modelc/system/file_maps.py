"""Files in memory: mapped, told from other memory, and given back."""

from __future__ import annotations

import mmap

FileMap = mmap.mmap
"""The memory of a file."""


def map_to_read(descriptor: int, size: int) -> FileMap:
    """The first bytes of a file as the memory that the system has of it, which all processes share."""
    return mmap.mmap(descriptor, size, access=mmap.ACCESS_READ)


def map_to_write(descriptor: int, size: int) -> FileMap:
    """As `map_to_read`; what is written there is written to the file."""
    return mmap.mmap(descriptor, size, access=mmap.ACCESS_WRITE)


def is_map(memory: object) -> bool:
    """Whether an object is the memory of a file."""
    return isinstance(memory, FileMap)


def give_back(mapping: FileMap) -> None:
    """Let the system take the pages of a file out of this process's memory, until they are read or written again."""
    if hasattr(mmap, "MADV_DONTNEED"):
        mapping.madvise(mmap.MADV_DONTNEED)

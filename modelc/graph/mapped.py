"""Reading arrays in memory-mapped files, so that a file that has become shorter is an error.

A process that reads a page of a mapping that the file no longer has is killed (SIGBUS). The kernel, where it is asked
to copy such a page, says EFAULT instead: so what is read of a mapping is written to a file in memory, and read from
there. The second copy takes about as long as the first.
"""

from __future__ import annotations

import errno
import mmap
import os
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError

Array = NDArray[Any]

_MOST_BUFFERS = 512
"""The arrays that are copied by one call; systems allow 1,024."""


def is_mapped(array: Array) -> bool:
    """Whether an array lies in a memory-mapped file."""
    base: Any = array
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap):
            return True
        base = cast("Any", base).base
    return isinstance(base, mmap.mmap)


def read_mapped(array: Array, which: slice | Array | None = None) -> Array:
    """A copy of an array in a memory-mapped file, or of some of its samples.

    Raises `InputError` where the file has become shorter since it was mapped.
    """
    wanted = array if which is None else array[which] if isinstance(which, slice) else None
    parts = [array[i : i + 1] for i in map(int, cast("Array", which))] if wanted is None else _contiguous(wanted)
    shape = array.shape if which is None else wanted.shape if wanted is not None else (len(parts), *array.shape[1:])
    plain = not hasattr(os, "writev") or array.dtype.hasobject or not all(p.flags.c_contiguous for p in parts)
    if plain:  # Windows lets no mapped file become shorter
        return np.array(array if which is None else array[which])
    copy = np.empty(shape, array.dtype)
    with _memory_file() as file:
        try:
            _write_all(file, [part.reshape(-1).view(np.uint8) for part in parts if part.size])
        except OSError as error:
            if error.errno != errno.EFAULT:
                raise
            name = getattr(array, "filename", None)
            raise InputError(
                f"{'the file of an array' if name is None else os.fspath(name)} has become shorter while it was in use"
                "\n  help: leave the file alone until the run has ended, and begin again"
            ) from None
        os.lseek(file, 0, os.SEEK_SET)
        _read_all(file, copy)
    return copy


def _contiguous(array: Array) -> list[Array]:
    """The array, or its samples where only these lie in one piece."""
    if array.flags.c_contiguous or array.ndim < 2:
        return [array]
    return [array[i : i + 1] for i in range(len(array))]


@contextmanager
def _memory_file() -> Any:
    """The descriptor of a file in memory, or of a temporary one where the system has none."""
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("modelc")
        try:
            yield file
        finally:
            os.close(file)
        return
    with tempfile.TemporaryFile(buffering=0) as other:
        yield other.fileno()


def _write_all(file: int, buffers: Sequence[Array]) -> None:
    for start in range(0, len(buffers), _MOST_BUFFERS):
        waiting = list(buffers[start : start + _MOST_BUFFERS])
        while waiting:
            written = os.writev(file, waiting)  # pyright: ignore[reportArgumentType]
            while waiting and written >= waiting[0].size:
                written -= waiting.pop(0).size
            if written:
                waiting[0] = waiting[0][written:]


def _read_all(file: int, copy: Array) -> None:
    rest = memoryview(cast("Any", copy.reshape(-1).view(np.uint8))) if copy.size else memoryview(b"")
    while len(rest):
        rest = rest[os.readv(file, [rest]) :]

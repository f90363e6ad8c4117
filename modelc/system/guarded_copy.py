"""Copies of memory that may have gone: a mapped file that became shorter is an error, in place of the process's end."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

_MOST_PIECES = 1024
"""The pieces that are copied by one call: POSIX's IOV_MAX on Linux, the BSDs and macOS."""

_NOT_THERE = (errno.ENOSYS, errno.EPERM, errno.EACCES)
"""What a kernel without the call says, and one that a sandbox keeps from it."""

_MOST_BYTES = 1 << 22
"""The bytes that are copied by one call, which stay in the CPU's cache until they are read back."""


def mapped_files_shrink() -> bool:
    """Whether a file may become shorter while it is mapped, so that copies are to be guarded; Windows lets none."""
    return hasattr(os, "readv")


def guarded_copy(addresses: NDArray[np.int64], size: int) -> NDArray[np.uint8]:
    """The bytes of pieces of one size at these addresses, one after the other.

    The system copies them, as it tells where there is no memory any more: Linux from the memory of a process, its own,
    else into a file in memory and back. Raises `OSError` (EFAULT) where a piece lies beyond the end of its file.
    """
    copy = np.empty(len(addresses) * size, np.uint8)
    if not _read_own_memory(addresses, size, copy):
        _through_file(addresses, size, copy)
    return copy


def _read_own_memory(addresses: NDArray[np.int64], size: int, copy: NDArray[np.uint8]) -> bool:
    """Copy the pieces by `process_vm_readv`; False where the system has no such call, or does not allow it."""
    read = _process_vm_readv()
    if read is None:
        return False
    table = _iovec(min(_MOST_PIECES, len(addresses)))
    into = _iovec(1)
    start, process, done = int(copy.ctypes.data), os.getpid(), 0
    while done < len(copy):
        count, within = _fill(table, addresses, size, done)
        into[0] = start + done, count * size - within
        try:
            done += read(process, int(into.ctypes.data), 1, int(table.ctypes.data), count, 0)
        except OSError as error:
            if error.errno in _NOT_THERE:
                return False
            raise
    return True


def _through_file(addresses: NDArray[np.int64], size: int, copy: NDArray[np.uint8]) -> None:
    """Copy the pieces by `writev` and `readv`."""
    into = memoryview(cast("Any", copy))
    table = _iovec(min(_MOST_PIECES, _MOST_BYTES // size))
    done = 0
    with _memory_file() as file:
        while done < len(copy):
            count, within = _fill(table, addresses, size, done)
            if count == 1:
                table[0, 1] = min(size - within, _MOST_BYTES)
            os.lseek(file, 0, os.SEEK_SET)
            written = _writev()(file, int(table.ctypes.data), count)
            os.lseek(file, 0, os.SEEK_SET)
            end = done + written
            while done < end:
                done += os.readv(file, [into[done:end]])


def _iovec(pieces: int) -> NDArray[np.uintp]:
    """An array of `struct iovec`, an address and a number of bytes each: for one piece at the least."""
    return np.empty((max(1, pieces), 2), np.uintp)


def _fill(table: NDArray[np.uintp], addresses: NDArray[np.int64], size: int, done: int) -> tuple[int, int]:
    """Write the pieces into the table that come after so many bytes, as many as there is room for: their number, and
    the bytes of the first one that are done."""
    piece, within = divmod(done, size)
    count = min(len(table), len(addresses) - piece)
    table[:count, 0] = addresses[piece : piece + count]
    table[:count, 1] = size
    table[0, 0] += within
    table[0, 1] -= within
    return count, within


@cache
def _process_vm_readv() -> Callable[..., int] | None:
    """The call that copies from the memory of a process, with tables of addresses; None where there is none."""
    return _function("process_vm_readv", "iPLPLL")


@cache
def _writev() -> Callable[..., int]:
    """`writev` for a table of addresses: `os.writev` wants an object of Python for each piece."""
    function = _function("writev", "iPi")
    assert function is not None, "POSIX has it"
    return function


def _function(name: str, kinds: str) -> Callable[..., int] | None:
    """A function of the C library that gives a number of bytes, or raises `OSError`; None where there is none.

    `kinds` are those of its arguments: an int, an unsigned long or a pointer.
    """
    import ctypes  # deferred: only what is given as a mapped file needs it

    try:
        function = ctypes.CDLL(None, use_errno=True)[name]
    except (AttributeError, OSError, TypeError):
        return None
    types = {"i": ctypes.c_int, "L": ctypes.c_ulong, "P": ctypes.c_void_p}
    function.argtypes, function.restype = [types[kind] for kind in kinds], ctypes.c_ssize_t

    def call(*arguments: int) -> int:
        while (done := int(function(*arguments))) < 0:
            number = ctypes.get_errno()
            if number != errno.EINTR:
                raise OSError(number, os.strerror(number))
        return done

    return call


@contextmanager
def _memory_file() -> Generator[int]:
    """The descriptor of a file in memory, or of a temporary one where the system has none."""
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("modelc")
        try:
            yield file
        finally:
            os.close(file)
        return
    import tempfile  # deferred: only what is given as a mapped file needs it

    with tempfile.TemporaryFile(buffering=0) as other:
        yield other.fileno()

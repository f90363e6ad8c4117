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

_MOST_BYTES = 1 << 22
"""The bytes that are copied by one call, which stay in the CPU's cache until they are read back."""


def mapped_files_shrink() -> bool:
    """Whether a file may become shorter while it is mapped, so that copies are to be guarded; Windows lets none."""
    return hasattr(os, "readv")


def guarded_copy(addresses: NDArray[np.int64], size: int) -> NDArray[np.uint8]:
    """The bytes of pieces of one size at these addresses, one after the other.

    The system copies them, into a file in memory and back: it tells where there is no memory any more. Raises
    `OSError` (EFAULT) where a piece lies beyond the end of its file.
    """
    copy = np.empty(len(addresses) * size, np.uint8)
    into = memoryview(cast("Any", copy))
    most = max(1, min(_MOST_PIECES, _MOST_BYTES // size))
    table = np.empty((most, 2), np.uintp)  # struct iovec: an address and a number of bytes
    done = 0
    with _memory_file() as file:
        while done < len(copy):
            piece, within = divmod(done, size)
            count = min(most, len(addresses) - piece)
            table[:count, 0] = addresses[piece : piece + count]
            table[:count, 1] = size
            table[0, 0] += within
            table[0, 1] -= within
            if count == 1:
                table[0, 1] = min(size - within, _MOST_BYTES)
            os.lseek(file, 0, os.SEEK_SET)
            written = _writev()(file, int(table.ctypes.data), count)
            os.lseek(file, 0, os.SEEK_SET)
            end = done + written
            while done < end:
                done += os.readv(file, [into[done:end]])
    return copy


@cache
def _writev() -> Callable[[int, int, int], int]:
    """`writev` for a table of addresses: `os.writev` wants an object of Python for each piece."""
    from ctypes import CDLL, c_int, c_ssize_t, c_void_p, get_errno

    function = CDLL(None, use_errno=True).writev
    function.argtypes, function.restype = (c_int, c_void_p, c_int), c_ssize_t

    def write(file: int, table: int, count: int) -> int:
        while (written := int(function(file, table, count))) < 0:
            number = get_errno()
            if number != errno.EINTR:
                raise OSError(number, os.strerror(number))
        return written

    return write


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

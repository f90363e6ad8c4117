"""A file that stays open: what is read of it later is what was in it, whatever has its name by then."""

from __future__ import annotations

import io
import os
import time
import weakref
from typing import Any, BinaryIO, cast

from modelc.files.regular_file import regular_file
from modelc.system.file_access import read_at, reads_at_places

_SETTLED_SECONDS = 2.0
"""A file that was changed so shortly ago may be changed once more without a difference in its times."""


class HeldFile:
    """A regular file that is open for reading as long as this object lives."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Raises `OSError` where it cannot be opened, or the system cannot read it at a place of one's own."""
        if not reads_at_places():
            raise OSError("this system cannot read a file at a place")
        self.name = os.fspath(path)
        self._descriptor = regular_file(self.name, os.O_RDONLY)
        weakref.finalize(self, os.close, self._descriptor)

    def identity(self) -> tuple[int, ...]:
        """What tells the file from others and from itself before a change; a rename and its last use do not count."""
        status = os.fstat(self._descriptor)
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns

    def is_settled(self) -> bool:
        """Whether any further change would show in the identity."""
        status = os.fstat(self._descriptor)
        return time.time() - max(status.st_mtime, status.st_ctime) > _SETTLED_SECONDS

    def read_at(self, place: int, target: memoryview) -> None:
        """Fill memory with the bytes from a place on. Raises `EOFError` where there are fewer."""
        done = 0
        while done < len(target):
            count = read_at(self._descriptor, target[done:], place + done)
            if not count:
                raise EOFError("the file is shorter than it was")
            done += count

    def stream(self) -> BinaryIO:
        """The file as a stream of its own: threads and forked processes have theirs."""
        return cast("BinaryIO", io.BufferedReader(cast("Any", _AtPlace(self, self._descriptor))))


class _AtPlace(io.RawIOBase):
    """Reads a descriptor at a place of its own."""

    def __init__(self, held: HeldFile, descriptor: int) -> None:
        self._held = held  # which closes the descriptor at its end
        self._descriptor = descriptor
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = (0, self._at, os.fstat(self._descriptor).st_size)[whence]
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        read = read_at(self._descriptor, buffer, self._at)
        self._at += read
        return read

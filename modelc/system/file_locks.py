"""Locks of open files between processes, and names that are on the disk.

A lock ends with its descriptor, and so with the process, however that ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


def try_lock(descriptor: int) -> bool | None:
    """Lock an open file, if no other process has; None where files cannot be locked."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


@contextmanager
def locked(
    path: str | os.PathLike[str], *, wait: bool = True, on_wait: Callable[[], None] | None = None
) -> Generator[bool]:
    """Hold the lock of a folder, or of a file, which is made where it is not there, and stays; whether it is held.

    While another process holds it, `on_wait` is called once and this waits; without `wait` it is not held then. Where
    there are no locks, it is held at once.
    """
    if fcntl is None:
        yield True
        return
    flags = os.O_RDONLY if os.path.isdir(path) else os.O_CREAT | os.O_RDWR
    descriptor = os.open(path, flags | os.O_CLOEXEC, 0o666)
    try:
        if try_lock(descriptor) is False:
            if not wait:
                yield False
                return
            if on_wait is not None:
                on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield True
    finally:
        os.close(descriptor)  # the file stays: who waits for it holds it open


def open_files_move() -> bool:
    """Whether a file that is open may get another name or be removed, as on POSIX and not on Windows."""
    return os.name == "posix"


def is_unlinked(descriptor: int) -> bool:
    """Whether another process has removed the open file; False where that cannot be."""
    return open_files_move() and not os.fstat(descriptor).st_nlink


def sync_names(folder: str | os.PathLike[str]) -> None:
    """See to it that the names in a folder are on the disk. A system that does not open folders does so by itself."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

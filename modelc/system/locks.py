"""Locks on files, which end with the process that holds them."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


@contextmanager
def locked(
    path: str | os.PathLike[str], *, wait: bool = True, on_wait: Callable[[], None] | None = None
) -> Generator[bool]:
    """Hold the lock of a file, which is made where it is not there, and stays; whether it is held.

    While another process holds it, `on_wait` is called once and this waits; without `wait` it is not held then. Where
    files cannot be locked, it is held at once.
    """
    if fcntl is None:
        yield True
        return
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o666)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                yield False
                return
            if on_wait is not None:
                on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        yield True
    finally:
        os.close(descriptor)  # the file stays: who waits for it holds it open

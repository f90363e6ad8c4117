"""Opens regular files only: reading a pipe or a device could block or never end."""

from __future__ import annotations

import errno
import os
import stat


def regular_file(path: str, flags: int) -> int:
    """The `opener` of `open` for files that are read.

    Raises `OSError` for a pipe, a socket or a device, without waiting for what is at its other end.
    """
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0), 0o666)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if not stat.S_ISREG(mode):
            kind = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
            raise OSError(errno.EINVAL, f"it is {kind}, not a file; write what it gives into a file", path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor

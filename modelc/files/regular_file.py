"""Opens regular files only: reading a pipe or a device could block or never end."""

from __future__ import annotations

import errno
import os
import stat
from typing import BinaryIO

from modelc.errors import FileFormatError
from modelc.system.file_access import NOT_FOLLOWED, NOT_INHERITED, NOT_WAITED_FOR


def regular_file(path: str, flags: int) -> int:
    """The `opener` of `open` for files that are read.

    Raises `OSError` for a pipe, a socket or a device, without waiting for what is at its other end.
    """
    descriptor = os.open(path, flags | NOT_WAITED_FOR | NOT_INHERITED, 0o666)
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


def no_link(path: str, flags: int) -> int:
    """The same `opener` for a file that an untrusted one names: it raises `OSError` for a symbolic link, too."""
    if os.path.islink(path):  # where the system has no flag for it
        raise OSError(errno.ELOOP, "it is a symbolic link, which is not followed", path)
    return regular_file(path, flags | NOT_FOLLOWED)


def opened(path: str | os.PathLike[str], *, link: bool = True) -> BinaryIO:
    """A regular file that is open to be read. Raises `FileFormatError` where it cannot be.

    `link` says whether a symbolic link is followed.
    """
    name = os.fspath(path)
    try:
        return open(path, "rb", opener=regular_file if link else no_link)
    except OSError as error:
        raise FileFormatError(f"`{name}` cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise FileFormatError(f"{name[:60]!r} is not a path: {error}") from None

"""Opening files with care, reading and writing them at a place, whose they are, and what they may be called."""

from __future__ import annotations

import os
import stat

NOT_FOLLOWED = getattr(os, "O_NOFOLLOW", 0)
"""A flag of `os.open`: fail at a symbolic link, where the system can."""
NOT_WAITED_FOR = getattr(os, "O_NONBLOCK", 0)
"""A flag of `os.open`: do not wait for the other end of a pipe."""
NOT_INHERITED = getattr(os, "O_CLOEXEC", 0)
"""A flag of `os.open`: programs that this process starts do not have the file. Python sets it by itself, too."""
AS_BYTES = getattr(os, "O_BINARY", 0)
"""A flag of `os.open`: line ends stay as they are, on Windows too."""

FORBIDDEN_IN_NAMES = '<>:"|?*' if os.name == "nt" else ""
"""The characters that no file's name may have, beside slashes and control characters."""


def is_own(status: os.stat_result) -> bool:
    """Whether a file or folder is this user's, and others may not write it.

    Windows keeps that in access lists, by which the user's own folders are private.
    """
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def is_of_another(status: os.stat_result) -> bool:
    """Whether a file or folder is another user's; False where the system does not tell by numbers."""
    return hasattr(os, "geteuid") and status.st_uid != os.geteuid()


def reads_at_places() -> bool:
    """Whether `read_at` works: whether several readers can share a descriptor."""
    return hasattr(os, "preadv")


def read_at(descriptor: int, buffer: memoryview, place: int) -> int:
    """Fill a buffer with what a file has at a place; the number of bytes, which may be fewer."""
    return os.preadv(descriptor, [buffer], place)


def reserve(descriptor: int, size: int) -> bool:
    """Have the disk keep room for so many bytes of a file and `write_at` write them; False where the system cannot.

    A page of a mapped file that the disk has no place for would end the process. Raises `OSError` where it has none.
    """
    if not hasattr(os, "posix_fallocate"):
        return False
    os.posix_fallocate(descriptor, 0, size)
    return True


def write_at(descriptor: int, data: memoryview, place: int) -> None:
    """Write all of `data` at a place of a file that `reserve` has made room for."""
    done = 0
    while done < len(data):
        done += os.pwrite(descriptor, data[done:], place + done)


def free_bytes(folder: str) -> int:
    """The bytes that are left on the disk of a folder, which need not be there yet; many where it cannot be told."""
    import shutil  # deferred: asked before much is written, and not at a start

    while folder and not os.path.exists(folder):
        folder = os.path.dirname(os.path.abspath(folder))
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 1 << 60

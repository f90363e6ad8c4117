"""A directory of compiled objects that is only this user's, written atomically and read with a digest check.

Loading an object is running code, so nothing is read from a directory or a file that somebody else owns or may
write; the cache is then left alone and code is compiled into memory.
"""

from __future__ import annotations

import contextlib
import logging
import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import platformdirs

_MAGIC = b"modelc object 1\n"
_HEADER = len(_MAGIC) + sha256().digest_size

_log = logging.getLogger("modelc")


def default_directory() -> Path:
    """MODELC_CACHE_DIR, or the user's cache directory for modelc."""
    return Path(os.environ.get("MODELC_CACHE_DIR") or platformdirs.user_cache_dir("modelc", appauthor=False))


@dataclass(frozen=True, slots=True)
class ObjectCache:
    """Objects by file name in one directory. No method raises for what is on the disk: a cache may always miss."""

    directory: Path

    def read(self, name: str) -> bytes | None:
        """The object, or None where there is none that is whole and safe to load."""
        try:
            if not _is_private(os.lstat(self.directory), stat.S_ISDIR):
                return None
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            with open(os.open(self.directory / name, flags), "rb") as file:
                if not _is_private(os.fstat(file.fileno()), stat.S_ISREG):
                    _log.warning("not loading %s: another user owns it or may write it", self.directory / name)
                    return None
                header, code = file.read(_HEADER), file.read()
        except OSError:
            return None
        if header != _MAGIC + sha256(code).digest():
            _log.warning("%s is damaged and will be made again", self.directory / name)
            return None
        return code

    def write(self, name: str, code: bytes) -> bool:
        """Keep the object, in place of any other of that name; False where the directory does not allow it."""
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(os.lstat(self.directory), stat.S_ISDIR):
                _log.warning("not caching in %s: another user owns it or may write it", self.directory)
                return False
            handle, temporary = tempfile.mkstemp(dir=self.directory, prefix=f".{name}.")
        except OSError as error:
            _log.warning("not caching in %s: %s", self.directory, error)
            return False
        try:
            with open(handle, "wb") as file:
                file.write(_MAGIC + sha256(code).digest() + code)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.directory / name)
        except OSError as error:
            _log.warning("not caching in %s: %s", self.directory, error)
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            return False
        return True


def _is_private(status: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Whether it is what is expected, this user's own, and writable by nobody else."""
    if not is_kind(status.st_mode):
        return False
    if not hasattr(os, "geteuid"):
        return True  # the user's cache directory is private on Windows by its access list
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)

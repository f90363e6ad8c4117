"""A directory of compiled objects that is only this user's, written atomically and read with a digest check.

Loading an object is running code, so nothing is read from a directory or a file that somebody else owns or may
write; the cache is then left alone and code is compiled into memory. The digest in an object is that of its name and
its code: an object under another's name is not loaded either.

The cache has a limit of bytes, MODELC_CACHE_SIZE. Where a new object exceeds it, those that were not used for longest
are removed. Processes that use it at the same time need no lock: what one removes, another makes again.
"""

from __future__ import annotations

import logging
import os
import re
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import platformdirs

from modelc.errors import InputError
from modelc.text.amounts import parse_bytes

DEFAULT_LIMIT = 64 * 2**20
"""The bytes that the cache may take where MODELC_CACHE_SIZE does not say: some 60 times what one version compiles."""

_FAMILY_OF_MAGICS = b"modelc object "
_MAGIC = _FAMILY_OF_MAGICS + b"2\n"
_HEADER = len(_MAGIC) + sha256().digest_size
_TEMPORARY = re.compile(r"\.[\w-]+\.o\.\w{8}")
_ABANDONED_SECONDS = 3600
"""The age at which a temporary file counts as abandoned: writing one takes milliseconds."""

_log = logging.getLogger("modelc")


def default_directory() -> Path:
    """MODELC_CACHE_DIR, or the user's cache directory for modelc."""
    return Path(os.environ.get("MODELC_CACHE_DIR") or platformdirs.user_cache_dir("modelc", appauthor=False))


def default_limit() -> int:
    """MODELC_CACHE_SIZE in bytes; 0 for a cache that keeps nothing. Raises `InputError` where it is no amount."""
    asked = os.environ.get("MODELC_CACHE_SIZE", "").strip()
    if not asked:
        return DEFAULT_LIMIT
    amount = parse_bytes(asked)
    if amount is None:
        raise InputError(
            f"MODELC_CACHE_SIZE is {asked[:60]!r}, which is not an amount of memory",
            "write a number of bytes, or such as 64MB; 0 disables the cache",
        )
    return amount


@dataclass(frozen=True, slots=True)
class CachedObject:
    """One object on the disk."""

    path: Path
    bytes: int
    used: float
    """When it was last read or written, in seconds."""


@dataclass(frozen=True, slots=True)
class ObjectCache:
    """Objects by file name in one directory. No method raises for what is on the disk: a cache may always miss."""

    directory: Path
    limit: int = DEFAULT_LIMIT

    def read(self, name: str) -> bytes | None:
        """The object, or None where there is none that is whole, of this name, and safe to load."""
        try:
            if not _is_private(os.lstat(self.directory), stat.S_ISDIR):
                return None
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            with open(os.open(self.directory / name, flags), "rb") as file:
                if not _is_private(os.fstat(file.fileno()), stat.S_ISREG):
                    _tell_once(f"not loading {self.directory / name}: another user owns it or may write it")
                    return None
                header, code = file.read(_HEADER), file.read()
        except OSError:
            return None
        if header != _MAGIC + _digest(name, code):
            _tell_once(f"{self.directory / name} is damaged and will be made again")
            return None
        with suppress(OSError):
            os.utime(self.directory / name)
        return code

    def write(self, name: str, code: bytes) -> bool:
        """Keep the object, in place of any other of that name; False where the directory does not allow it."""
        if not self.limit:
            return False
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(os.lstat(self.directory), stat.S_ISDIR):
                _tell_once(f"not caching in {self.directory}: another user owns it or may write it")
                return False
            handle, temporary = tempfile.mkstemp(dir=self.directory, prefix=f".{name}.")
        except OSError as error:
            _tell_once(f"not caching in {self.directory}: {error.strerror or error}")
            return False
        try:
            with open(handle, "wb") as file:
                file.write(_MAGIC + _digest(name, code) + code)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.directory / name)
        except OSError as error:
            _tell_once(f"not caching in {self.directory}: {error.strerror or error}")
            with suppress(OSError):
                os.unlink(temporary)
            return False
        self._sweep(_ABANDONED_SECONDS)
        self._shrink(self.directory / name)
        return True

    def objects(self) -> list[CachedObject]:
        """What the cache holds, the last used first. Files of others in the directory are not its objects."""
        return sorted(self._objects(), key=lambda found: found.used, reverse=True)

    def clear(self) -> int:
        """Remove all objects, and what killed processes have left; the number of objects. Other files stay."""
        count = 0
        for found in self._objects():
            with suppress(OSError):
                found.path.unlink()
                count += 1
        self._sweep(60)
        return count

    def _objects(self) -> Iterator[CachedObject]:
        for path in self._files():
            if path.suffix != ".o" or path.name.startswith("."):
                continue
            with suppress(OSError), path.open("rb") as file:
                if stat.S_ISREG(os.lstat(path).st_mode) and file.read(len(_FAMILY_OF_MAGICS)) == _FAMILY_OF_MAGICS:
                    status = os.fstat(file.fileno())
                    yield CachedObject(path, status.st_size, status.st_mtime)

    def _files(self) -> list[Path]:
        try:
            if not _is_private(os.lstat(self.directory), stat.S_ISDIR):
                return []
            return [Path(entry.path) for entry in os.scandir(self.directory) if entry.is_file(follow_symlinks=False)]
        except OSError:
            return []

    def _shrink(self, newest: Path) -> None:
        """Remove what was not used for longest, but not what was just written, until the limit holds."""
        objects = self.objects()
        excess = sum(found.bytes for found in objects) - self.limit
        for found in reversed(objects):
            if excess <= 0:
                return
            if found.path != newest:
                with suppress(OSError):
                    found.path.unlink()
                excess -= found.bytes

    def _sweep(self, age: float) -> None:
        """Remove the temporary files of processes that were killed."""
        for path in self._files():
            if _TEMPORARY.fullmatch(path.name):
                with suppress(OSError):
                    if time.time() - path.stat().st_mtime > age:
                        path.unlink()


def _digest(name: str, code: bytes) -> bytes:
    digest = sha256(f"{name}\n".encode())
    digest.update(code)
    return digest.digest()


@cache
def _tell_once(message: str) -> None:
    """Warn, the first time: where nothing can be cached, each of some 20 objects would say so."""
    _log.warning("%s", message)


def _is_private(status: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Whether it is of the expected type, owned by this user, and not writable by others."""
    if not is_kind(status.st_mode):
        return False
    if not hasattr(os, "geteuid"):
        return True  # the user's cache directory is private on Windows by its access list
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)

"""A directory of files that is only this user's: written atomically, the least recently used ones removed.

To load an object or a plan is to run code, so nothing is read from a directory or a file that somebody else owns or may
write. Processes that use it at the same time need no lock: what one removes, another makes again. `alone` is for those
that would make the same at the same time.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from io import BufferedReader
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from modelc.system.cache_folder import user_cache_folder
from modelc.system.file_access import AS_BYTES, NOT_FOLLOWED, is_own
from modelc.system.file_locks import locked

if TYPE_CHECKING:
    from pathlib import Path

_ABANDONED_SECONDS = 3600
"""The age at which a temporary file counts as abandoned: writing one takes a second at the most."""


def default_directory() -> str:
    """MODELC_CACHE_DIR, or the user's cache directory for modelc."""
    return os.environ.get("MODELC_CACHE_DIR") or user_cache_folder("modelc")


class CachedFile(NamedTuple):
    """One file of a cache."""

    name: str
    bytes: int
    used: float
    """When it was last read or written, in seconds."""


@dataclass(frozen=True)
class PrivateCache:
    """Files by name in one directory, all of one kind. No method raises for what is on the disk: a cache may miss."""

    SUFFIX: ClassVar[str]
    """What the names of its files end in."""
    MAGIC: ClassVar[bytes]
    """What its files begin with, of whatever version."""
    MOST: ClassVar[int] = 1000
    """The files that it may have: all are looked at when one is written."""

    directory: str | Path
    limit: int
    """The bytes that its files may take together; 0 for a cache that keeps nothing."""

    def path(self, name: str) -> str:
        """The path of the file of that name."""
        return os.path.join(self.directory, name)

    def opened(self, name: str) -> BufferedReader | None:
        """The file of that name, open for reading; None where there is none that is safe to load."""
        try:
            if not _is_private(os.lstat(self.directory), stat.S_ISDIR):
                return None
            file = open(os.open(self.path(name), os.O_RDONLY | NOT_FOLLOWED | AS_BYTES), "rb")  # noqa: SIM115 the caller closes it
        except OSError:
            return None
        if not _is_private(os.fstat(file.fileno()), stat.S_ISREG):
            file.close()
            tell_once(f"not loading {self.path(name)}: another user owns it or may write it")
            return None
        return file

    def put(self, name: str, parts: Sequence[Any]) -> bool:
        """Keep a file of these bytes in place of any other of that name; False where the directory forbids it."""
        made = self.temporary(name)
        if made is None:
            return False
        handle, temporary = made
        try:
            with open(handle, "wb") as file:
                for part in parts:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self._give_up(temporary, error)
            return False
        return self.adopt(temporary, name)

    def temporary(self, name: str) -> tuple[int, str] | None:
        """The descriptor and path of a new file that may become that of this name; None where nothing is kept."""
        if not self.limit:
            return None
        import tempfile

        try:
            os.makedirs(self.directory, mode=0o700, exist_ok=True)
            if not _is_private(os.lstat(self.directory), stat.S_ISDIR):
                tell_once(f"not caching in {self.directory}: another user owns it or may write it")
                return None
            return tempfile.mkstemp(dir=self.directory, prefix=f".{name}.")
        except OSError as error:
            tell_once(f"not caching in {self.directory}: {error.strerror or error}")
            return None

    def adopt(self, temporary: str, name: str) -> bool:
        """Give a file that `temporary` made its name, in place of any other; False where that cannot be."""
        try:
            os.replace(temporary, self.path(name))
        except OSError as error:
            self._give_up(temporary, error)
            return False
        self._sweep(_ABANDONED_SECONDS)
        self._shrink(name)
        return True

    def _give_up(self, temporary: str, error: OSError) -> None:
        tell_once(f"not caching in {self.directory}: {error.strerror or error}")
        with suppress(OSError):
            os.unlink(temporary)

    @contextmanager
    def alone(self) -> Generator[None]:
        """Inside, no other process is here: what it made is in the cache. Nothing waits where nothing is kept."""
        with ExitStack() as stack:
            if self.limit:
                with suppress(OSError):  # the directory cannot be written
                    os.makedirs(self.directory, mode=0o700, exist_ok=True)
                    if _is_private(os.lstat(self.directory), stat.S_ISDIR):
                        stack.enter_context(locked(self.directory))
            yield

    def files(self) -> list[CachedFile]:
        """What the cache holds, the last used first. Files of others in the directory are not its own."""
        return sorted(self._found(), key=lambda found: found.used, reverse=True)

    def clear(self) -> int:
        """Remove all files, and what killed processes have left; the number of files. Those of others stay."""
        count = 0
        for found in self._found():
            with suppress(OSError):
                os.unlink(self.path(found.name))
                count += 1
        self._sweep(60)
        return count

    def _found(self) -> Iterator[CachedFile]:
        for name in self._names():
            if not name.endswith(self.SUFFIX) or name.startswith("."):
                continue
            with suppress(OSError), open(self.path(name), "rb") as file:
                if stat.S_ISREG(os.lstat(self.path(name)).st_mode) and file.read(len(self.MAGIC)) == self.MAGIC:
                    status = os.fstat(file.fileno())
                    yield CachedFile(name, status.st_size, self._used(status))

    def _used(self, status: os.stat_result) -> float:
        """When a file was last used."""
        return status.st_mtime

    def _names(self) -> list[str]:
        try:
            if not _is_private(os.lstat(self.directory), stat.S_ISDIR):
                return []
            return [entry.name for entry in os.scandir(self.directory) if entry.is_file(follow_symlinks=False)]
        except OSError:
            return []

    def _shrink(self, newest: str) -> None:
        """Remove what was not used for longest, but not what was just written, until the limits hold."""
        files = self.files()
        excess, many = sum(found.bytes for found in files) - self.limit, len(files) - self.MOST
        for found in reversed(files):
            if excess <= 0 and many <= 0:
                return
            if found.name != newest:
                with suppress(OSError):
                    os.unlink(self.path(found.name))
                excess, many = excess - found.bytes, many - 1

    def _sweep(self, age: float) -> None:
        """Remove the temporary files of processes that were killed."""
        temporary = re.compile(rf"\.[\w-]+{re.escape(self.SUFFIX)}\.\w{{8}}")
        for name in self._names():
            if temporary.fullmatch(name):
                with suppress(OSError):
                    if time.time() - os.stat(self.path(name)).st_mtime > age:
                        os.unlink(self.path(name))


@cache
def tell_once(message: str) -> None:
    """Warn, the first time: where nothing can be cached, each of some 20 objects would say so."""
    import logging

    logging.getLogger("modelc").warning("%s", message)


def _is_private(status: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Whether it is of the expected type, owned by this user, and not writable by others."""
    return is_kind(status.st_mode) and is_own(status)

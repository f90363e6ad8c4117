"""Writing files whole or not at all, several of them together where they belong together.

What is written lies beside its place until it is whole and on the disk, as `.NAME.<16 digits>.tmp`. Its writer holds a
lock on it. What a killed process has left is not locked, and the next one that writes to the same name removes it.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from modelc.errors import StorageError
from modelc.files.kinds import Kind
from modelc.files.outputs import check_output
from modelc.system.file_access import NOT_FOLLOWED, NOT_INHERITED
from modelc.system.file_locks import is_unlinked, open_files_move, sync_names, try_lock

_LONGEST_PREFIX = 180
"""The bytes of a name that are repeated in that of its temporary file: all names have at most 255."""
_ABANDONED_SECONDS = 24 * 3600
"""The age at which a temporary file counts as abandoned, if files cannot be locked."""


@contextmanager
def replacing(path: str | os.PathLike[str], kind: Kind, *, force: bool | None = None) -> Generator[Path]:
    """A temporary file beside `path` to write to; it takes the place of `path` if the block ends without an error.

    The data reaches the disk before the name changes, so that neither an error nor a crash leaves half a file. Raises
    `OverwriteError` where a file of another kind has the name, unless `force`.
    """
    with replacing_together([(path, kind)], force=force) as (temporary,):
        yield temporary


@contextmanager
def replacing_together(
    targets: Sequence[tuple[str | os.PathLike[str], Kind]], *, force: bool | None = None
) -> Generator[list[Path]]:
    """As `replacing` for several files: all of them are replaced, in this order, or none is.

    What refers to the others comes last. An error while names change puts the old files back. No file system changes
    two names at once: so the old files are removed first, all but that of the first name, and a process that is killed
    then leaves what is new of the first names, and nothing of the others. What refers to another file is never there
    beside an older or a newer one than it was written with; to write all of them again mends it.
    """
    with ExitStack() as stack:
        pending = [stack.enter_context(_pending(path, kind, force)) for path, kind in targets]
        yield [one.temporary for one in pending]
        for one in pending:
            _sync(one.temporary)
        _commit(pending)
    _sync_folders(pending)


@contextmanager
def scratch(temporary: Path) -> Generator[Path]:
    """A folder for parts of what is written to a temporary file; removed with all that is in it."""
    folder = temporary.with_name(f"{temporary.name}.d")
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def require_replaceable(path: str | os.PathLike[str]) -> None:
    """Raise `StorageError` where a file of that name could not be written: asked before the work whose result it is."""
    try:
        target = Path(os.path.realpath(path))
        _require_file(target)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {error.strerror}") from None
    if not target.parent.is_dir():
        raise StorageError(f"{path}: cannot be written: there is no folder {Path(path).parent}")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise StorageError(f"{path}: cannot be written: its folder is read-only")


@dataclass(frozen=True)
class _Pending:
    """A file that is being written."""

    temporary: Path
    target: Path

    @property
    def kept(self) -> Path:
        """Where the old file is kept while names change."""
        return self.temporary.with_name(f"{self.temporary.name}.old")


@contextmanager
def _pending(path: str | os.PathLike[str], kind: Kind, force: bool | None) -> Generator[_Pending]:
    target = Path(os.path.realpath(path))
    _require_file(target)
    check_output(target, kind, force=force)
    _sweep(target)
    temporary, lock = _create(target)
    if not open_files_move():
        os.close(lock)
    try:
        yield _Pending(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
        if open_files_move():
            os.close(lock)


def _create(target: Path) -> tuple[Path, int]:
    """A new temporary file for a target, and the descriptor that holds its lock."""
    while True:
        temporary = target.with_name(f".{_prefix(target.name)}.{secrets.token_hex(8)}.tmp")
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR | NOT_INHERITED, 0o666)
        # Another process may have found it between these two lines, not locked yet, and removed it.
        if try_lock(descriptor) is not False and not is_unlinked(descriptor):
            return temporary, descriptor
        os.close(descriptor)


def _commit(pending: Sequence[_Pending]) -> None:
    """Let the temporary files take their names; where one cannot, put back what all of them had."""
    later = pending[1:]
    try:
        for one in pending if later else ():
            _keep(one)
        _take_away(later)
        for one in pending:
            if one is pending[-1] and later:
                _sync_folders(pending)  # the last name is on the disk after all others
            os.replace(one.temporary, one.target)
    except BaseException:
        _put_back(pending)
        raise
    finally:
        for one in pending:
            with suppress(OSError):
                one.kept.unlink(missing_ok=True)


def _take_away(later: Sequence[_Pending]) -> None:
    """Remove the old files that may refer to those which come before: better none than one beside what it is not of."""
    for one in later:
        one.target.unlink(missing_ok=True)
    if later:
        _sync_folders(later)


def _put_back(pending: Sequence[_Pending]) -> None:
    """Restore the old files, the first one first, after what may refer to it is gone."""
    for one in reversed(pending):
        with suppress(OSError):
            if len(pending) > 1 and (one.kept.exists() or not one.temporary.exists()):
                one.target.unlink(missing_ok=True)
    for one in pending:
        with suppress(OSError):
            if one.kept.exists():
                os.replace(one.kept, one.target)


def _keep(one: _Pending) -> None:
    if not one.target.exists():
        return
    try:
        os.link(one.target, one.kept)
    except OSError:  # a file system without links
        shutil.copy2(one.target, one.kept)


def _sweep(target: Path) -> None:
    """Remove what killed processes have left of writing to a target."""
    pattern = re.compile(re.escape(f".{_prefix(target.name)}.") + r"[0-9a-f]{16}\.tmp")
    with suppress(OSError):
        for found in list(os.scandir(target.parent)):
            if not pattern.match(found.name):
                continue
            stem = target.with_name(found.name.removesuffix(".d").removesuffix(".old"))
            if pattern.fullmatch(stem.name) and _is_abandoned(stem):
                shutil.rmtree(stem.with_name(f"{stem.name}.d"), ignore_errors=True)
                for left in (stem.with_name(f"{stem.name}.old"), stem):
                    with suppress(OSError):
                        left.unlink(missing_ok=True)


def _is_abandoned(temporary: Path) -> bool:
    """Whether the lock of a temporary file is free."""
    try:
        descriptor = os.open(temporary, os.O_RDWR | NOT_FOLLOWED | NOT_INHERITED)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        locked = try_lock(descriptor)
        return time.time() - os.fstat(descriptor).st_mtime > _ABANDONED_SECONDS if locked is None else locked
    finally:
        os.close(descriptor)


def _prefix(name: str) -> str:
    """The beginning of a name, without half a character at its end."""
    return os.fsdecode(os.fsencode(name)[:_LONGEST_PREFIX].decode("utf-8", "ignore").encode())


def _require_file(target: Path) -> None:
    """Raise `OSError` where a folder or a device has the name; the latter would be gone for good."""
    if target.is_dir():
        raise OSError(errno.EISDIR, "it is a folder", os.fspath(target))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is no file, but a device or a pipe", os.fspath(target))


def _sync_folders(pending: Sequence[_Pending]) -> None:
    """See to it that the names as they are now are on the disk."""
    for folder in {one.target.parent for one in pending}:
        sync_names(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

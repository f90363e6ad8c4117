"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from modelc.errors import StorageError


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Generator[Path]:
    """A temporary file beside `path` to write to; it takes the place of `path` if the block ends without an error.

    The data reaches the disk before the name changes, so that neither an error nor a crash leaves half a file.
    """
    target = Path(os.path.realpath(path))
    _require_file(target)
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.tmp")
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        yield temporary
        _sync(temporary)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        _sync(target.parent)


def require_replaceable(path: str | os.PathLike[str]) -> None:
    """Raise `StorageError` where a file of that name could not be written: asked before the work whose result it is."""
    target = Path(os.path.realpath(path))
    try:
        _require_file(target)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {error.strerror}") from None
    if not target.parent.is_dir():
        raise StorageError(f"{path}: cannot be written: there is no folder {Path(path).parent}")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise StorageError(f"{path}: cannot be written: its folder is read-only")


def _require_file(target: Path) -> None:
    """Raise `OSError` where a folder or a device has the name; the latter would be gone for good."""
    if target.is_dir():
        raise OSError(errno.EISDIR, "it is a folder", os.fspath(target))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is no file, but a device or a pipe", os.fspath(target))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

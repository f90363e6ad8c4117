"""`.keras`: the zip archive of `config.json`, `metadata.json` and `model.weights.h5` that Keras 3 saves.

The directory is read only after its size is known, and a member only after its name, kind and size are checked.
The weights are read in place where they are stored as they are, as Keras stores them, and otherwise from a private
temporary file without a name.
"""

from __future__ import annotations

import io
import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from modelc.errors import FileFormatError
from modelc.files.hdf5.attributes import MAX_TEXT_BYTES

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"

_MEMBERS = (CONFIG, METADATA, WEIGHTS)
_MAX_DIRECTORY_BYTES = 2**12
_MAX_METADATA_BYTES = 2**16
_MAX_RATIO = 100
_SMALL_BYTES = 2**16
_END_RECORD_BYTES, _LOCATOR_BYTES, _LOCAL_HEADER_BYTES = 22, 20, 30
_ZIP64_FROM = 2**32 - 1
_CHUNK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Archive:
    """The parts of a `.keras` file."""

    config: bytes
    metadata: bytes
    weights: BinaryIO
    """A seekable stream."""
    weights_bytes: int


def is_zip(stream: BinaryIO) -> bool:
    """Whether a stream begins as a zip archive does."""
    stream.seek(0)
    return stream.read(4) in (b"PK\3\4", b"PK\5\6")


@contextmanager
def open_archive(stream: BinaryIO, name: str) -> Generator[Archive]:
    """The parts of a `.keras` file, which is called `name` in messages, from a stream that can seek.

    Raises `FileFormatError` where it is damaged, holds other members or larger ones than such a file has.
    """
    with _translated(name):
        _check_end(stream, name)
        archive = zipfile.ZipFile(stream)
    with archive, ExitStack() as stack:
        with _translated(name):
            infos = _members(archive, name)
            config, metadata = _read(archive, infos[CONFIG]), _read(archive, infos[METADATA])
            if infos[WEIGHTS].compress_type == zipfile.ZIP_STORED:
                weights = stack.enter_context(_in_place(archive, stream, infos[WEIGHTS]))
            else:
                weights = stack.enter_context(tempfile.TemporaryFile())
                with archive.open(infos[WEIGHTS]) as member:  # ends at the size that its directory entry claims
                    shutil.copyfileobj(member, weights, _CHUNK_BYTES)
        yield Archive(config, metadata, cast("BinaryIO", weights), infos[WEIGHTS].file_size)


def _check_end(stream: BinaryIO, name: str) -> None:
    """Refuse what is no archive of three members before its directory is read."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _END_RECORD_BYTES - _LOCATOR_BYTES))
    tail = stream.read()
    end = tail[-_END_RECORD_BYTES:]
    if len(end) < _END_RECORD_BYTES or end[:4] != b"PK\5\6":
        raise _damaged(name, "it does not end as a zip archive")
    if tail[:4] == b"PK\6\7" and size < _ZIP64_FROM:
        raise _damaged(name, "its directory is of the kind for archives of more than 4 GiB")
    count, directory = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if count != len(_MEMBERS) or directory > _MAX_DIRECTORY_BYTES:
        assets = "; the others may be the vocabularies of adapted layers: give those their `vocabulary`, and save again"
        more = assets if count > len(_MEMBERS) else ""
        raise _damaged(name, f"it has {count} members, expected {', '.join(_MEMBERS)}{more}")


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    entries = archive.infolist()
    for info in entries:
        _check_member(info, name)
    infos = {info.filename: info for info in entries}
    if len(infos) != len(entries):
        raise _damaged(name, "two of its members have the same name")
    if missing := [member for member in _MEMBERS if member not in infos]:
        raise _damaged(name, f"it has no {missing[0]}")
    return infos


def _check_member(info: zipfile.ZipInfo, name: str) -> None:
    # The name before zipfile cut it at a NUL and replaced separators.
    member = info.orig_filename
    if member not in _MEMBERS or info.filename != member:
        raise _damaged(name, f"it has the member {member[:60]!r}, expected {', '.join(_MEMBERS)}")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or info.flag_bits & 0x41:
        raise _damaged(name, f"{member} is a link, not a file, or encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _damaged(name, f"{member} is compressed in a way that modelc does not read")
    most = {CONFIG: MAX_TEXT_BYTES, METADATA: _MAX_METADATA_BYTES}.get(member)
    ratio = 1 if info.compress_type == zipfile.ZIP_STORED else _MAX_RATIO
    if (most is not None and info.file_size > most) or info.file_size > max(
        _SMALL_BYTES * (ratio > 1), ratio * info.compress_size
    ):
        raise _damaged(name, f"{member} claims {info.file_size} bytes, of which {info.compress_size} are stored")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member whole. Without a size, zipfile would inflate all that there is before it looks at the claim."""
    with archive.open(info) as member:
        return member.read(info.file_size) + member.read(1)  # its digest is checked at its end


def _in_place(archive: zipfile.ZipFile, stream: BinaryIO, info: zipfile.ZipInfo) -> io.BufferedReader:
    """A stored member as a part of the archive."""
    with archive.open(info) as member:  # checks its local header, and its digest when read to the end
        while member.read(_CHUNK_BYTES):
            pass
    stream.seek(info.header_offset)
    header = stream.read(_LOCAL_HEADER_BYTES)
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return io.BufferedReader(_StreamPart(stream, info.header_offset + _LOCAL_HEADER_BYTES + lengths, info.file_size))


class _StreamPart(io.RawIOBase):
    """A part of a stream, as a stream."""

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream, self._start, self._size, self._at = stream, start, size, 0

    def readable(self) -> bool:
        """True: this is what `io.RawIOBase` asks before it reads."""
        return True

    def seekable(self) -> bool:
        """True: this is what `io.RawIOBase` asks before it seeks."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a place within or behind the part."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def readinto(self, buffer: object, /) -> int:
        """Fill a buffer as far as the part reaches."""
        view = memoryview(cast("bytearray", buffer)).cast("B")
        self._stream.seek(self._start + self._at)
        count = cast("io.BufferedReader", self._stream).readinto(view[: max(0, self._size - self._at)])
        self._at += count
        return count


@contextmanager
def _translated(name: str) -> Generator[None]:
    """What zipfile and zlib raise for damaged data becomes a `FileFormatError`."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, EOFError, RuntimeError, ValueError) as error:
        raise _damaged(name, str(error)) from None


def _damaged(name: str, reason: str) -> FileFormatError:
    return FileFormatError(f"`{name}` is not a .keras file, or is damaged: {reason}")

"""Archives: zip files of uncompressed members, with a manifest of their sizes and digests."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeVar, cast

from modelc import __version__
from modelc.errors import FileFormatError
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind
from modelc.files.regular_file import regular_file

T = TypeVar("T")

_MANIFEST = "manifest.json"
_MAX_MANIFEST_BYTES = 2**16
_MAX_DIRECTORY_BYTES = 2**12
_END_RECORD_BYTES = 22
_LOCAL_LENGTHS, _LOCAL_HEADER_BYTES = 26, 30
"""Where in a member's own header the lengths of its name and of what else is said are, and the size without these."""
_PIECE = 2**20


@dataclass(frozen=True, slots=True)
class ArchiveLayout:
    """What archives of one kind hold."""

    kind: Kind
    version: int
    """The version of the format; it grows with every change that an older modelc could not read."""
    members: Mapping[str, int | None]
    """The members but for the manifest, in order, with the most bytes that each may have."""

    def damaged(self, name: str, reason: str) -> FileFormatError:
        """The error about a file of that name that is not what it should be."""
        return FileFormatError(f"`{name}` is not {self.what}, or is damaged: {reason}")

    @property
    def what(self) -> str:
        """The kind, in messages: `a .modelc file`."""
        return self.kind.value

    @property
    def names(self) -> list[str]:
        """All members, the manifest last."""
        return [*self.members, _MANIFEST]

    def __str__(self) -> str:
        return f"{', '.join(self.members)} and {_MANIFEST}"


class Writer:
    """Adds members to an archive that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.lines: dict[str, dict[str, Any]] = {}
        """What the manifest says of each member so far."""

    def add(self, member: str, data: bytes) -> None:
        """Store a member from memory."""
        self._archive.writestr(_info(member), data)
        self.lines[member] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def stream(self, member: str, size: int, write: Callable[[IO[bytes]], None]) -> None:
        """Store a member of `size` bytes that `write` writes."""
        info = _info(member)
        info.file_size = size
        with self._archive.open(info, "w") as target:
            hashing = _HashingWriter(target)
            write(cast("IO[bytes]", hashing))
        self.lines[member] = {"bytes": info.file_size, "sha256": hashing.digest}


@contextmanager
def writing(path: str | os.PathLike[str], layout: ArchiveLayout, *, force: bool | None = None) -> Generator[Writer]:
    """What to add the members of a new archive to; it replaces `path`, whole, when the block ends well.

    `force` and `OverwriteError` are as in `replacing`.
    """
    with replacing(path, layout.kind, force=force) as temporary, writing_open(temporary, layout) as writer:
        yield writer


@contextmanager
def writing_open(target: Path | IO[bytes], layout: ArchiveLayout) -> Generator[Writer]:
    """As `writing`, into a file that need not survive an error, or into memory."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        writer = Writer(archive)
        yield writer
        manifest = {"format": layout.version, "modelc": __version__, "members": writer.lines}
        writer.add(_MANIFEST, (json.dumps(manifest, indent=2) + "\n").encode())


class Reader:
    """Reads members of an archive whose directory and manifest are as they should be."""

    def __init__(self, archive: zipfile.ZipFile, layout: ArchiveLayout, name: str) -> None:
        self._archive = archive
        self._layout = layout
        self._infos = _members(archive, layout, name)
        self._digests = _manifest(archive, self._infos, layout, name)
        self.name = name
        """The file, in messages."""

    @property
    def digests(self) -> Mapping[str, str]:
        """The SHA-256 of each member, as the manifest says."""
        return self._digests

    def verify(self, member: str) -> None:
        """Raise `FileFormatError` where a member does not match its digest; it is not held in memory as a whole."""
        self.consume(member, _read_through)

    def read(self, member: str) -> bytes:
        """The bytes of a member. Raises `FileFormatError` where they do not match their digest."""
        data = self._archive.read(self._infos[member])
        self._check(member, hashlib.sha256(data).hexdigest())
        return data

    def consume(self, member: str, read: Callable[[IO[bytes], int], T]) -> T:
        """What `read` makes of a member's stream and size. Raises as `read` of the archive, once all was read."""
        with self._archive.open(self._infos[member]) as stream:
            hashing = _HashingReader(stream)
            made = read(cast("IO[bytes]", hashing), self._infos[member].file_size)
        self._check(member, hashing.digest)
        return made

    def place(self, member: str) -> tuple[int, int]:
        """Where the bytes of a member begin in the file, and how many there are."""
        info, file = self._infos[member], self._archive.fp
        assert file is not None, "the archive is open"
        file.seek(info.header_offset + _LOCAL_LENGTHS)
        lengths = file.read(4)
        extra = int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
        return info.header_offset + _LOCAL_HEADER_BYTES + extra, info.file_size

    def damaged(self, reason: str) -> FileFormatError:
        """The error about this file."""
        return self._layout.damaged(self.name, reason)

    def _check(self, member: str, digest: str) -> None:
        if digest != self._digests[member]:
            raise self.damaged(f"{member} does not match its digest")


def reading(path: str | os.PathLike[str], layout: ArchiveLayout, read: Callable[[Reader], T]) -> T:
    """What `read` makes of an archive. Raises `FileFormatError` where it is none of this layout."""
    name = os.fspath(path)
    try:
        with open(path, "rb", opener=regular_file) as file:
            return reading_open(file, name, layout, read)
    except OSError as error:
        raise FileFormatError(f"`{name}` cannot be read: {error.strerror or error}") from None


def reading_open(file: BinaryIO, name: str, layout: ArchiveLayout, read: Callable[[Reader], T]) -> T:
    """What `read` makes of an archive in a file that is open, which is called `name` in messages; see `reading`."""
    try:
        _check_end(file, layout, name)
        with zipfile.ZipFile(file) as archive:
            return read(Reader(archive, layout, name))
    except OSError as error:
        raise FileFormatError(f"`{name}` cannot be read: {error.strerror or error}") from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise layout.damaged(name, f"{error}") from None


def _read_through(stream: IO[bytes], size: int) -> None:
    while stream.read(_PIECE):
        pass


def _check_end(file: BinaryIO, layout: ArchiveLayout, name: str) -> None:
    """Refuse what is no archive of so many members before its directory is read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_RECORD_BYTES))
    end = file.read(_END_RECORD_BYTES)
    if len(end) < _END_RECORD_BYTES or end[:4] != b"PK\5\6":
        raise layout.damaged(name, "it does not end as a zip archive")
    count, directory = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if count != len(layout.names) or directory > _MAX_DIRECTORY_BYTES:
        raise layout.damaged(name, f"it has {count} members, expected {layout}")


def _members(archive: zipfile.ZipFile, layout: ArchiveLayout, name: str) -> dict[str, zipfile.ZipInfo]:
    infos = {info.filename: info for info in archive.infolist()}
    if sorted(infos) != sorted(layout.names) or len(archive.infolist()) != len(infos):
        found = ", ".join(sorted(info.filename[:40] for info in archive.infolist()))
        raise layout.damaged(name, f"it holds {found}, expected {layout}")
    for info in infos.values():
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size or info.flag_bits & 1:
            raise layout.damaged(name, f"{info.filename} is compressed or encrypted")
        if info.header_offset < 0:
            raise layout.damaged(name, f"{info.filename} begins before the file")
    for member, most in ((_MANIFEST, _MAX_MANIFEST_BYTES), *layout.members.items()):
        if most is not None and infos[member].file_size > most:
            raise layout.damaged(name, f"{member} is larger than {most} bytes")
    return infos


def _manifest(
    archive: zipfile.ZipFile, infos: Mapping[str, zipfile.ZipInfo], layout: ArchiveLayout, name: str
) -> dict[str, str]:
    """The digest of each member, its size checked."""
    try:
        manifest: Any = json.loads(archive.read(infos[_MANIFEST]))
        version, members = manifest["format"], manifest["members"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise layout.damaged(name, f"{_MANIFEST} is malformed") from None
    if version != layout.version:
        found = str(version)[:20]
        raise FileFormatError(f"`{name}` has version {found} of the format, this modelc reads version {layout.version}")
    digests: dict[str, str] = {}
    for member in layout.members:
        try:
            size, digests[member] = members[member]["bytes"], str(members[member]["sha256"])
        except (TypeError, KeyError):
            raise layout.damaged(name, f"{_MANIFEST} does not describe {member}") from None
        if size != infos[member].file_size:
            raise layout.damaged(name, f"{member} has {infos[member].file_size} bytes, expected {str(size)[:20]}")
    return digests


def _info(member: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


class _HashingReader:
    """A stream that notes the digest of what is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        self._hash.update(data)
        return data

    @property
    def digest(self) -> str:
        """The SHA-256 of everything so far."""
        return self._hash.hexdigest()


class _HashingWriter:
    """A stream that notes the digest of what is written to it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def write(self, data: bytes | memoryview, /) -> int:
        self._hash.update(data)
        return self._stream.write(data)

    @property
    def digest(self) -> str:
        """The SHA-256 of everything so far."""
        return self._hash.hexdigest()

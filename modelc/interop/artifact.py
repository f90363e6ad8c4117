"""`.modelc`: a built model as one file.

The file is a zip archive of three stored members: `spec.json`, the canonical spec; `weights.safetensors`, its
weights by path; and `manifest.json`, the version of this format, the modelc that wrote it, and the size and SHA-256
of the other two. It holds data only. The same model gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeVar, cast

from modelc import __version__
from modelc.errors import FileFormatError, SpecError, WeightsError
from modelc.interop.atomic import replacing
from modelc.interop.tensors import read_tensors, write_tensors
from modelc.runtime.build import build
from modelc.runtime.model import Model
from modelc.runtime.program import OnCompile
from modelc.runtime.symbol import Backend
from modelc.spec.load import load_spec
from modelc.spec.node import MAX_BYTES
from modelc.spec.spec import Spec
from modelc.weights import shapes_of

FORMAT = 1
"""The version of the format; it grows with every change that an older modelc could not read."""

T = TypeVar("T")

_SPEC, _WEIGHTS, _MANIFEST = "spec.json", "weights.safetensors", "manifest.json"
_MAX_MANIFEST_BYTES = 2**16
_MAX_DIRECTORY_BYTES = 2**12
_END_RECORD_BYTES = 22
_CHUNK_BYTES = 2**20


def save(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model, replacing `path` as a whole. Raises `NotBuiltError` where it has no weights yet."""
    arrays = model.arrays
    text = model.to_spec().without_weight_files().to_json() + "\n"
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        weights = temporary.with_suffix(".tensors")
        try:
            write_tensors(weights, arrays)
            members = {_SPEC: _add(archive, _SPEC, text.encode()), _WEIGHTS: _add(archive, _WEIGHTS, weights)}
        finally:
            weights.unlink(missing_ok=True)
        manifest = {"format": FORMAT, "modelc": __version__, "members": members}
        _add(archive, _MANIFEST, (json.dumps(manifest, indent=2) + "\n").encode())


def load(path: str | os.PathLike[str], *, backend: Backend = "native", on_compile: OnCompile | None = None) -> Model:
    """The model in a `.modelc` file, compiled. Nothing in the file is executed.

    Raises `FileFormatError` with the reason where the file is damaged, was changed, or is not such a file.
    """
    spec, weights = _open(path, _read)
    return build(spec, weights=weights, backend=backend, on_compile=on_compile)


def read_spec(path: str | os.PathLike[str]) -> Spec:
    """The spec in a `.modelc` file; its weights are not read. Raises `FileFormatError` as `load` does."""

    def read(archive: zipfile.ZipFile, name: str) -> Spec:
        infos = _members(archive, name)
        return _spec(_read_member(archive, infos[_SPEC], _manifest(archive, infos, name)[_SPEC], name), name)

    return _open(path, read)


def _open(path: str | os.PathLike[str], read: Callable[[zipfile.ZipFile, str], T]) -> T:
    """What `read` makes of the archive. Raises `FileFormatError` where it is none."""
    name = os.fspath(path)
    try:
        with open(path, "rb") as file:
            _check_end(file, name)
            with zipfile.ZipFile(file) as archive:
                return read(archive, name)
    except OSError as error:
        raise FileFormatError(f"`{name}` cannot be read: {error.strerror or error}") from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise _damaged(name, f"{error}") from None


def _read(archive: zipfile.ZipFile, name: str) -> tuple[Spec, dict[str, Any]]:
    infos = _members(archive, name)
    manifest = _manifest(archive, infos, name)
    spec = _spec(_read_member(archive, infos[_SPEC], manifest[_SPEC], name), name)
    with archive.open(infos[_WEIGHTS]) as stream:
        hashing = _Hashing(stream)
        expected = shapes_of(spec.graph.weights)
        try:
            weights = read_tensors(hashing, infos[_WEIGHTS].file_size, expected, "its spec", name)
        except WeightsError as error:
            raise _damaged(name, str(error)) from None
    _check_digest(hashing.digest, manifest[_WEIGHTS], _WEIGHTS, name)
    return spec, weights


def _check_end(file: BinaryIO, name: str) -> None:
    """Refuse what is no archive of three members before its directory is read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_RECORD_BYTES))
    end = file.read(_END_RECORD_BYTES)
    if len(end) < _END_RECORD_BYTES or end[:4] != b"PK\5\6":
        raise _damaged(name, "it does not end as a zip archive")
    count, directory = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if count != 3 or directory > _MAX_DIRECTORY_BYTES:
        raise _damaged(name, f"it has {count} members, expected {_SPEC}, {_WEIGHTS} and {_MANIFEST}")


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    infos = {info.filename: info for info in archive.infolist()}
    if sorted(infos) != sorted((_SPEC, _WEIGHTS, _MANIFEST)) or len(archive.infolist()) != len(infos):
        found = ", ".join(sorted(info.filename[:40] for info in archive.infolist()))
        raise _damaged(name, f"it holds {found}, expected {_SPEC}, {_WEIGHTS} and {_MANIFEST}")
    for info in infos.values():
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size or info.flag_bits & 1:
            raise _damaged(name, f"{info.filename} is compressed or encrypted")
    for member, most in ((_MANIFEST, _MAX_MANIFEST_BYTES), (_SPEC, MAX_BYTES)):
        if infos[member].file_size > most:
            raise _damaged(name, f"{member} is larger than {most} bytes")
    return infos


def _manifest(archive: zipfile.ZipFile, infos: Mapping[str, zipfile.ZipInfo], name: str) -> dict[str, str]:
    """The digest of each member, its size checked."""
    try:
        manifest: Any = json.loads(archive.read(infos[_MANIFEST]))
        version, members = manifest["format"], manifest["members"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _damaged(name, f"{_MANIFEST} is malformed") from None
    if version != FORMAT:
        found = str(version)[:20]
        raise FileFormatError(f"`{name}` has version {found} of the format, this modelc reads version {FORMAT}")
    digests: dict[str, str] = {}
    for member in (_SPEC, _WEIGHTS):
        try:
            size, digests[member] = members[member]["bytes"], str(members[member]["sha256"])
        except (TypeError, KeyError):
            raise _damaged(name, f"{_MANIFEST} does not describe {member}") from None
        if size != infos[member].file_size:
            raise _damaged(name, f"{member} has {infos[member].file_size} bytes, expected {str(size)[:20]}")
    return digests


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, digest: str, name: str) -> bytes:
    data = archive.read(info)
    _check_digest(hashlib.sha256(data).hexdigest(), digest, info.filename, name)
    return data


def _spec(data: bytes, name: str) -> Spec:
    try:
        text = data.decode()
        if not text.startswith("{"):
            raise _damaged(name, f"{_SPEC} is not JSON")
        spec = load_spec(text)
        _ = spec.graph
    except UnicodeDecodeError:
        raise _damaged(name, f"{_SPEC} is not UTF-8 text") from None
    except SpecError as error:
        raise _damaged(name, f"its spec is wrong: {error.diagnostics[0].message}") from None
    if spec.weights is not None:
        raise _damaged(name, "its spec names another weight file")
    return spec


def _check_digest(found: str, expected: str, member: str, name: str) -> None:
    if found != expected:
        raise _damaged(name, f"{member} does not match its digest")


def _add(archive: zipfile.ZipFile, member: str, data: bytes | Path) -> dict[str, Any]:
    """Store a member from memory or from a file, with nothing of this machine or moment; its line of the manifest."""
    info = zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    info.external_attr = 0o644 << 16
    if isinstance(data, bytes):
        archive.writestr(info, data)
        return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    info.file_size = data.stat().st_size
    with data.open("rb") as source, archive.open(info, "w") as target:
        hashing = _Hashing(source)
        shutil.copyfileobj(cast("Any", hashing), target, _CHUNK_BYTES)
    return {"bytes": info.file_size, "sha256": hashing.digest}


class _Hashing:
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


def _damaged(name: str, reason: str) -> FileFormatError:
    return FileFormatError(f"`{name}` is not a .modelc file, or is damaged: {reason}")

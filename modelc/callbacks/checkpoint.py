"""Checkpoints: the complete state of a training run as one file, from which it continues as if never interrupted."""

from __future__ import annotations

import errno
import json
import math
import os
import re
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from modelc.callbacks.callback import Array
from modelc.errors import FileFormatError, StorageError
from modelc.files.archive import ArchiveLayout, Reader, reading, writing
from modelc.files.kinds import Kind
from modelc.files.tensors import exact_bytes, read_exact, write_exact

_NUMBERS, _ARRAYS = "numbers.json", "arrays.safetensors"
_LAYOUT = ArchiveLayout(Kind.CHECKPOINT, 1, {_NUMBERS: 2**28, _ARRAYS: None})
_NAME = re.compile(r"checkpoint-([0-9]{6,12})\.zip")
_TEMPORARY = re.compile(r"\.checkpoint-[0-9]{6,12}\.zip\.[0-9a-f]{16}\.tmp")
_NOT_FINITE = "$float"


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint holds: arrays by name, and plain data."""

    arrays: Mapping[str, Array]
    numbers: Mapping[str, Any]
    path: Path | None = None
    """The file that it was read from."""


def write(path: str | os.PathLike[str], checkpoint: Checkpoint) -> None:
    """Write a checkpoint, replacing `path` as a whole. The same content gives the same bytes.

    Raises `StorageError` where there is no room for it, or no permission; the existing file is unchanged.
    """
    text = json.dumps(_encoded(checkpoint.numbers), allow_nan=False, indent=1) + "\n"
    try:
        with writing(path, _LAYOUT) as archive:
            archive.add(_NUMBERS, text.encode())
            arrays = checkpoint.arrays
            archive.stream(_ARRAYS, exact_bytes(arrays), lambda out: write_exact(out, arrays))
    except OSError as error:
        raise _storage_error(Path(path), error) from None


def read(path: str | os.PathLike[str]) -> Checkpoint:
    """The checkpoint in a file. Raises `FileFormatError` with the reason where the file is damaged, or is none."""
    return reading(path, _LAYOUT, _read)


def save(folder: str | os.PathLike[str], checkpoint: Checkpoint, keep: int = 2) -> Path:
    """Write the next checkpoint of a folder, which is made if it is not there; of the others the last ones are kept.

    `keep` counts the new one. Raises `StorageError` as `write` does; no other checkpoint is removed then.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = _numbered(folder)
    except OSError as error:
        raise _storage_error(folder, error) from None
    path = folder / f"checkpoint-{max(present, default=0) + 1:06}.zip"
    _remove_remains(folder)
    write(path, checkpoint)
    for number in sorted(present, reverse=True)[max(keep - 1, 0) :]:
        with suppress(OSError):
            present[number].unlink()
    return path


def latest(folder: str | os.PathLike[str]) -> Checkpoint | None:
    """The newest checkpoint of a folder that is whole; None where there is none at all.

    A damaged one is passed over with a warning. Raises `FileFormatError` where all are damaged.
    """
    first: FileFormatError | None = None
    for path in newest_first(folder):
        try:
            found = read(path)
        except FileFormatError as error:
            first = first or error
            continue
        if first is not None:
            warnings.warn(f"{first}; going on from {path.name}, the one before", stacklevel=2)
        return found
    if first is not None:
        raise first
    return None


def set_aside(folder: str | os.PathLike[str], newest: Path) -> None:
    """Rename the checkpoints newer than `newest`, which are damaged: no good one is to make way for them."""
    for path in newest_first(folder):
        if path.name == newest.name:
            return
        path.replace(path.with_name(path.name + ".damaged"))


def newest_first(folder: str | os.PathLike[str]) -> list[Path]:
    """The checkpoints of a folder, whole or not."""
    return [path for _, path in sorted(_numbered(Path(folder)).items(), reverse=True)]


def remove(folder: str | os.PathLike[str]) -> None:
    """Remove the checkpoints of a folder, and the folder if nothing else is in it."""
    folder = Path(folder)
    _remove_remains(folder)
    # From the oldest on: what is left of this at any moment is the newest.
    for path in reversed(newest_first(folder)):
        path.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


def _numbered(folder: Path) -> dict[int, Path]:
    if not folder.is_dir():
        return {}
    matches = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return {int(match[1]): path for match, path in matches if match}


def _remove_remains(folder: Path) -> None:
    """Remove what a killed process had begun to write."""
    if folder.is_dir():
        for path in folder.iterdir():
            if _TEMPORARY.fullmatch(path.name):
                with suppress(OSError):
                    path.unlink()


def _read(archive: Reader) -> Checkpoint:
    try:
        numbers = json.loads(archive.read(_NUMBERS), object_hook=_decoded)
    except (ValueError, RecursionError):
        raise archive.damaged(f"{_NUMBERS} is not JSON") from None
    if not isinstance(numbers, dict):
        raise archive.damaged(f"{_NUMBERS} is not a JSON object")
    arrays = archive.consume(_ARRAYS, lambda stream, size: read_exact(stream, size, archive.name))
    return Checkpoint(arrays, cast("dict[str, Any]", numbers), Path(archive.name))


def _encoded(value: Any) -> Any:
    """Plain data with a mark for the floats that JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        return {_NOT_FINITE: str(value)}
    if isinstance(value, Mapping):
        return {str(key): _encoded(item) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_encoded(item) for item in cast("list[Any]", value)]
    return cast("Any", value.item() if isinstance(value, np.generic) else value)


def _decoded(fields: dict[str, Any]) -> Any:
    mark = fields.get(_NOT_FINITE) if len(fields) == 1 else None
    return float(mark) if mark in ("nan", "inf", "-inf") else fields


def _storage_error(path: Path, error: OSError) -> StorageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            f"{path}: there is no room left on the disk; earlier checkpoints were left as they are",
            "a checkpoint is written beside the ones that it follows, so there must be room for one more",
        )
    return StorageError(f"{path}: cannot be written: {error.strerror or error}")

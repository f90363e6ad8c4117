"""`Pictures`: image files as the samples of a model."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.files.pictures import PICTURES, check_picture, picture_mode, picture_size, read_picture
from modelc.graph.sizes import shown
from modelc.graph.types import TensorType

if TYPE_CHECKING:
    from modelc.files.preprocessing import Preprocessing

Array = NDArray[Any]

MAX_FILES = 10_000_000


class Pictures:
    """Images for an input of a type, in the order given, read batch by batch.

    Raises `InputError` where the model takes no images, or one has a size that it does not take and `how` does not
    say how it is resized; only headers are read for that.
    """

    def __init__(self, paths: Sequence[str], type: TensorType, how: Preprocessing | None) -> None:
        self._paths, self._type, self._how = paths, type, how
        picture_mode(type, paths[0])
        if how is None:
            for path in paths:
                check_picture(path, type)

    def __len__(self) -> int:
        return len(self._paths)

    @property
    def names(self) -> list[str]:
        """The names of the files, each once: with a number where two folders have one of the same name."""
        seen: dict[str, int] = {}
        names: list[str] = []
        for path in self._paths:
            name = Path(path).name
            seen[name] = seen.get(name, 0) + 1
            names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
        return names

    def batches(self, size: int) -> Iterator[Array]:
        """At most `size` images at a time, neighbours of one size where the model leaves it free."""
        for _, same in groupby(self._paths, key=self._size):
            paths = list(same)
            for start in range(0, len(paths), size):
                yield np.stack([read_picture(path, self._type, self._how) for path in paths[start : start + size]])

    def _size(self, path: str) -> tuple[int, int] | None:
        return picture_size(path) if None in shown(self._type.shape[1:3]) else None


def pictures_in(folder: str | os.PathLike[str]) -> list[str]:
    """The images in a folder, in the order of their names. Raises `InputError` where there are none."""
    try:
        with os.scandir(folder) as items:
            found = sorted(i.path for i in items if Path(i.name).suffix.lower() in PICTURES and i.is_file())
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror or error}") from None
    if not found:
        raise InputError(f"{folder}: has no images", f"they are files that end in one of {', '.join(sorted(PICTURES))}")
    if len(found) > MAX_FILES:
        raise InputError(f"{folder}: has {len(found):,} images, more than {MAX_FILES:,}")
    return found


def folders_in(folder: str | os.PathLike[str]) -> list[str]:
    """The names of the folders in one, sorted, without hidden ones. Raises `InputError` where it cannot be read."""
    try:
        return sorted(entry.name for entry in os.scandir(folder) if entry.is_dir() and not entry.name.startswith("."))
    except FileNotFoundError:
        raise InputError(f"{folder}: there is no such folder") from None
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror or error}") from None

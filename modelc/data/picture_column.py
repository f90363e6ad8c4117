"""Folders of images by class, as a column that reads images on demand."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.data.ragged import Ragged
from modelc.errors import InputError
from modelc.files.picture_list import MAX_FILES, folders_in, pictures_in
from modelc.files.pictures import check_picture, picture_mode, picture_size, read_picture
from modelc.files.preprocessing import Preprocessing
from modelc.graph.sizes import shown
from modelc.graph.types import Shape, TensorType

Array = NDArray[Any]


@dataclass(frozen=True)
class ImageClasses:
    """The class of each sample, as a number, and the names of the classes in the order of their numbers."""

    numbers: Array
    names: tuple[str, ...]

    def one_hot(self) -> Array:
        """Rows with a 1 for the class; a byte for each number, since they become float32 batch by batch."""
        rows = np.zeros((len(self.numbers), len(self.names)), np.uint8)
        rows[np.arange(len(self.numbers)), self.numbers] = 1
        return rows


class PictureColumn:
    """Pictures in files, all of the size that a model takes, or resized to it."""

    def __init__(self, paths: Sequence[str], type: TensorType, how: Preprocessing | None, resize: bool) -> None:
        self._paths = paths
        self._type = type
        self._how = how
        self._resize = resize

    @property
    def sample_shape(self) -> Shape:
        """Height, width and channels; None for a size that differs from picture to picture."""
        return shown(self._type.shape[1:])

    @property
    def sizes(self) -> list[tuple[int, ...]]:
        """The height and the width of each picture."""
        return [picture_size(path) for path in self._paths]

    @property
    def dtype(self) -> np.dtype[Any]:
        """Bytes, 0 to 255, unless preprocessing makes other values of them."""
        return np.dtype(np.uint8) if self._how is None else self._how.dtype

    def __len__(self) -> int:
        return len(self._paths)

    def take(self, which: slice | Array) -> Array | Ragged:
        """Read some pictures. Raises `FileFormatError` where one is damaged."""
        indices = range(len(self._paths))[which] if isinstance(which, slice) else which
        if None in self.sample_shape:
            paths = [self._paths[int(i)] for i in indices]
            return Ragged([read_picture(path, self._type, self._how, resize=self._resize) for path in paths])
        pictures = np.empty((len(indices), *self._type.dims), self.dtype)
        for i, index in enumerate(indices):
            pictures[i] = read_picture(self._paths[index], self._type, self._how, resize=self._resize)
        return pictures

    def absolute(self) -> PictureColumn:
        """The same, by paths that do not depend on the folder in which a process runs."""
        return PictureColumn([os.path.abspath(path) for path in self._paths], self._type, self._how, self._resize)

    def part(self, start: int, stop: int) -> PictureColumn:
        """The pictures from `start` to `stop`."""
        return PictureColumn(self._paths[start:stop], self._type, self._how, self._resize)


def find_pictures(
    folder: Path, type: TensorType, how: Preprocessing | None, resize: bool, names: Sequence[str] | None
) -> tuple[PictureColumn, ImageClasses]:
    """The pictures in the folders of a folder, in a mixed order that is always the same, and their classes.

    Of each file the size is read, unless pictures are resized. Raises `InputError` where one has another size, where
    a class has no pictures, and where there is no such folder.
    """
    picture_mode(type, folder)
    if resize and None in shown(type.shape[1:3]):
        help = "remove `resize`, or fix the sizes of the input: --input-shape 224,224,3"
        raise InputError(f"{folder}: `resize` needs a size, and the model takes pictures of any", help)
    classes = tuple(names) if names is not None else _classes(folder)
    paths: list[str] = []
    numbers: list[int] = []
    for number, name in enumerate(classes):
        if not name or "/" in name or os.sep in name or name in (".", ".."):
            raise InputError(f"{folder}: a class is the name of a folder in it, found `{name}`")
        found = pictures_in(folder / name)
        paths += found
        numbers += [number] * len(found)
    if len(paths) > MAX_FILES:
        raise InputError(f"{folder}: has {len(paths):,} images, more than {MAX_FILES:,}")
    if not resize:
        for path in paths:
            check_picture(path, type)
    # Always the same order: it is no part of a run's randomness.
    order = np.random.default_rng(0).permutation(len(paths))
    column = PictureColumn([paths[int(i)] for i in order], type, how, resize)
    return column, ImageClasses(np.array(numbers, np.int32)[order], classes)


def _classes(folder: Path) -> tuple[str, ...]:
    found = folders_in(folder)
    if not found:
        raise InputError(f"{folder}: has no folders", "put the images of each class in a folder named after it")
    if len(found) == 1:
        raise InputError(
            f"{folder}: has one folder, `{found[0]}`, so there is one class and nothing to tell apart",
            f"name the folder that holds one folder for each class; if one is meant, `classes: [{found[0]}]`",
        )
    return tuple(found)

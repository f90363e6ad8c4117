"""`pictures`: batches of the pictures of a folder, with the options of Keras's `image_dataset_from_directory`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from modelc.config.arguments import kind_of, require_choice, require_count
from modelc.data.listing import Labels, Listing, Subset, check_split, list_files
from modelc.errors import InputError
from modelc.files.pictures import read_pixels
from modelc.layers.image.resizing import Resizing
from modelc.layers.reshaping.upsampling import Interpolation
from modelc.system.cpus import usable_cpus

Array = NDArray[Any]

LabelMode = Literal["int", "categorical", "binary"]
ColorMode = Literal["grayscale", "rgb", "rgba"]

ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
"""What the names of files end in that Keras takes for pictures."""
_CHANNELS: dict[ColorMode, int] = {"grayscale": 1, "rgb": 3, "rgba": 4}


@dataclass(frozen=True)
class _Reading:
    """How a file becomes a picture of the size that is wanted."""

    resizing: Resizing
    channels: int
    pads: bool
    channels_first: bool

    def __call__(self, path: str) -> Array:
        pixels = read_pixels(path, self.channels).astype(np.float32)
        picture = self._padded(pixels) if self.pads else self.resizing(pixels[None])[0]
        return np.ascontiguousarray(np.moveaxis(picture, -1, 0)) if self.channels_first else picture

    def _padded(self, pixels: Array) -> Array:
        """The picture as large as it fits into the middle of a black one, as `tf.image.resize_with_pad` computes it."""
        target = np.array([self.resizing.height, self.resizing.width], np.float32)
        found = np.array(pixels.shape[:2], np.float32)
        size = found / (found / target).max()
        height, width = np.maximum(np.floor(size), 1).astype(int).tolist()
        top, left = np.maximum(np.floor((target - size) / 2), 0).astype(int).tolist()
        made = np.zeros((self.resizing.height, self.resizing.width, pixels.shape[2]), np.float32)
        resizing = Resizing(height, width, interpolation=self.resizing.interpolation)
        made[top : top + height, left : left + width] = resizing(pixels[None])[0]
        return made


class PictureBatches:
    """Pictures (batch, height, width, channels) of float32, 0 to 255, and their labels: what `fit` takes as `x`.

    It can be gone through again and again. Without labels it gives pictures alone, without a batch size single ones.
    """

    def __init__(
        self, files: Listing, read: _Reading, label_mode: LabelMode | None, batch_size: int | None, seed: int | None
    ) -> None:
        self._files = files
        self._read = read
        self._mode: LabelMode | None = label_mode if files.numbers is not None else None
        self._batch_size = batch_size
        self._seed = seed
        self._passes = 0
        self.class_names = None if files.class_names is None else list(files.class_names)
        """The names of the classes in the order of their numbers."""
        self.file_paths = list(files.paths)
        """The files, before each pass mixes them."""

    def __len__(self) -> int:
        """The number of batches."""
        return -(-len(self._files.paths) // (self._batch_size or 1))

    def __iter__(self) -> Iterator[Any]:
        count = len(self._files.paths)
        order = np.arange(count)
        if self._seed is not None:
            order = np.random.default_rng([self._seed, self._passes]).permutation(count)
        self._passes += 1
        with ThreadPoolExecutor(usable_cpus()) as readers:  # decoders and NumPy let go of Python meanwhile
            for start in range(0, count, self._batch_size or 1):
                batch = self._batch(order[start : start + (self._batch_size or 1)].tolist(), readers)
                if self._batch_size is not None:
                    yield batch
                else:
                    yield batch[0] if self._mode is None else tuple(part[0] for part in batch)

    def _batch(self, which: Sequence[int], readers: ThreadPoolExecutor) -> Any:
        pictures = np.stack(list(readers.map(self._read, [self._files.paths[i] for i in which])))
        return pictures if self._mode is None else (pictures, self._labels(which))

    def _labels(self, which: Sequence[int]) -> Array:
        assert self._files.numbers is not None, "there is no mode without labels"
        numbers = self._files.numbers[list(which)]
        match self._mode:
            case "categorical":
                return np.eye(len(self._files.class_names or ()), dtype=np.float32)[numbers]
            case "binary":
                return numbers.astype(np.float32)[:, None]
            case _:
                return numbers


def pictures(
    directory: str | os.PathLike[str],
    labels: Labels = "inferred",
    label_mode: LabelMode | None = "int",
    class_names: Sequence[str] | None = None,
    color_mode: ColorMode = "rgb",
    batch_size: int | None = 32,
    image_size: int | tuple[int, int] = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: Subset | None = None,
    interpolation: Interpolation = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: Literal["channels_last", "channels_first"] = "channels_last",
    verbose: bool = True,
) -> Any:
    """The pictures of a folder in batches, by the options of `keras.utils.image_dataset_from_directory`.

    `directory` has a folder for each class, whose name is that of the class; or `labels` are the numbers of classes of
    all files in the order of their paths, or None. `label_mode` is `int` (int32, (batch,)), `categorical` (one-hot rows
    of float32), `binary` (0.0 or 1.0, (batch, 1)) or None. `subset` is the part of a `validation_split` that is wanted:
    `training`, `validation`, or `both` for a pair. Files, their order, their labels and their split are those of Keras
    with the same `seed`; with `shuffle` each pass over the data mixes all of them anew, where Keras mixes neighbouring
    batches. Pictures are decoded by Pillow and resized without antialiasing: they are those of Keras on TensorFlow, but
    for JPEG files, which TensorFlow decodes a little differently, and for `nearest`, which stays float32.

    Requires the extra `images`. Raises `InputError` for options that do not go together and folders without pictures,
    and while it gives batches `FileFormatError` for a damaged file.
    """
    if label_mode is not None:
        require_choice("label_mode", label_mode, get_args(LabelMode), "pictures")
    require_choice("color_mode", color_mode, get_args(ColorMode), "pictures")
    require_choice("data_format", data_format, ("channels_last", "channels_first"), "pictures")
    if batch_size is not None:
        require_count("batch_size", batch_size)
    check_split(validation_split, subset, shuffle=shuffle, seed=seed)
    if label_mode is None:
        labels = None if labels is not None and labels != "inferred" else labels
    files = list_files(directory, labels, class_names, ENDINGS, follow_links=follow_links)
    if label_mode == "binary" and labels is not None and len(files.class_names or ()) != 2:
        raise InputError(f"`label_mode` binary is for 2 classes, found {len(files.class_names or ())}")
    height, width = _size(image_size)
    resizing = Resizing(
        height, width, interpolation=interpolation, crop_to_aspect_ratio=crop_to_aspect_ratio,
        pad_to_aspect_ratio=pad_to_aspect_ratio,
    )  # fmt: skip
    if verbose:
        _tell(files, labels is not None and label_mode is not None)
    if shuffle:
        seed = int(np.random.randint(10**6)) if seed is None else seed
        files = files.mixed(seed)
    read = _Reading(resizing, _CHANNELS[color_mode], pad_to_aspect_ratio, data_format == "channels_first")

    def made(part: Listing, mixed: bool) -> PictureBatches:
        return PictureBatches(part, read, label_mode, batch_size, seed if mixed else None)

    if validation_split is None or subset is None:
        return made(files, shuffle)
    training, validation = files.split(validation_split)
    match subset:
        case "training":
            return made(training, shuffle)
        case "validation":
            return made(validation, shuffle)
        case "both":
            return made(training, shuffle), made(validation, False)


def _size(size: Any) -> tuple[int, int]:
    if isinstance(size, int):
        return size, size
    if isinstance(size, list | tuple) and len(size) == 2:  # pyright: ignore[reportUnknownArgumentType]
        height, width = size  # pyright: ignore[reportUnknownVariableType]
        return height, width  # pyright: ignore[reportUnknownVariableType]
    raise InputError(f"`image_size` is (height, width), found {kind_of(size)}")


def _tell(files: Listing, is_labelled: bool) -> None:
    classes = f" belonging to {len(files.class_names or ())} classes" if is_labelled else ""
    print(f"Found {len(files.paths)} files{classes}.")

"""Pictures as arrays (extra `images`): one picture for an input of a model."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError, InputError
from modelc.graph.types import TensorType

Array = NDArray[Any]

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}
"""Pillow's mode for a number of channels."""


def picture_mode(type: TensorType, path: str | os.PathLike[str]) -> str:
    """Pillow's mode for an input of this type. Raises `InputError` where the model takes no pictures."""
    dims = type.dims
    if len(dims) not in (2, 3) or (len(dims) == 3 and dims[2] not in _MODES):
        raise InputError(f"{path}: a picture has height, width and 1, 3 or 4 channels; the model takes {list(dims)}")
    return _MODES[dims[2] if len(dims) == 3 else 1]


def read_picture(path: str | os.PathLike[str], type: TensorType, *, resize: bool = False) -> Array:
    """The picture in a file, of the shape of one sample, with values 0 to 255.

    One of another size is resized, or is refused. Raises `InputError` for one that does not fit, `FileFormatError`
    for what is no picture.
    """
    mode, (height, width) = picture_mode(type, path), type.dims[:2]
    with _opened(path) as image:
        if resize and (image.width, image.height) != (width, height):
            # Antialiased, over all pixels that a new one covers.
            pixels = np.asarray(image.convert(mode).resize((width, height), 2))
        else:
            _check_size(path, image, type)
            pixels = np.asarray(image.convert(mode))
    return pixels.reshape(type.dims)


def check_picture(path: str | os.PathLike[str], type: TensorType) -> None:
    """Raise as `read_picture` does for a picture of another size; only its header is read."""
    with _opened(path) as image:
        _check_size(path, image, type)


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Generator[Any]:
    try:
        from PIL import Image
    except ImportError:
        raise InputError("reading pictures needs Pillow: pip install 'modelc[images]'") from None
    try:
        with Image.open(path) as image:
            yield image
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise FileFormatError(f"{path}: not a picture, or damaged: {error}") from None


def _check_size(path: str | os.PathLike[str], image: Any, type: TensorType) -> None:
    height, width = type.dims[:2]
    if (image.height, image.width) != (height, width):
        raise InputError(
            f"{Path(path)}: the picture is {image.height} high and {image.width} wide, the model takes "
            f"{height} × {width}\n  help: crop or resize it to {height} × {width} first"
        )

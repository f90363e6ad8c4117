"""Images as arrays (extra `images`)."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError, InputError
from modelc.files.libtiff import quiet_libtiff
from modelc.graph.sizes import shown
from modelc.graph.types import TensorType

if TYPE_CHECKING:
    from modelc.files.preprocessing import Preprocessing

T = TypeVar("T")
Array = NDArray[Any]

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})
"""What the names of pictures end in."""
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
"""What pictures may be, as Pillow calls it."""
MAX_PIXELS = 2**27
"""The most pixels that are decoded: 134 million, 400 MB as colours."""

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}
"""Pillow's mode for a number of channels."""
_HEAD_BYTES = 16
_OTHERS = (
    (b"%!PS", "PostScript"), (b"\xc5\xd0\xd3\xc6", "PostScript"), (b"%PDF", "PDF"), (b"<svg", "SVG"), (b"<?xml", "SVG"),
    (b"\0\0\0", "HEIF or AVIF"), (b"8BPS", "Photoshop"), (b"\0\0\1\0", "an icon"), (b"DDS ", "DDS"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"), (b"\0\0\0\x0cjP", "JPEG 2000"), (b"P5", "a PGM file"), (b"P6", "a PPM file"),
)  # fmt: skip
"""What files of other kinds begin with that are called pictures."""


def picture_mode(type: TensorType, path: str | os.PathLike[str]) -> str:
    """Pillow's mode for an input of this type. Raises `InputError` where the model takes no pictures."""
    dims = shown(type.shape[1:])
    if len(dims) not in (2, 3) or (len(dims) == 3 and dims[2] not in _MODES):
        raise InputError(f"{path}: an image has height, width and 1, 3 or 4 channels; the model takes {list(dims)}")
    return _MODES[(dims[2] or 0) if len(dims) == 3 else 1]


def read_picture(
    path: str | os.PathLike[str], type: TensorType, how: Preprocessing | None = None, *, resize: bool | None = None
) -> Array:
    """The picture in a file as a model takes it: of the shape of one sample, its values as `how` says.

    One of another size is resized if `resize`, which defaults to whether there is a `how`, or is refused. A size that
    the model leaves free stays that of the picture. Without `how` the values are those of the pixels, 0 to 255. Raises
    `InputError` for a picture that does not fit, `FileFormatError` for what is no picture.
    """
    mode = picture_mode(type, path)
    from modelc.files.preprocessing import Preprocessing  # takes pydantic, which few inputs need

    used = how or Preprocessing()
    with _opened(path) as image:
        if not (how is not None if resize is None else resize):
            _check_size(path, image, type)
        converted = _decoding(path, lambda: _converted(image, mode, path))
        pixels = np.asarray(resized(converted, _wanted(image, type), used))
    pixels = pixels.reshape(*pixels.shape[:2], *(size or 0 for size in type.shape[3:]))
    try:
        return used.of_pixels(pixels)
    except InputError as error:
        raise error.about(path) from None


def read_pixels(path: str | os.PathLike[str], channels: int) -> Array:
    """The pixels of a picture as it is, (height, width, channels), 0 to 255; `channels` is 1, 3 or 4.

    Raises `InputError` where there is no such file, `FileFormatError` for what is no picture.
    """
    with _opened(path) as image:
        pixels = np.asarray(_decoding(path, lambda: _converted(image, _MODES[channels], path)))
    return pixels.reshape(*pixels.shape[:2], channels)


def resized(image: Any, size: tuple[int, int], how: Preprocessing) -> Any:
    """A picture of Pillow with this width and height."""
    if (image.width, image.height) == size:
        return image
    filter = _FILTERS[how.interpolation]
    if how.fit == "crop":
        return image.resize(size, filter, box=_middle(image.size, size))
    if how.fit == "stretch":
        return image.resize(size, filter)
    from PIL import Image

    scale = min(size[0] / image.width, size[1] / image.height)
    width, height = (min(most, max(1, round(scale * n))) for n, most in zip(image.size, size, strict=True))
    frame = Image.new(image.mode, size)
    frame.paste(image.resize((width, height), filter), ((size[0] - width) // 2, (size[1] - height) // 2))
    return frame


_FILTERS = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "box": 4, "hamming": 5}
"""Pillow's numbers of its filters."""


def _middle(found: tuple[int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The largest part in the middle of a picture that has the ratio of `size`: left, upper, right, lower.

    It is the part that `keras.utils.load_img(keep_aspect_ratio=True)` takes.
    """
    (width, height), (wide, high) = found, size
    kept_width, kept_height = min(width, height * wide // high), min(height, width * high // wide)
    kept_width, kept_height = max(1, kept_width), max(1, kept_height)
    left, upper = (width - kept_width) // 2, (height - kept_height) // 2
    return left, upper, left + kept_width, upper + kept_height


def _wanted(image: Any, type: TensorType) -> tuple[int, int]:
    """The width and height that a model takes; those of the picture, where the model takes any."""
    height, width = shown(type.shape[1:3])
    return image.width if width is None else width, image.height if height is None else height


def check_picture(path: str | os.PathLike[str], type: TensorType) -> None:
    """Raise as `read_picture` does for a picture of another size; only its header is read."""
    with _opened(path) as image:
        _check_size(path, image, type)


def picture_size(path: str | os.PathLike[str]) -> tuple[int, int]:
    """The height and the width of a picture; only its header is read."""
    with _opened(path) as image:
        return image.height, image.width


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Generator[Any]:
    """A picture whose header was read, and whose size is bounded."""
    try:
        from PIL import Image
    except ImportError:
        raise InputError("reading images needs Pillow: pip install 'modelc[images]'") from None
    with quiet_libtiff(), _stream(path) as stream:
        other = _other_kind(stream)
        if other is not None:
            raise FileFormatError(
                f"{path}: is {other}, which is not a supported image format", f"save it as {_listed(FORMATS)}"
            )

        def opened() -> Any:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of Pillow, about sizes: those have a bound here
                return Image.open(stream, formats=FORMATS)

        with _decoding(path, opened) as image:
            if image.width * image.height > MAX_PIXELS:
                raise FileFormatError(
                    f"{path}: the image has {image.width:,} × {image.height:,} pixels, more than the {MAX_PIXELS:,} "
                    "that are read",
                    "make it smaller first",
                )
            yield image


@contextmanager
def _stream(path: str | os.PathLike[str]) -> Generator[BinaryIO]:
    """A regular file, open; a pipe would keep whoever opens it waiting."""
    try:
        if not Path(path).is_file() and Path(path).exists():
            raise FileFormatError(f"{path}: not an image, but {'a folder' if Path(path).is_dir() else 'no file'}")
        stream = open(path, "rb")  # noqa: SIM115
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    with stream:
        yield stream


def _other_kind(stream: BinaryIO) -> str | None:
    """What a file is by its first bytes, where it is no picture that is read."""
    head = stream.read(_HEAD_BYTES).lstrip()
    stream.seek(0)
    return next((kind for start, kind in _OTHERS if head.startswith(start)), None)


def _decoding(path: str | os.PathLike[str], decode: Callable[[], T]) -> T:
    """What a function of Pillow gives, whose decoders raise exceptions of many kinds for damaged files."""
    from PIL import Image

    try:
        return decode()
    except FileFormatError:
        raise
    except MemoryError:
        raise
    except Image.UnidentifiedImageError:
        raise FileFormatError(f"{path}: not an image, or damaged: it is none of {_listed(FORMATS)}") from None
    except Exception as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise FileFormatError(f"{path}: not an image, or damaged: {reason}") from None


def _converted(image: Any, mode: str, path: str | os.PathLike[str]) -> Any:
    """The first frame in the mode that a model takes, with 8 bits a channel."""
    from PIL import Image

    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PNG"):
        # Pillow would cut off what is above 255.
        image = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
    elif image.mode in ("I", "F"):
        kind = "32-bit integers" if image.mode == "I" else "floating-point numbers"
        raise FileFormatError(
            f"{path}: the pixels are {kind}, not values from 0 to 255",
            "scale them and save 8 bits a channel, or save the array as a .npy file",
        )
    if mode != "RGBA" and image.mode == "P":
        image.load()
        image.info.pop("transparency", None)  # of which Pillow warns that it gets lost
    return image.convert(mode)


def _check_size(path: str | os.PathLike[str], image: Any, type: TensorType) -> None:
    width, height = _wanted(image, type)
    if (image.height, image.width) != (height, width):
        raise InputError(
            f"{Path(path)}: the image is {image.height} high and {image.width} wide, the model takes "
            f"{height} × {width}",
            f"crop or resize it to {height} × {width} first, or say how in the spec: `preprocessing: {{fit: crop}}`",
        )


def _listed(names: tuple[str, ...]) -> str:
    """The names as a list in a sentence."""
    return f"{', '.join(names[:-1])} or {names[-1]}"

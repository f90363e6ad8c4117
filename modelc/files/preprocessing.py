"""`Preprocessing`: what is done to a picture before a model takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from modelc.config.arguments import require_choice
from modelc.config.base import Config
from modelc.errors import InputError

Array = NDArray[Any]

Mode = Literal["none", "tf", "caffe", "torch"]
Interpolation = Literal["nearest", "bilinear", "bicubic", "hamming", "box", "lanczos"]
Fit = Literal["stretch", "crop", "pad"]

_MEAN: Final = (0.485, 0.456, 0.406)
DEVIATION: Final = (0.229, 0.224, 0.225)
"""The mean and the standard deviation of the colours red, green and blue over ImageNet's pictures, from 0 to 1."""
_MEAN_BYTES: Final = (103.939, 116.779, 123.68)
"""The mean of blue, green and red over ImageNet's pictures, from 0 to 255."""


class Preprocessing(Config):
    """What is done to pictures (files, with values 0 to 255) before a model takes them. Arrays are taken as they are.

    Pictures are resized to the input size of the model, then their values are changed as by Keras's
    `preprocess_input`.
    """

    mode: Mode = "none"
    """What becomes of the values 0 to 255: `none` leaves them, `tf` scales them to -1 … 1, `torch` scales them to 0 … 1
    and normalizes each colour by its mean and deviation over ImageNet, `caffe` subtracts the mean colour and swaps red
    and blue."""
    interpolation: Interpolation = "bilinear"
    """How pictures are resized, by Pillow's filters: over all pixels that a new one covers, except for `nearest`."""
    fit: Fit = "stretch"
    """What is done about another ratio of width and height: `stretch` ignores it, `crop` removes what is too much on
    both sides, `pad` adds black on both sides."""

    def of_pixels(self, pixels: Array) -> Array:
        """The values that a model takes, of pixels (..., C) from 0 to 255. Raises `InputError` as `preprocess` does."""
        return preprocess(pixels, self.mode)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of these values."""
        return np.dtype(np.uint8 if self.mode == "none" else np.float32)


def _preprocessing(value: Any) -> Any:
    """`tf` stands for `{mode: tf}`."""
    if isinstance(value, str):
        return Preprocessing(**cast("dict[str, Any]", {"mode": value}))
    if value is None or isinstance(value, Preprocessing | dict):
        return value  # pyright: ignore[reportUnknownVariableType]
    help = "write `tf`, `caffe`, `torch` or `none`, or a mapping with `mode`, `interpolation` and `fit`"
    raise PydanticCustomError("value_type", "expected a mode or a mapping", {"help": help})


PreprocessingField = Annotated[Preprocessing | None, BeforeValidator(_preprocessing)]
"""The option of a spec."""


def preprocess(x: Any, mode: Mode, channels: Literal["first", "last"] = "last") -> Array:
    """The values of pictures as `preprocess_input` of Keras in this mode makes them of pixels from 0 to 255.

    `tf`: x/127.5 - 1. `torch`: (x/255 - mean)/deviation for each colour. `caffe`: blue, green, red, each less its mean.
    `none`: x itself. x: one picture or a batch of any type → float32, or the floating-point type that x has; x itself
    is not changed. Raises `InputError` unless there are three colours, except for `tf` and `none`.
    """
    require_choice("mode", mode, ("none", "tf", "caffe", "torch"), "preprocess")
    array = np.asarray(x)
    if mode == "none":
        return array
    if array.dtype.kind not in "biuf":
        raise InputError(f"pictures are arrays of numbers, found {array.dtype}")
    values = array.astype(array.dtype if array.dtype.kind == "f" else np.float32)
    if mode == "tf":
        values /= 127.5
        values -= 1.0
        return values
    axis = -1 if channels == "last" else -3
    if values.ndim < 3 or values.shape[axis] != 3:
        message = f"preprocessing in the mode `{mode}` is for pictures of three colours, found the shape {array.shape}"
        raise InputError(message)
    if mode == "torch":
        values /= 255.0
        values -= _along(_MEAN, axis, values.dtype)
        values /= _along(DEVIATION, axis, values.dtype)
        return values
    values = np.flip(values, axis).copy()
    values -= _along(_MEAN_BYTES, axis, values.dtype)
    return values


def _along(numbers: Sequence[float], axis: int, dtype: np.dtype[Any]) -> Array:
    """Numbers for each colour, to be combined with pictures whose colours lie along an axis."""
    return np.array(numbers, dtype).reshape(-1, *(1,) * (-1 - axis))

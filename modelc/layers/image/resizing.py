"""Images brought to one size: Resizing and CenterCrop."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import FiniteFloat
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.sizes import same_shape, surely_equal
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.layers.base import Layer
from modelc.layers.options.fields import DataFormat
from modelc.layers.reshaping.upsampling import Interpolation, resample
from modelc.ops.shape import Pad, Slice
from modelc.semantics import IntegerImages

Extent = Annotated[int, Field(ge=1, le=1 << 16)]
"""A height or a width of an image."""


class _Image(NamedTuple):
    """An image or a batch of them, and which axes are its height and width."""

    x: Tensor
    axes: tuple[int, int]

    @property
    def size(self) -> tuple[int, int]:
        """The height and the width."""
        height, width = (self.x.shape[axis] for axis in self.axes)
        assert height is not None
        assert width is not None
        return height, width


def _image(g: Builder, x: Tensor, data_format: DataFormat | None, owner: str) -> _Image:
    """x as a batch of images or, of rank 3, as one image. Raises `ShapeError`."""
    rank, first = x.rank, data_format == "channels_first"
    if rank == 4:
        return _Image(x, (2, 3) if first else (1, 2))
    inner = "channels, height, width" if first else "height, width, channels"
    if rank != 3:
        found = f"{rank}-D {format_shape(x.shape)}"
        message = f"{owner} takes 4-D input (batch, {inner}) or 3-D input ({inner}), found {found}"
        raise ShapeError(message, axis="rank", takes=4)
    if first:
        return _Image(x, (1, 2))
    if g.batch_size is None:
        raise ShapeError(
            f"{owner} takes 3-D input as one image ({inner}), whose height must be known, found "
            f"{format_shape(x.shape)}",
            "give batches of images, or say `batch_size` of the input, which is the height",
        )
    return _Image(x.reshape((g.batch_size, *x.dims)), (0, 1))


def _aspect(size: tuple[int, int], target: tuple[int, int]) -> tuple[int, int]:
    """The height that goes with the width at the target's aspect ratio, and the width that goes with the height."""
    (height, width), (target_height, target_width) = size, target
    return width * target_height // target_width, height * target_width // target_height


def _cut(image: _Image, start: tuple[int, int], size: tuple[int, int]) -> _Image:
    """The part of the image from `start` on."""
    if same_shape(size, image.size):
        return image
    starts, stops = [0] * image.x.rank, list(image.x.shape)
    for axis, first, extent in zip(image.axes, start, size, strict=True):
        starts[axis], stops[axis] = first, first + extent
    y = image.x.emit(Slice(tuple(starts), tuple(stops), (1,) * len(starts)))
    return _Image(y, image.axes)


def _crop_to_aspect(image: _Image, target: tuple[int, int]) -> _Image:
    """The largest part in the middle that has the target's aspect ratio."""
    height, width = image.size
    high, wide = _aspect(image.size, target)
    high, wide = max(min(height, high), 1), max(min(width, wide), 1)
    return _cut(image, ((height - high) // 2, (width - wide) // 2), (high, wide))


def _pad_to_aspect(image: _Image, target: tuple[int, int], value: float) -> _Image:
    """The image in the middle of one that has the target's aspect ratio, but for an odd line."""
    height, width = image.size
    high, wide = _aspect(image.size, target)
    above, beside = max(0, high - height) // 2, max(0, wide - width) // 2
    pads = [(0, 0)] * image.x.rank
    if above:
        pads[image.axes[0]] = (above, above)
    elif beside:
        pads[image.axes[1]] = (beside, beside)
    else:
        return image
    return _Image(image.x.emit(Pad(tuple(pads), value)), image.axes)


def _resize(
    g: Builder, image: _Image, target: tuple[int, int], interpolation: Interpolation, antialias: bool = False
) -> Tensor:
    x = image.x
    for axis, size in zip(image.axes, target, strict=True):
        if not surely_equal(x.shape[axis], size):
            x = x.emit(resample(g, axis, size, interpolation, antialias))
    return x


class Resizing(Layer):
    """Resizes images: (N, h, w, C) → (N, height, width, C); also a single image (h, w, C) if the batch size is fixed.

    Interpolates between pixel centres, along the height and then along the width, as `modelc.ops.resample.Resample`
    defines. Integer images stay integers, rounded.
    """

    height: Extent
    """The output height in pixels."""
    width: Extent
    """The output width in pixels."""
    interpolation: Interpolation = "bilinear"
    """The interpolation method: `nearest` takes the nearest pixel, `bilinear` the weighted mean of the four around; the
    others use larger neighbourhoods."""
    crop_to_aspect_ratio: bool = False
    """Whether to crop the image to the output's aspect ratio first instead of distorting it."""
    pad_to_aspect_ratio: bool = False
    """Whether to pad the image to the output's aspect ratio first instead of distorting it."""
    fill_mode: Literal["constant"] = "constant"
    """How padding is filled: `constant` fills it with `fill_value`."""
    fill_value: FiniteFloat = 0.0
    """The value of padded pixels."""
    antialias: bool = False
    """Whether a smaller output averages over all covered pixels instead of sampling the nearest ones."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            raise PydanticCustomError("conflict", "`crop_to_aspect_ratio` and `pad_to_aspect_ratio` exclude each other")
        return self

    def call(self, g: Builder, x: Tensor) -> Tensor:
        integers = x.dtype == "int32"
        image, target = _image(g, x.as_float(), self.data_format, "Resizing"), (self.height, self.width)
        if self.crop_to_aspect_ratio:
            image = _crop_to_aspect(image, target)
        elif self.pad_to_aspect_ratio:
            image = _pad_to_aspect(image, target, self.fill_value)
        y = _resize(g, image, target, self.interpolation, self.antialias)
        rounded = integers and g.semantics.integer_images is IntegerImages.ROUNDED
        return y.round().cast("int32") if rounded else y


class CenterCrop(Layer):
    """Crops the centre of images: (N, h, w, C) → (N, height, width, C); also a single image (h, w, C) if the batch size
    is fixed.

    If an image is smaller along either axis, the largest part with the output's aspect ratio is cropped and resized
    bilinearly.
    """

    height: Extent
    """The height of the output, in pixels."""
    width: Extent
    """The width of the output, in pixels."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        image, target = _image(g, x.as_float(), self.data_format, "CenterCrop"), (self.height, self.width)
        height, width = image.size
        if height >= self.height and width >= self.width:
            return _cut(image, ((height - self.height) // 2, (width - self.width) // 2), target).x
        return _resize(g, _crop_to_aspect(image, target), target, "bilinear")

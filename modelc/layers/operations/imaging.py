"""Operations of images: colours, borders, and filters."""

from __future__ import annotations

import math

from pydantic import NonNegativeInt, PositiveInt

from modelc.config.options import Floats
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.convolution.geometry import channels_last, restore_format, window_padding
from modelc.layers.image.colours import joined, planes, to_hsv, to_rgb
from modelc.layers.operations.registry import Table, adder
from modelc.layers.options.fields import DataFormat, Sizes2
from modelc.ops.constant import Constant
from modelc.ops.conv import Conv
from modelc.ops.shape import Pad, Slice
from modelc.ops.take import require_few

TABLE: Table = {}
_add = adder(TABLE)


def _images(images: Tensor, data_format: DataFormat | None, channels: int | None = None) -> Tensor:
    """A batch of images as floats, channels last. Raises `ShapeError`."""
    if images.rank != 4:
        raise ShapeError(f"it takes a batch of images, found {images.rank}-D input", axis="rank")
    x = channels_last(data_format, images.as_float())
    if channels is not None and x.shape[-1] != channels:
        raise ShapeError(f"it takes images of {channels} channels, found {x.shape[-1]}")
    return x


@_add("rgb_to_hsv")
def _rgb_to_hsv(g: Builder, images: Tensor, *, data_format: DataFormat | None = None) -> Tensor:
    """Red, green and blue from 0 to 1 as hue, saturation and value."""
    return restore_format(data_format, joined(to_hsv(_images(images, data_format, 3))))


@_add("hsv_to_rgb")
def _hsv_to_rgb(g: Builder, images: Tensor, *, data_format: DataFormat | None = None) -> Tensor:
    """The inverse of `rgb_to_hsv`."""
    return restore_format(data_format, to_rgb(*planes(_images(images, data_format, 3))))


def _edges(low: int | None, high: int | None, whole: int | None, own: int) -> tuple[int, int]:
    """How much is added before and after, out of two of: before, after, and the whole."""
    if low is None and high is not None and whole is not None:
        low = whole - own - high
    if high is None and low is not None and whole is not None:
        high = whole - own - low
    if low is None or high is None:
        raise ShapeError("two of the border before, the border after and the whole size must be given", code="E204")
    return low, high


@_add("pad_images")
def _pad_images(
    g: Builder, images: Tensor, *,
    top_padding: NonNegativeInt | None = None, left_padding: NonNegativeInt | None = None,
    bottom_padding: NonNegativeInt | None = None, right_padding: NonNegativeInt | None = None,
    target_height: PositiveInt | None = None, target_width: PositiveInt | None = None,
    data_format: DataFormat | None = None,
) -> Tensor:  # fmt: skip
    x = _images(images, data_format)
    height, width = x.dims[:2]
    down = _edges(top_padding, bottom_padding, target_height, height)
    right = _edges(left_padding, right_padding, target_width, width)
    if min(*down, *right) < 0:
        raise ShapeError(f"images of {height}×{width} are larger than the size that they are padded to")
    return restore_format(data_format, x.emit(Pad(((0, 0), down, right, (0, 0)))))


@_add("crop_images")
def _crop_images(
    g: Builder, images: Tensor, *, top_cropping: NonNegativeInt | None = None,
    left_cropping: NonNegativeInt | None = None, bottom_cropping: NonNegativeInt | None = None,
    right_cropping: NonNegativeInt | None = None, target_height: PositiveInt | None = None,
    target_width: PositiveInt | None = None, data_format: DataFormat | None = None,
) -> Tensor:  # fmt: skip
    x = _images(images, data_format)
    spans: list[tuple[int, int]] = []
    for own, before, after, wanted in zip(
        x.dims[:2], (top_cropping, left_cropping), (bottom_cropping, right_cropping),
        (target_height, target_width), strict=True,
    ):  # fmt: skip
        start = own - (wanted or 0) - (after or 0) if before is None else before
        stop = start + wanted if wanted is not None else own - (after or 0)
        if not 0 <= start < stop <= own:
            raise ShapeError(f"{own} pixels from {start} to {stop} are no part of an image")
        spans.append((start, stop))
    starts = (0, spans[0][0], spans[1][0], 0)
    stops = (None, spans[0][1], spans[1][1], x.dims[2])
    return restore_format(data_format, x.emit(Slice(starts, stops, (1, 1, 1, 1))))


def _filtered(g: Builder, x: Tensor, rows: list[list[float]]) -> Tensor:
    """Every channel by this window, zeros beyond the edges."""
    window, channels = (len(rows), len(rows[0])), x.dims[-1]
    require_few(window[0] * window[1] * channels)
    values = tuple(value for row in rows for value in row for _ in range(channels))
    kernel = g.emit(Constant(values, (*window, 1, channels)))
    pads = window_padding("same", x.dims[:2], window, (1, 1), (1, 1))
    return x.emit(Conv((1, 1), pads, (1, 1), channels), kernel)


def _bell(size: int, sigma: float) -> list[float]:
    values = [math.exp(-0.5 * ((i - (size - 1) / 2) / sigma) ** 2) for i in range(size)]
    return [value / sum(values) for value in values]


@_add("gaussian_blur")
def _gaussian_blur(
    g: Builder, images: Tensor, *, kernel_size: Sizes2 = (3, 3), sigma: Floats | float = (1.0, 1.0),
    data_format: DataFormat | None = None,
) -> Tensor:  # fmt: skip
    """Every channel by a bell of `kernel_size` (width, height) and `sigma`, zeros beyond the edges."""
    wide, high = (sigma, sigma) if isinstance(sigma, int | float) else sigma[:1] + sigma[-1:]
    if min(wide, high) <= 0 or max(kernel_size) > 255:
        raise ShapeError("`sigma` must be positive, and `kernel_size` at most 255", code="E204")
    if wide != high or kernel_size[0] != kernel_size[1]:
        raise ShapeError("Keras's backends do not agree which of two sizes is that of the height", code="E204")
    across, down = _bell(kernel_size[0], wide), _bell(kernel_size[1], high)
    y = _filtered(g, _images(images, data_format), [[a * b for b in across] for a in down])
    return restore_format(data_format, y)

"""Zero padding and cropping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.convolution.geometry import require_spatial
from modelc.layers.options.fields import DataFormat, Margin, Margins1, Margins2, Margins3, Windows2
from modelc.ops.shape import Pad, Slice


def _pad(layer: Layer, x: Tensor, margins: Sequence[Margin], data_format: DataFormat | None) -> Tensor:
    require_spatial(x, len(margins), type(layer).__name__, data_format)
    return x.emit(Pad(tuple(_on_all_axes(margins, data_format))))


def _crop(layer: Layer, x: Tensor, margins: Sequence[Margin], data_format: DataFormat | None) -> Tensor:
    require_spatial(x, len(margins), type(layer).__name__, data_format)
    on_axes = _on_all_axes(margins, data_format)
    for axis, (size, (low, high)) in enumerate(zip(x.shape, on_axes, strict=True)):
        if size is not None and low + high >= size:
            message = f"`cropping` removes {low} + {high} positions of axis {axis}, which has {size}"
            raise ShapeError(message, "crop less", axis=axis)
    starts = tuple(low for low, _ in on_axes)
    stops = tuple(None if size is None else size - high for size, (_, high) in zip(x.shape, on_axes, strict=True))
    return x.emit(Slice(starts, stops, (1,) * x.rank))


def _on_all_axes(margins: Sequence[Margin], data_format: DataFormat | None) -> list[Margin]:
    none: Margin = (0, 0)
    return [none, none, *margins] if data_format == "channels_first" else [none, *margins, none]


class ZeroPadding1D(Layer):
    """Zero-pads sequences: (N, steps, C) → (N, before + steps + after, C)."""

    padding: Margins1 = (1, 1)
    """The number of zeros at both ends, or `[before, after]`."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return _pad(self, x, (self.padding,), self.data_format)


class ZeroPadding2D(Layer):
    """Zero-pads images: (N, height, width, C) → (N, top + height + bottom, left + width + right, C).

    With `correct_pad: k`, along each axis ``⌊k/2⌋`` zeros after; before, as many where the size is odd, else one less.
    """

    keras_lacks = frozenset({"correct_pad"})

    padding: Margins2 = ((1, 1), (1, 1))
    """The number of zeros: one for all sides, one per axis, or `[before, after]` per axis."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""
    correct_pad: Windows2 | None = None
    """In place of `padding`: the window, an odd number or one per axis, of the layer after it, which has strides of 2
    and `padding: valid`. The zeros are those that `padding: same` of that layer would add, as `correct_pad` of
    `keras.applications` computes them: their number depends on whether the height and the width are odd."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.correct_pad is not None and self.padding != type(self).model_fields["padding"].default:
            text = "`correct_pad` takes the place of `padding`"
            raise PydanticCustomError("conflict", "{text}", {"text": text, "help": "remove one of both"})
        return self

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, 2, type(self).__name__, self.data_format)
        return _pad(self, x, self._margins(x), self.data_format)

    def _margins(self, x: Tensor) -> Sequence[Margin]:
        if self.correct_pad is None:
            return self.padding
        sizes = x.dims[1:] if self.data_format == "channels_first" else x.dims[:2]
        return [_as_same(size, window) for size, window in zip(sizes, self.correct_pad, strict=True)]


def _as_same(size: int, window: int) -> Margin:
    """What `padding: same` adds before and after an axis for strides of 2 and an odd window."""
    odd = 2 * -(-size // 2) - size  # 1 where the size is odd, else 0: so written, the sum is a multiple of ⌈size/2⌉
    return window // 2 - 1 + odd, window // 2


class ZeroPadding3D(Layer):
    """Zero-pads volumes along depth, height and width: (N, depth, height, width, C)."""

    padding: Margins3 = ((1, 1), (1, 1), (1, 1))
    """The number of zeros: one for all sides, one per axis, or `[before, after]` per axis."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return _pad(self, x, self.padding, self.data_format)


class Cropping1D(Layer):
    """Crops sequences: (N, steps, C) → (N, steps - before - after, C)."""

    cropping: Margins1 = (1, 1)
    """The number of steps removed at both ends, or `[before, after]`."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return _crop(self, x, (self.cropping,), None)


class Cropping2D(Layer):
    """Crops images: (N, height, width, C) → (N, height - top - bottom, width - left - right, C)."""

    cropping: Margins2 = ((0, 0), (0, 0))
    """The number of rows and columns removed: one for all sides, one per axis, or `[before, after]` per axis."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return _crop(self, x, self.cropping, self.data_format)


class Cropping3D(Layer):
    """Crops volumes along depth, height and width: (N, depth, height, width, C)."""

    cropping: Margins3 = ((1, 1), (1, 1), (1, 1))
    """The number of positions removed: one for all sides, one per axis, or `[before, after]` per axis."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return _crop(self, x, self.cropping, self.data_format)

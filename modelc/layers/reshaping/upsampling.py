"""Enlarging by a whole factor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import PositiveInt

from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.convolution.geometry import channels_last, require_spatial, restore_format
from modelc.layers.options.fields import DataFormat, Sizes2, Sizes3
from modelc.ops.resample import Resample
from modelc.ops.shape import Repeat
from modelc.semantics import CubicWeights

Interpolation = Literal[
    "nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area", "gaussian", "mitchellcubic"
]  # fmt: skip


_TABLE = 1024
"""The places between two pixels for which TensorFlow has weights of `bicubic`: `kTableSize` of its
`resize_bicubic_op.cc`."""


def resample(g: Builder, axis: int, size: int, method: Interpolation, antialias: bool = False) -> Resample:
    """The op that interpolates along an axis, by the semantics that hold."""
    antialias = antialias and method != "nearest"
    table = method == "bicubic" and not antialias and g.semantics.cubic_weights is CubicWeights.TABLE
    return Resample(axis, size, method, antialias, _TABLE if table else None)


def _repeat(x: Tensor, size: Sequence[int]) -> Tensor:
    for axis, times in enumerate(size, 1):
        if times > 1:
            x = x.emit(Repeat(axis, times))
    return x


class UpSampling1D(Layer):
    """Repeats each step of a sequence.

    ``y[n, i, c] = x[n, i // size, c]``: (N, steps, C) → (N, size·steps, C).
    """

    size: PositiveInt = 2
    """The number of repetitions of each step."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, 1, type(self).__name__)
        return _repeat(x, (self.size,))


class UpSampling2D(Layer):
    """Enlarges images by integer factors: (N, height, width, C) → (N, size[0]·height, size[1]·width, C).

    `nearest` repeats pixels: ``y[n, i, j, c] = x[n, i // size[0], j // size[1], c]``. The other methods interpolate
    between pixel centres, along the height and then along the width; see `modelc.ops.resample.Resample`.
    """

    size: Sizes2 = (2, 2)
    """The factors of height and width; one number for both."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""
    interpolation: Interpolation = "nearest"
    """The interpolation method: `nearest` repeats pixels, `bilinear` takes the weighted mean of the four around; the
    others use larger neighbourhoods."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, 2, type(self).__name__, self.data_format)
        y = channels_last(self.data_format, x)
        if self.interpolation == "nearest":
            y = _repeat(y, self.size)
        else:
            for axis, (extent, times) in enumerate(zip(y.dims[:2], self.size, strict=True), 1):
                if times > 1:
                    y = y.emit(resample(g, axis, extent * times, self.interpolation))
        return restore_format(self.data_format, y)


class UpSampling3D(Layer):
    """Repeats each element of a volume.

    ``y[n, i, j, k, c] = x[n, i // size[0], j // size[1], k // size[2], c]``.
    """

    size: Sizes3 = (2, 2, 2)
    """The factors of depth, height and width; one number for all."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, 3, type(self).__name__, self.data_format)
        y = _repeat(channels_last(self.data_format, x), self.size)
        return restore_format(self.data_format, y)

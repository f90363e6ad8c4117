"""Pooling over windows."""

from __future__ import annotations

from typing import ClassVar

from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.convolution.geometry import channels_last, require_spatial, restore_format, window_padding
from modelc.layers.convolution.windowed import Sizes, Windowed
from modelc.layers.options.fields import DataFormat, Padding
from modelc.ops.pool import Pool, PoolKind


class _Pooling(Windowed):
    """``y[n, o, c] = max or mean over k of x[n, o·strides + k - pad, c]``; padded positions are excluded.

    x: (N, *spatial, C) → (N, *output, C).
    """

    kind: ClassVar[PoolKind]

    pool_size: Sizes
    """The size of the pooling window: one number for all axes, or one per axis."""
    strides: Sizes | None = None
    """The stride: the step of the window between outputs; by default the window size, so that windows do not
    overlap."""
    padding: Padding = "valid"
    """`valid` uses only windows inside the input; `same` gives ceil(input / stride) positions."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        x = channels_last(self.data_format, x)
        strides = self.pool_size if self.strides is None else self.strides
        padding = window_padding(
            self.padding, x.dims[:-1], self.pool_size, strides, (1,) * self.rank, self.data_format,
            same=g.semantics.same_padding, pooling=True,
        )  # fmt: skip
        return restore_format(self.data_format, x.emit(Pool(self.kind, self.pool_size, strides, padding)))


class _MaxPooling(_Pooling):
    """``y[n, o, c] = max over k of x[n, o·strides + k - pad, c]``: (N, *spatial, C) → (N, *output, C)."""

    kind = "max"

    pool_size: Sizes = 2  # type: ignore[assignment]
    """The size of the pooling window: one number for all axes, or one per axis."""


class _AveragePooling(_Pooling):
    """``y[n, o, c] = mean over k of x[n, o·strides + k - pad, c]``: (N, *spatial, C) → (N, *output, C).

    At the edges the mean is taken over the elements of x in the window, without padding.
    """

    kind = "average"


class MaxPooling1D(_MaxPooling):
    """Max pooling of sequences: (N, steps, C) → (N, new_steps, C)."""

    keras_names = ("MaxPool1D",)
    rank = 1


class MaxPooling2D(_MaxPooling):
    """Max pooling of images: (N, height, width, C) → (N, new_height, new_width, C)."""

    keras_names = ("MaxPool2D",)
    rank = 2


class MaxPooling3D(_MaxPooling):
    """Max pooling of volumes: (N, depth, height, width, C) → (N, new_depth, new_height, new_width, C)."""

    keras_names = ("MaxPool3D",)
    rank = 3


class AveragePooling1D(_AveragePooling):
    """Average pooling of sequences: (N, steps, C) → (N, new_steps, C)."""

    keras_names = ("AvgPool1D",)
    rank = 1


class AveragePooling2D(_AveragePooling):
    """Average pooling of images: (N, height, width, C) → (N, new_height, new_width, C)."""

    keras_names = ("AvgPool2D",)
    rank = 2


class AveragePooling3D(_AveragePooling):
    """Average pooling of volumes: (N, depth, height, width, C) → (N, new_depth, new_height, new_width, C)."""

    keras_names = ("AvgPool3D",)
    rank = 3

"""Transposed convolutions of rank 1 to 3."""

from __future__ import annotations

from typing import Self

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.convolution.geometry import channels_last, refuse_dilated_strides, require_spatial, transpose_crop
from modelc.layers.convolution.windowed import Counts, Sizes, Windowed
from modelc.layers.options.fields import DataFormat, Padding
from modelc.layers.options.kernel import KernelOptions, finish
from modelc.ops.conv import ConvTranspose, extent


class _Head(Windowed):
    filters: PositiveInt
    """The number of filters: that of the output's channels."""
    kernel_size: Sizes
    """The size of the convolution window: one number for all axes, or one per axis, such as `3` or `[3, 3]`."""
    strides: Sizes = 1  # type: ignore[assignment]
    """The stride: the distance in the output between adjacent inputs. 2 doubles the output size."""
    padding: Padding = "valid"
    """`valid` gives (input - 1)·stride + extent positions and at least input·stride; `same` gives input·stride. The
    extent is that of the dilated window."""


class _Tail(Windowed):
    output_padding: Counts | None = None
    """The number of positions added at the end of the output, less than the stride: `valid` then gives (input -
    1)·stride + extent + output_padding positions, `same` (input - 1)·stride + extent mod 2 + output_padding."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""
    dilation_rate: Sizes = 1  # type: ignore[assignment]
    """The dilation rate: the distance between the input elements under the window. Values above 1 (atrous convolution)
    widen the window without more weights."""


class _ConvTranspose(KernelOptions, _Tail, _Head):
    """Each x[n, i, c] adds ``x[n, i, c]·kernel[k, q, c]`` to the output at ``i·strides + k·dilation_rate - crop``.

    The gradient of a convolution with respect to its input, then ``f(y + bias)``.
    x: (N, *spatial, C) → (N, *output, filters). Weights: kernel (*kernel_size, filters, C), bias (filters,).
    """

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse_dilated_strides(self.strides, self.dilation_rate)
        for added, stride in zip(self.output_padding or (), self.strides, strict=False):
            if added >= stride:
                raise PydanticCustomError(
                    "conflict",
                    "`output_padding` (={added}) must be less than `strides` (={stride})",
                    {"added": added, "stride": stride},
                )
        return self

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        x = channels_last(self.data_format, x.as_float())
        *spatial, channels = x.dims
        crop = transpose_crop(
            self.padding, self.kernel_size, self.strides, self.dilation_rate, self.output_padding,
            same=g.semantics.same_padding,
        )  # fmt: skip
        for axis, size in enumerate(spatial):
            full = (size - 1) * self.strides[axis] + extent(self.kernel_size[axis], self.dilation_rate[axis])
            if full - sum(crop[axis]) < 1:
                raise ShapeError(
                    f"{size} along spatial axis {axis} leaves no output with `kernel_size` (={self.kernel_size[axis]})"
                    f" and `output_padding` (={(self.output_padding or (None,) * self.rank)[axis]})",
                    "leave `output_padding` out, or use padding: valid",
                )
        kernel = g.weight("kernel", (*self.kernel_size, self.filters, channels), self.kernel_initializer)
        bias = g.weight("bias", (self.filters,), self.bias_initializer) if self.use_bias else None
        y = x.emit(ConvTranspose(self.strides, crop, self.dilation_rate), kernel)
        return finish(g, y, bias, self.activation, self.data_format)


class Conv1DTranspose(_ConvTranspose):
    """1-D transposed convolution over sequences: (N, steps, C) → (N, new_steps, filters)."""

    keras_names = ("Convolution1DTranspose",)
    rank = 1


class Conv2DTranspose(_ConvTranspose):
    """2-D transposed convolution over images: (N, height, width, C) → (N, new_height, new_width, filters)."""

    keras_names = ("Convolution2DTranspose",)
    rank = 2


class _HeadWithFormat(_Head):
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""


class Conv3DTranspose(_ConvTranspose, _HeadWithFormat):
    """3-D transposed convolution over volumes: (N, depth, height, width, C) → (N, new_depth, new_height, new_width,
    filters).

    As positional arguments, `data_format` comes before `output_padding`, as in Keras.
    """

    keras_names = ("Convolution3DTranspose",)
    rank = 3

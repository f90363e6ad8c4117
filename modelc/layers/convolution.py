"""Convolutions of rank 1 to 3."""

from __future__ import annotations

from typing import Self

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.emit import as_float
from modelc.layers.fields import CausalPadding, DataFormat, Padding
from modelc.layers.geometry import (
    channels_last,
    refuse_dilated_strides,
    require_spatial,
    window_padding,
)
from modelc.layers.kernel_options import KernelOptions, adapt, finish
from modelc.layers.windowed import Sizes, Windowed
from modelc.ops.conv import Conv
from modelc.options import FiniteFloat


class _Window(Windowed):
    filters: PositiveInt
    """The number of filters: that of the output's channels."""
    kernel_size: Sizes
    """The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`."""
    strides: Sizes = 1  # type: ignore[assignment]
    """The distance by which the window moves from one output to the next; 2 halves the size of the output."""
    padding: Padding = "valid"
    """`valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions."""
    data_format: DataFormat | None = None
    """The position of the channels among the axes: `channels_last` (rows, columns, channels; the default) or
    `channels_first` (channels, rows, columns)."""
    dilation_rate: Sizes = 1  # type: ignore[assignment]
    """The distance between the elements of the window: 1 for neighbours, 2 to skip every other one, which widens the
    window without more weights."""
    groups: PositiveInt = 1
    """The number of groups that the channels are divided into; each group is convolved by filters of its own, and does
    not see the others."""


class _Conv(KernelOptions, _Window):
    """``y[n, o, q] = f(Σ_k Σ_c x[n, o·strides + k·dilation_rate - pad, c]·kernel[k, c, q] + bias[q])``.

    x: (N, *spatial, C) → (N, *output, filters). Weights: kernel (*kernel_size, C/groups, filters), bias (filters,);
    with `lora_rank` also lora_kernel_a (*kernel_size, C/groups, rank) and lora_kernel_b (rank, filters).
    """

    lora_rank: PositiveInt | None = None
    """The rank of a low-rank update (LoRA): the weight itself is frozen, and the product of two small matrices with
    this rank is trained and added to it. Null trains the weight itself."""
    lora_alpha: FiniteFloat | None = None
    """The factor of the low-rank update, divided by `lora_rank`; null takes `lora_rank`, so that the factor is 1."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.filters % self.groups:
            raise PydanticCustomError(
                "conflict",
                "`groups` (={groups}) must divide `filters` (={filters})",
                {"groups": self.groups, "filters": self.filters},
            )
        refuse_dilated_strides(self.strides, self.dilation_rate)
        if self.lora_rank is not None and self.kernel_constraint is not None:
            raise PydanticCustomError("conflict", "`lora_rank` and `kernel_constraint` do not go together")
        return self

    def call(self, g: Builder, x: Value) -> Value:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        x = channels_last(g, self.data_format, as_float(g, x))
        *spatial, channels = x.type.dims
        if channels % self.groups:
            raise ShapeError(f"`groups` (={self.groups}) must divide the input's channels (={channels})")
        padding = window_padding(
            self.padding, spatial, self.kernel_size, self.strides, self.dilation_rate, self.data_format
        )
        shape = (*self.kernel_size, channels // self.groups, self.filters)
        kernel = g.weight("kernel", shape, self.kernel_initializer, trainable=self.lora_rank is None)
        bias = g.weight("bias", (self.filters,), self.bias_initializer) if self.use_bias else None
        if self.lora_rank is not None:
            kernel = adapt(g, kernel, self.lora_rank, self.lora_alpha)
        y = g.emit(Conv(self.strides, padding, self.dilation_rate, self.groups), x, kernel)
        return finish(g, y, bias, self.activation, self.data_format)


class Conv1D(_Conv):
    """Convolution over steps: (N, steps, C) → (N, steps, filters)."""

    rank = 1

    padding: CausalPadding = "valid"  # pyright: ignore[reportIncompatibleVariableOverride]
    """`valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions; `causal` adds
    them in front, so that no output depends on later steps."""


class Conv2D(_Conv):
    """Convolution over images: (N, height, width, C) → (N, height, width, filters)."""

    rank = 2


class Conv3D(_Conv):
    """Convolution over volumes: (N, depth, height, width, C) → (N, depth, height, width, filters)."""

    rank = 3

"""Convolutions of rank 1 to 3, depthwise and separable ones."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from pydantic import PositiveInt

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.initializers import InitializerField, Zeros
from modelc.layers.activations import activate
from modelc.layers.base import Layer, require_rank
from modelc.layers.fields import ActivationName, CausalPadding, DataFormat, Padding, Sizes1, Sizes2, Sizes3
from modelc.layers.geometry import channels_last, restore_format, window_padding
from modelc.ops.conv import Conv
from modelc.ops.elementwise import Binary

S = TypeVar("S", bound=tuple[int, ...])
P = TypeVar("P", bound=str)

SPATIAL_AXES = {1: "steps", 2: "height, width", 3: "depth, height, width"}


class _Conv(Layer, Generic[S, P]):
    """``y[n, o, q] = f(Σ_k Σ_c x[n, o·strides + k·dilation_rate - pad, c]·kernel[k, c, q] + bias[q])``.

    x: (N, *spatial, C) → (N, *output, filters). Weights: kernel (*kernel_size, C/groups, filters), bias (filters,).
    """

    rank: ClassVar[int]

    filters: PositiveInt
    """The number of output channels."""
    kernel_size: S
    """The extent of the window."""
    strides: S = 1  # type: ignore[assignment]
    """How far the window moves."""
    padding: P = "valid"  # type: ignore[assignment]
    """`valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions."""
    data_format: DataFormat | None = None
    """Where the channels are."""
    dilation_rate: S = 1  # type: ignore[assignment]
    """The distance between the taps of the window."""
    groups: PositiveInt = 1
    """The number of groups of channels that are convolved separately."""
    activation: ActivationName = "linear"
    """The function applied to the result."""
    use_bias: bool = True
    """Whether a bias is added."""
    kernel_initializer: InitializerField = Zeros()
    """How the kernel is drawn."""
    bias_initializer: InitializerField = Zeros()
    """How the bias is drawn."""

    def call(self, g: Builder, x: Value) -> Value:
        require_rank(x, self.rank + 2, f"(batch, {SPATIAL_AXES[self.rank]}, channels)", type(self).__name__)
        x = channels_last(g, self.data_format, x)
        *spatial, channels = x.type.dims
        if channels % self.groups:
            raise ShapeError(f"the input's channels (={channels}) must be divisible by `groups` (={self.groups})")
        padding = window_padding(self.padding, spatial, self.kernel_size, self.strides, self.dilation_rate)
        kernel = g.weight(
            "kernel", (*self.kernel_size, channels // self.groups, self.filters), self.kernel_initializer
        )
        y = g.emit(Conv(self.strides, padding, self.dilation_rate, self.groups), x, kernel)
        if self.use_bias:
            y = g.emit(Binary("add"), y, g.weight("bias", (self.filters,), self.bias_initializer))
        y = activate(g, self.activation, y)
        return restore_format(g, self.data_format, y)


class Conv1D(_Conv[Sizes1, CausalPadding]):
    """Convolution over steps: (N, steps, C) → (N, steps, filters)."""

    rank = 1


class Conv2D(_Conv[Sizes2, Padding]):
    """Convolution over images: (N, height, width, C) → (N, height, width, filters)."""

    rank = 2


class Conv3D(_Conv[Sizes3, Padding]):
    """Convolution over volumes: (N, depth, height, width, C) → (N, depth, height, width, filters)."""

    rank = 3

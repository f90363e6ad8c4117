"""Depthwise convolutions, and separable ones: a depthwise convolution followed by a pointwise one."""

from __future__ import annotations

from pydantic import PositiveInt

from modelc.constraints import ConstraintField
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.initializers import GlorotUniform, InitializerField, Zeros
from modelc.layers.emit import as_float
from modelc.layers.fields import DataFormat, Padding
from modelc.layers.geometry import channels_last, require_spatial, window_padding
from modelc.layers.kernel_options import BiasOptions, finish
from modelc.layers.windowed import Sizes, Windowed
from modelc.ops.conv import Conv
from modelc.ops.shape import Reshape
from modelc.regularizers import RegularizerField


class _DepthwiseWindow(Windowed):
    kernel_size: Sizes
    """The extent of the window."""
    strides: Sizes = 1  # type: ignore[assignment]
    """How far the window moves."""
    padding: Padding = "valid"
    """`valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions."""
    depth_multiplier: PositiveInt = 1
    """The number of output channels for each input channel."""
    data_format: DataFormat | None = None
    """Where the channels are: `channels_last` (the default) or `channels_first`."""
    dilation_rate: Sizes = 1  # type: ignore[assignment]
    """The distance between the taps of the window."""


class _DepthwiseConv(BiasOptions, _DepthwiseWindow):
    """``y[n, o, c·M + m] = f(Σ_k x[n, o·strides + k·dilation_rate - pad, c]·kernel[k, c, m] + bias[c·M + m])``.

    x: (N, *spatial, C) → (N, *output, C·M), M the depth multiplier. Weights: kernel (*kernel_size, C, M),
    bias (C·M,).
    """

    depthwise_initializer: InitializerField = GlorotUniform()
    """How the kernel is drawn."""
    bias_initializer: InitializerField = Zeros()
    """How the bias is drawn."""
    depthwise_regularizer: RegularizerField = None
    """The penalty on the kernel in training."""
    bias_regularizer: RegularizerField = None
    """The penalty on the bias in training."""
    activity_regularizer: RegularizerField = None
    """The penalty on the output in training."""
    depthwise_constraint: ConstraintField = None
    """What the kernel is projected to after a training step."""
    bias_constraint: ConstraintField = None
    """What the bias is projected to after a training step."""

    def call(self, g: Builder, x: Value) -> Value:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        x = channels_last(g, self.data_format, as_float(g, x))
        *spatial, channels = x.type.dims
        padding = window_padding(
            self.padding, spatial, self.kernel_size, self.strides, self.dilation_rate, self.data_format
        )
        conv = Conv(self.strides, padding, self.dilation_rate, groups=channels)
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        kernel = g.weight("kernel", shape, self.depthwise_initializer)
        bias = None
        if self.use_bias:
            bias = g.weight("bias", (channels * self.depth_multiplier,), self.bias_initializer)
        y = g.emit(conv, x, _grouped(g, kernel))
        return finish(g, y, bias, self.activation, self.data_format)


class DepthwiseConv1D(_DepthwiseConv):
    """Convolution of each channel over steps: (N, steps, C) → (N, steps, C·depth_multiplier)."""

    rank = 1


class DepthwiseConv2D(_DepthwiseConv):
    """Convolution of each channel over images: (N, height, width, C) → (N, height, width, C·depth_multiplier)."""

    rank = 2


class _SeparableWindow(Windowed):
    filters: PositiveInt
    """The number of output channels."""
    kernel_size: Sizes
    """The extent of the depthwise window."""
    strides: Sizes = 1  # type: ignore[assignment]
    """How far the window moves."""
    padding: Padding = "valid"
    """`valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions."""
    data_format: DataFormat | None = None
    """Where the channels are: `channels_last` (the default) or `channels_first`."""
    dilation_rate: Sizes = 1  # type: ignore[assignment]
    """The distance between the taps of the window."""
    depth_multiplier: PositiveInt = 1
    """The number of channels between the two convolutions, for each input channel."""


class _SeparableConv(BiasOptions, _SeparableWindow):
    """``y = f(pointwise(depthwise(x)) + bias)``: a convolution of each channel, then one of 1 position.

    x: (N, *spatial, C) → (N, *output, filters). Weights: depthwise_kernel (*kernel_size, C, M), pointwise_kernel
    (*1, C·M, filters), bias (filters,), M the depth multiplier.
    """

    depthwise_initializer: InitializerField = GlorotUniform()
    """How the depthwise kernel is drawn."""
    pointwise_initializer: InitializerField = GlorotUniform()
    """How the pointwise kernel is drawn."""
    bias_initializer: InitializerField = Zeros()
    """How the bias is drawn."""
    depthwise_regularizer: RegularizerField = None
    """The penalty on the depthwise kernel in training."""
    pointwise_regularizer: RegularizerField = None
    """The penalty on the pointwise kernel in training."""
    bias_regularizer: RegularizerField = None
    """The penalty on the bias in training."""
    activity_regularizer: RegularizerField = None
    """The penalty on the output in training."""
    depthwise_constraint: ConstraintField = None
    """What the depthwise kernel is projected to after a training step."""
    pointwise_constraint: ConstraintField = None
    """What the pointwise kernel is projected to after a training step."""
    bias_constraint: ConstraintField = None
    """What the bias is projected to after a training step."""

    def call(self, g: Builder, x: Value) -> Value:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        x = channels_last(g, self.data_format, as_float(g, x))
        *spatial, channels = x.type.dims
        padding = window_padding(
            self.padding, spatial, self.kernel_size, self.strides, self.dilation_rate, self.data_format
        )
        conv = Conv(self.strides, padding, self.dilation_rate, groups=channels)
        ones = (1,) * self.rank
        between = channels * self.depth_multiplier
        depthwise = g.weight(
            "depthwise_kernel", (*self.kernel_size, channels, self.depth_multiplier), self.depthwise_initializer
        )
        pointwise = g.weight("pointwise_kernel", (*ones, between, self.filters), self.pointwise_initializer)
        bias = g.weight("bias", (self.filters,), self.bias_initializer) if self.use_bias else None
        y = g.emit(conv, x, _grouped(g, depthwise))
        y = g.emit(Conv(ones, ((0, 0),) * self.rank, ones), y, pointwise)
        return finish(g, y, bias, self.activation, self.data_format)


class SeparableConv1D(_SeparableConv):
    """Separable convolution over steps: (N, steps, C) → (N, steps, filters)."""

    rank = 1


class SeparableConv2D(_SeparableConv):
    """Separable convolution over images: (N, height, width, C) → (N, height, width, filters)."""

    rank = 2


def _grouped(g: Builder, kernel: Value) -> Value:
    """A depthwise kernel (*window, C, M) as that of C groups of one channel: (*window, 1, C·M)."""
    *window, channels, multiplier = kernel.type.dims
    return g.emit(Reshape((*window, 1, channels * multiplier)), kernel)

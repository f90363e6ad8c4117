"""Depthwise convolutions, and separable ones: a depthwise convolution followed by a pointwise one."""

from __future__ import annotations

from pydantic import PositiveInt

from modelc.config.ordered import Ordered
from modelc.constraints.classes import ConstraintField
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import GlorotUniform, InitializerField, Zeros
from modelc.layers.convolution.geometry import channels_last, require_spatial, window_padding
from modelc.layers.convolution.windowed import ConvWindow
from modelc.layers.options.fields import CausalPadding
from modelc.layers.options.kernel import BiasOptions, finish
from modelc.ops.conv import Conv
from modelc.regularizers.classes import RegularizerField


class _ChannelsApart(Ordered, BiasOptions, ConvWindow):
    depth_multiplier: PositiveInt = 1
    """The number of channels that the depthwise convolution gives for each input channel."""
    depthwise_initializer: InitializerField = GlorotUniform()
    """The initializer of the depthwise kernel: its name, or a mapping with `type`."""
    bias_initializer: InitializerField = Zeros()
    """The initializer of the bias: its name, or a mapping with `type`."""
    depthwise_regularizer: RegularizerField = None
    """The regularizer of the depthwise kernel, a penalty added to the training loss, such as `l2` or `{type: L2, l2:
    0.001}`; null for none."""
    bias_regularizer: RegularizerField = None
    """The regularizer of the bias, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`; null
    for none."""
    activity_regularizer: RegularizerField = None
    """The regularizer of the layer's output, a penalty added to the training loss, such as `l2` or `{type: L2, l2:
    0.001}`; null for none."""
    depthwise_constraint: ConstraintField = None
    """The constraint applied to the depthwise kernel after each update, such as `non_neg` or `{type: MaxNorm,
    max_value: 2}`; null for none."""
    bias_constraint: ConstraintField = None
    """The constraint applied to the bias after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`; null
    for none."""


class _DepthwiseConv(_ChannelsApart):
    """``y[n, o, c·M + m] = f(Σ_k x[n, o·strides + k·dilation_rate - pad, c]·kernel[k, c, m] + bias[c·M + m])``.

    x: (N, *spatial, C) → (N, *output, C·M), M the depth multiplier. Weights: kernel (*kernel_size, C, M),
    bias (C·M,).
    """

    keras_ignored = ("filters", "kernel_initializer", "kernel_regularizer", "kernel_constraint")
    order = (
        "* kernel_size strides padding depth_multiplier data_format dilation_rate activation use_bias"
        " depthwise_initializer bias_initializer depthwise_regularizer bias_regularizer activity_regularizer"
        " depthwise_constraint bias_constraint"
    )

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        x = channels_last(self.data_format, x.as_float())
        *spatial, channels = x.dims
        padding = window_padding(
            self.padding, spatial, self.kernel_size, self.strides, self.dilation_rate, self.data_format,
            same=g.semantics.same_padding,
        )  # fmt: skip
        conv = Conv(self.strides, padding, self.dilation_rate, groups=channels)
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        kernel = g.weight("kernel", shape, self.depthwise_initializer)
        bias = None
        if self.use_bias:
            bias = g.weight("bias", (channels * self.depth_multiplier,), self.bias_initializer)
        y = x.emit(conv, grouped(g, kernel))
        return finish(g, y, bias, self.activation, self.data_format)


class DepthwiseConv1D(_DepthwiseConv):
    """Convolves each channel of a sequence separately: (N, steps, C) → (N, new_steps, C·depth_multiplier)."""

    rank = 1


class DepthwiseConv2D(_DepthwiseConv):
    """Convolves each channel of an image separately: (N, height, width, C) → (N, new_height, new_width,
    C·depth_multiplier)."""

    keras_names = ("DepthwiseConvolution2D",)
    rank = 2


class _SeparableConv(_ChannelsApart):
    """``y = f(pointwise(depthwise(x)) + bias)``: a convolution of each channel, then a convolution with window size 1.

    x: (N, *spatial, C) → (N, *output, filters). Weights: depthwise_kernel (*kernel_size, C, M), pointwise_kernel (*1,
    C·M, filters), bias (filters,), M the depth multiplier.
    """

    keras_ignored = ("kernel_initializer", "kernel_regularizer", "kernel_constraint")
    order = (
        "* filters kernel_size strides padding data_format dilation_rate depth_multiplier activation use_bias"
        " depthwise_initializer pointwise_initializer bias_initializer depthwise_regularizer pointwise_regularizer"
        " bias_regularizer activity_regularizer depthwise_constraint pointwise_constraint bias_constraint"
    )

    filters: PositiveInt
    """The number of filters, which is the number of output channels."""
    pointwise_initializer: InitializerField = GlorotUniform()
    """The initializer of the pointwise kernel: its name, or a mapping with `type`."""
    pointwise_regularizer: RegularizerField = None
    """The regularizer of the pointwise kernel, a penalty added to the training loss, such as `l2` or `{type: L2, l2:
    0.001}`; null for none."""
    pointwise_constraint: ConstraintField = None
    """The constraint applied to the pointwise kernel after each update, such as `non_neg` or `{type: MaxNorm,
    max_value: 2}`; null for none."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        x = channels_last(self.data_format, x.as_float())
        *spatial, channels = x.dims
        padding = window_padding(
            self.padding, spatial, self.kernel_size, self.strides, self.dilation_rate, self.data_format,
            same=g.semantics.same_padding, uncut=True,
        )  # fmt: skip
        conv = Conv(self.strides, padding, self.dilation_rate, groups=channels)
        ones = (1,) * self.rank
        between = channels * self.depth_multiplier
        depthwise = g.weight(
            "depthwise_kernel", (*self.kernel_size, channels, self.depth_multiplier), self.depthwise_initializer
        )
        pointwise = g.weight("pointwise_kernel", (*ones, between, self.filters), self.pointwise_initializer)
        bias = g.weight("bias", (self.filters,), self.bias_initializer) if self.use_bias else None
        y = x.emit(conv, grouped(g, depthwise))
        y = y.emit(Conv(ones, ((0, 0),) * self.rank, ones), pointwise)
        return finish(g, y, bias, self.activation, self.data_format)


class SeparableConv1D(_SeparableConv):
    """Depthwise separable convolution over sequences: (N, steps, C) → (N, new_steps, filters)."""

    keras_names = ("SeparableConvolution1D",)
    rank = 1

    padding: CausalPadding = "valid"  # pyright: ignore[reportIncompatibleVariableOverride]
    """`valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride) positions; `causal`
    (Keras 2 only) zero-pads the start only, so that no output depends on later steps."""


class SeparableConv2D(_SeparableConv):
    """Depthwise separable convolution over images: (N, height, width, C) → (N, new_height, new_width, filters)."""

    keras_names = ("SeparableConvolution2D",)
    rank = 2


def grouped(g: Builder, kernel: Tensor) -> Tensor:
    """A depthwise kernel (*window, C, M) as that of C groups of one channel: (*window, 1, C·M)."""
    *window, channels, multiplier = kernel.dims
    return kernel.reshape((*window, 1, channels * multiplier))

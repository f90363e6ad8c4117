"""Convolutions of rank 1 to 3."""

from __future__ import annotations

from typing import Self

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import FiniteFloat
from modelc.config.ordered import Ordered
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.convolution.geometry import channels_last, refuse_dilated_strides, require_spatial, window_padding
from modelc.layers.convolution.windowed import ConvWindow
from modelc.layers.options.fields import CausalPadding
from modelc.layers.options.kernel import KernelOptions, adapt, finish
from modelc.ops.conv import Conv


class _FilterWindow(ConvWindow):
    filters: PositiveInt
    """The number of filters, which is the number of output channels."""
    groups: PositiveInt = 1
    """The number of groups into which input channels and filters are divided; each group of channels is convolved only
    with its own filters."""


class _Conv(Ordered, KernelOptions, _FilterWindow):
    """``y[n, o, q] = f(Σ_k Σ_c x[n, o·strides + k·dilation_rate - pad, c]·kernel[k, c, q] + bias[q])``.

    x: (N, *spatial, C) → (N, *output, filters). Weights: kernel (*kernel_size, C/groups, filters), bias (filters,);
    with `lora_rank` also lora_kernel_a (*kernel_size, C/groups, rank) and lora_kernel_b (rank, filters).
    """

    order = f"{' '.join(Layer.model_fields)} filters *"

    lora_rank: PositiveInt | None = None
    """The rank of a low-rank adaptation (LoRA): the weight is frozen, and the product of two trained matrices of this
    rank is added to it. Null trains the weight itself."""
    lora_alpha: FiniteFloat | None = None
    """The low-rank update is multiplied by `lora_alpha / lora_rank`; null stands for `lora_rank`, a factor of 1."""

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

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        x = channels_last(self.data_format, x.as_float())
        *spatial, channels = x.dims
        if channels % self.groups:
            raise ShapeError(f"`groups` (={self.groups}) must divide the input's channels (={channels})")
        padding = window_padding(
            self.padding, spatial, self.kernel_size, self.strides, self.dilation_rate, self.data_format,
            same=g.semantics.same_padding,
        )  # fmt: skip
        shape = (*self.kernel_size, channels // self.groups, self.filters)
        kernel = g.weight("kernel", shape, self.kernel_initializer, trainable=self.lora_rank is None)
        bias = g.weight("bias", (self.filters,), self.bias_initializer) if self.use_bias else None
        if self.lora_rank is not None:
            kernel = adapt(g, kernel, self.lora_rank, self.lora_alpha)
        y = x.emit(Conv(self.strides, padding, self.dilation_rate, self.groups), kernel)
        return finish(g, y, bias, self.activation, self.data_format)


class Conv1D(_Conv):
    """1-D convolution over sequences: (N, steps, C) → (N, new_steps, filters)."""

    keras_names = ("Convolution1D",)
    rank = 1

    padding: CausalPadding = "valid"  # pyright: ignore[reportIncompatibleVariableOverride]
    """`valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride) positions; `causal`
    zero-pads the start only, so that no output depends on later steps."""


class Conv2D(_Conv):
    """2-D convolution over images: (N, height, width, C) → (N, new_height, new_width, filters)."""

    keras_names = ("Convolution2D",)
    rank = 2


class Conv3D(_Conv):
    """3-D convolution over volumes: (N, depth, height, width, C) → (N, new_depth, new_height, new_width, filters)."""

    keras_names = ("Convolution3D",)
    rank = 3

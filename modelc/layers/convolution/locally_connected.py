"""Convolutions whose kernel differs from place to place, of rank 1 and 2: layers of Keras 2 that Keras 3 left out."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.sizes import free_in, no_pads
from modelc.graph.tensor import Tensor
from modelc.layers.convolution.geometry import channels_last, require_spatial, restore_format, window_padding
from modelc.layers.convolution.local_window import LocalWindow, centred_pads, require_window
from modelc.layers.convolution.windowed import Sizes, Windowed
from modelc.layers.core.einsum import einsum
from modelc.layers.options.fields import DataFormat, Padding
from modelc.layers.options.kernel import KernelOptions, finish
from modelc.ops.shape import Pad
from modelc.ops.take import Take
from modelc.text.listing import listing


class _Options(Windowed):
    filters: PositiveInt
    """The number of filters: that of the output's channels."""
    kernel_size: Sizes
    """The size of the window: one number for all axes, or one per axis."""
    strides: Sizes = 1  # type: ignore[assignment]
    """The stride: the step of the window between outputs."""
    padding: Padding = "valid"
    """`valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride) positions, and
    requires implementation 2 or 3."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""


class _LocallyConnected(KernelOptions, _Options):
    """``y[n, o, q] = f(Σ_k Σ_c x[n, o·strides + k - pad, c]·kernel[o, k, c, q] + bias[o, q])``.

    x: (N, *spatial, C) → (N, *output, filters). Weights: kernel, in the shape of its `implementation`, and bias
    (*output, filters). Keras 3 has no such layer: weights are those of Keras 2.
    """

    origin = "Keras 2"

    implementation: Literal[1, 2, 3] = 1
    """The storage of the kernel, with the same output: 1, a matrix per output position; 2, a matrix from all inputs to
    all outputs, masked to the windows; 3, only the elements within the windows."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.padding == "same" and self.implementation == 1:
            text, help = (
                "`padding: same` needs `implementation: 2` or `3`",
                "with 1, only `valid` is there, as in Keras",
            )
            raise PydanticCustomError("conflict", "{text}", {"text": text, "help": help})
        return self

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        require_window(self.kernel_size)
        x = channels_last(self.data_format, x.as_float())
        window = self._window(x)
        kernel = g.weight("kernel", window.kernel_shape(self.implementation), self.kernel_initializer)
        bias = g.weight("bias", (*window.out, self.filters), self.bias_initializer) if self.use_bias else None
        y = einsum("npk", "pkf", "npf", _patches(x, window), self._by_position(kernel, window))
        y = restore_format(self.data_format, y.reshape((None, *window.out, self.filters)))
        if bias is not None and window.channels_first:
            # Keras 2 reads the bias under another shape, where one would expect its last axis to go to the front.
            bias = bias.reshape((self.filters, *window.out))
        return finish(g, y, bias, self.activation)

    def _window(self, x: Tensor) -> LocalWindow:
        *spatial, channels = x.dims
        free = list(dict.fromkeys(name for size in spatial for name in free_in(size)))
        if free:
            told = listing([f"`{name}`" for name in free])
            raise ShapeError(f"it has weights for each position of the input, and {told} stays free", free=free)
        if self.padding == "same":
            pads = centred_pads(spatial, self.kernel_size, self.strides)
        else:
            none = (1,) * self.rank
            pads = window_padding("valid", spatial, self.kernel_size, self.strides, none, self.data_format)
        first = self.data_format == "channels_first"
        return LocalWindow(tuple(spatial), channels, self.kernel_size, self.strides, pads, self.filters, first)

    def _by_position(self, kernel: Tensor, window: LocalWindow) -> Tensor:
        """The kernel as (positions, taps·C, filters)."""
        positions, taps = math.prod(window.out), math.prod(window.size)
        if self.implementation == 1:
            if not window.channels_first:
                return kernel
            apart = kernel.reshape((positions, window.channels, taps, self.filters))
            return apart.transpose((0, 2, 1, 3)).reshape((positions, taps * window.channels, self.filters))
        size = math.prod(kernel.dims)
        flat = kernel.reshape((size,))
        places = window.places_in(self.implementation)
        if places.max() == size:
            flat = flat.emit(Pad(((0, 1),)))  # what padding reads
        taken = flat.emit(Take(0, tuple(places.ravel().tolist())))
        return taken.reshape((positions, taps * window.channels, self.filters))


def _patches(x: Tensor, window: LocalWindow) -> Tensor:
    """What each position reads: (N, *spatial, C) → (N, positions, taps·C)."""
    channels, reads = window.channels, window.reads()
    if not no_pads(window.pads):
        x = x.emit(Pad(((0, 0), *window.pads, (0, 0))))
    flat = x.reshape((None, math.prod(window.padded), channels))
    taken = flat.emit(Take(1, tuple(reads.ravel().tolist())))
    return taken.reshape((None, reads.shape[0], reads.shape[1] * channels))


class LocallyConnected1D(_LocallyConnected):
    """1-D convolution with separate weights per step: (N, steps, C) → (N, new_steps, filters). A layer of Keras 2
    only."""

    rank = 1


class LocallyConnected2D(_LocallyConnected):
    """2-D convolution with separate weights per position: (N, height, width, C) → (N, new_height, new_width, filters).
    A layer of Keras 2 only."""

    rank = 2

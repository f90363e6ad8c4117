"""ConvLSTM1D, ConvLSTM2D and ConvLSTM3D: an LSTM whose products are convolutions."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Self

from pydantic import PositiveInt, model_validator

from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, concatenate
from modelc.layers.activation.activate import activate, has_axis
from modelc.layers.base import Layer, require_rank
from modelc.layers.convolution.geometry import refuse_dilated_strides, window_padding
from modelc.layers.convolution.windowed import Sizes, Windowed
from modelc.layers.options.fields import Activation, DataFormat, Padding
from modelc.layers.recurrent.options import Drawn, Dropping, Forgetting, Gated, Penalized, PenalizedOutput, Seeded
from modelc.layers.recurrent.recurrence import Recurrence
from modelc.layers.recurrent.rnn_cells import ForgetBias, lstm_step
from modelc.layers.recurrent.steps import Run, States, parts, run_steps, zero_state
from modelc.layers.regularization.draws import scaled_mask
from modelc.ops.conv import Conv
from modelc.semantics import SamePadding

_SPATIAL = {1: "steps", 2: "height, width", 3: "depth, height, width"}


class _ConvLSTMWindow(Windowed):
    filters: PositiveInt
    """The number of output channels, and of channels of each state."""
    kernel_size: Sizes
    """The size of the convolution window: one number for all axes, or one per axis, such as `3` or `[3, 3]`."""
    strides: Sizes = 1  # type: ignore[assignment]
    """The stride of the input convolution: one number for all axes, or one per axis."""
    padding: Padding = "valid"
    """`valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride) positions."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""
    dilation_rate: Sizes = 1  # type: ignore[assignment]
    """The dilation rate: the distance between the input elements under the window. Values above 1 (atrous convolution)
    widen the window without more weights."""


class _ConvLSTM(Recurrence, Seeded, Dropping, PenalizedOutput, Penalized, Forgetting, Drawn, Gated, _ConvLSTMWindow):
    """``i, f, ĉ, o = conv(x_t, kernel) + conv(h, recurrent_kernel) + bias``, ``c' = g(f)∘c + g(i)∘a(ĉ)``, ``h' =
    g(o)∘a(c')``, with the activation a and the recurrent activation g (Shi et al., 2015). The state is convolved with
    `same` padding and stride 1.

    x: (N, T, *spatial, C) → (N, *output, filters), or (N, T, *output, filters) with `return_sequences`; with
    `return_state` also h and c (N, *output, filters). Weights: conv_lstm_cell/kernel (*kernel_size, C, 4·filters),
    recurrent_kernel (*kernel_size, filters, 4·filters), bias (4·filters,).
    """

    keras_cell = True
    keyword_only: ClassVar[frozenset[str]] = Layer.keyword_only | {"zero_output_for_mask"}
    cell_name: ClassVar[str] = "conv_lstm_cell"

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse_dilated_strides(self.strides, self.dilation_rate)
        return self

    def require_sequence(self, x: Tensor) -> None:
        inner = _SPATIAL[self.rank]
        axes = f"channels, {inner}" if self.data_format == "channels_first" else f"{inner}, channels"
        require_rank(x, self.rank + 3, f"(batch, time, {axes})", type(self).__name__)

    def _frame(self, x: Tensor) -> tuple[tuple[int, ...], int]:
        """The spatial extents and the channels of a step."""
        _, *dims = x.dims
        return (tuple(dims[1:]), dims[0]) if self.data_format == "channels_first" else (tuple(dims[:-1]), dims[-1])

    def _input_conv(self, x: Tensor, same: SamePadding = SamePadding.BALANCED) -> Conv:
        spatial, _ = self._frame(x)
        pads = window_padding(self.padding, spatial, self.kernel_size, self.strides, self.dilation_rate, same=same)
        return Conv(self.strides, pads, self.dilation_rate)

    def state_shapes(self, x: Tensor) -> tuple[tuple[int, ...], ...]:
        spatial, channels = self._frame(x)
        kernel = (*self.kernel_size, channels, self.filters)
        step = x.type.with_shape((None, *spatial, channels))
        *output, _ = self._input_conv(x).infer(step, x.type.with_shape(kernel)).dims
        shape = (self.filters, *output) if self.data_format == "channels_first" else (*output, self.filters)
        return shape, shape

    def declare(self, g: Builder, x: Tensor) -> None:
        self._weights(g, x)

    def _weights(self, g: Builder, x: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        _, channels = self._frame(x)
        width = 4 * self.filters
        bias = None
        with g.scope(self.cell_name):
            kernel = g.weight("kernel", (*self.kernel_size, channels, width), self.kernel_initializer)
            shape = (*self.kernel_size, self.filters, width)
            recurrent = g.weight("recurrent_kernel", shape, self.recurrent_initializer)
            if self.use_bias:
                drawn = self.bias_initializer
                bias = g.weight("bias", (width,), ForgetBias(initializer=drawn) if self.unit_forget_bias else drawn)
            self.declare_activations(g, self.state_shapes(x)[0])
        return kernel, recurrent, bias

    def run(self, g: Builder, x: Tensor, states: States | None, mask: Tensor | None) -> Run:
        kernel, recurrent, bias = self._weights(g, x)
        output = self.state_shapes(x)[0]
        spatial = output[1:] if self.data_format == "channels_first" else output[:-1]
        ones = (1,) * self.rank
        same = g.semantics.same_padding
        around = window_padding("same", spatial, self.kernel_size, ones, ones, same=same)
        input_conv, state_conv = self._input_conv(x, same), Conv(ones, around, ones)

        x_spatial, channels = self._frame(x)
        x_masks = self._masks(g, x, self.dropout, (*x_spatial, channels))
        h_masks = self._masks(g, x, self.recurrent_dropout, (*spatial, self.filters))

        activation, gate = (partial(self._activate, g, f) for f in (self.activation, self.recurrent_activation))

        def step(x: Tensor, states: States) -> States:
            h, c = states
            z = _masked_conv(g, input_conv, x, kernel, x_masks)
            z = z if bias is None else z + bias
            z = z + _masked_conv(g, state_conv, h, recurrent, h_masks)
            return lstm_step(z, c, activation, gate)

        sequence = self._last(g, x, 2)
        if states is None:
            zero = zero_state(g, sequence, (*spatial, self.filters))
            first = zero, zero
        else:
            first = tuple(self._last(g, s, 1) for s in states)
        done = run_steps(g, step, sequence, first, mask, backward=self.go_backwards, whole=self.return_sequences)
        outputs = self._first(done.outputs, 2 if self.return_sequences else 1)
        return Run(outputs, tuple(self._first(s, 1) for s in done.states))

    def _activate(self, g: Builder, name: Activation, x: Tensor) -> Tensor:
        """An activation of x, which has its channels last; as in Keras, along the last axis of the data format."""
        if not has_axis(name):
            return activate(g, name, x)
        with g.scope(self.cell_name):
            return self._last(g, activate(g, name, self._first(x, 1)), 1)

    def _masks(self, g: Builder, like: Tensor, rate: float, dims: tuple[int, ...]) -> States:
        """A mask for each gate, the same in all steps; none where nothing is dropped, as at a rate of 1 in Keras."""
        if not g.training or not 0 < rate < 1:
            return ()
        return tuple(scaled_mask(g, like, rate, (like.shape[0], *dims), self.seed) for _ in range(4))

    def _last(self, g: Builder, x: Tensor, axis: int) -> Tensor:
        """Channels from that axis to the end, where `channels_first`."""
        if self.data_format != "channels_first":
            return x
        return x.transpose((*range(axis), *range(axis + 1, x.rank), axis))

    def _first(self, x: Tensor, axis: int) -> Tensor:
        """The inverse of `_last`."""
        if self.data_format != "channels_first":
            return x
        last = x.rank - 1
        return x.transpose((*range(axis), last, *range(axis, last)))


def _masked_conv(g: Builder, conv: Conv, x: Tensor, kernel: Tensor, masks: States) -> Tensor:
    """The convolution; with masks, x is multiplied by one for each part of the kernel."""
    if not masks:
        return x.emit(conv, kernel)
    masked = [x * mask for mask in masks]
    made = [g.emit(conv, *pair) for pair in zip(masked, parts(kernel, len(masks)), strict=True)]
    return concatenate(made, x.rank - 1)


class ConvLSTM1D(_ConvLSTM):
    """LSTM with 1-D convolutions, over sequences of sequences: (N, T, steps, C) → (N, new_steps, filters)."""

    rank = 1


class ConvLSTM2D(_ConvLSTM):
    """LSTM with 2-D convolutions, over sequences of images: (N, T, height, width, C) → (N, new_height, new_width,
    filters)."""

    rank = 2


class ConvLSTM3D(_ConvLSTM):
    """LSTM with 3-D convolutions, over sequences of volumes: (N, T, depth, height, width, C) → (N, new_depth,
    new_height, new_width, filters)."""

    rank = 3

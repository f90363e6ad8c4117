"""Convolutions whose kernels are operands, and windows that are taken out of tensors."""

from __future__ import annotations

import math
from collections.abc import Callable

from modelc.errors import ShapeError
from modelc.graph.axes import sample_axes
from modelc.graph.builder import Builder
from modelc.graph.sizes import no_pads
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.layers.convolution.depthwise import grouped
from modelc.layers.convolution.geometry import channels_last, restore_format, transpose_crop, window_padding
from modelc.layers.operations.arranging import permuted, reshaped, size_of
from modelc.layers.operations.registry import IntOrInts, Table, adder
from modelc.layers.options.fields import CausalPadding, DataFormat, Padding
from modelc.ops.conv import Conv, ConvTranspose, extent
from modelc.ops.places import Framed
from modelc.ops.shape import Pad
from modelc.ops.take import Take, require_few

TABLE: Table = {}
_add = adder(TABLE)


def _per_axis(value: IntOrInts, rank: int, what: str) -> tuple[int, ...]:
    sizes = (value,) * rank if isinstance(value, int) else value if len(value) != 1 else value * rank
    if len(sizes) != rank or min(sizes) < 1:
        raise ShapeError(f"`{what}` {value} must be a positive number, or one for each of {rank} spatial axes")
    return sizes


def _spatial_rank(x: Tensor, kernel: Tensor) -> int:
    rank = x.rank - 2
    if not 1 <= rank <= 3 or kernel.rank != x.rank or kernel.batched:
        raise ShapeError(
            f"it takes 1 to 3 spatial axes and a constant kernel of as many, found {format_shape(x.shape)} and "
            f"{format_shape(kernel.shape)}",
            axis="rank",
        )
    return rank


def _convolved(
    g: Builder, x: Tensor, kernel: Tensor, strides: IntOrInts, padding: CausalPadding, data_format: DataFormat | None,
    dilation_rate: IntOrInts, groups: Callable[[int], int], arranged: Callable[[Builder, Tensor], Tensor],
) -> Tensor:  # fmt: skip
    rank = _spatial_rank(x, kernel)
    x = channels_last(data_format, x.as_float())
    *spatial, channels = x.dims
    window = kernel.dims[:rank]
    steps, dilation = _per_axis(strides, rank, "strides"), _per_axis(dilation_rate, rank, "dilation_rate")
    pads = window_padding(padding, spatial, window, steps, dilation, data_format)
    made = arranged(g, kernel.as_float())
    count = groups(channels)
    if not count or channels != made.dims[-2] * count or made.dims[-1] % count:
        raise ShapeError(f"a kernel of {format_shape(kernel.shape)} does not fit {channels} channels")
    return restore_format(data_format, x.emit(Conv(steps, pads, dilation, count), made))


@_add("conv")
def _conv(
    g: Builder, inputs: Tensor, kernel: Tensor, *, strides: IntOrInts = 1, padding: CausalPadding = "valid",
    data_format: DataFormat | None = None, dilation_rate: IntOrInts = 1,
) -> Tensor:  # fmt: skip
    """A convolution with a constant kernel (*window, C/groups, filters); as many groups as its channels say."""

    def groups(channels: int) -> int:
        return channels // kernel.dims[-2]

    return _convolved(g, inputs, kernel, strides, padding, data_format, dilation_rate, groups, lambda _, k: k)


@_add("depthwise_conv")
def _depthwise_conv(
    g: Builder, inputs: Tensor, kernel: Tensor, *, strides: IntOrInts = 1, padding: Padding = "valid",
    data_format: DataFormat | None = None, dilation_rate: IntOrInts = 1,
) -> Tensor:  # fmt: skip
    """A convolution of each channel with a constant kernel (*window, C, multiplier)."""
    return _convolved(g, inputs, kernel, strides, padding, data_format, dilation_rate, lambda c: c, grouped)


@_add("separable_conv")
def _separable_conv(
    g: Builder, inputs: Tensor, depthwise_kernel: Tensor, pointwise_kernel: Tensor, *, strides: IntOrInts = 1,
    padding: Padding = "valid", data_format: DataFormat | None = None, dilation_rate: IntOrInts = 1,
) -> Tensor:  # fmt: skip
    y = _depthwise_conv(
        g, inputs, depthwise_kernel, strides=strides, padding=padding, data_format=data_format,
        dilation_rate=dilation_rate,
    )  # fmt: skip
    return _conv(g, y, pointwise_kernel, data_format=data_format)


@_add("conv_transpose")
def _conv_transpose(
    g: Builder, inputs: Tensor, kernel: Tensor, *, strides: IntOrInts = 1, padding: Padding = "valid",
    output_padding: IntOrInts | None = None, data_format: DataFormat | None = None, dilation_rate: IntOrInts = 1,
) -> Tensor:  # fmt: skip
    """A transposed convolution with a constant kernel (*window, filters, C)."""
    rank = _spatial_rank(inputs, kernel)
    x = channels_last(data_format, inputs.as_float())
    window = kernel.dims[:rank]
    steps, dilation = _per_axis(strides, rank, "strides"), _per_axis(dilation_rate, rank, "dilation_rate")
    added = (output_padding,) * rank if isinstance(output_padding, int) else output_padding
    if added is not None and (len(added) != rank or any(not 0 <= n < s for n, s in zip(added, steps, strict=True))):
        raise ShapeError(f"`output_padding` {list(added)} must be below the strides {list(steps)}", code="E204")
    crop = transpose_crop(padding, window, steps, dilation, added)
    lengths = [
        (size - 1) * step + extent(w, d) - sum(cut)
        for size, step, w, d, cut in zip(x.dims[:-1], steps, window, dilation, crop, strict=True)
    ]
    if min(lengths) < 1 or kernel.dims[-1] != x.dims[-1]:
        raise ShapeError(f"a kernel of {format_shape(kernel.shape)} does not fit {format_shape(x.shape)}")
    return restore_format(data_format, x.emit(ConvTranspose(steps, crop, dilation), kernel.as_float()))


# --- windows taken out


def _windows(x: Tensor, axis: int, size: int, stride: int, dilation: int) -> Tensor:
    """The axis as two: the windows, and the elements of each."""
    length = size_of(x, axis)
    count = (length - extent(size, dilation)) // stride + 1
    if count < 1:
        raise ShapeError(f"a window of {size} does not fit into {length} along axis {axis}", axis=axis)
    require_few(count * size)
    y = x.emit(Take(axis, Framed(count, size, stride, dilation)))
    return reshaped(y, (*x.shape[:axis], count, size, *x.shape[axis + 1 :]))


@_add("extract_sequences")
def _extract_sequences(g: Builder, x: Tensor, *, sequence_length: int, sequence_stride: int) -> Tensor:
    """(..., n) → (..., frames, sequence_length): windows along the last axis, whole ones only."""
    (axis,) = sample_axes(-1, x.rank)
    if min(sequence_length, sequence_stride) < 1:
        raise ShapeError("`sequence_length` and `sequence_stride` are at least 1", code="E204")
    return _windows(x, axis, sequence_length, sequence_stride, 1)


@_add("extract_patches")
def _extract_patches(
    g: Builder, images: Tensor, *, size: IntOrInts, strides: IntOrInts | None = None, dilation_rate: IntOrInts = 1,
    padding: Padding = "valid", data_format: DataFormat | None = None,
) -> Tensor:  # fmt: skip
    """(N, h, w, C) → (N, rows, columns, size[0]·size[1]·C): the pixels of a window, channels last."""
    if images.rank != 4:
        raise ShapeError(f"it takes a batch of images, found {images.rank}-D input", axis="rank")
    x = channels_last(data_format, images)
    window, dilation = _per_axis(size, 2, "size"), _per_axis(dilation_rate, 2, "dilation_rate")
    steps = window if strides is None else _per_axis(strides, 2, "strides")
    pads = window_padding(padding, x.dims[:2], window, steps, dilation, data_format)
    if not no_pads(pads):
        x = x.emit(Pad(((0, 0), *pads, (0, 0))))
    for i, axis in enumerate((1, 3)):
        x = _windows(x, axis, window[i], steps[i], dilation[i])
    y = permuted(x, (0, 1, 3, 2, 4, 5))
    return restore_format(data_format, reshaped(y, (*y.shape[:3], math.prod(y.dims[2:]))))


@_add("unfold")
def _unfold(
    g: Builder, x: Tensor, *, kernel_size: IntOrInts, dilation: IntOrInts = 1, padding: IntOrInts = 0,
    stride: IntOrInts = 1,
) -> Tensor:  # fmt: skip
    """(N, C, h, w) → (N, C·window, windows): the elements of every window as a column."""
    if x.rank != 4:
        raise ShapeError(f"it takes a batch of images, channels first, found {x.rank}-D input", axis="rank")
    window, spread = _per_axis(kernel_size, 2, "kernel_size"), _per_axis(dilation, 2, "dilation")
    steps = _per_axis(stride, 2, "stride")
    around = (padding,) * 2 if isinstance(padding, int) else padding
    if any(around):
        x = x.emit(Pad(((0, 0), (0, 0), *((n, n) for n in around))))
    for i, axis in enumerate((2, 4)):
        x = _windows(x, axis, window[i], steps[i], spread[i])
    _, channels, rows, high, columns, wide = x.shape
    assert None not in (channels, rows, high, columns, wide)
    y = permuted(x, (0, 1, 3, 5, 2, 4))
    return reshaped(y, (None, math.prod(y.dims[:3]), math.prod(y.dims[3:])))

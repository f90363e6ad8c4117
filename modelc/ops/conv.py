"""Convolution and its transpose, channels last, rank 1 to 3."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op
from modelc.ops.shape import Slice

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

Pads = tuple[tuple[int, int], ...]
"""Zeros before and after, per spatial axis."""


@dataclass(frozen=True)
class Conv(Op):
    """``y[n, o, q] = Σ_k Σ_c x[n, o·strides + k·dilation - pad, c]·kernel[k, c, q]``, o and k spatial positions.

    x: (N, *spatial, C); kernel: (*window, C/groups, Q), where output channel q reads the input channels of
    its group. Depthwise convolution is `groups = C`.
    """

    kernel_channel_axis: ClassVar[int | None] = -1

    strides: tuple[int, ...]
    padding: Pads
    dilation: tuple[int, ...]
    groups: int = 1

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, *spatial, C), (*window, C/groups, Q) → (N, *output, Q), output = (in + pads - extent) // stride + 1."""
        x, kernel = operands
        channels, filters = kernel.dims[-2] * self.groups, kernel.dims[-1]
        if x.shape[-1] != channels:
            raise ShapeError(f"the input has {x.shape[-1]} channels, the kernel takes {channels}")
        if filters % self.groups:
            raise ShapeError(f"`filters` (={filters}) must be divisible by `groups` (={self.groups})")
        spatial = tuple(
            (size + low + high - extent(window, dilation)) // stride + 1
            for size, (low, high), window, dilation, stride in zip(
                x.dims[-1 - len(self.strides) : -1],
                self.padding,
                kernel.dims,
                self.dilation,
                self.strides,
                strict=False,
            )
        )
        return x.with_shape((x.shape[0], *spatial, filters))

    def compute(self, *operands: Array) -> Array:
        """A sum of matrix products, one per position of the window."""
        x, kernel = operands
        rank = len(self.strides)
        x = np.pad(x, ((0, 0), *self.padding, (0, 0)))
        window, filters = kernel.shape[:rank], kernel.shape[-1]
        out = tuple(
            (size - extent(w, d)) // s + 1
            for size, w, d, s in zip(x.shape[1:-1], window, self.dilation, self.strides, strict=True)
        )
        x = x.reshape(*x.shape[:-1], self.groups, x.shape[-1] // self.groups)
        kernel = kernel.reshape(*kernel.shape[:-1], self.groups, filters // self.groups)
        y = np.zeros((x.shape[0], *out, self.groups, filters // self.groups), np.result_type(x, kernel))
        for position in itertools.product(*map(range, window)):
            tap = x[
                (slice(None), *(
                    slice(p * d, p * d + (o - 1) * s + 1, s)
                    for p, d, o, s in zip(position, self.dilation, out, self.strides, strict=True)
                ))
            ]  # fmt: skip
            if self.groups == 1:
                y[..., 0, :] += tap[..., 0, :] @ kernel[position][:, 0]
            else:
                y += np.einsum("...gc,cgq->...gq", tap, kernel[position])
        return y.reshape(*y.shape[:-2], filters)

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Window size times C/groups for every output element; padding counts like data."""
        return output.size * math.prod(operands[1].dims[:-1])

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """The transposed convolution of dy for x; for the kernel, what x and dy correlate."""
        x, kernel = inputs
        rank = len(self.strides)
        crop = tuple(
            (low, (n - 1) * stride + extent(window, dilation) - low - size)
            for size, n, (low, _), window, dilation, stride in zip(
                x.dims[-1 - rank : -1], output.dims[-1 - rank : -1], self.padding, kernel.dims,
                self.dilation, self.strides, strict=False,
            )
        )  # fmt: skip
        back = ConvTranspose(self.strides, crop, self.dilation, self.groups)
        by_kernel = ConvKernelGradient(kernel.dims[:rank], self.strides, self.padding, self.dilation, self.groups)
        return dy.emit(back, kernel), x.emit(by_kernel, dy)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """A window along each spatial axis, and all channels."""
        axes = zip(types[1].dims, self.dilation, self.strides, self.padding, strict=False)
        for i, (size, d, stride, (low, _)) in enumerate(axes):
            field = field.window(1 + i, extent(size, d), stride, low)
        return field.over(types[0].rank - 1)

    def window_extents(self, types: Sequence[TensorType]) -> tuple[int, ...]:
        """Those of the kernel."""
        return types[1].dims[: len(self.strides)]


@dataclass(frozen=True)
class ConvKernelGradient(Op):
    """``y[k, c, q] = Σ_n Σ_o x[n, o·strides + k·dilation - pad, c]·dy[n, o, q]``: `Conv` by its kernel.

    x: (N, *spatial, C); dy: (N, *output, Q), of which q correlates with the channels c of its group.
    """

    window: tuple[int, ...]
    strides: tuple[int, ...]
    padding: Pads
    dilation: tuple[int, ...]
    groups: int = 1

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, *spatial, C), (N, *output, Q) → (*window, C/groups, Q)."""
        x, dy = operands
        return TensorType((*self.window, x.dims[-1] // self.groups, dy.dims[-1]))

    def compute(self, *operands: Array) -> Array:
        """One matrix product per position of the window and group."""
        x, dy = operands
        groups, channels, filters = self.groups, x.shape[-1] // self.groups, dy.shape[-1] // self.groups
        x = np.pad(x, ((0, 0), *self.padding, (0, 0)))
        out = dy.shape[1:-1]
        columns = dy.reshape(-1, groups, filters).transpose(1, 0, 2)
        y = np.empty((*self.window, channels, groups, filters), np.result_type(x, dy))
        for position in itertools.product(*map(range, self.window)):
            tap = x[
                (slice(None), *(
                    slice(p * d, p * d + (o - 1) * s + 1, s)
                    for p, d, o, s in zip(position, self.dilation, out, self.strides, strict=True)
                ))
            ]  # fmt: skip
            rows = tap.reshape(-1, groups, channels).transpose(1, 2, 0)
            y[position] = (rows @ columns).transpose(1, 0, 2)
        return y.reshape(*y.shape[:-2], groups * filters)

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """The positions of dy for every element of the kernel."""
        _, dy = operands
        return output.size * math.prod(dy.dims[:-1])

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """It is linear in both: those of the convolution of x with a kernel dy whose output is the other operand."""
        x, into = inputs
        conv = Conv(self.strides, self.padding, self.dilation, self.groups)
        by_x, _ = conv.gradient(g, (x, dy), into, into)
        return by_x, x.emit(conv, dy)


@dataclass(frozen=True)
class ConvTranspose(Op):
    """The gradient of a convolution with respect to its input, as a layer: each input element adds
    ``x[n, i, c]·kernel[k, q, c]`` to the output at ``i·strides + k·dilation - crop``.

    x: (N, *spatial, C); kernel: (*window, Q/groups, C), where output channel q comes from the input channels of its
    group. `crop` is cut from the full result, negative where the output
    is longer than what the input reaches (zeros there).
    """

    kernel_channel_axis: ClassVar[int | None] = -2

    strides: tuple[int, ...]
    crop: Pads
    dilation: tuple[int, ...]
    groups: int = 1

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, *spatial, C), (*window, Q/groups, C) → (N, *output, Q), output = (in - 1)·stride + extent - crop."""
        x, kernel = operands
        if x.shape[-1] != kernel.dims[-1]:
            raise ShapeError(f"the input has {x.shape[-1]} channels, the kernel takes {kernel.dims[-1]}")
        spatial = tuple(
            (size - 1) * stride + extent(window, dilation) - low - high
            for size, (low, high), window, dilation, stride in zip(
                x.dims[-1 - len(self.strides) : -1], self.crop, kernel.dims, self.dilation, self.strides, strict=False
            )
        )
        return x.with_shape((x.shape[0], *spatial, kernel.dims[-2] * self.groups))

    def compute(self, *operands: Array) -> Array:
        """Scatter every position of the window into the full result, then crop."""
        x, kernel = operands
        rank = len(self.strides)
        window = kernel.shape[:rank]
        full = tuple(
            (size - 1) * s + extent(w, d)
            for size, w, d, s in zip(x.shape[1:-1], window, self.dilation, self.strides, strict=True)
        )
        longer = tuple(max(0, -high) for _, high in self.crop)
        before = tuple(max(0, -low) for low, _ in self.crop)
        y = np.zeros(
            (
                x.shape[0],
                *(b + f + e for b, f, e in zip(before, full, longer, strict=True)),
                kernel.shape[-2] * self.groups,
            ),
            np.result_type(x, kernel),
        )
        for position in itertools.product(*map(range, window)):
            target = tuple(
                slice(b + p * d, b + p * d + (size - 1) * s + 1, s)
                for b, p, d, size, s in zip(before, position, self.dilation, x.shape[1:-1], self.strides, strict=True)
            )
            y[(slice(None), *target)] += self._tap(x, kernel[position])
        cut = tuple(slice(max(0, low), y.shape[axis + 1] - max(0, high)) for axis, (low, high) in enumerate(self.crop))
        return y[(slice(None), *cut)]

    def _tap(self, x: Array, kernel: Array) -> Array:
        """What one position of the window adds: (..., C), (Q/groups, C) → (..., Q)."""
        if self.groups == 1:
            return x @ kernel.T
        parts = x.reshape(*x.shape[:-1], self.groups, -1)
        kernels = kernel.reshape(len(kernel), self.groups, -1)
        return np.einsum("...gc,qgc->...gq", parts, kernels).reshape(*x.shape[:-1], -1)

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Window size times C times Q/groups for every input position."""
        x, kernel = operands
        return math.prod(x.dims[:-1]) * kernel.size

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """The convolution of dy with the same kernel for x; for the kernel, what dy and x correlate."""
        x, kernel = inputs
        if any(low < 0 or high < 0 for low, high in self.crop):  # zeros that no element of x reaches
            batch, *spatial, filters = dy.shape
            starts = (0, *(max(0, -low) for low, _ in self.crop), 0)
            ends = (None if d is None else d + min(0, high) for d, (_, high) in zip(spatial, self.crop, strict=True))
            dy = dy.emit(Slice(starts, (batch, *ends, filters), (1,) * len(starts)))
        padding = tuple((max(0, low), max(0, high)) for low, high in self.crop)
        by_kernel = ConvKernelGradient(
            kernel.dims[: len(self.strides)], self.strides, padding, self.dilation, self.groups
        )
        return dy.emit(Conv(self.strides, padding, self.dilation, self.groups), kernel), dy.emit(by_kernel, x)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """The inputs that reach an output along each spatial axis, and all channels."""
        axes = zip(types[1].dims, self.dilation, self.strides, self.crop, strict=False)
        for i, (size, d, stride, (low, _)) in enumerate(axes):
            # Output p sees the inputs from (p + low - (e - 1)) / stride to (p + low) / stride.
            taps = ceil(extent(size, d) / stride)
            middle = (low - (extent(size, d) - 1) / 2) / stride
            field = field.window(1 + i, taps, 1 / stride, (taps - 1) / 2 - middle)
        return field.over(types[0].rank - 1)

    def window_extents(self, types: Sequence[TensorType]) -> tuple[int, ...]:
        """Those of the kernel."""
        return types[1].dims[: len(self.strides)]


def extent(window: int, dilation: int) -> int:
    """How far a dilated window reaches: (window - 1)·dilation + 1."""
    return (window - 1) * dilation + 1

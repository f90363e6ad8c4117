"""The windows of locally connected layers: which inputs each output reads, and where Keras 2 keeps their weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from modelc.errors import ShapeError
from modelc.ops.conv import Pads
from modelc.ops.take import require_few

MAX_TAPS = 2**16
"""Elements of a window."""

Indices = NDArray[np.int64]
Form = Literal[1, 2, 3]


@dataclass(frozen=True)
class LocalWindow:
    """A window that moves over an input whose sizes are all known."""

    spatial: tuple[int, ...]
    channels: int
    size: tuple[int, ...]
    strides: tuple[int, ...]
    pads: Pads
    filters: int
    channels_first: bool

    @property
    def out(self) -> tuple[int, ...]:
        """The output's positions."""
        axes = zip(self.spatial, self.pads, self.size, self.strides, strict=True)
        return tuple((extent + low + high - size) // stride + 1 for extent, (low, high), size, stride in axes)

    @property
    def padded(self) -> tuple[int, ...]:
        """The input's extents with what padding adds."""
        return tuple(extent + low + high for extent, (low, high) in zip(self.spatial, self.pads, strict=True))

    def kernel_shape(self, form: Form) -> tuple[int, ...]:
        """The shape of the kernel in one of the forms of Keras 2."""
        positions, taps = math.prod(self.out), math.prod(self.size)
        if form == 1:
            return positions, taps * self.channels, self.filters
        require_few(positions * taps * self.channels * self.filters)
        if form == 3:
            return (int(self._is_inside().sum()) * self.channels * self.filters,)
        if self.channels_first:
            return (self.channels, *self.spatial, self.filters, *self.out)
        return (*self.spatial, self.channels, *self.out, self.filters)

    def reads(self) -> Indices:
        """The element of the padded input, its axes as one, that each tap at each position reads: (positions, taps).

        Raises `ShapeError` where there are too many.
        """
        require_few(math.prod(self.out) * math.prod(self.size))
        return np.asarray(np.ravel_multi_index(self._places(), self.padded), np.int64)

    def places_in(self, form: Literal[2, 3]) -> Indices:
        """The element of the kernel, its axes as one, for each position, tap, channel and filter.

        That of a tap on padding is the one after the last.
        """
        low = np.array([low for low, _ in self.pads]).reshape(-1, 1, 1)
        inside = self._is_inside()[:, :, None, None]
        axes = [axis[:, :, None, None] for axis in np.where(self._is_inside(), np.array(self._places()) - low, 0)]
        channel, filter = np.arange(self.channels)[:, None], np.arange(self.filters)
        where = [axis[:, None, None, None] for axis in np.unravel_index(np.arange(math.prod(self.out)), self.out)]
        source, from_shape = _laid_out(axes, self.spatial, channel, self.channels, self.channels_first)
        target, to_shape = _laid_out(where, self.out, filter, self.filters, self.channels_first)
        if form == 2:
            flat = np.ravel_multi_index(np.broadcast_arrays(*source, *target), (*from_shape, *to_shape))  # pyright: ignore[reportArgumentType, reportCallIssue]
            return np.where(inside, flat, math.prod((*from_shape, *to_shape)))
        inputs = np.ravel_multi_index(np.broadcast_arrays(*source), from_shape)  # pyright: ignore[reportArgumentType, reportCallIssue]
        outputs = np.ravel_multi_index(np.broadcast_arrays(*target), to_shape)  # pyright: ignore[reportArgumentType, reportCallIssue]
        inputs, outputs, counts = np.broadcast_arrays(inputs, outputs, inside)
        # Keras 2 sorts the pairs of an output and an input.
        order = np.lexsort((inputs.ravel(), outputs.ravel(), ~counts.ravel()))
        places = np.empty(order.size, np.int64)
        places[order] = np.arange(order.size)
        return np.where(counts, places.reshape(counts.shape), counts.sum())

    def _places(self) -> tuple[Any, ...]:
        """The place in the padded input of each tap at each position, axis by axis."""
        taps = np.unravel_index(np.arange(math.prod(self.size)), self.size)
        positions = np.unravel_index(np.arange(math.prod(self.out)), self.out)
        return tuple(
            position[:, None] * stride + tap
            for position, stride, tap in zip(positions, self.strides, taps, strict=True)
        )

    def _is_inside(self) -> NDArray[np.bool_]:
        """Whether each tap at each position reads an element of the input, and no padding."""
        axes = zip(self._places(), self.pads, self.spatial, strict=True)
        return np.logical_and.reduce([(at >= low) & (at < low + extent) for at, (low, _), extent in axes])


def centred_pads(spatial: Sequence[int], size: Sequence[int], strides: Sequence[int]) -> Pads:
    """What padding `same` adds here: the window lies around the element at the stride's multiple.

    Other than that of a convolution, where all of the padding is shared out between both ends.
    """
    pads: list[tuple[int, int]] = []
    for extent, window, stride in zip(spatial, size, strides, strict=True):
        low, last = window // 2, (-(-extent // stride) - 1) * stride
        pads.append((low, max(0, last + window - low - extent)))
    return tuple(pads)


def require_window(size: Sequence[int]) -> None:
    """Raise `ShapeError` for a window of more elements than can be listed."""
    if math.prod(size) > MAX_TAPS:
        raise ShapeError(f"a window of {math.prod(size):,} elements, at most {MAX_TAPS:,} are supported", code="E403")


def _laid_out(
    spatial: Sequence[Any], sizes: tuple[int, ...], channel: Any, channels: int, first: bool
) -> tuple[list[Any], tuple[int, ...]]:
    """The indices of an element, and the shape that they are in, in the order of the data format."""
    return ([channel, *spatial], (channels, *sizes)) if first else ([*spatial, channel], (*sizes, channels))

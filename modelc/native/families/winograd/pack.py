"""The points of a kernel, in the order in which Winograd's convolution reads them. Numba-free."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.winograd.transforms import Form, kernel_transform
from modelc.native.target import Target, host

_CHUNK = 1 << 16
"""Elements of a tap that are transformed at a time: many, so that NumPy is called seldom, in some 20 MB of memory."""


def winograd_elements(form: Form, channels: int, filters: int) -> int:
    """The elements of a packed kernel."""
    return form.points * channels * blocks_of(filters).total * host().lanes


def pack_winograd(kernel: NDArray[np.float32], form: Form, target: Target | None = None) -> NDArray[np.float32]:
    """``G·k·Gᵀ`` of each channel and filter: `[block of columns][point][channel][lanes]`.

    kernel: (*form.window, channels, filters), as Keras has it. It is computed in float64 and rounded once. The last
    vector is filled up with zeros.
    """
    target = target or host()
    *_, channels, filters = kernel.shape
    blocks = blocks_of(filters, target)
    width, points = blocks.vectors * target.lanes, form.points
    both = kernel_transform(form)
    taps = kernel.reshape(both.shape[1], channels, filters)
    packed = np.zeros(points * channels * blocks.total * target.lanes, np.float32)
    step = max(1, _CHUNK // filters)
    for c in range(0, channels, step):
        part = taps[:, c : c + step].astype(np.float64)
        made = (both @ part.reshape(both.shape[1], -1)).reshape(points, -1, filters)
        for q in range(0, filters, width):
            wide = min(width, blocks.total * target.lanes - q)
            start = points * channels * q
            block = packed[start : start + points * channels * wide].reshape(points, channels, wide)
            columns = made[:, :, q : q + width]
            block[:, c : c + step, : columns.shape[2]] = columns
    return packed

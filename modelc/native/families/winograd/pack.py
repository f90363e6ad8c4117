"""The points of a kernel, in the order in which Winograd's convolution reads them. Numba-free."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelc.native.families.conv.pack import PIECE, blocks_of
from modelc.native.families.winograd.transforms import Form, kernel_transform
from modelc.native.target import Target, host


def winograd_elements(form: Form, channels: int, filters: int) -> int:
    """The elements of a packed kernel."""
    return form.points * channels * blocks_of(filters).total * host().lanes


def pack_winograd(kernel: NDArray[np.float32], form: Form, target: Target | None = None) -> NDArray[np.float32]:
    """``G·k·Gᵀ`` of each channel and filter: `[block of columns][point][channel][lanes]`.

    kernel: (*form.window, channels, filters), as Keras has it. It is computed in float64 and rounded once. The last
    vector is filled up with zeros.
    """
    return np.concatenate([*winograd_pieces(kernel, form, target)])


def winograd_pieces(
    kernel: NDArray[np.float32], form: Form, target: Target | None = None
) -> Iterator[NDArray[np.float32]]:
    """What `pack_winograd` gives, in pieces of some megabytes, one after the other."""
    matrix = kernel_transform(form)
    return transformed_pieces(kernel.reshape(matrix.shape[1], *kernel.shape[-2:]), matrix, target)


def transformed_pieces(
    taps: NDArray[np.float32], matrix: NDArray[np.float64], target: Target | None = None
) -> Iterator[NDArray[np.float32]]:
    """The sums of taps that the rows of a matrix say, `[block of columns][row][channel][lanes]`, piece by piece.

    taps: (columns of the matrix, channels, filters).
    """
    target = target or host()
    _, channels, filters = taps.shape
    blocks = blocks_of(filters, target)
    width, padded, sums = blocks.vectors * target.lanes, blocks.total * target.lanes, len(matrix)
    step = width * max(1, PIECE // (sums * channels * width))
    for start in range(0, padded, step):
        part = taps[:, :, start : start + step].astype(np.float64)
        made = (matrix @ part.reshape(len(taps), -1)).reshape(sums * channels, -1)
        columns = min(start + step, padded) - start
        packed = np.zeros(sums * channels * columns, np.float32)
        for q in range(0, columns, width):
            wide = min(width, columns - q)
            block = packed[sums * channels * q : sums * channels * (q + wide)].reshape(-1, wide)
            found = made[:, q : q + width]
            block[:, : found.shape[1]] = found
        yield packed

"""The order in which the convolution kernels read their weights. Numba-free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelc.graph.sizes import is_free
from modelc.native.target import Target, host

PIECE = 1 << 20
"""Elements of a packed kernel that are made at a time, so that no second copy of a large one is held."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """How the output channels of a group are cut: `count` blocks of `vectors` vectors, fewer in the last."""

    count: int
    vectors: int
    total: int


def blocks_of(channels: int, target: Target | None = None) -> Blocks:
    """The blocks for `channels` output channels, as even as may be; `total` vectors in all."""
    target = target or host()
    total = -(-channels // target.lanes)
    count = -(-total // target.max_vectors)
    widest = -(-total // count)
    # There is a kernel for each width, so that of a free size is a plain number.
    vectors = next(n for n in range(1, target.max_vectors + 1) if widest == n) if is_free(widest) else widest
    return Blocks(count, vectors, total)


def pack_kernel(kernel: NDArray[np.float32], groups: int = 1, target: Target | None = None) -> NDArray[np.float32]:
    """The weights in the order in which `conv` reads them: `[group][block][tap and input channel][lanes]`.

    kernel: (*spatial, in_channels / groups, out_channels), as Keras has it; out_channels is groups times the
    channels of a group, group by group. The last vector of a group is filled up with zeros.
    """
    pieces = [*kernel_pieces(kernel, groups, target)]
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces or [np.zeros(0, np.float32)])


def kernel_pieces(
    kernel: NDArray[np.float32], groups: int = 1, target: Target | None = None
) -> Iterator[NDArray[np.float32]]:
    """What `pack_kernel` gives, in pieces of some megabytes, one after the other."""
    target = target or host()
    channels = kernel.shape[-1] // groups
    blocks = blocks_of(channels, target)
    width, padded = blocks.vectors * target.lanes, blocks.total * target.lanes
    taps = kernel.reshape(-1, groups, channels).transpose(1, 0, 2)  # (groups, K, channels)
    depth = taps.shape[1]
    if groups * depth * padded <= PIECE:
        packed = np.zeros((groups, depth * padded), np.float32)
        for start in range(0, channels, width):
            wide = min(width, padded - start)  # with the columns that fill up the last vector
            block = packed[:, depth * start : depth * (start + wide)].reshape(groups, -1, wide)
            columns = taps[:, :, start : start + width]
            block[:, :, : columns.shape[2]] = columns
        yield packed.reshape(-1)
        return
    step = width * max(1, PIECE // (depth * width))
    for group in taps:
        whole = channels // width * width
        for start in range(0, whole, step):
            columns = group[:, start : min(start + step, whole)].reshape(depth, -1, width)
            yield columns.transpose(1, 0, 2).reshape(-1)
        if whole < channels:
            last = np.zeros((depth, padded - whole), np.float32)
            last[:, : channels - whole] = group[:, whole:]
            yield last.reshape(-1)


def pack_bias(bias: NDArray[np.float32], groups: int = 1, target: Target | None = None) -> NDArray[np.float32]:
    """The bias with each group filled up with zeros to whole vectors, as `conv` and `depthwise` read it."""
    target = target or host()
    channels = bias.size // groups
    padded = np.zeros((groups, blocks_of(channels, target).total * target.lanes), np.float32)
    padded[:, :channels] = bias.reshape(groups, channels)
    return padded.reshape(-1)


def pack_depthwise(kernel: NDArray[np.float32], target: Target | None = None) -> NDArray[np.float32]:
    """A depthwise kernel (*spatial, channels, 1) as rows of taps, each filled up with zeros to whole vectors."""
    target = target or host()
    channels = kernel.shape[-2]
    padded = np.zeros((kernel.size // channels, blocks_of(channels, target).total * target.lanes), np.float32)
    padded[:, :channels] = kernel.reshape(-1, channels)
    return padded.reshape(-1)

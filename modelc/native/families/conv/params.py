"""Parameters of the convolution kernels, the packing of their weights, and the steps that run them. Numba-free.

A convolution of any rank is seen as one over (n, d, h, w) with strides in elements. Its input is padded already,
its channels are contiguous, and what one output element reads of it is a list of segments: `length` consecutive
values at each offset of a table. The window's taps and channels, in the order of the kernel array, are those
segments one after another, so that the packed weights need no order of their own.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.native.code.layout import Layout, Operand, float_bits
from modelc.native.engine.schedule import Step
from modelc.native.target import Target, host

CONV = Layout.of(
    x=3, y=3, weights=3, bias=3, table=3, segments=1, length=1, groups=1, channels=1, x_groups=2, y_groups=2,
    vectors=1, rows=1, band=1, extents=4, x_strides=4, y_strides=4, epilogue=1, low=1, high=1, accumulate=1,
)  # fmt: skip

DEPTHWISE = Layout.of(
    x=3, y=3, weights=3, bias=3, table=3, taps=1, channels=1,
    extents=4, x_strides=4, y_strides=4, epilogue=1, low=1, high=1,
)  # fmt: skip

DEPTHWISE_ROWS = 6
"""Output pixels of a depthwise tile: sums enough to hide the latency of the multiply-add on any CPU."""

DEPTHWISE_ROW = Layout.of(
    x=3, y=3, weights=3, bias=3, table=3, rows=1, taps=1, stride=1, channels=1,
    extents=4, x_strides=4, y_strides=4, epilogue=1, low=1, high=1,
)  # fmt: skip

ROW_WIDTH = 7
"""Output pixels of a tile of `depthwise_row`; the common image sizes are multiples of it."""
ROW_TAPS, ROW_STRIDES = (3, 5), (1, 2)
"""The windows and strides along a line that `depthwise_row` is compiled for."""

EPILOGUE_NONE = 0
EPILOGUE_CLIP = 1
EPILOGUE_LEAKY = 2


class Epilogue(NamedTuple):
    """What is done to a sum before it is stored. NaN stays NaN."""

    code: int = EPILOGUE_NONE
    low: float = 0.0
    high: float = 0.0

    @classmethod
    def clip(cls, low: float, high: float = inf) -> Epilogue:
        """`min(max(s, low), high)`; ReLU is `clip(0)`, ReLU6 is `clip(0, 6)`."""
        return cls(EPILOGUE_CLIP, low, high)

    @classmethod
    def leaky(cls, slope: float) -> Epilogue:
        """`s` where it is not negative, else `slope * s`."""
        return cls(EPILOGUE_LEAKY, slope, 0.0)


class Blocks(NamedTuple):
    """How the output channels of a group are cut: `count` blocks of `vectors` vectors, fewer in the last."""

    count: int
    vectors: int
    total: int


def blocks_of(channels: int, target: Target | None = None) -> Blocks:
    """The blocks for `channels` output channels, as even as may be; `total` vectors in all."""
    target = target or host()
    total = -(-channels // target.lanes)
    count = -(-total // target.max_vectors)
    return Blocks(count, -(-total // count), total)


def pack_kernel(kernel: NDArray[np.float32], groups: int = 1, target: Target | None = None) -> NDArray[np.float32]:
    """The weights in the order in which `conv` reads them: `[group][block][tap and input channel][lanes]`.

    kernel: (*spatial, in_channels / groups, out_channels), as Keras has it; out_channels is groups times the
    channels of a group, group by group. The last vector of a group is filled up with zeros.
    """
    target = target or host()
    channels = kernel.shape[-1] // groups
    _, vectors, total = blocks_of(channels, target)
    taps = kernel.reshape(-1, groups, channels).transpose(1, 0, 2)  # (groups, K, channels)
    padded = np.zeros((groups, taps.shape[1], total * target.lanes), np.float32)
    padded[:, :, :channels] = taps
    width = vectors * target.lanes
    parts = [padded[:, :, start : start + width].reshape(groups, -1) for start in range(0, padded.shape[2], width)]
    return np.concatenate(parts, axis=1).reshape(-1)


def pack_bias(bias: NDArray[np.float32], groups: int = 1, target: Target | None = None) -> NDArray[np.float32]:
    """The bias with each group filled up with zeros to whole vectors, as `conv` and `depthwise` read it."""
    target = target or host()
    channels = bias.size // groups
    padded = np.zeros((groups, blocks_of(channels, target).total * target.lanes), np.float32)
    padded[:, :channels] = bias.reshape(groups, channels)
    return padded.reshape(-1)


class Window(NamedTuple):
    """What one output element reads: `length` values at each of `offsets`, in elements from its first one."""

    offsets: tuple[int, ...]
    length: int


def window(size: tuple[int, ...], steps: tuple[int, ...], channels: int) -> Window:
    """The segments of a window of `size` taps, outermost axis first.

    steps: the distance in elements from one tap to the next along each axis, dilation included. channels: the
    values that are read at each tap, which are contiguous. Axes whose taps follow each other without a gap are
    merged into longer segments.
    """
    length, axis = channels, len(size)
    while axis > 0 and (size[axis - 1] == 1 or steps[axis - 1] == length):
        axis -= 1
        length *= size[axis]
    offsets = np.zeros(1, np.int64)
    for extent, step in zip(size[:axis], steps[:axis], strict=True):
        offsets = (offsets[:, None] + np.arange(extent) * step).reshape(-1)
    return Window(tuple(int(v) for v in offsets), length)


def conv_step(
    *,
    x: Operand,
    y: Operand,
    weights: Operand,
    bias: Operand,
    table: Operand,
    window: Window,
    channels: int,
    extents: tuple[int, int, int, int],
    x_strides: tuple[int, int, int, int],
    y_strides: tuple[int, int, int, int],
    groups: int = 1,
    group_stride: int = 0,
    epilogue: Epilogue | None = None,
    accumulate: bool = False,
    target: Target | None = None,
) -> Step:
    """The step of a convolution.

    ``y[n,d,h,w,g,c] = epilogue(bias[g,c] + Σ_{s,k} x[n,d,h,w, table[s] + k + g·group_stride] · kernel[s,k,g,c])``

    table: the operand of `window.offsets` as int64. channels: output channels of one group. extents: (n, d, h, w)
    of the output, n as a Dim. x_strides: elements from what one output reads to what the next does, along each
    axis. y_strides: elements from one output to the next; the channels of all groups are contiguous in y.
    weights, bias: by `pack_kernel` and `pack_bias`. accumulate: add to what y holds.
    """
    target = target or host()
    count, vectors, _ = blocks_of(channels, target)
    rows = target.tile_rows(vectors)
    epilogue = epilogue or Epilogue()
    sums = len(window.offsets) * window.length
    along = max((axis for axis in range(4) if extents[axis] != 1), default=3)
    pixel = max(1, x_strides[along] + y_strides[along])
    band = _band(groups * count, sums * vectors * target.lanes, rows * pixel)
    params = CONV.pack(
        x=x, y=y, weights=weights, bias=bias, table=table,
        segments=len(window.offsets), length=window.length,
        groups=groups, channels=channels, x_groups=(0, group_stride), y_groups=(0, channels),
        vectors=vectors, rows=rows, band=band,
        extents=extents, x_strides=x_strides, y_strides=y_strides,
        epilogue=epilogue.code, low=float_bits(epilogue.low), high=float_bits(epilogue.high),
        accumulate=int(accumulate),
    )  # fmt: skip
    n, depth, height, width = extents
    pixels = n * depth * height * width
    grain = tile_grain(pixels, rows, sums * vectors)
    return Step("conv", params, pixels, tile=rows, times=groups * count, grain=grain)


def tile_grain(pixels: int, rows: int, cost: int) -> int:
    """The grain of tiles of `rows` of the `pixels`, a Dim; `cost` is the vector multiply-adds of one pixel.

    Where a sample does not fill a tile, its units grow with the batch until they are full, from when on there are more
    of them: the fewest that are worth a thread become fewer with the batch.
    """
    tall = min(rows, abs(pixels))  # of a batch of one
    grain = max(1, GRAIN // max(1, cost * tall))
    return -2 * grain if pixels < 0 and tall < rows else grain


def _band(columns: int, block: int, tile: int) -> int:
    """The tiles of pixels that all `columns` of weights, of `block` elements, go over before the next tiles; 0: all.

    Where all weights stay in the cache, what these tiles read and write, `tile` elements each, should do so too.
    """
    if columns == 1 or columns * block > _CACHED_WEIGHTS:
        return 0
    return max(1, _CACHED_PIXELS // tile)


def depthwise_step(
    *,
    x: Operand,
    y: Operand,
    weights: Operand,
    bias: Operand,
    table: Operand,
    taps: int,
    channels: int,
    extents: tuple[int, int, int, int],
    x_strides: tuple[int, int, int, int],
    y_strides: tuple[int, int, int, int],
    row: int = 1,
    epilogue: Epilogue | None = None,
    target: Target | None = None,
) -> Step:
    """The step of a depthwise convolution of multiplier one.

    ``y[n,d,h,w,c] = epilogue(bias[c] + Σ_t x[n,d,h,w, table[t] + c] · kernel[t,c])``

    table: the operand of the taps' offsets in elements, as int64. weights: (taps, channels) float32, by
    `pack_depthwise`. row: how many taps that follow each other in the table are `channels` apart, as are those
    of a window's row that is not dilated; a faster kernel may then be chosen. The rest as in `conv_step`.
    """
    target = target or host()
    epilogue = epilogue or Epilogue()
    n, depth, height, width = extents
    common = {
        "x": x, "y": y, "weights": weights, "bias": bias, "table": table, "channels": channels,
        "extents": extents, "x_strides": x_strides, "y_strides": y_strides,
        "epilogue": epilogue.code, "low": float_bits(epilogue.low), "high": float_bits(epilogue.high),
    }  # fmt: skip
    cost = max(1, taps) * blocks_of(channels, target).total  # vector multiply-adds of one pixel
    stride, uneven = divmod(x_strides[3], channels)
    if row in ROW_TAPS and stride in ROW_STRIDES and not uneven and width >= ROW_WIDTH:
        params = DEPTHWISE_ROW.pack(**common, rows=taps // row, taps=row, stride=stride)
        return Step("depthwise_row", params, n * depth * height, grain=max(1, GRAIN // (cost * width)))
    params = DEPTHWISE.pack(**common, taps=taps)
    grain = max(1, GRAIN // (cost * DEPTHWISE_ROWS))
    return Step("depthwise", params, n * depth * height * width, tile=DEPTHWISE_ROWS, grain=grain)


def pack_depthwise(kernel: NDArray[np.float32], target: Target | None = None) -> NDArray[np.float32]:
    """A depthwise kernel (*spatial, channels, 1) as rows of taps, each filled up with zeros to whole vectors."""
    target = target or host()
    channels = kernel.shape[-2]
    padded = np.zeros((kernel.size // channels, blocks_of(channels, target).total * target.lanes), np.float32)
    padded[:, :channels] = kernel.reshape(-1, channels)
    return padded.reshape(-1)


_CACHED_WEIGHTS, _CACHED_PIXELS = 1 << 17, 1 << 16
"""Elements of weights, and of pixels, that stay in the second-level cache beside each other."""

GRAIN = 4096
"""Vector multiply-adds, about a microsecond of them, that are worth handing to a thread."""

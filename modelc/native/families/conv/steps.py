"""The steps that run the convolution kernels. Numba-free."""

from __future__ import annotations

from collections.abc import Sequence

from modelc.graph.sizes import is_free, likely, surely_equal
from modelc.graph.types import ITEM_BYTES
from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine.schedule import Step
from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.conv.params import (
    CONV,
    DEPTHWISE,
    DEPTHWISE_ROW,
    DEPTHWISE_ROWS,
    NO_EDGES,
    PIXEL_LOOPS,
    ROW_WIDTH,
    Edges,
    Epilogue,
    Window,
    in_rows,
)
from modelc.native.target import CACHE_LINE, Target, host


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
    residual: Operand = ABSENT,
    target: Target | None = None,
) -> Step:
    """The step of a convolution.

    ``y[n,d,h,w,g,c] = epilogue(bias[g,c] + Σ_{s,k} x[n,d,h,w, table[s] + k + g·group_stride] · kernel[s,k,g,c]
    + residual[n,d,h,w,g,c])``

    table: the operand of `window.offsets` as int64. channels: output channels of one group. extents: (n, d, h, w)
    of the output, n as a Dim. x_strides: elements from what one output reads to what the next does, along each
    axis. y_strides: elements from one output to the next; the channels of all groups are contiguous in y.
    weights, bias: by `pack_kernel` and `pack_bias`. residual: with the strides of y, which it may be itself.
    """
    target = target or host()
    blocks = blocks_of(channels, target)
    count, vectors = blocks.count, blocks.vectors
    rows = target.tile_rows(vectors)
    epilogue = epilogue or Epilogue()
    extents, x_strides, y_strides = in_long_lines(extents, x_strides, y_strides)
    sums = len(window.offsets) * window.length
    along = max((axis for axis in range(4) if likely(extents[axis]) != 1), default=3)
    pixel = max(1, likely(x_strides[along] + y_strides[along]))
    band = _band(groups * count, sums * vectors * target.lanes, rows * pixel)
    params = CONV.pack(
        x=x, y=y, weights=weights, bias=bias, table=table,
        segments=len(window.offsets), length=window.length,
        groups=groups, channels=channels, x_groups=(0, group_stride), y_groups=(0, channels), bias_group=blocks.total,
        vectors=vectors, rows=rows, band=band,
        extents=extents, x_strides=x_strides, y_strides=y_strides,
        epilogue=epilogue.code, low=epilogue.low, high=epilogue.high,
        residual=residual,
    )  # fmt: skip
    n, depth, height, width = extents
    pixels = n * depth * height * width
    grain = tile_grain(pixels, rows, sums * vectors)
    return Step("conv", params, pixels, tile=rows, times=groups * count, grain=grain)


def in_long_lines(
    extents: tuple[int, int, int, int], x_strides: tuple[int, int, int, int], y_strides: tuple[int, int, int, int]
) -> tuple[tuple[int, int, int, int], ...]:
    """The loops over pixels with two made one where the outer one goes on where the inner one ends, in x and in y.

    The kernel computes no addresses within a line, which is the last loop. The first, or the only one, may be a Dim.
    """
    loops: list[tuple[int, int, int]] = []
    for extent, x, y in zip(extents, x_strides, y_strides, strict=True):
        if loops and surely_equal(loops[-1][1], extent * x) and surely_equal(loops[-1][2], extent * y):
            loops[-1] = (loops[-1][0] * extent, x, y)
        elif not surely_equal(extent, 1):
            loops.append((extent, x, y))
    missing = [(1, 0, 0)] * (PIXEL_LOOPS - len(loops))
    first = loops[:1] if len(loops) > 1 else []
    e, x, y = zip(*first, *missing, *loops[len(first) :], strict=True)
    return e, x, y


def tile_grain(pixels: int, rows: int, cost: int) -> int:
    """The grain of a step of tiles with `rows` of the `pixels` (a Dim) each.

    cost: the vector multiply-adds of one pixel. Where one sample does not fill a tile, the tiles get fuller with the
    batch, and so fewer of them are worth a thread.
    """
    of_one = abs(likely(pixels))  # of a batch of one
    grain = max(1, GRAIN // max(1, likely(cost) * min(rows, of_one)))
    return -2 * grain if likely(pixels) < 0 and of_one < rows else grain


def _band(columns: int, block: int, tile: int) -> int:
    """How many tiles of pixels are multiplied by all weights before the next tiles are; 0 for all tiles at once.

    columns, block: the blocks of columns that the weights are cut into, and the elements of each. Where all weights
    stay in the cache, so should what these tiles read and write, `tile` elements each.
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
    offsets: Sequence[int],
    channels: int,
    extents: tuple[int, int, int, int],
    x_strides: tuple[int, int, int, int],
    y_strides: tuple[int, int, int, int],
    row: int = 1,
    edges: Edges = NO_EDGES,
    epilogue: Epilogue | None = None,
    target: Target | None = None,
) -> Step:
    """The step of a depthwise convolution of multiplier one.

    ``y[n,d,h,w,c] = epilogue(bias[c] + Σ_t x[n,d,h,w, table[t] + c] · kernel[t,c])``

    table: the operand of the taps' offsets in elements, as int64. weights: (taps, channels) float32, by
    `pack_depthwise`. row: how many taps that follow each other in the table are `channels` apart, as are those
    of a window's row that is not dilated; a faster kernel may then be chosen, and must be where there are `edges`.
    The rest as in `conv_step`.
    """
    target = target or host()
    epilogue = epilogue or Epilogue()
    n, depth, height, width = extents
    taps = len(offsets)
    common = {
        "x": x, "y": y, "weights": weights, "bias": bias, "table": table, "channels": channels,
        "extents": extents, "x_strides": x_strides, "y_strides": y_strides,
        "epilogue": epilogue.code, "low": epilogue.low, "high": epilogue.high,
    }  # fmt: skip
    cost = max(1, taps) * blocks_of(channels, target).total  # vector multiply-adds of one pixel
    stride, uneven = divmod(x_strides[3], channels)
    if not uneven and in_rows(row, stride, width):
        block = _channels_at_once(taps // row, stride, width, height, channels)
        params = DEPTHWISE_ROW.pack(
            **common, rows=taps // row, taps=row, stride=stride, size=edges.size, pads=edges.pads, line=edges.line,
            line_stride=edges.stride, line_dilation=edges.dilation, block=block,
        )  # fmt: skip
        if (taps, row) == (9, 3) and likely(width) > ROW_WIDTH and _share_lines(offsets[::3], x_strides[2], stride):
            grain = max(1, GRAIN // (2 * cost * likely(width)))
            return Step("depthwise_3x3", params, n * depth, times=(height + 1) // 2, grain=grain)
        blocks = -(-channels // block)
        grain = max(1, GRAIN * likely(blocks) // (cost * likely(width)))
        return Step("depthwise_row", params, n * depth * height, times=blocks, grain=grain)
    params = DEPTHWISE.pack(**common, taps=taps)
    grain = max(1, GRAIN // (cost * DEPTHWISE_ROWS))
    return Step("depthwise", params, n * depth * height * width, tile=DEPTHWISE_ROWS, grain=grain)


def _share_lines(rows: Sequence[int], line: int, stride: int) -> bool:
    """Whether the windows of neighbouring lines, `line` elements apart, begin `stride` of their rows apart."""
    first, second, third = rows
    return surely_equal(third - second, second - first) and surely_equal(line, stride * (second - first))


def _channels_at_once(rows: int, stride: int, width: int, height: int, channels: int) -> int:
    """The channels of a block of `depthwise_row`, whole cache lines of them: so few that the input lines of a window of
    many rows stay in the first-level cache, and fewer than all where lines alone are too few to be shared out evenly.
    """
    if is_free(channels):
        return channels
    lines = -(-channels // _LINE)
    window = ITEM_BYTES * rows * stride * likely(width) * _LINE  # bytes of the inputs of a cache line of channels
    blocks = -(-lines // (_NEAR // window)) if rows > _FEW_ROWS and window <= _NEAR else 1
    if likely(height) < _FEW_LINES:
        blocks = max(blocks, min(lines, -(-_FEW_LINES // likely(height))))
    return -(-lines // blocks) * _LINE


_LINE = CACHE_LINE // ITEM_BYTES
_FEW_ROWS = 3
"""Rows of a window whose inputs are read again from the second-level cache as fast as they are multiplied."""
_NEAR = 1 << 14
"""Bytes of the input lines of a window that stay in the first-level cache beside weights and outputs."""
_FEW_LINES = 16
"""The fewest units that several threads have nearly even shares of."""

_CACHED_WEIGHTS, _CACHED_PIXELS = 1 << 17, 1 << 16
"""The elements of weights, and those of pixels, that stay in the second-level cache together."""


GRAIN = 4096
"""The fewest vector multiply-adds that are worth handing to a thread: about a microsecond of them."""

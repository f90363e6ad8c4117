"""Convolution of any rank, matrix product included, as an implicit matrix product over register tiles.

``conv_step`` in `layouts_conv.py` gives the equation and writes the parameters. Output pixels are numbered through
(n, d, h, w); a tile takes consecutive ones, which may lie in several lines or images.
"""

from __future__ import annotations

import numba

from modelc.kernels.layouts_conv import CONV
from modelc.kernels.memory import dim, load_i64, operand, store_i64
from modelc.kernels.target import host
from modelc.kernels.tile import (
    FRAME_ACCUMULATE,
    FRAME_BIAS,
    FRAME_CHANNELS,
    FRAME_EPILOGUE,
    FRAME_HIGH,
    FRAME_LENGTH,
    FRAME_LOW,
    FRAME_SEGMENTS,
    FRAME_TABLE,
    FRAME_WEIGHTS,
    FRAME_X,
    FRAME_Y,
    MAX_ROWS,
    new_frame,
    run_tile,
)

_LANES = host().lanes
_EXTENTS, _X_STRIDES, _Y_STRIDES = CONV["extents"], CONV["x_strides"], CONV["y_strides"]
_X, _Y, _WEIGHTS, _BIAS, _TABLE = CONV["x"], CONV["y"], CONV["weights"], CONV["bias"], CONV["table"]
_SEGMENTS, _LENGTH, _CHANNELS = CONV["segments"], CONV["length"], CONV["channels"]
_GROUP_STRIDE, _VECTORS, _ROWS = CONV["group_stride"], CONV["vectors"], CONV["rows"]
_EPILOGUE, _LOW, _HIGH, _ACCUMULATE = CONV["epilogue"], CONV["low"], CONV["high"], CONV["accumulate"]


@numba.njit(inline="always", error_model="numpy")
def _set_rows(frame, params, x, y, pixel, count):
    """Write the addresses of `count` pixels' inputs and outputs, from number `pixel` on, into the frame.

    The last pixel is repeated up to the tallest tile.
    """
    depth = load_i64(params, _EXTENTS + 1)
    height = load_i64(params, _EXTENTS + 2)
    width = load_i64(params, _EXTENTS + 3)
    w = pixel % width
    line = pixel // width
    h = line % height
    plane = line // height
    d = plane % depth
    n = plane // depth
    row = 0
    while row < count:
        x_line = x + 4 * (
            n * load_i64(params, _X_STRIDES)
            + d * load_i64(params, _X_STRIDES + 1)
            + h * load_i64(params, _X_STRIDES + 2)
        )
        y_line = y + 4 * (
            n * load_i64(params, _Y_STRIDES)
            + d * load_i64(params, _Y_STRIDES + 1)
            + h * load_i64(params, _Y_STRIDES + 2)
        )
        x_step = 4 * load_i64(params, _X_STRIDES + 3)
        y_step = 4 * load_i64(params, _Y_STRIDES + 3)
        run = min(count - row, width - w)
        for i in range(run):
            store_i64(frame, FRAME_X + row + i, x_line + (w + i) * x_step)
            store_i64(frame, FRAME_Y + row + i, y_line + (w + i) * y_step)
        row += run
        w = 0
        h += 1
        if h == height:
            h = 0
            d += 1
            if d == depth:
                d = 0
                n += 1
    for extra in range(count, MAX_ROWS):
        store_i64(frame, FRAME_X + extra, load_i64(frame, FRAME_X + count - 1))
        store_i64(frame, FRAME_Y + extra, load_i64(frame, FRAME_Y + count - 1))


def conv(ctx, params, begin, end):
    """Units: blocks of output channels (outermost, group by group) by tiles of output pixels."""
    # x: padded input, y: (n, d, h, w, groups * channels), weights: [group][block][k][lanes], bias: [group][lanes]
    extents = params + 8 * _EXTENTS
    pixels = dim(ctx, params, _EXTENTS) * load_i64(extents, 1) * load_i64(extents, 2) * load_i64(extents, 3)
    if pixels <= 0 or begin >= end:
        return
    x, y = operand(ctx, params, _X), operand(ctx, params, _Y)
    weights, bias = operand(ctx, params, _WEIGHTS), operand(ctx, params, _BIAS)
    channels, vectors = load_i64(params, _CHANNELS), load_i64(params, _VECTORS)
    segments, length = load_i64(params, _SEGMENTS), load_i64(params, _LENGTH)
    frame = new_frame()
    store_i64(frame, FRAME_TABLE, operand(ctx, params, _TABLE))
    store_i64(frame, FRAME_SEGMENTS, segments)
    store_i64(frame, FRAME_LENGTH, length)
    store_i64(frame, FRAME_EPILOGUE, load_i64(params, _EPILOGUE))
    store_i64(frame, FRAME_LOW, load_i64(params, _LOW))
    store_i64(frame, FRAME_HIGH, load_i64(params, _HIGH))
    store_i64(frame, FRAME_ACCUMULATE, load_i64(params, _ACCUMULATE))
    all_vectors = (channels + _LANES - 1) // _LANES
    blocks = (all_vectors + vectors - 1) // vectors
    rows = load_i64(params, _ROWS)
    tiles = (pixels + rows - 1) // rows
    least, taller = pixels // tiles, pixels % tiles  # tiles of even height rather than a short one at the end
    for unit in range(begin, end):
        column, tile = unit // tiles, unit % tiles
        group, block = column // blocks, column % blocks
        first = block * vectors
        wide = min(vectors, all_vectors - first)
        done = group * all_vectors + first
        store_i64(frame, FRAME_WEIGHTS, weights + done * (segments * length * _LANES * 4))
        store_i64(frame, FRAME_BIAS, bias + done * (_LANES * 4) if bias != 0 else 0)
        store_i64(frame, FRAME_CHANNELS, channels - first * _LANES)
        count = least + 1 if tile < taller else least
        _set_rows(
            frame,
            params,
            x + 4 * group * load_i64(params, _GROUP_STRIDE),
            y + 4 * (group * channels + first * _LANES),
            tile * least + min(tile, taller),
            count,
        )
        run_tile(wide, count, frame)


KERNELS = (conv,)

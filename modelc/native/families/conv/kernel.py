"""Convolution of any rank, matrix product included, as an implicit matrix product over register tiles.

``conv_step`` in `steps.py` gives the equation and writes the parameters. Output pixels are numbered through
(n, d, h, w); a tile takes consecutive ones, which may lie in several lines or images.
"""

from __future__ import annotations

from modelc.native.code.memory import dim, load_i64, operand, store_i64
from modelc.native.families.conv.kernel_frame import (
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
    new_frame,
    set_rows,
)
from modelc.native.families.conv.kernel_tile import run_tile
from modelc.native.families.conv.params import CONV
from modelc.native.target import host

_LANES = host().lanes
_EXTENTS, _X_STRIDES, _Y_STRIDES = CONV["extents"], CONV["x_strides"], CONV["y_strides"]
_X, _Y, _WEIGHTS, _BIAS, _TABLE = CONV["x"], CONV["y"], CONV["weights"], CONV["bias"], CONV["table"]
_SEGMENTS, _LENGTH, _CHANNELS = CONV["segments"], CONV["length"], CONV["channels"]
_GROUPS, _X_GROUPS, _Y_GROUPS = CONV["groups"], CONV["x_groups"], CONV["y_groups"]
_VECTORS, _ROWS, _BAND = CONV["vectors"], CONV["rows"], CONV["band"]
_EPILOGUE, _LOW, _HIGH, _ACCUMULATE = CONV["epilogue"], CONV["low"], CONV["high"], CONV["accumulate"]


def conv(ctx, params, begin, end):
    """Units: bands of tiles of output pixels, in each of them blocks of output channels, group by group, by its tiles.

    Groups are numbered through two loops, of which `groups` is the inner extent.
    """
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
    rows, groups = load_i64(params, _ROWS), load_i64(params, _GROUPS)
    tiles = (pixels + rows - 1) // rows
    least, taller = pixels // tiles, pixels % tiles  # tiles of even height rather than a short one at the end
    band, per_band = load_i64(params, _BAND), end
    if band == 0:
        band = tiles
    else:
        per_band = band * blocks * groups
    for unit in range(begin, end):
        start, place = unit // per_band * band, unit % per_band
        run = min(band, tiles - start)
        column, tile = place // run, start + place % run
        group, block = column // blocks, column % blocks
        outer, inner = 0, 0
        if group != 0:
            outer, inner = group // groups, group % groups
        first = block * vectors
        wide = min(vectors, all_vectors - first)
        done = group * all_vectors + first
        store_i64(frame, FRAME_WEIGHTS, weights + done * (segments * length * _LANES * 4))
        store_i64(frame, FRAME_BIAS, bias + done * (_LANES * 4) if bias != 0 else 0)
        store_i64(frame, FRAME_CHANNELS, channels - first * _LANES)
        count = least + 1 if tile < taller else least
        set_rows(
            frame,
            extents,
            params + 8 * _X_STRIDES,
            params + 8 * _Y_STRIDES,
            x + 4 * (outer * load_i64(params, _X_GROUPS) + inner * load_i64(params, _X_GROUPS + 1)),
            y + 4 * (outer * load_i64(params, _Y_GROUPS) + inner * load_i64(params, _Y_GROUPS + 1) + first * _LANES),
            tile * least + min(tile, taller),
            count,
        )
        run_tile(wide, count, frame)


KERNELS = (conv,)

"""The frame: int64 words on the stack through which a convolution tells a tile function what to do."""

from __future__ import annotations

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.memory import load_i64, store_i64
from modelc.native.target import host

FRAME_WEIGHTS, FRAME_BIAS, FRAME_TABLE, FRAME_SEGMENTS, FRAME_LENGTH = range(5)
FRAME_EPILOGUE, FRAME_LOW, FRAME_HIGH, FRAME_CHANNELS, FRAME_ACCUMULATE = range(5, 10)
FRAME_X_STEP, FRAME_WEIGHTS_STEP = 10, 11
FRAME_X = 12
MAX_ROWS = max(host().tile_rows(v) for v in range(1, host().max_vectors + 1))
FRAME_Y = FRAME_X + MAX_ROWS
FRAME = FRAME_Y + MAX_ROWS


@intrinsic
def new_frame(typingctx):
    """The address of a frame on the caller's stack."""

    def codegen(context, builder, signature, args):
        with builder.goto_entry_block():
            frame = builder.alloca(ir.IntType(64), FRAME)
        return builder.ptrtoint(frame, ir.IntType(64))

    return types.int64(), codegen


@numba.njit(inline="always", error_model="numpy")
def set_rows(frame, extents, x_strides, y_strides, x, y, pixel, count):
    """Write the addresses of `count` pixels' inputs and outputs, from number `pixel` on, into the frame.

    Pixels are numbered through (n, d, h, w); `extents` and the strides are addresses of four words each. The last
    pixel is repeated up to the tallest tile.
    """
    depth, height, width = load_i64(extents, 1), load_i64(extents, 2), load_i64(extents, 3)
    w = pixel % width
    line = pixel // width
    h = line % height
    plane = line // height
    d = plane % depth
    n = plane // depth
    x_step, y_step = 4 * load_i64(x_strides, 3), 4 * load_i64(y_strides, 3)
    row = 0
    while row < count:
        x_line = x + 4 * (n * load_i64(x_strides, 0) + d * load_i64(x_strides, 1) + h * load_i64(x_strides, 2))
        y_line = y + 4 * (n * load_i64(y_strides, 0) + d * load_i64(y_strides, 1) + h * load_i64(y_strides, 2))
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

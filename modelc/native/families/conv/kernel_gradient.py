"""The gradient of a convolution by its kernel, matrix product included: a product of x and dy over all pixels.

``conv_gradient_step`` in `steps_gradient.py` gives the equation and writes the parameters. All tiles of a range of
units go over some lines of pixels, which stay in the cache, before they go on to the next ones: each adds to what it
has written. The sums of parts of the pixels are units of their own, which a later step adds up, so that threads need
not all read all pixels where a kernel is small. The order of a sum does not depend on how units are shared out.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.memory import dim, load_i64, operand, store_i64
from modelc.native.code.vector import inlined, quotient
from modelc.native.families.conv.kernel_frame import (
    FRAME_ACCUMULATE,
    FRAME_BIAS,
    FRAME_CHANNELS,
    FRAME_EPILOGUE,
    FRAME_HIGH,
    FRAME_LOW,
    FRAME_SEGMENTS,
    FRAME_TABLE,
    FRAME_WEIGHTS,
    FRAME_WEIGHTS_STEP,
    FRAME_X,
    FRAME_X_STEP,
    FRAME_Y,
    MAX_ROWS,
    new_frame,
)
from modelc.native.families.conv.kernel_lines import line_offset
from modelc.native.families.conv.kernel_tile_gradient import PIECE_WORDS, run_gradient_tile
from modelc.native.families.conv.params import CONV_GRADIENT, EPILOGUE_NONE, MOST_PIECES
from modelc.native.target import host

_LANES = host().lanes
_Y, _X, _DY, _TABLE, _TAPS, _GROUPS, _CHANNELS, _FILTERS = (
    CONV_GRADIENT[name] for name in ("y", "x", "dy", "table", "taps", "groups", "channels", "filters")
)
_VECTORS, _ROWS, _PIECE, _PIECES, _PARTS = (
    CONV_GRADIENT[name] for name in ("vectors", "rows", "piece", "pieces", "parts")
)
_EXTENTS, _XS, _DYS = (CONV_GRADIENT[name] for name in ("extents", "x_strides", "dy_strides"))


@intrinsic
def _new_table(typingctx):
    """The address of a table of pieces on the caller's stack."""

    def codegen(context, builder, signature, args):
        with builder.goto_entry_block():
            table = builder.alloca(ir.IntType(64), MOST_PIECES * PIECE_WORDS)
        return builder.ptrtoint(table, ir.IntType(64))

    return types.int64(), codegen


@inlined
def _write_pieces(params, table, first, count, per_line, piece, width):
    """Where the pieces from number `first` on begin in x and dy, and how long they are."""
    depth, height = load_i64(params, _EXTENTS + 1), load_i64(params, _EXTENTS + 2)
    for i in range(count):
        line = quotient(first + i, per_line)
        start = (first + i - line * per_line) * piece
        plane = quotient(line, height)
        n = quotient(plane, depth)
        h, d = line - plane * height, plane - n * depth
        slot = table + 8 * PIECE_WORDS * i
        store_i64(slot, 0, line_offset(params, _XS, n, d, h) + start * load_i64(params, _XS + 3))
        store_i64(slot, 1, line_offset(params, _DYS, n, d, h) + start * load_i64(params, _DYS + 3))
        store_i64(slot, 2, min(piece, width - start))


@inlined
def _set_rows(frame, table, x, y, channels, all_filters, first, count):
    """The addresses of `count` rows (t, c) from number `first` on, the last one repeated up to the tallest tile."""
    tap = quotient(first, channels)
    c = first - tap * channels
    place, target = x + 4 * (load_i64(table, tap) + c), y + 4 * first * all_filters
    for row in range(MAX_ROWS):
        store_i64(frame, FRAME_X + row, place)
        store_i64(frame, FRAME_Y + row, target)
        if row + 1 < count:
            c += 1
            place += 4
            target += 4 * all_filters
            if c == channels:
                c = 0
                tap += 1
                place = x + 4 * load_i64(table, tap)


def conv_gradient(ctx, params, begin, end):
    """Units: parts of the pixels, in each of them groups by blocks of filters by tiles of rows (t, c)."""
    # x: padded input, dy: (n, d, h, w, groups * filters), y: (parts, taps, channels, groups * filters)
    n, width = dim(ctx, params, _EXTENTS), dim(ctx, params, _EXTENTS + 3)
    lines = n * load_i64(params, _EXTENTS + 1) * load_i64(params, _EXTENTS + 2)
    x, dy, y = operand(ctx, params, _X), operand(ctx, params, _DY), operand(ctx, params, _Y)
    taps = operand(ctx, params, _TABLE)
    channels, filters, groups = load_i64(params, _CHANNELS), load_i64(params, _FILTERS), load_i64(params, _GROUPS)
    vectors, rows, parts = load_i64(params, _VECTORS), load_i64(params, _ROWS), load_i64(params, _PARTS)
    piece, most = load_i64(params, _PIECE), load_i64(params, _PIECES)
    all_rows = load_i64(params, _TAPS) * channels
    all_vectors = (filters + _LANES - 1) // _LANES
    blocks = (all_vectors + vectors - 1) // vectors
    tiles = (all_rows + rows - 1) // rows
    least, taller = all_rows // tiles, all_rows % tiles
    per_line = (width + piece - 1) // piece
    per_part = groups * blocks * tiles
    table, frame = _new_table(), new_frame()
    store_i64(frame, FRAME_TABLE, table)
    store_i64(frame, FRAME_BIAS, 0)
    store_i64(frame, FRAME_EPILOGUE, EPILOGUE_NONE)
    store_i64(frame, FRAME_LOW, 0)
    store_i64(frame, FRAME_HIGH, 0)
    store_i64(frame, FRAME_X_STEP, load_i64(params, _XS + 3))
    store_i64(frame, FRAME_WEIGHTS_STEP, load_i64(params, _DYS + 3))
    unit = begin
    while unit < end:
        part = unit // per_part
        stop = min(end, (part + 1) * per_part)
        low, high = lines * per_line * part // parts, lines * per_line * (part + 1) // parts
        first = low
        while first == low or first < high:  # once without pixels: the sums are zeros
            count = min(most, high - first)
            _write_pieces(params, table, first, count, per_line, piece, width)
            store_i64(frame, FRAME_SEGMENTS, count)
            store_i64(frame, FRAME_ACCUMULATE, 1 if first > low else 0)
            for one in range(unit - part * per_part, stop - part * per_part):
                column, tile = one // tiles, one % tiles
                group, block = column // blocks, column % blocks
                done = block * vectors * _LANES
                place = group * filters + done
                store_i64(frame, FRAME_WEIGHTS, dy + 4 * place)
                store_i64(frame, FRAME_CHANNELS, filters - done)
                height = least + 1 if tile < taller else least
                _set_rows(
                    frame, taps, x + 4 * group * channels, y + 4 * (part * all_rows * groups * filters + place),
                    channels, groups * filters, tile * least + min(tile, taller), height,
                )  # fmt: skip
                run_gradient_tile(min(vectors, all_vectors - block * vectors), height, frame)
            first += most
        unit = stop


KERNELS = (conv_gradient,)

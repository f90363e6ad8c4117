"""The gradient of a convolution by its kernel, matrix product included: a product of x and dy over all pixels.

``conv_gradient_step`` in `steps_gradient.py` gives the equation and writes the parameters. All tiles of a range of
units go over some lines of pixels, which stay in the cache, before they go on to the next ones: each adds to what it
has written. The sums of parts of the pixels are units of their own, which a later step adds up, so that threads need
not all read all pixels where a kernel is small. The order of a sum does not depend on how units are shared out.
"""

from __future__ import annotations

from modelc.native.code.memory import load_i64, stack_memory
from modelc.native.code.vector import inlined, quotient
from modelc.native.code.view import view
from modelc.native.families.conv.kernel_frame import MAX_ROWS, new_frame
from modelc.native.families.conv.kernel_lines import line_offset
from modelc.native.families.conv.kernel_tile_gradient import run_gradient_tiles
from modelc.native.families.conv.params import CONV_GRADIENT, EPILOGUE_NONE, MOST_PIECES, PIECE
from modelc.native.target import host

_LANES = host().lanes
_PIECE_BYTES = PIECE.bytes
_new_table = stack_memory(MOST_PIECES * PIECE.bytes)
"""The address of a table of pieces on the caller's stack."""


@inlined
def _write_pieces(args, table, first, count, per_line, piece, width):
    """Write `count` pieces, from number `first` on, into the table."""
    depth, height = args.extents[1], args.extents[2]
    for i in range(count):
        line = quotient(first + i, per_line)
        start = (first + i - line * per_line) * piece
        plane = quotient(line, height)
        n = quotient(plane, depth)
        h, d = line - plane * height, plane - n * depth
        written = view(PIECE, 0, table + _PIECE_BYTES * i)
        written.x = line_offset(args.x_strides, n, d, h) + start * args.x_strides[3]
        written.weights = line_offset(args.dy_strides, n, d, h) + start * args.dy_strides[3]
        written.length = min(piece, width - start)


@inlined
def _set_rows(frame, table, x, y, channels, all_filters, first, count):
    """Write the addresses of `count` rows (t, c), from number `first` on, into the frame.

    The last row is repeated up to the tallest tile.
    """
    tap = quotient(first, channels)
    c = first - tap * channels
    place, target = x + 4 * (load_i64(table, tap) + c), y + 4 * first * all_filters
    for row in range(MAX_ROWS):
        frame.x[row] = place
        frame.y[row] = target
        if row + 1 < count:
            c += 1
            place += 4
            target += 4 * all_filters
            if c == channels:
                c = 0
                tap += 1
                place = x + 4 * load_i64(table, tap)


def conv_gradient(ctx, params, begin, end):
    """The sums of each part of the pixels, see `CONV_GRADIENT`.

    Units: parts of the pixels, in each of them groups by blocks of filters by tiles of rows (t, c).
    """
    # x: padded input, dy: (n, d, h, w, groups * filters), y: (parts, taps, channels, groups * filters)
    args = view(CONV_GRADIENT, ctx, params)
    n, width = args.extents[0], args.extents[3]
    lines = n * args.extents[1] * args.extents[2]
    x, dy, y = args.x, args.dy, args.y
    taps = args.table
    channels, filters, groups = args.channels, args.filters, args.groups
    vectors, rows, parts = args.vectors, args.rows, args.parts
    piece, most = args.piece, args.pieces
    all_rows = args.taps * channels
    all_vectors = (filters + _LANES - 1) // _LANES
    blocks = (all_vectors + vectors - 1) // vectors
    tiles = (all_rows + rows - 1) // rows
    least, taller = all_rows // tiles, all_rows % tiles
    per_line = (width + piece - 1) // piece
    per_part = groups * blocks * tiles
    table, frame = _new_table(), new_frame()
    frame.table = table
    frame.bias = 0
    frame.epilogue = EPILOGUE_NONE
    frame.low = 0
    frame.high = 0
    frame.x_step = args.x_strides[3]
    frame.weights_step = args.dy_strides[3]
    unit = begin
    while unit < end:
        part = unit // per_part
        stop = min(end, (part + 1) * per_part)
        low, high = lines * per_line * part // parts, lines * per_line * (part + 1) // parts
        first = low
        while first == low or first < high:  # once without pixels: the sums are zeros
            count = min(most, high - first)
            _write_pieces(args, table, first, count, per_line, piece, width)
            frame.segments = count
            frame.residual = 0
            frame.accumulate = 1 if first > low else 0
            for one in range(unit - part * per_part, stop - part * per_part):
                column, tile = one // tiles, one % tiles
                group, block = column // blocks, column % blocks
                done = block * vectors * _LANES
                place = group * filters + done
                frame.weights = dy + 4 * place
                frame.channels = filters - done
                height = least + 1 if tile < taller else least
                _set_rows(
                    frame, taps, x + 4 * group * channels, y + 4 * (part * all_rows * groups * filters + place),
                    channels, groups * filters, tile * least + min(tile, taller), height,
                )  # fmt: skip
                run_gradient_tiles(min(vectors, all_vectors - block * vectors), height, frame, 1)
            first += most
        unit = stop


KERNELS = (conv_gradient,)

"""The gradient of a convolution with many channels by its kernel, on the tiles of `kernel_tile_packed_gradient.py`.

``conv_gradient_step`` in `steps_gradient.py` gives the equation and writes the parameters. It is a matrix product whose
sums go over pixels, which lie far apart in both operands. So a few pixels are packed at a time, as in Goto & van de
Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008): dy for a range of filters, which all panels of rows
(t, c) go over, then x for one panel after the other, whose tiles go over all blocks of these filters. Each tile adds to
what it has written. The sums of parts of the pixels are units of their own, which a later step adds up, so that threads
need not all read all pixels where a kernel is small. The order of a sum does not depend on how units are shared out.
"""

from __future__ import annotations

from modelc.native.code.memory import load_i64, stack_memory
from modelc.native.code.vector import inlined, quotient
from modelc.native.code.view import view
from modelc.native.families.conv.kernel_frame import MAX_ROWS, new_frame, place_of
from modelc.native.families.conv.kernel_lines import line_offset
from modelc.native.families.conv.kernel_tile_packed_gradient import pack_columns, pack_rows, run_packed_gradient_tiles
from modelc.native.families.conv.params import (
    CONV_PACKED_GRADIENT,
    EPILOGUE_NONE,
    GRADIENT_PACKED,
    GRADIENT_PIXELS,
    PANEL_ROWS,
    PIECE,
)
from modelc.native.target import CACHE_LINE, WIDEST_TILE, host

_LANES = host().lanes
_PIECE_BYTES = PIECE.bytes
_new_table = stack_memory(GRADIENT_PIXELS * PIECE.bytes)
"""The address of a table of pieces on the caller's stack."""
_new_columns = stack_memory(4 * GRADIENT_PACKED, align=CACHE_LINE)
"""That of the packed dy: `[block of filters][pixel][filter]`."""
_new_panel = stack_memory(4 * (GRADIENT_PIXELS * PANEL_ROWS + _LANES), align=CACHE_LINE)
"""That of a packed panel of rows: `[pixel][row]`, and a vector behind it."""
_new_line = stack_memory(4 * WIDEST_TILE, align=CACHE_LINE)
"""That of a line which nobody reads."""


@inlined
def _write_pieces(args, table, first, count):
    """Write the pieces of lines that `count` pixels are, from number `first` on, into the table. Returns how many."""
    width = args.extents[3]
    n, d, h, w = place_of(args.extents, first)
    pieces = 0
    while count > 0:
        piece = view(PIECE, 0, table + _PIECE_BYTES * pieces)
        length = min(count, width - w)
        piece.x = line_offset(args.x_strides, n, d, h) + w * args.x_strides[3]
        piece.weights = line_offset(args.dy_strides, n, d, h) + w * args.dy_strides[3]
        piece.length = length
        pieces += 1
        count -= length
        w = 0
        h += 1
        if h == args.extents[2]:
            h = 0
            d += 1
            if d == args.extents[1]:
                d = 0
                n += 1
    return pieces


@inlined
def _pack_columns(args, table, pieces, count, dy, columns, filters):
    """Pack so many filters of the pixels of all pieces, a block of filters after the other."""
    width = args.vectors * _LANES
    for start in range(0, filters, width):
        wide = min(width, filters - start)
        pixel = 4 * ((wide + _LANES - 1) // _LANES) * _LANES
        to = columns + 4 * start * count
        for i in range(pieces):
            piece = view(PIECE, 0, table + _PIECE_BYTES * i)
            pack_columns(to, pixel, dy + 4 * (piece.weights + start), 4 * args.dy_strides[3], piece.length, wide)
            to += pixel * piece.length


@inlined
def _pack_rows(args, table, pieces, x, panel, first, height):
    """Pack so many rows (t, c), from number `first` on, of the pixels of all pieces.

    Taps that follow each other without a gap are copied as one.
    """
    channels, taps = args.channels, args.table
    tap = quotient(first, channels)
    start, row = first - tap * channels, 0
    while row < height:
        offset = load_i64(taps, tap)
        run = min(height - row, channels - start)
        to, source = panel + 4 * row, x + 4 * (offset + start)
        row += run
        tap += 1
        start = 0
        while row < height and load_i64(taps, tap) == offset + channels:
            more = min(height - row, channels)
            run += more
            row += more
            offset += channels
            tap += 1
        for i in range(pieces):
            piece = view(PIECE, 0, table + _PIECE_BYTES * i)
            pack_rows(to, 4 * PANEL_ROWS, source + 4 * piece.x, 4 * args.x_strides[3], piece.length, run)
            to += 4 * PANEL_ROWS * piece.length


def conv_packed_gradient(ctx, params, begin, end):
    """The sums of each part of the pixels, see `CONV_PACKED_GRADIENT`.

    Units: parts of the pixels, in each of them groups by ranges of filters by panels of rows (t, c).
    """
    # x: padded input, dy: (n, d, h, w, groups * filters), y: (parts, taps, channels, groups * filters)
    args = view(CONV_PACKED_GRADIENT, ctx, params)
    pixels = args.extents[0] * args.extents[1] * args.extents[2] * args.extents[3]
    channels, filters, groups = args.channels, args.filters, args.groups
    vectors, rows, parts, most = args.vectors, args.rows, args.parts, args.most_pixels
    x, dy, y = args.x, args.dy, args.y
    all_rows = args.taps * channels
    width = vectors * _LANES
    ranges = (filters + args.columns - 1) // args.columns
    of_panel = PANEL_ROWS // rows * rows
    panels = (all_rows + of_panel - 1) // of_panel
    y_row = 4 * groups * filters
    table, columns, panel, line, frame = _new_table(), _new_columns(), _new_panel(), _new_line(), new_frame()
    frame.bias = 0
    frame.epilogue = EPILOGUE_NONE
    frame.low = 0
    frame.high = 0
    unit = begin
    while unit < end:
        column = unit // panels  # the number of (part, group, range of filters)
        stop = min(end, (column + 1) * panels)
        plane = column // ranges
        part, group = plane // groups, plane % groups
        start = (column - plane * ranges) * args.columns
        place = group * filters + start
        last = min(args.columns, filters - start)
        low, high = pixels * part // parts, pixels * (part + 1) // parts
        turns = max(1, (high - low + most - 1) // most)  # one without pixels: the sums are zeros
        for turn in range(turns):
            first = low + (high - low) * turn // turns
            count = low + (high - low) * (turn + 1) // turns - first
            pieces = _write_pieces(args, table, first, count)
            _pack_columns(args, table, pieces, count, dy + 4 * place, columns, last)
            frame.length = count
            frame.residual = 0
            frame.accumulate = 1 if turn > 0 else 0
            for one in range(unit - column * panels, stop - column * panels):
                row = one * of_panel
                tall = min(of_panel, all_rows - row)
                _pack_rows(args, table, pieces, x + 4 * group * channels, panel, row, tall)
                target = y + y_row * (part * all_rows + row) + 4 * place
                for above in range(0, tall, rows):
                    height = min(rows, tall - above)
                    frame.x[0] = panel + 4 * above
                    for done in range(0, last, width):
                        for i in range(MAX_ROWS):
                            frame.y[i] = target + 4 * done + (above + i) * y_row if i < height else line
                        frame.weights = columns + 4 * done * count
                        frame.channels = last - done
                        run_packed_gradient_tiles(min(vectors, (last - done + _LANES - 1) // _LANES), height, frame, 1)
        unit = stop


KERNELS = (conv_packed_gradient,)

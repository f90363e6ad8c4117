"""A depthwise convolution band by band, and with it the convolutions of single pixels before and after it.

The lines that a band reads are expanded into a ring of lines, from which the depthwise tiles read them while they are
in the cache, and what these write is projected while it is there. Of the lines that two bands share, the ring has those
of the band before, unless another thread did that: then they are expanded once more, to the same bits.
"""

from __future__ import annotations

from modelc.native.code.leases import give_back, take_area
from modelc.native.code.memory import stack_memory, store_i64
from modelc.native.code.vector import inlined, quotient
from modelc.native.code.view import view
from modelc.native.families.bands.params import BANDS, DEPTHWISE, EXPAND, MOST_ROWS, PROJECT
from modelc.native.families.conv.kernel_depthwise_3x3 import begin_tiles, new_spare, new_tile, new_zeros, run_lines
from modelc.native.families.conv.kernel_depthwise_row import begin_lines, run_line, set_channels
from modelc.native.families.conv.kernel_frame import new_frame, set_rows_of_line
from modelc.native.families.conv.kernel_tile import run_tiles_of_one_order
from modelc.native.families.conv.params import CONV, DEPTHWISE_ROW, ROW_TAPS
from modelc.native.families.elementwise.kernel_unary import activate_rows
from modelc.native.target import host

_LANES = host().lanes
_new_table = stack_memory(8 * MOST_ROWS * max(ROW_TAPS))
"""Where each line of taps of a window lies, from the first one on."""


@inlined
def _convolve(frame, args, x, y, pixels):
    """Convolve so many neighbouring pixels from `x` to `y`. The bits of a pixel do not depend on the others."""
    length, filters, vectors = args.length, args.channels, args.vectors
    frame.table = args.table
    frame.segments = 1
    frame.length = length
    frame.epilogue = args.epilogue
    frame.low = args.low
    frame.high = args.high
    frame.accumulate = 1 if args.residual != 0 else 0
    frame.residual = args.residual - args.y
    all_vectors = quotient(filters + _LANES - 1, _LANES)
    tiles = quotient(pixels + args.rows - 1, args.rows)
    least = quotient(pixels, tiles)
    taller = pixels - least * tiles
    for first in range(0, all_vectors, vectors):
        wide = min(vectors, all_vectors - first)
        frame.weights = args.weights + first * (length * _LANES * 4)
        frame.bias = args.bias + first * (_LANES * 4) if args.bias != 0 else 0
        frame.channels = filters - first * _LANES
        from_x, to_y = x, y + 4 * first * _LANES
        if taller > 0:
            set_rows_of_line(frame, 4 * length, 4 * filters, from_x, to_y, least + 1)
            run_tiles_of_one_order(wide, least + 1, frame, taller)
            from_x += taller * frame.x_tile
            to_y += taller * frame.y_tile
        set_rows_of_line(frame, 4 * length, 4 * filters, from_x, to_y, least)
        run_tiles_of_one_order(wide, least, frame, tiles - taller)


@inlined
def _expand(args, expand, frame, x, ring, start, end):
    """Expand the lines of a sample from `start` to `end` into the ring."""
    p, line = args.expand_p, args.width * expand.channels
    while start < end:
        place = start % args.ring
        count = min(end - start, args.ring - place)
        y = ring + 4 * place * line
        _convolve(frame, expand, x + 4 * start * args.x_line, y, count * args.width)
        activate_rows(args.expand_code, p[0], p[1], p[2], y, count * line)
        start += count


@inlined
def _convolve_pairs(args, depthwise, tile, zeros, spare, x, ring, made, first, last):
    """Write the depthwise outputs of the lines from `first` to `last` to `made`, two lines at a time."""
    left = 4 * depthwise.pads[1] * depthwise.channels
    for h in range(first, last, 2):
        y = made + 4 * (h - first) * depthwise.y_strides[2]
        row = h * args.stride - args.top
        if args.expands != 0:
            line = 4 * args.width * depthwise.channels
            place = row % args.ring
            wrap = (args.ring - place + args.dilation - 1) // args.dilation
            run_lines(tile, depthwise, zeros, spare, h, ring + place * line - left, y, wrap, args.ring * line)
        else:
            run_lines(tile, depthwise, zeros, spare, h, x + 4 * row * args.x_line - left, y, -1, 0)


@inlined
def _convolve_lines(args, depthwise, frame, table, x, ring, made, first, last):
    """The same line by line, for some channels at a time."""
    channels = depthwise.channels
    left, line = 4 * depthwise.pads[1] * channels, args.width * channels
    for channel in range(0, channels, depthwise.block):
        set_channels(frame, depthwise, channel, min(depthwise.block, channels - channel))
        for h in range(first, last):
            row = h * args.stride - args.top
            begin = x + 4 * row * args.x_line
            if args.expands != 0:
                place = row % args.ring
                begin = ring + 4 * place * line
                for tap in range(depthwise.rows):
                    down = (place + tap * args.dilation) % args.ring - place
                    store_i64(table, tap * depthwise.taps, down * line)
                frame.table = table
            y = made + 4 * (h - first) * depthwise.y_strides[2]
            run_line(frame, depthwise, h, begin - left + 4 * channel, y + 4 * channel)


def bands(ctx, params, begin, end):
    """Convolutions, see `BANDS`."""
    # x: (n, height, width, channels), y: the same of the outputs, weights: as the kernel of each convolution has them
    args = view(BANDS, ctx, params)
    depthwise = view(DEPTHWISE_ROW, ctx, params + DEPTHWISE)
    expand, project = view(CONV, ctx, params + EXPAND), view(CONV, ctx, params + PROJECT)
    if begin >= end:
        return
    slot = take_area(args.leases, args.slots)
    ring = args.areas + slot * args.area
    middle = ring + args.middle
    pixels, lines, tile = new_frame(), new_frame(), new_tile()
    zeros, spare, table = new_zeros(), new_spare(), _new_table()
    if args.in_pairs != 0:
        begin_tiles(tile, depthwise, zeros)
    else:
        begin_lines(lines, depthwise)
    held, held_end = -1, 0  # the sample of the band before, and the line before which its lines in the ring end
    for unit in range(begin, end):
        n = quotient(unit, args.bands)
        first = (unit - n * args.bands) * args.lines
        last = min(first + args.lines, depthwise.extents[2])
        x, y = args.x + 4 * n * args.x_sample, args.y + 4 * (n * args.y_sample + first * args.y_line)
        made = middle if args.projects != 0 else y
        if args.expands != 0:
            low = max(0, first * args.stride - args.top)
            high = min(args.height, (last - 1) * args.stride - args.top + args.reach)
            _expand(args, expand, pixels, x, ring, max(low, held_end) if n == held else low, high)
            held = n
            held_end = high
        if args.in_pairs != 0:
            _convolve_pairs(args, depthwise, tile, zeros, spare, x, ring, made, first, last)
        else:
            _convolve_lines(args, depthwise, lines, table, x, ring, made, first, last)
        count = (last - first) * depthwise.extents[3]
        activate_rows(args.code, args.p[0], args.p[1], args.p[2], made, count * depthwise.channels)
        if args.projects != 0:
            _convolve(pixels, project, made, y, count)
    give_back(args.leases, slot)


KERNELS = (bands,)

"""Convolution of any rank, matrix product included, as an implicit matrix product over register tiles.

``conv_step`` in `steps.py` gives the equation and writes the parameters. Output pixels are numbered through
(n, d, h, w); a tile takes consecutive ones, which may lie in several lines or images.
"""

from __future__ import annotations

import numba

from modelc.native.code.vector import quotient
from modelc.native.code.view import view
from modelc.native.families.conv.kernel_frame import new_frame, place_of, set_rows, set_rows_of_line
from modelc.native.families.conv.kernel_tile import run_tiles, run_tiles_here
from modelc.native.families.conv.params import CONV
from modelc.native.target import host

_LANES = host().lanes


@numba.njit(inline="always", error_model="numpy")
def _run_line(frame, args, x, y, wide, first, tiles, least, taller):
    """Compute `tiles` tiles from number `first` on where all pixels lie in one line; the first `taller` are taller."""
    x_step, y_step = 4 * args.x_strides[3], 4 * args.y_strides[3]
    pixel = first * least + min(first, taller)
    last = first + tiles
    while first < last:
        height, stop = least, last
        if first < taller:
            height, stop = least + 1, min(last, taller)
        set_rows_of_line(frame, x_step, y_step, x + pixel * x_step, y + pixel * y_step, height)
        run_tiles_here(wide, height, frame, stop - first)
        pixel += (stop - first) * height
        first = stop


@numba.njit(inline="always", error_model="numpy")
def _run_lines(frame, args, x, y, wide, first, tiles, least, taller):
    """`_run_line` where there are several lines, which a tile may cross."""
    place = place_of(args.extents, first * least + min(first, taller))
    for tile in range(first, first + tiles):
        height = least + 1 if tile < taller else least
        place = set_rows(frame, args.extents, args.x_strides, args.y_strides, x, y, place, height)
        run_tiles(wide, height, frame, 1)


def conv(ctx, params, begin, end):
    """Convolution, see `CONV`.

    Units: bands of tiles of output pixels, in each of them the blocks of output channels of each group, and for each
    block the tiles. Groups are numbered through two loops, of which `groups` is the inner extent.
    """
    # x: padded input, y: (n, d, h, w, groups * channels), weights: [group][block][k][lanes]
    args = view(CONV, ctx, params)
    lines = args.extents[0] * args.extents[1] * args.extents[2]
    pixels = lines * args.extents[3]
    if pixels <= 0 or begin >= end:
        return
    weights, bias = args.weights, args.bias
    channels, vectors = args.channels, args.vectors
    segments, length = args.segments, args.length
    frame = new_frame()
    frame.table = args.table
    frame.segments = segments
    frame.length = length
    frame.epilogue = args.epilogue
    frame.low = args.low
    frame.high = args.high
    frame.accumulate = 1 if args.residual != 0 else 0
    frame.residual = args.residual - args.y
    all_vectors = quotient(channels + _LANES - 1, _LANES)
    blocks = quotient(all_vectors + vectors - 1, vectors)
    rows, groups = args.rows, args.groups
    tiles = quotient(pixels + rows - 1, rows)
    least = quotient(pixels, tiles)
    taller = pixels - least * tiles  # tiles of even height rather than a short one at the end
    band, per_band = args.band, end
    if band == 0:
        band = tiles
    else:
        per_band = band * blocks * groups
    unit = begin
    while unit < end:
        start = quotient(unit, per_band)
        place = unit - start * per_band
        start *= band
        run = min(band, tiles - start)
        column = quotient(place, run)
        tile = place - column * run
        count = min(run - tile, end - unit)
        group = quotient(column, blocks)
        block = column - group * blocks
        outer = quotient(group, groups)
        inner = group - outer * groups
        first = block * vectors
        wide = min(vectors, all_vectors - first)
        done = group * all_vectors + first
        frame.weights = weights + done * (segments * length * _LANES * 4)
        frame.bias = bias + (group * args.bias_group + first) * (_LANES * 4) if bias != 0 else 0
        frame.channels = channels - first * _LANES
        x = args.x + 4 * (outer * args.x_groups[0] + inner * args.x_groups[1])
        y = args.y + 4 * (outer * args.y_groups[0] + inner * args.y_groups[1] + first * _LANES)
        if lines == 1:
            _run_line(frame, args, x, y, wide, start + tile, count, least, taller)
        else:
            _run_lines(frame, args, x, y, wide, start + tile, count, least, taller)
        unit += count


KERNELS = (conv,)

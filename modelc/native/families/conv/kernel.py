"""Convolution of any rank, matrix product included, as an implicit matrix product over register tiles.

``conv_step`` in `steps.py` gives the equation and writes the parameters. Output pixels are numbered through
(n, d, h, w); a tile takes consecutive ones, which may lie in several lines or images.
"""

from __future__ import annotations

from modelc.native.code.view import view
from modelc.native.families.conv.kernel_frame import new_frame, set_rows
from modelc.native.families.conv.kernel_tile import run_tile
from modelc.native.families.conv.params import CONV
from modelc.native.target import host

_LANES = host().lanes


def conv(ctx, params, begin, end):
    """Convolution, see `CONV`.

    Units: bands of tiles of output pixels, in each of them the blocks of output channels of each group, and for each
    block the tiles. Groups are numbered through two loops, of which `groups` is the inner extent.
    """
    # x: padded input, y: (n, d, h, w, groups * channels), weights: [group][block][k][lanes], bias: [group][lanes]
    args = view(CONV, ctx, params)
    pixels = args.extents[0] * args.extents[1] * args.extents[2] * args.extents[3]
    if pixels <= 0 or begin >= end:
        return
    x, y = args.x, args.y
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
    frame.accumulate = args.accumulate
    all_vectors = (channels + _LANES - 1) // _LANES
    blocks = (all_vectors + vectors - 1) // vectors
    rows, groups = args.rows, args.groups
    tiles = (pixels + rows - 1) // rows
    least, taller = pixels // tiles, pixels % tiles  # tiles of even height rather than a short one at the end
    band, per_band = args.band, end
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
        frame.weights = weights + done * (segments * length * _LANES * 4)
        frame.bias = bias + done * (_LANES * 4) if bias != 0 else 0
        frame.channels = channels - first * _LANES
        count = least + 1 if tile < taller else least
        set_rows(
            frame,
            args.extents,
            args.x_strides,
            args.y_strides,
            x + 4 * (outer * args.x_groups[0] + inner * args.x_groups[1]),
            y + 4 * (outer * args.y_groups[0] + inner * args.y_groups[1] + first * _LANES),
            tile * least + min(tile, taller),
            count,
        )
        run_tile(wide, count, frame)


KERNELS = (conv,)

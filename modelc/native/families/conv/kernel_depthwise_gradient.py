"""The gradient of a depthwise convolution by its kernel: for each tap and channel, a sum of products over all pixels.

`lower_gradient.py` writes the parameters. It is a family of its own, so that only models with depthwise convolutions
compile it.
"""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import load_i64, store_f32
from modelc.native.code.vector import LANES, fma, inlined, lanes_below, load_where, quotient, splat, store_where
from modelc.native.code.view import view
from modelc.native.families.conv.kernel_lines import line_offset
from modelc.native.families.conv.params import DEPTHWISE_GRADIENT


@inlined
def _add_three(y, channels, x, table, dy, width, x_step, dy_step, mask):
    """`y[t] += Σ_w x[w, t]·dy[w]` for three taps and a vector of channels: each dy is loaded once for all."""
    x0, x1, x2 = x + 4 * load_i64(table, 0), x + 4 * load_i64(table, 1), x + 4 * load_i64(table, 2)
    a0, a1, a2 = load_where(y, 0, mask, 0.0), load_where(y, channels, mask, 0.0), load_where(y, 2 * channels, mask, 0.0)
    b0, b1, b2 = splat(0.0), splat(0.0), splat(0.0)
    w = 0
    while w + 2 <= width:
        d = load_where(dy, w * dy_step, mask, 0.0)
        e = load_where(dy, (w + 1) * dy_step, mask, 0.0)
        i, j = w * x_step, (w + 1) * x_step
        a0 = fma(load_where(x0, i, mask, 0.0), d, a0)
        a1 = fma(load_where(x1, i, mask, 0.0), d, a1)
        a2 = fma(load_where(x2, i, mask, 0.0), d, a2)
        b0 = fma(load_where(x0, j, mask, 0.0), e, b0)
        b1 = fma(load_where(x1, j, mask, 0.0), e, b1)
        b2 = fma(load_where(x2, j, mask, 0.0), e, b2)
        w += 2
    if w < width:
        d = load_where(dy, w * dy_step, mask, 0.0)
        a0 = fma(load_where(x0, w * x_step, mask, 0.0), d, a0)
        a1 = fma(load_where(x1, w * x_step, mask, 0.0), d, a1)
        a2 = fma(load_where(x2, w * x_step, mask, 0.0), d, a2)
    store_where(y, 0, a0 + b0, mask)
    store_where(y, channels, a1 + b1, mask)
    store_where(y, 2 * channels, a2 + b2, mask)


@inlined
def _add_one(y, x, dy, width, x_step, dy_step, mask):
    """`y += Σ_w x[w]·dy[w]` for a vector of channels."""
    a, b = load_where(y, 0, mask, 0.0), splat(0.0)
    w = 0
    while w + 2 <= width:
        a = fma(load_where(x, w * x_step, mask, 0.0), load_where(dy, w * dy_step, mask, 0.0), a)
        b = fma(load_where(x, (w + 1) * x_step, mask, 0.0), load_where(dy, (w + 1) * dy_step, mask, 0.0), b)
        w += 2
    if w < width:
        a = fma(load_where(x, w * x_step, mask, 0.0), load_where(dy, w * dy_step, mask, 0.0), a)
    store_where(y, 0, a + b, mask)


def depthwise_gradient(ctx, params, begin, end):
    """The sums of each part of the lines, see `DEPTHWISE_GRADIENT`.

    Units: parts of the lines, in each of them vectors of channels. All units of a range go over one line after another.
    """
    # x: padded input, dy: (n, d, h, w, channels), y: (parts, taps, channels)
    args = view(DEPTHWISE_GRADIENT, ctx, params)
    x, dy, y = args.x, args.dy, args.y
    table, taps = args.table, args.taps
    channels, parts = args.channels, args.parts
    depth, height = args.extents[1], args.extents[2]
    width = args.extents[3]
    lines = args.extents[0] * depth * height
    x_step, dy_step = args.x_strides[3], args.dy_strides[3]
    vectors = quotient(channels + LANES - 1, LANES)
    unit = begin
    while unit < end:
        part = quotient(unit, vectors)
        stop = min(end, (part + 1) * vectors)
        start, past = (unit - part * vectors) * LANES, (stop - part * vectors) * LANES
        sums = y + 4 * part * taps * channels
        for tap in range(taps):
            for c in range(start, min(past, channels)):
                store_f32(sums, tap * channels + c, np.float32(0.0))
        for line in range(quotient(lines * part, parts), quotient(lines * (part + 1), parts)):
            plane = quotient(line, height)
            n = quotient(plane, depth)
            h, d = line - plane * height, plane - n * depth
            x_line = x + 4 * line_offset(args.x_strides, n, d, h)
            dy_line = dy + 4 * line_offset(args.dy_strides, n, d, h)
            for c in range(start, past, LANES):
                mask = lanes_below(channels - c)
                tap = 0
                while tap + 3 <= taps:
                    _add_three(
                        sums + 4 * (tap * channels + c), channels, x_line + 4 * c, table + 8 * tap, dy_line + 4 * c,
                        width, x_step, dy_step, mask,
                    )  # fmt: skip
                    tap += 3
                while tap < taps:
                    _add_one(
                        sums + 4 * (tap * channels + c), x_line + 4 * (load_i64(table, tap) + c), dy_line + 4 * c,
                        width, x_step, dy_step, mask,
                    )  # fmt: skip
                    tap += 1
        unit = stop


KERNELS = (depthwise_gradient,)

"""Max and average pooling over windows, channels last."""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import load_i64, operand
from modelc.native.code.vector import (
    LANES,
    inlined,
    lanes_below,
    load,
    load_where,
    maximum,
    quotient,
    splat,
    store,
    store_where,
)
from modelc.native.families.pool.params import POOL, Pooling

_MINUS_INF = np.float32(-np.inf)


@inlined
def _add(total, x):
    return total + x


def _window(combine, start):
    """The function that reduces one window: `y[c] = factor · combine over (d, h, w) of x[d, h, w, c]`."""

    @inlined
    def reduce_window(y, x, depth, height, width, step_d, step_h, step_w, channels, factor):
        c = 0
        while c + 4 * LANES <= channels:
            a0, a1, a2, a3 = splat(start), splat(start), splat(start), splat(start)
            for d in range(depth):
                for h in range(height):
                    place = x + 4 * (d * step_d + h * step_h + c)
                    for _ in range(width):
                        a0 = combine(a0, load(place, 0))
                        a1 = combine(a1, load(place, LANES))
                        a2 = combine(a2, load(place, 2 * LANES))
                        a3 = combine(a3, load(place, 3 * LANES))
                        place += 4 * step_w
            store(y, c, a0 * factor)
            store(y, c + LANES, a1 * factor)
            store(y, c + 2 * LANES, a2 * factor)
            store(y, c + 3 * LANES, a3 * factor)
            c += 4 * LANES
        while c < channels:
            mask = lanes_below(channels - c)
            a0 = splat(start)
            for d in range(depth):
                for h in range(height):
                    place = x + 4 * (d * step_d + h * step_h + c)
                    for _ in range(width):
                        a0 = combine(a0, load_where(place, 0, mask, 0.0))
                        place += 4 * step_w
            if c + LANES <= channels:
                store(y, c, a0 * factor)
            else:
                store_where(y, c, a0 * factor, mask)
            c += LANES

    return reduce_window


_max_window = _window(maximum, _MINUS_INF)
_sum_window = _window(_add, np.float32(0.0))

_Y, _X, _SIZE, _OUT, _WINDOW, _STRIDE, _PAD, _XS, _YS, _CHANNELS, _KIND = (
    POOL[name]
    for name in ("y", "x", "size", "out", "window", "stride", "pad", "x_strides", "y_strides", "channels", "kind")
)
_MAX = int(Pooling.MAX)


@inlined
def _first_inside(start):
    """The first place of a window that is not before the border."""
    return -start if start < 0 else 0


@inlined
def _end_inside(start, window, size):
    """The end of the places of a window that are not behind the border."""
    return min(window, size - start)


def pool(ctx, params, begin, end):
    """`y[n, o, c] = max or mean over k of x[n, o·stride + k - pad, c]`, see `POOL`."""
    y, x = operand(ctx, params, _Y), operand(ctx, params, _X)
    width, out_width = load_i64(params, _SIZE + 2), load_i64(params, _OUT + 2)
    out_depth, out_height = load_i64(params, _OUT), load_i64(params, _OUT + 1)
    step_d, step_h, step_w = load_i64(params, _XS + 1), load_i64(params, _XS + 2), load_i64(params, _XS + 3)
    channels, kind = load_i64(params, _CHANNELS), load_i64(params, _KIND)
    window_w, stride_w, pad_w = load_i64(params, _WINDOW + 2), load_i64(params, _STRIDE + 2), load_i64(params, _PAD + 2)
    for row in range(begin, end):
        outer = quotient(row, out_height)
        n = quotient(outer, out_depth)
        o_h, o_d = row - outer * out_height, outer - n * out_depth
        d = o_d * load_i64(params, _STRIDE) - load_i64(params, _PAD)
        h = o_h * load_i64(params, _STRIDE + 1) - load_i64(params, _PAD + 1)
        d_first, h_first = _first_inside(d), _first_inside(h)
        depth = _end_inside(d, load_i64(params, _WINDOW), load_i64(params, _SIZE)) - d_first
        height = _end_inside(h, load_i64(params, _WINDOW + 1), load_i64(params, _SIZE + 1)) - h_first
        x_row = x + 4 * (n * load_i64(params, _XS) + (d + d_first) * step_d + (h + h_first) * step_h)
        y_row = y + 4 * (n * load_i64(params, _YS) + o_d * load_i64(params, _YS + 1) + o_h * load_i64(params, _YS + 2))
        for o_w in range(out_width):
            w = o_w * stride_w - pad_w
            w_first = _first_inside(w)
            count = _end_inside(w, window_w, width) - w_first
            place = x_row + 4 * (w + w_first) * step_w
            target = y_row + 4 * o_w * load_i64(params, _YS + 3)
            if kind == _MAX:
                _max_window(target, place, depth, height, count, step_d, step_h, step_w, channels, np.float32(1.0))
            else:
                factor = np.float32(1.0) / np.float32(depth * height * count)
                _sum_window(target, place, depth, height, count, step_d, step_h, step_w, channels, factor)


KERNELS = (pool,)

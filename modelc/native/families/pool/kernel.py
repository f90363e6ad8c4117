"""Pooling over windows, channels last: the loop over windows, for what reduces one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from modelc.native.code.vector import (
    LANES,
    inlined,
    lanes_below,
    load,
    load_where,
    quotient,
    splat,
    store,
    store_where,
)
from modelc.native.code.view import view
from modelc.native.families.pool.params import POOL


def _window(combine: Callable, start: np.float32, result: Callable):
    """Make the function that reduces one window: `y[c] = result(combine over (d, h, w) of x[d, h, w, c], count)`.

    room: the elements from y on that may be written, those after the channels with anything: quicker than some lanes.
    """

    @inlined
    def reduce_window(y, x, depth, height, width, step_d, step_h, step_w, channels, room):
        count = depth * height * width
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
            store(y, c, result(a0, count))
            store(y, c + LANES, result(a1, count))
            store(y, c + 2 * LANES, result(a2, count))
            store(y, c + 3 * LANES, result(a3, count))
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
            if c + LANES <= room:
                store(y, c, result(a0, count))
            else:
                store_where(y, c, result(a0, count), mask)
            c += LANES

    return reduce_window


@inlined
def _first_inside(start):
    """The number of the first tap that lies inside, of a window that begins at `start`."""
    return -start if start < 0 else 0


@inlined
def _end_inside(start, window, size):
    """The number after the last tap of a window that lies inside."""
    return min(window, size - start)


def pool_kernel(name: str, combine: Callable, start: np.float32, result: Callable):
    """The kernel of that name: `combine` from `start` on, and the `result` for what a number of elements amounts to."""
    reduce_window = _window(combine, start, result)

    def pool(ctx, params, begin, end):
        """Pooling, see `POOL`."""
        args = view(POOL, ctx, params)
        y, x = args.y, args.x
        width, out_width = args.size[2], args.out[2]
        out_depth, out_height = args.out[0], args.out[1]
        step_d, step_h, step_w = args.x_strides[1], args.x_strides[2], args.x_strides[3]
        channels = args.channels
        window_w, stride_w, pad_w = args.window[2], args.stride[2], args.pad[2]
        for row in range(begin, end):
            outer = quotient(row, out_height)
            n = quotient(outer, out_depth)
            o_h, o_d = row - outer * out_height, outer - n * out_depth
            d = o_d * args.stride[0] - args.pad[0]
            h = o_h * args.stride[1] - args.pad[1]
            d_first, h_first = _first_inside(d), _first_inside(h)
            depth = _end_inside(d, args.window[0], args.size[0]) - d_first
            height = _end_inside(h, args.window[1], args.size[1]) - h_first
            x_row = x + 4 * (n * args.x_strides[0] + (d + d_first) * step_d + (h + h_first) * step_h)
            y_row = y + 4 * (n * args.y_strides[0] + o_d * args.y_strides[1] + o_h * args.y_strides[2])
            for o_w in range(out_width):
                w = o_w * stride_w - pad_w
                w_first = _first_inside(w)
                count = _end_inside(w, window_w, width) - w_first
                place = x_row + 4 * (w + w_first) * step_w
                target = y_row + 4 * o_w * args.y_strides[3]
                room = channels * (out_width - o_w) if args.y_strides[3] == channels else channels
                reduce_window(target, place, depth, height, count, step_d, step_h, step_w, channels, room)

    pool.__name__ = pool.__qualname__ = name
    return pool

"""The gradients of pooling: each sample and group of channels by itself, window by window."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from modelc.native.code.vector import LANES, inlined, lanes_below, quotient, splat, store, store_where
from modelc.native.code.view import view
from modelc.native.families.pool.params import POOL_GRADIENT
from modelc.native.target import CHANNELS


@inlined
def _zero(args, dx, first, last, n):
    """Write zeros into the lines (d, h) from number `first` to `last`: n channels of every element."""
    height, width, step = args.size[1], args.size[2], args.x_strides[3]
    if step == n:  # a line is one run
        width, n = 1, width * n
    for line in range(first, last):
        d = quotient(line, height)
        place = dx + 4 * (d * args.x_strides[1] + (line - d * height) * args.x_strides[2])
        for _ in range(width):
            c = 0
            while c + LANES <= n:
                store(place, c, splat(0.0))
                c += LANES
            if c < n:
                store_where(place, c, splat(0.0), lanes_below(n - c))
            place += 4 * step


@inlined
def _begin(args, axis, out):
    """The first element of the window of an output along an axis, of those inside the border."""
    return max(0, out * args.stride[axis] - args.pad[axis])


@inlined
def _end(args, axis, out):
    """The element after the last one of the window of an output along an axis, of those inside the border."""
    start = out * args.stride[axis] - args.pad[axis]
    return min(args.size[axis], start + args.window[axis])


def gradient_kernel(name: str, add: Callable, add_each: Callable):
    """The kernel of that name: `add` adds to dx in a window, for a vector of channels, and `add_each` for so many that
    fill no vector, one by one, as to store some lanes of a vector takes longer."""

    def gradient(ctx, params, begin, end):
        """Each dy to its window, see `POOL_GRADIENT`."""
        args = view(POOL_GRADIENT, ctx, params)
        channels = args.channels
        groups = quotient(channels + CHANNELS - 1, CHANNELS)
        planes, height = args.size[0], args.size[1]
        apart = True  # no two windows meet: there is nothing to add to, and to read what was just written takes long
        for axis in range(3):
            apart = apart and args.window[axis] <= args.stride[axis]
        for unit in range(begin, end):
            sample = quotient(unit, groups)
            first = (unit - sample * groups) * CHANNELS
            n = min(CHANNELS, channels - first)
            whole = n // LANES * LANES
            x_place = 4 * (sample * args.x_strides[0] + first)
            y_place = 4 * (sample * args.y_strides[0] + first)
            dx, dy = args.dx + x_place, args.dy + y_place
            x, y = args.x + x_place, args.y + y_place
            cleared = 0  # lines, of all planes: shortly before they are added to, so that they are in the cache then
            for o_d in range(args.out[0]):
                d0, d1 = _begin(args, 0, o_d), _end(args, 0, o_d)
                for o_h in range(args.out[1]):
                    h0, h1 = _begin(args, 1, o_h), _end(args, 1, o_h)
                    needed = (d1 - 1) * height + h1
                    if needed > cleared:
                        _zero(args, dx, cleared, needed, n)
                        cleared = needed
                    place = 4 * (o_d * args.y_strides[1] + o_h * args.y_strides[2])
                    for o_w in range(args.out[2]):
                        w0, w1 = _begin(args, 2, o_w), _end(args, 2, o_w)
                        factor = np.float32(1.0) / np.float32((d1 - d0) * (h1 - h0) * (w1 - w0))
                        for c in range(0, whole, LANES):
                            into, taps, tops, given = dx + 4 * c, x + 4 * c, y + place + 4 * c, dy + place + 4 * c
                            add(args, into, taps, tops, given, factor, d0, d1, h0, h1, w0, w1, apart)
                        if whole < n:
                            into, taps = dx + 4 * whole, x + 4 * whole
                            tops, given = y + place + 4 * whole, dy + place + 4 * whole
                            add_each(args, into, taps, tops, given, factor, d0, d1, h0, h1, w0, w1, n - whole)
                        place += 4 * args.y_strides[3]
            _zero(args, dx, cleared, planes * height, n)

    gradient.__name__ = gradient.__qualname__ = name
    return gradient

"""The gradients of max and average pooling: each sample and group of channels by itself, window by window."""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import load_i64, operand
from modelc.native.code.vector import LANES, inlined, lanes_below, load_where, quotient, select, splat, store_where
from modelc.native.families.pool.params import POOL_GRADIENT
from modelc.native.target import CHANNELS

_DX, _X, _Y, _DY, _SIZE, _OUT, _WINDOW, _STRIDE, _PAD, _XS, _YS, _CHANNELS = (
    POOL_GRADIENT[name]
    for name in (
        "dx", "x", "y", "dy", "size", "out", "window", "stride", "pad", "x_strides", "y_strides", "channels",
    )
)  # fmt: skip


@inlined
def _zero(params, dx, first, last, n):
    """Zeros in the lines (d, h) from number `first` to `last`, n channels of every element."""
    height, width, step = load_i64(params, _SIZE + 1), load_i64(params, _SIZE + 2), load_i64(params, _XS + 3)
    if step == n:  # a line is one run
        width, n = 1, width * n
    for line in range(first, last):
        d = quotient(line, height)
        place = dx + 4 * (d * load_i64(params, _XS + 1) + (line - d * height) * load_i64(params, _XS + 2))
        for _ in range(width):
            for c in range(0, n, LANES):
                store_where(place, c, splat(0.0), lanes_below(n - c))
            place += 4 * step


@inlined
def _begin(params, axis, out):
    """Where the window of an output begins along an axis, without what lies before the border."""
    return max(0, out * load_i64(params, _STRIDE + axis) - load_i64(params, _PAD + axis))


@inlined
def _end(params, axis, out):
    """The same for its end."""
    start = out * load_i64(params, _STRIDE + axis) - load_i64(params, _PAD + axis)
    return min(load_i64(params, _SIZE + axis), start + load_i64(params, _WINDOW + axis))


@inlined
def _to_first(params, dx, x, y, dy, d0, d1, h0, h1, w0, w1, mask, apart):
    """Add dy to dx at the first element of the window that is y: lanes are open until they have found theirs."""
    waiting = splat(1.0)
    for d in range(d0, d1):
        for h in range(h0, h1):
            place = 4 * (d * load_i64(params, _XS + 1) + h * load_i64(params, _XS + 2) + w0 * load_i64(params, _XS + 3))
            for _ in range(w0, w1):
                tap = load_where(x + place, 0, mask, 0.0)
                nan = select(tap != tap, select(y != y, waiting, 0.0), 0.0)
                found = select(tap == y, waiting, nan)
                old = splat(0.0)
                if not apart:
                    old = load_where(dx + place, 0, mask, 0.0)
                store_where(dx + place, 0, select(found > 0.0, old + dy, old), mask)
                waiting = waiting - found
                place += 4 * load_i64(params, _XS + 3)


@inlined
def _to_all(params, dx, share, d0, d1, h0, h1, w0, w1, mask, apart):
    """Add a share to dx at every element of the window."""
    for d in range(d0, d1):
        for h in range(h0, h1):
            place = dx + 4 * (
                d * load_i64(params, _XS + 1) + h * load_i64(params, _XS + 2) + w0 * load_i64(params, _XS + 3)
            )
            for _ in range(w0, w1):
                total = share
                if not apart:
                    total = load_where(place, 0, mask, 0.0) + share
                store_where(place, 0, total, mask)
                place += 4 * load_i64(params, _XS + 3)


def _gradient(is_max):
    """The loop over samples, groups of channels and windows."""

    @inlined
    def run(ctx, params, begin, end):
        channels = load_i64(params, _CHANNELS)
        groups = quotient(channels + CHANNELS - 1, CHANNELS)
        planes, height = load_i64(params, _SIZE), load_i64(params, _SIZE + 1)
        apart = True  # no two windows meet: there is nothing to add to, and to read what was just written takes long
        for axis in range(3):
            apart = apart and load_i64(params, _WINDOW + axis) <= load_i64(params, _STRIDE + axis)
        for unit in range(begin, end):
            sample = quotient(unit, groups)
            first = (unit - sample * groups) * CHANNELS
            n = min(CHANNELS, channels - first)
            x_place = 4 * (sample * load_i64(params, _XS) + first)
            y_place = 4 * (sample * load_i64(params, _YS) + first)
            dx, dy = operand(ctx, params, _DX) + x_place, operand(ctx, params, _DY) + y_place
            x, y = operand(ctx, params, _X) + x_place, operand(ctx, params, _Y) + y_place
            cleared = 0  # lines, of all planes: shortly before they are added to, so that they are in the cache then
            for o_d in range(load_i64(params, _OUT)):
                d0, d1 = _begin(params, 0, o_d), _end(params, 0, o_d)
                for o_h in range(load_i64(params, _OUT + 1)):
                    h0, h1 = _begin(params, 1, o_h), _end(params, 1, o_h)
                    needed = (d1 - 1) * height + h1
                    if needed > cleared:
                        _zero(params, dx, cleared, needed, n)
                        cleared = needed
                    place = 4 * (o_d * load_i64(params, _YS + 1) + o_h * load_i64(params, _YS + 2))
                    for o_w in range(load_i64(params, _OUT + 2)):
                        w0, w1 = _begin(params, 2, o_w), _end(params, 2, o_w)
                        for c in range(0, n, LANES):
                            mask = lanes_below(n - c)
                            into = load_where(dy + place, c, mask, 0.0)
                            if is_max:
                                top = load_where(y + place, c, mask, 0.0)
                                _to_first(params, dx + 4 * c, x + 4 * c, top, into, d0, d1, h0, h1, w0, w1, mask, apart)
                            else:
                                factor = np.float32(1.0) / np.float32((d1 - d0) * (h1 - h0) * (w1 - w0))
                                _to_all(params, dx + 4 * c, into * factor, d0, d1, h0, h1, w0, w1, mask, apart)
                        place += 4 * load_i64(params, _YS + 3)
            _zero(params, dx, cleared, planes * height, n)

    return run


_max, _average = _gradient(True), _gradient(False)


def max_pool_gradient(ctx, params, begin, end):
    """Each dy to the first element of its window that is y, see `POOL_GRADIENT`."""
    _max(ctx, params, begin, end)


def average_pool_gradient(ctx, params, begin, end):
    """Each dy in equal parts to its window, see `POOL_GRADIENT`."""
    _average(ctx, params, begin, end)


KERNELS = (max_pool_gradient, average_pool_gradient)

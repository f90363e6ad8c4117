"""The gradients of adaptive max pooling and of sparsemax, both along one axis."""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import load_f32, store_f32
from modelc.native.code.vector import LANES, inlined, lanes_below, load_where, quotient, select, splat, store_where
from modelc.native.code.view import view
from modelc.native.families.extremes.params import ADAPTIVE_MAX_GRADIENT, SPARSEMAX_GRADIENT


def adaptive_max_gradient(ctx, params, begin, end):
    """Each dy to the first element of its window that is y, see `ADAPTIVE_MAX_GRADIENT`."""
    args = view(ADAPTIVE_MAX_GRADIENT, ctx, params)
    size, out, channels = args.size, args.out, args.channels
    vectors = quotient(channels + LANES - 1, LANES)
    for unit in range(begin, end):
        a = quotient(unit, vectors)
        c = (unit - a * vectors) * LANES
        mask = lanes_below(channels - c)
        x_place, y_place = 4 * (a * size * channels + c), 4 * (a * out * channels + c)
        dx, x = args.dx + x_place, args.x + x_place
        y, dy = args.y + y_place, args.dy + y_place
        for i in range(size):
            store_where(dx, i * channels, splat(0.0), mask)
        for o in range(out):
            top, into = load_where(y, o * channels, mask, 0.0), load_where(dy, o * channels, mask, 0.0)
            waiting = splat(1.0)  # lanes are open until they have found theirs
            for i in range(quotient(o * size, out), quotient((o + 1) * size + out - 1, out)):
                tap, old = load_where(x, i * channels, mask, 0.0), load_where(dx, i * channels, mask, 0.0)
                nan = select(tap != tap, select(top != top, waiting, 0.0), 0.0)
                found = select(tap == top, waiting, nan)
                store_where(dx, i * channels, select(found > 0.0, old + into, old), mask)
                waiting = waiting - found


@inlined
def _support(x, n, step):
    """The largest value, the threshold relative to it that the support lies above, and the size of the support.

    The threshold is found as in Michelot (1986).
    """
    top = np.float64(load_f32(x, 0))
    for i in range(1, n):
        top = max(top, np.float64(load_f32(x, i * step)))
    tau, count, shrinking = -1.0, n + 1, True
    while shrinking:
        total, inside = 0.0, 0
        for i in range(n):
            v = np.float64(load_f32(x, i * step)) - top
            if v > tau:
                total += v
                inside += 1
        tau = (total - 1.0) / np.float64(inside)
        shrinking = 0 < inside < count
        count = inside
    return top, tau, count


def sparsemax_gradient(ctx, params, begin, end):
    """``dx_i = dz_i - (values of the support at or below x_i) / |S| · Σ dz``, see `SPARSEMAX_GRADIENT`."""
    args = view(SPARSEMAX_GRADIENT, ctx, params)
    n, step = args.n, args.inner
    for unit in range(begin, end):
        outer = quotient(unit, step)
        place = 4 * (outer * n * step + unit - outer * step)
        dx, x = args.dx + place, args.x + place
        dz = args.dz + place
        top, tau, count = _support(x, n, step)
        total = 0.0
        for i in range(n):
            total += np.float64(load_f32(dz, i * step))
        for i in range(n):
            v, below = np.float64(load_f32(x, i * step)), 0
            if v - top > tau:
                for j in range(n):
                    w = np.float64(load_f32(x, j * step))
                    if w - top > tau and (w < v or (w == v and j >= i)):
                        below += 1
            share = total * np.float64(below) / np.float64(count)
            store_f32(dx, i * step, np.float32(np.float64(load_f32(dz, i * step)) - share))


KERNELS = (adaptive_max_gradient, sparsemax_gradient)

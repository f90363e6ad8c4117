"""Normalization over two groups of axes of `x[a, r1, k, r2]`: layer, group, instance, RMS and unit norms."""

from __future__ import annotations

import numpy as np

from modelc.native.code.sums import column_sum, run_sum
from modelc.native.code.vector import (
    LANES,
    inlined,
    lanes_below,
    load_where,
    narrow,
    quotient,
    select,
    splat,
    sqrt,
    sqrt_f64,
    store,
    store_where,
)
from modelc.native.code.view import view
from modelc.native.families.normalize.params import NORMALIZE, Normalization
from modelc.native.target import CHANNELS

_MEAN_VARIANCE, _L2 = int(Normalization.MEAN_VARIANCE), int(Normalization.L2)
_ZERO = np.float32(0.0)


@inlined
def _write(y, x, i, mask, whole, center, factor, scale, shift, place):
    """`y[i] = (x[i] - center)·factor·scale[place] + shift[place]` under a mask."""
    value = (load_where(x, i, mask, 0.0) - center) * factor
    if scale != 0:
        value = value * load_where(scale, place, mask, 1.0)
    if shift != 0:
        value = value + load_where(shift, place, mask, 0.0)
    if whole:
        store(y, i, value)
    else:
        store_where(y, i, value, mask)


@inlined
def _normalize_runs(kind, y, x, n, rows, step, epsilon, scale, shift, place):
    """`rows` runs of n values, normalized together."""
    count = float(n * rows)
    center = _ZERO
    if kind == _MEAN_VARIANCE:
        center = np.float32(run_sum(x, n, rows, step, _ZERO, False) / count)
    squares = run_sum(x, n, rows, step, center, True)
    if kind == _L2:
        below = squares if squares != squares or squares > epsilon else epsilon
    else:
        below = squares / count + epsilon
    factor = np.float32(1.0 / sqrt_f64(below))
    for row in range(rows):
        i = 0
        while i < n:
            at = row * step + i
            _write(y, x, at, lanes_below(n - i), i + LANES <= n, center, factor, scale, shift, place + i)
            i += LANES


@inlined
def _normalize_column(kind, y, x, rows, step, width, epsilon, scale, shift, place):
    """At most `LANES` neighbouring channels, each normalized over `rows`."""
    mask = lanes_below(width)
    center = splat(_ZERO)
    if kind == _MEAN_VARIANCE:
        center = narrow(column_sum(x, rows, step, mask, center, False) / np.float64(rows))
    squares = column_sum(x, rows, step, mask, center, True)
    floored = select(squares < epsilon, epsilon, squares)
    below = floored if kind == _L2 else squares / np.float64(rows) + epsilon
    factor = narrow(np.float64(1.0) / sqrt(below))
    for row in range(rows):
        _write(y, x, row * step, mask, width >= LANES, center, factor, scale, shift, place)


def normalize(ctx, params, begin, end):
    """`y = normalized(x) · scale[k, r2] + shift[k, r2]`, see `NORMALIZE`."""
    args = view(NORMALIZE, ctx, params)
    y, x = args.y, args.x
    scale, shift = args.scale, args.shift
    r1, k, r2 = args.r1, args.k, args.r2
    kind, epsilon = args.kind, args.epsilon
    for unit in range(begin, end):
        if r2 != 1 or (k == 1 and scale == 0 and shift == 0):
            a = quotient(unit, k)
            at = unit - a * k
            start = 4 * (a * r1 * k + at) * r2
            merged = r2 == 1
            n, rows = (r1, 1) if merged else (r2, r1)
            _normalize_runs(kind, y + start, x + start, n, rows, k * r2, epsilon, scale, shift, at * r2)
        else:
            per = quotient(k + CHANNELS - 1, CHANNELS)
            a = quotient(unit, per)
            c = (unit - a * per) * CHANNELS
            stop = min(c + CHANNELS, k)
            while c < stop:
                start = 4 * (a * r1 * k + c)
                _normalize_column(kind, y + start, x + start, r1, k, stop - c, epsilon, scale, shift, c)
                c += LANES


KERNELS = (normalize,)

"""Reductions over two groups of axes: `y[a, k]` from `x[a, r1, k, r2]`."""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import store_f32
from modelc.native.code.sums import column_extreme, column_sum, run_extreme, run_sum, wide_column_sums
from modelc.native.code.vector import (
    LANES,
    inlined,
    lanes_below,
    max_lanes,
    min_lanes,
    narrow,
    quotient,
    splat,
    store,
    store_where,
)
from modelc.native.code.view import view
from modelc.native.families.reduce.params import REDUCE, Reduction

_SUM, _MEAN, _MAX, _MIN, _SQUARES = (
    int(kind) for kind in (Reduction.SUM, Reduction.MEAN, Reduction.MAX, Reduction.MIN, Reduction.SUM_SQUARES)
)
_INF = np.float32(np.inf)
_ZERO = np.float32(0.0)


@inlined
def _reduce_run(kind, x, n, rows, step):
    """The reduction of `rows` runs of n values, `step` elements apart, to one number."""
    if kind in (_MAX, _MIN):
        lanes = run_extreme(x, n, rows, step, -_INF if kind == _MAX else _INF, kind == _MIN)
        return max_lanes(lanes) if kind == _MAX else min_lanes(lanes)
    total = run_sum(x, n, rows, step, _ZERO, kind == _SQUARES)
    return np.float32(total / (n * rows) if kind == _MEAN else total)


@inlined
def _reduce_column(kind, x, rows, step, mask):
    """The reductions of `LANES` neighbouring channels over `rows`, `step` elements apart."""
    if kind in (_MAX, _MIN):
        return column_extreme(x, rows, step, mask, -_INF if kind == _MAX else _INF, kind == _MIN)
    total = column_sum(x, rows, step, mask, splat(_ZERO), kind == _SQUARES)
    return narrow(total / np.float64(rows) if kind == _MEAN else total)


def reduce(ctx, params, begin, end):
    """`y[a, k] = reduction over r1 and r2 of x[a, r1, k, r2]`, see `REDUCE`."""
    args = view(REDUCE, ctx, params)
    y, x = args.y, args.x
    r1, k, r2 = args.r1, args.k, args.r2
    kind, channels = args.kind, args.channels
    for unit in range(begin, end):
        if k == 1 or r2 != 1:
            a = quotient(unit, k)
            place = x + 4 * (a * r1 * k + unit - a * k) * r2
            n, rows = (r1 * r2, 1) if k == 1 else (r2, r1)
            store_f32(y, unit, _reduce_run(kind, place, n, rows, k * r2))
        else:
            per = quotient(k + channels - 1, channels)
            a = quotient(unit, per)
            c = (unit - a * per) * channels
            stop = min(c + channels, k)
            if stop - c == 4 * LANES and kind in (_SUM, _MEAN):
                count = np.float64(r1 if kind == _MEAN else 1)
                t0, t1, t2, t3 = wide_column_sums(x + 4 * (a * r1 * k + c), r1, k)
                place = a * k + c
                store(y, place, narrow(t0 / count))
                store(y, place + LANES, narrow(t1 / count))
                store(y, place + 2 * LANES, narrow(t2 / count))
                store(y, place + 3 * LANES, narrow(t3 / count))
                continue
            while c < stop:
                mask = lanes_below(k - c)
                store_where(y, a * k + c, _reduce_column(kind, x + 4 * (a * r1 * k + c), r1, k, mask), mask)
                c += LANES


KERNELS = (reduce,)

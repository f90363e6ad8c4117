"""Weighted sums, or the largest, of samples along one axis: one pass of a separable resize or pooling."""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import load_f32, load_i32
from modelc.native.code.vector import (
    LANES,
    fma,
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
from modelc.native.code.view import view
from modelc.native.families.resample.params import RESAMPLE

_MINUS_INF = np.float32(-np.inf)


@inlined
def _weighted_sum(y, x, weights, indices, taps, channels):
    """`y[c] = Σ_t weights[t]·x[indices[t], c]`."""
    c = 0
    while c + 4 * LANES <= channels:
        a0, a1, a2, a3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
        for t in range(taps):
            place = x + 4 * (np.int64(load_i32(indices, t)) * channels + c)
            weight = splat(load_f32(weights, t))
            a0 = fma(load(place, 0), weight, a0)
            a1 = fma(load(place, LANES), weight, a1)
            a2 = fma(load(place, 2 * LANES), weight, a2)
            a3 = fma(load(place, 3 * LANES), weight, a3)
        store(y, c, a0)
        store(y, c + LANES, a1)
        store(y, c + 2 * LANES, a2)
        store(y, c + 3 * LANES, a3)
        c += 4 * LANES
    while c < channels:
        mask = lanes_below(channels - c)
        a0 = splat(0.0)
        for t in range(taps):
            place = x + 4 * (np.int64(load_i32(indices, t)) * channels + c)
            a0 = fma(load_where(place, 0, mask, 0.0), splat(load_f32(weights, t)), a0)
        store_where(y, c, a0, mask)
        c += LANES


@inlined
def _largest(y, x, indices, taps, channels):
    """`y[c] = max_t x[indices[t], c]`."""
    for c in range(0, channels, LANES):
        mask = lanes_below(channels - c)
        a0 = splat(_MINUS_INF)
        for t in range(taps):
            place = x + 4 * (np.int64(load_i32(indices, t)) * channels + c)
            a0 = maximum(a0, load_where(place, 0, mask, 0.0))
        store_where(y, c, a0, mask)


def resample(ctx, params, begin, end):
    """`y[a, o, c] = Σ_t weights[o, t]·x[a, indices[o, t], c]`, or the largest of the taps, see `RESAMPLE`."""
    args = view(RESAMPLE, ctx, params)
    y, x = args.y, args.x
    weights, indices = args.weights, args.indices
    size, out = args.size, args.out
    taps, channels = args.taps, args.channels
    for unit in range(begin, end):
        a = quotient(unit, out)
        table = 4 * (unit - a * out) * taps
        y_row, x_rows = y + 4 * unit * channels, x + 4 * a * size * channels
        if weights != 0:
            _weighted_sum(y_row, x_rows, weights + table, indices + table, taps, channels)
        else:
            _largest(y_row, x_rows, indices + table, taps, channels)


KERNELS = (resample,)

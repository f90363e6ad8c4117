"""Softmax, its logarithm and sparsemax along one axis of `x[outer, n, inner]`."""

from __future__ import annotations

import numpy as np

from modelc.native.code import fmath
from modelc.native.code.memory import load_f32, store_f32
from modelc.native.code.sums import column_extreme, run_extreme
from modelc.native.code.vector import (
    LANES,
    inlined,
    lanes_below,
    load_where,
    max_lanes,
    narrow,
    quotient,
    select,
    splat,
    store,
    store_where,
    sum_wide,
    traced,
    widen,
    zero_wide,
)
from modelc.native.code.view import view
from modelc.native.families.softmax.params import SOFTMAX, Softmax
from modelc.native.target import CHANNELS

_exp, _log = traced(fmath.exp), traced(fmath.log)
_SOFTMAX, _SPARSEMAX = int(Softmax.SOFTMAX), int(Softmax.SPARSEMAX)
_ONE = np.float32(1.0)
_MINUS_INF = np.float32(-np.inf)


@inlined
def _store(y, i, value, mask, whole):
    """`y[i:] = value`: a whole vector, or the lanes of the mask."""
    if whole:
        store(y, i, value)
    else:
        store_where(y, i, value, mask)


@inlined
def _finished(kind, y, x, i, mask, top, factor, offset):
    """Softmax from the exponentials in y, or its logarithm from the scores."""
    if kind == _SOFTMAX:
        return load_where(y, i, mask, 0.0) * factor
    return load_where(x, i, mask, 0.0) - top - offset


@inlined
def _run(kind, y, x, n):
    """n scores side by side: e^(x - max) / Σ, or x - max - log Σ."""
    top = max_lanes(run_extreme(x, n, 1, 0, _MINUS_INF, False))
    total = zero_wide()
    i = 0
    while i < n:
        mask = lanes_below(n - i)
        e = _exp(load_where(x, i, mask, _MINUS_INF) - top)
        total = total + widen(select(mask, e, np.float32(0.0)))
        if kind == _SOFTMAX:
            _store(y, i, e, mask, i + LANES <= n)
        i += LANES
    summed = np.float32(sum_wide(total))
    factor = _ONE / summed
    offset = _log(splat(summed))
    i = 0
    while i < n:
        mask = lanes_below(n - i)
        _store(y, i, _finished(kind, y, x, i, mask, top, factor, offset), mask, i + LANES <= n)
        i += LANES


@inlined
def _column(kind, y, x, n, step, width):
    """At most `LANES` neighbouring columns of n scores, `step` elements apart."""
    mask = lanes_below(width)
    whole = width >= LANES
    top = column_extreme(x, n, step, mask, _MINUS_INF, False)
    total = zero_wide()
    for i in range(n):
        e = _exp(load_where(x, i * step, mask, 0.0) - top)
        total = total + widen(e)
        if kind == _SOFTMAX:
            _store(y, i * step, e, mask, whole)
    summed = narrow(total)
    factor = _ONE / summed
    offset = _log(summed)
    for i in range(n):
        _store(y, i * step, _finished(kind, y, x, i * step, mask, top, factor, offset), mask, whole)


@inlined
def _sparsemax(y, x, n, step):
    """max(x - τ, 0), its support found as in Michelot (1986), where it only shrinks; τ as Keras has it.

    Martins and Astudillo (2016), "From Softmax to Sparsemax", take τ = (c - 1) / k with c the sum of the k values
    of the support. Keras takes the sum of the cumulative sums of the sorted support in place of c, so that the
    value with r values of the support at or below it counts r times.
    """
    top = load_f32(x, 0)
    for i in range(1, n):
        v = load_f32(x, i * step)
        if v > top or v != v:
            top = v
    tau = -1.0
    count = n + 1
    shrinking = True
    while shrinking:
        total = 0.0
        inside = 0
        for i in range(n):
            v = np.float64(load_f32(x, i * step)) - np.float64(top)
            if v > tau:
                total += v
                inside += 1
        tau = (total - 1.0) / np.float64(inside)
        shrinking = 0 < inside < count
        count = inside
    total = 0.0
    for i in range(n):
        v = np.float64(load_f32(x, i * step))
        if v - np.float64(top) > tau:
            below = 0
            for j in range(n):
                w = np.float64(load_f32(x, j * step))
                if w - np.float64(top) > tau and (w < v or (w == v and j >= i)):
                    below += 1
            total += v * below
    threshold = (total - 1.0) / np.float64(count) if count > 0 else np.nan
    for i in range(n):
        v = np.float64(load_f32(x, i * step)) - threshold
        store_f32(y, i * step, np.float32(0.0 if v < 0.0 else v))


def softmax(ctx, params, begin, end):
    """A distribution along the middle axis of x[outer, n, inner], see `SOFTMAX`."""
    args = view(SOFTMAX, ctx, params)
    y, x = args.y, args.x
    n, inner, kind = args.n, args.inner, args.kind
    plain = kind != _SPARSEMAX
    per = quotient(inner + CHANNELS - 1, CHANNELS)
    for unit in range(begin, end):
        outer = quotient(unit, per)
        c = (unit - outer * per) * CHANNELS
        stop = min(c + CHANNELS, inner)
        start = 4 * (outer * n * inner)
        if plain and inner == 1:
            _run(kind, y + start, x + start, n)
        elif plain:
            while c < stop:
                _column(kind, y + start + 4 * c, x + start + 4 * c, n, inner, stop - c)
                c += LANES
        else:
            while c < stop:
                _sparsemax(y + start + 4 * c, x + start + 4 * c, n, inner)
                c += 1


KERNELS = (softmax,)

"""Sums, maxima and minima of runs and of columns: what reductions and normalizations share.

Sums are float32 over some thousand values in sixteen or more lanes, and float64 across such pieces, so that the
error does not grow with the length. A run is n values side by side; a column is a vector of neighbouring channels,
`rows` of them `step` elements apart.
"""

from __future__ import annotations

from modelc.kernels.vector import (
    LANES,
    inlined,
    lanes_below,
    load,
    load_where,
    maximum,
    minimum,
    select,
    splat,
    sum_wide,
    widen,
    zero_wide,
)

_PIECE = 4096
_ROWS = 64


@inlined
def _plain(x, center):
    return x


@inlined
def _squared(x, center):
    return (x - center) * (x - center)


def _run_sum(term, columns):
    @inlined
    def piece(x, n, center):
        """The lanes' sums over at most `_PIECE` values; lanes behind the end add `term(center)`, which is 0."""
        a0, a1, a2, a3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
        i = 0
        while i + 4 * LANES <= n:
            a0 = a0 + term(load(x, i), center)
            a1 = a1 + term(load(x, i + LANES), center)
            a2 = a2 + term(load(x, i + 2 * LANES), center)
            a3 = a3 + term(load(x, i + 3 * LANES), center)
            i += 4 * LANES
        while i < n:
            a0 = a0 + term(load_where(x, i, lanes_below(n - i), center), center)
            i += LANES
        return (a0 + a1) + (a2 + a3)

    @inlined
    def run_sum(x, n, rows, step, center):
        if n <= LANES:
            mask = lanes_below(n)
            return sum_wide(select(mask, columns(x, rows, step, mask, splat(center)), 0.0))
        total = zero_wide()
        for row in range(rows):
            start = 0
            while start < n:
                total = total + widen(piece(x + 4 * (row * step + start), min(n - start, _PIECE), center))
                start += _PIECE
        return sum_wide(total)

    return run_sum


def _column_sum(term):
    @inlined
    def column_sum(x, rows, step, mask, center):
        """The sum over at most `_ROWS` rows."""
        a0, a1, a2, a3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
        place = x
        row = 0
        while row + 4 <= rows:
            a0 = a0 + term(load_where(place, 0, mask, 0.0), center)
            a1 = a1 + term(load_where(place, step, mask, 0.0), center)
            a2 = a2 + term(load_where(place, 2 * step, mask, 0.0), center)
            a3 = a3 + term(load_where(place, 3 * step, mask, 0.0), center)
            place += 16 * step
            row += 4
        while row < rows:
            a0 = a0 + term(load_where(place, 0, mask, 0.0), center)
            place += 4 * step
            row += 1
        return (a0 + a1) + (a2 + a3)

    return column_sum


def _run_extreme(choose):
    @inlined
    def run_extreme(x, n, rows, step, start):
        a0, a1, a2, a3 = splat(start), splat(start), splat(start), splat(start)
        for row in range(rows):
            place = x + 4 * row * step
            i = 0
            while i + 4 * LANES <= n:
                a0 = choose(a0, load(place, i))
                a1 = choose(a1, load(place, i + LANES))
                a2 = choose(a2, load(place, i + 2 * LANES))
                a3 = choose(a3, load(place, i + 3 * LANES))
                i += 4 * LANES
            while i < n:
                a0 = choose(a0, load_where(place, i, lanes_below(n - i), start))
                i += LANES
        return choose(choose(a0, a1), choose(a2, a3))

    return run_extreme


def _column_extreme(choose):
    @inlined
    def column_extreme(x, rows, step, mask, start):
        a0, a1 = splat(start), splat(start)
        place = x
        row = 0
        while row + 2 <= rows:
            a0 = choose(a0, load_where(place, 0, mask, start))
            a1 = choose(a1, load_where(place, step, mask, start))
            place += 8 * step
            row += 2
        if row < rows:
            a0 = choose(a0, load_where(place, 0, mask, start))
        return choose(a0, a1)

    return column_extreme


def _long_column_sum(piece):
    @inlined
    def long_column_sum(x, rows, step, mask, center):
        total = zero_wide()
        row = 0
        while row < rows:
            total = total + widen(piece(x + 4 * row * step, min(rows - row, _ROWS), step, mask, center))
            row += _ROWS
        return total

    return long_column_sum


column_sum, column_squares = (_long_column_sum(_column_sum(term)) for term in (_plain, _squared))
"""`(x, rows, step, mask, center)`: a float64 vector of the sums of x, or of (x - center)²."""
run_sum, run_squares = _run_sum(_plain, column_sum), _run_sum(_squared, column_squares)
"""`(x, n, rows, step, center)`: the float64 sum of `rows` runs of x, or of (x - center)²; center is 0 for the first."""
run_max, run_min = _run_extreme(maximum), _run_extreme(minimum)
"""`(x, n, rows, step, start)`: the lanes' extremes of `rows` runs."""
column_max, column_min = _column_extreme(maximum), _column_extreme(minimum)
"""`(x, rows, step, mask, start)`: a vector of the extremes."""

"""Sums, maxima and minima of runs and of columns: what reductions and normalizations share.

Sums are float32 over some thousand values in sixteen or more lanes, and float64 across such pieces, so that the
error does not grow with the length. A run is n values side by side; a column is a vector of neighbouring channels,
`rows` of them `step` elements apart. The flags `squared` and `smallest` do not change in a loop: LLVM takes the
question out of it.
"""

from __future__ import annotations

from modelc.native.code.vector import (
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
def _term(x, center, squared):
    difference = x - center
    return difference * difference if squared else difference


@inlined
def _run_piece(x, n, center, squared):
    """The lanes' sums over at most `_PIECE` values; lanes behind the end add `center - center`."""
    a0, a1, a2, a3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    i = 0
    while i + 4 * LANES <= n:
        a0 = a0 + _term(load(x, i), center, squared)
        a1 = a1 + _term(load(x, i + LANES), center, squared)
        a2 = a2 + _term(load(x, i + 2 * LANES), center, squared)
        a3 = a3 + _term(load(x, i + 3 * LANES), center, squared)
        i += 4 * LANES
    while i < n:
        a0 = a0 + _term(load_where(x, i, lanes_below(n - i), center), center, squared)
        i += LANES
    return (a0 + a1) + (a2 + a3)


@inlined
def column_piece(x, rows, step, mask, center, squared):
    """The sums over at most `_ROWS` rows."""
    a0, a1, a2, a3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    row = 0
    while row + 4 <= rows:
        a0 = a0 + _term(load_where(x, 0, mask, 0.0), center, squared)
        a1 = a1 + _term(load_where(x, step, mask, 0.0), center, squared)
        a2 = a2 + _term(load_where(x, 2 * step, mask, 0.0), center, squared)
        a3 = a3 + _term(load_where(x, 3 * step, mask, 0.0), center, squared)
        x += 16 * step
        row += 4
    while row < rows:
        a0 = a0 + _term(load_where(x, 0, mask, 0.0), center, squared)
        x += 4 * step
        row += 1
    return (a0 + a1) + (a2 + a3)


@inlined
def column_sum(x, rows, step, mask, center, squared):
    """A float64 vector: Σ (x - center) over the rows, or Σ (x - center)²."""
    total = zero_wide()
    row = 0
    while row < rows:
        piece = column_piece(x + 4 * row * step, min(rows - row, _ROWS), step, mask, center, squared)
        total = total + widen(piece)
        row += _ROWS
    return total


@inlined
def wide_column_sums(x, rows, step):
    """Four float64 vectors side by side: Σ x over the rows. Rows are read as they lie, four vectors at once."""
    t0, t1, t2, t3 = zero_wide(), zero_wide(), zero_wide(), zero_wide()
    row = 0
    while row < rows:
        s0, s1, s2, s3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
        for _ in range(min(rows - row, _ROWS)):
            s0 = s0 + load(x, 0)
            s1 = s1 + load(x, LANES)
            s2 = s2 + load(x, 2 * LANES)
            s3 = s3 + load(x, 3 * LANES)
            x += 4 * step
        t0 = t0 + widen(s0)
        t1 = t1 + widen(s1)
        t2 = t2 + widen(s2)
        t3 = t3 + widen(s3)
        row += _ROWS
    return t0, t1, t2, t3


@inlined
def run_sum(x, n, rows, step, center, squared):
    """A float64: Σ (x - center) over `rows` runs of n values, or Σ (x - center)²."""
    if n <= LANES:
        mask = lanes_below(n)
        return sum_wide(select(mask, column_sum(x, rows, step, mask, splat(center), squared), 0.0))
    total = zero_wide()
    for row in range(rows):
        start = 0
        while start < n:
            piece = _run_piece(x + 4 * (row * step + start), min(n - start, _PIECE), center, squared)
            total = total + widen(piece)
            start += _PIECE
    return sum_wide(total)


@inlined
def _choose(a, b, smallest):
    return minimum(a, b) if smallest else maximum(a, b)


@inlined
def run_extreme(x, n, rows, step, start, smallest):
    """A vector whose largest lane, or smallest, is that of `rows` runs of n values; `start` is below, or above, all."""
    a0, a1, a2, a3 = splat(start), splat(start), splat(start), splat(start)
    for row in range(rows):
        place = x + 4 * row * step
        i = 0
        while i + 4 * LANES <= n:
            a0 = _choose(a0, load(place, i), smallest)
            a1 = _choose(a1, load(place, i + LANES), smallest)
            a2 = _choose(a2, load(place, i + 2 * LANES), smallest)
            a3 = _choose(a3, load(place, i + 3 * LANES), smallest)
            i += 4 * LANES
        while i < n:
            a0 = _choose(a0, load_where(place, i, lanes_below(n - i), start), smallest)
            i += LANES
    return _choose(_choose(a0, a1, smallest), _choose(a2, a3, smallest), smallest)


@inlined
def column_extreme(x, rows, step, mask, start, smallest):
    """The largest, or smallest, of each column of a vector; `start` is below, or above, all."""
    a0, a1 = splat(start), splat(start)
    row = 0
    while row + 2 <= rows:
        a0 = _choose(a0, load_where(x, 0, mask, start), smallest)
        a1 = _choose(a1, load_where(x, step, mask, start), smallest)
        x += 8 * step
        row += 2
    if row < rows:
        a0 = _choose(a0, load_where(x, 0, mask, start), smallest)
    return _choose(a0, a1, smallest)

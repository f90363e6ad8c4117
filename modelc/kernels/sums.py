"""Sums, maxima and minima of runs and of columns: what reductions, normalizations and softmax share.

Sums are float32 over some thousand values in sixteen or more lanes, and float64 across such pieces, so that the
error does not grow with the length. A run is n values side by side; columns are vectors of neighbouring channels,
`rows` of them `step` elements apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from modelc.kernels.loops import Variable, accumulate, least, loop, when
from modelc.kernels.simd import F64
from modelc.kernels.terms import (
    LANES,
    Term,
    fold,
    lanes_below,
    load,
    maximum,
    minimum,
    repeated,
    select,
    total,
    widen,
)

_PIECE = 4096
_ROWS = 64
_CHAINS = 4
COLUMNS = (4, 2, 1)
"""How many columns are worth taking at a time: a row of all of them is then read in one go."""


def plain(x: Term) -> Term:
    """Σ x"""
    return x


def square(x: Term) -> Term:
    """Σ x²"""
    return x * x


def _add(a: Term, b: Term) -> Term:
    return a + b


def column_sums(
    x: Term, rows: Term, step: Term, masks: Sequence[Term | None], of: Callable[[Term], Term], centers: Sequence[Term]
) -> list[Term]:
    """For each column, a float64 vector of Σ of(x - center) over its rows."""
    builder = x.builder
    sums = [Variable(repeated(builder, 0.0, F64)) for _ in masks]
    zeros = [repeated(builder, 0.0)] * len(masks)

    def terms(row: Term) -> list[Term]:
        place = x + row * step * 4
        return [
            of(load(place, LANES * v, mask) - center)
            for v, (mask, center) in enumerate(zip(masks, centers, strict=True))
        ]

    with loop(0, rows + (_ROWS - 1), _ROWS) as begin:
        end = least(begin + _ROWS, rows)
        for variable, piece in zip(sums, accumulate(begin, end, zeros, terms, _add, _chains(masks)), strict=True):
            variable.value = variable.value + widen(piece)
    return [variable.value for variable in sums]


def _chains(columns: Sequence[object]) -> int:
    return max(1, 2 * _CHAINS // len(columns)) if len(columns) > 1 else _CHAINS


def run_sum(x: Term, n: Term, rows: Term, step: Term, of: Callable[[Term], Term], center: Term) -> Term:
    """A float64: Σ of(x - center) over `rows` runs of n values."""
    result = Variable(x.new(F64(0.0)))
    with when(n <= LANES):
        mask = lanes_below(n)
        lanes = column_sums(x, rows, step, [mask], of, [center])[0]
        result.value = total(select(mask, lanes, 0.0))
    with when(n > LANES):
        sums = Variable(repeated(x.builder, 0.0, F64))
        with loop(0, rows) as row:
            place = x + row * step * 4
            with loop(0, n + (_PIECE - 1), _PIECE) as begin:
                end = least(begin + _PIECE, n)
                whole = end & -LANES

                def terms(i: Term, place: Term = place) -> list[Term]:
                    return [of(load(place, i) - center)]

                piece = Variable(accumulate(begin, whole, [repeated(x.builder, 0.0)], terms, _add, _CHAINS, LANES)[0])
                with when(whole < end):
                    piece.value = piece.value + of(load(place, whole, lanes_below(end - whole), center) - center)
                sums.value = sums.value + widen(piece.value)
        result.value = total(sums.value)
    return result.value


class Extreme:
    """The largest or the smallest: `start` is below, or above, all numbers."""

    def __init__(self, choose: Callable[[Term, Term], Term], start: float) -> None:
        self._choose = choose
        self._start = start

    def columns(self, x: Term, rows: Term, step: Term, masks: Sequence[Term | None]) -> list[Term]:
        """That of each column."""
        starts = [repeated(x.builder, self._start)] * len(masks)

        def terms(row: Term) -> list[Term]:
            place = x + row * step * 4
            return [load(place, LANES * v, mask, self._start) for v, mask in enumerate(masks)]

        return accumulate(rows.new(rows.like(0)), rows, starts, terms, self._choose, _chains(masks))

    def run(self, x: Term, n: Term, rows: Term, step: Term) -> Term:
        """That of `rows` runs of n values, one number."""
        found = Variable(repeated(x.builder, self._start))
        with loop(0, rows) as row:
            place = x + row * step * 4
            whole = n & -LANES

            def terms(i: Term, place: Term = place) -> list[Term]:
                return [load(place, i)]

            zero = n.new(n.like(0))
            seen = accumulate(zero, whole, [repeated(x.builder, self._start)], terms, self._choose, _CHAINS, LANES)[0]
            found.value = self._choose(found.value, seen)
            with when(whole < n):
                rest = load(place, whole, lanes_below(n - whole), self._start)
                found.value = self._choose(found.value, rest)
        return fold(found.value, self._choose)


LARGEST = Extreme(maximum, -np.inf)
SMALLEST = Extreme(minimum, np.inf)

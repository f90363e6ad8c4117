"""Reductions over two groups of axes: `y[a, k]` from `x[a, r1, k, r2]`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from modelc.kernels.indexing import quotient
from modelc.kernels.layouts_basic import BLOCK, REDUCE, Reduction
from modelc.kernels.loops import blocks
from modelc.kernels.memory import dim, load_i64, operand
from modelc.kernels.routine import switch
from modelc.kernels.simd import I64
from modelc.kernels.sums import COLUMNS, LARGEST, SMALLEST, Extreme, column_sums, plain, run_sum, square
from modelc.kernels.terms import LANES, Term, narrow, repeated, store, store_one, to_double

_Y, _X, _R1, _K, _R2, _KIND = (REDUCE[name] for name in ("y", "x", "r1", "k", "r2", "kind"))


class _Sum(NamedTuple):
    """Σ of(x), or its mean."""

    of: Callable[[Term], Term]
    mean: bool = False

    def columns(self, x: Term, rows: Term, step: Term, masks: list[Term | None]) -> list[Term]:
        zeros = [repeated(x.builder, 0.0)] * len(masks)
        return [self._finished(s, rows) for s in column_sums(x, rows, step, masks, self.of, zeros)]

    def run(self, x: Term, n: Term, rows: Term, step: Term) -> Term:
        return self._finished(run_sum(x, n, rows, step, self.of, repeated(x.builder, 0.0)), n * rows)

    def _finished(self, summed: Term, count: Term) -> Term:
        return narrow(summed / to_double(count) if self.mean else summed)


_KINDS: dict[Reduction, _Sum | Extreme] = {
    Reduction.SUM: _Sum(plain),
    Reduction.MEAN: _Sum(plain, mean=True),
    Reduction.MAX: LARGEST,
    Reduction.MIN: SMALLEST,
    Reduction.SUM_SQUARES: _Sum(square),
}


def _run(kind: _Sum | Extreme, y: Term, x: Term, n: Term, rows: Term, step: Term) -> None:
    store_one(kind.run(x, n, rows, step), y)


def _columns(kind: _Sum | Extreme, y: Term, x: Term, rows: Term, step: Term, width: Term) -> None:
    def take(c: Term, masks: list[Term | None]) -> None:
        for v, (value, mask) in enumerate(zip(kind.columns(x + c * 4, rows, step, masks), masks, strict=True)):
            store(value, y, c + LANES * v, mask)

    blocks(width, COLUMNS, take)


_reduce_run = switch("reduce_run", [I64] * 5, {int(code): partial(_run, kind) for code, kind in _KINDS.items()})
_reduce_columns = switch(
    "reduce_columns", [I64] * 5, {int(code): partial(_columns, kind) for code, kind in _KINDS.items()}
)


def reduce(ctx, params, begin, end):
    """`y[a, k] = reduction over r1 and r2 of x[a, r1, k, r2]`, see `REDUCE`."""
    y, x = operand(ctx, params, _Y), operand(ctx, params, _X)
    r1, k, r2 = dim(ctx, params, _R1), load_i64(params, _K), load_i64(params, _R2)
    kind = load_i64(params, _KIND)
    for unit in range(begin, end):
        if k == 1 or r2 != 1:
            a = quotient(unit, k)
            place = x + 4 * (a * r1 * k + unit - a * k) * r2
            n, rows = (r1 * r2, 1) if k == 1 else (r2, r1)
            _reduce_run(kind, y + 4 * unit, place, n, rows, k * r2)
        else:
            per = quotient(k + BLOCK - 1, BLOCK)
            a = quotient(unit, per)
            c = (unit - a * per) * BLOCK
            _reduce_columns(kind, y + 4 * (a * k + c), x + 4 * (a * r1 * k + c), r1, k, min(BLOCK, k - c))


KERNELS = (reduce,)

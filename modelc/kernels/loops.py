"""Loops, conditions and variables of code that is emitted over terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from llvmlite import ir

from modelc.kernels import simd
from modelc.kernels.terms import LANES, Term, lanes_below, select, store

Formula = Callable[[Term, Term | None], Term]


class Variable:
    """A term that changes from turn to turn of a loop: a stack slot, which LLVM turns into a register."""

    def __init__(self, start: Term) -> None:
        self._builder = start.builder
        self._cell = simd.new_cell(start.builder, start.value.type)
        self.value = start

    @property
    def value(self) -> Term:
        """What it is here."""
        return Term(self._builder, self._builder.load(self._cell))

    @value.setter
    def value(self, new: Term) -> None:
        self._builder.store(new.value, self._cell)


@contextmanager
def loop(begin: Term | int, end: Term, step: int = 1) -> Iterator[Term]:
    """`begin, begin + step, ...` while the whole step fits before `end`."""
    with simd.counted_loop(end.builder, end.like(begin), end.value, step) as counter:
        yield end.new(counter)


@contextmanager
def when(condition: Term) -> Iterator[None]:
    """What is emitted inside happens only under the condition."""
    with condition.builder.if_then(condition.value):
        yield


def least(a: Term, b: Term | int) -> Term:
    """The smaller of two integers."""
    return select(a < b, a, b)


def map_loop(formula: Formula, y: Term, n: Term) -> None:
    """`y[i] = formula(i, mask)` for i < n, sixteen at a time: the mask is None but for the last ones."""
    whole = n & -LANES
    with loop(0, whole, LANES) as i:
        store(formula(i, None), y, i)
    with when(whole < n):
        mask = lanes_below(n - whole)
        store(formula(whole, mask), y, whole, mask)


def blocks(n: Term, sizes: Sequence[int], emit: Callable[[Term, list[Term | None]], None]) -> None:
    """`emit(i, masks)` for neighbouring vectors of the n elements: as many at a time as the largest of the `sizes`
    that fits; the masks are None but for the last one. Sizes fall to 1.
    """
    begin = n.new(ir.Constant(simd.I64, 0))
    for size in sizes:
        end = begin + (n - begin) // (size * LANES) * (size * LANES)
        with loop(begin, end, size * LANES) as i:
            emit(i, [None] * size)
        begin = end
    with when(begin < n):
        emit(begin, [lanes_below(n - begin)])


def accumulate(
    begin: Term,
    end: Term,
    starts: Sequence[Term],
    terms: Callable[[Term], Sequence[Term]],
    combine: Callable[[Term, Term], Term],
    sets: int,
    step: int = 1,
) -> list[Term]:
    """Combine `terms(i)`, so many at a time as there are `starts`, over `begin <= i < end` by whole steps.

    `sets` independent chains hide the latency of `combine`; each begins with `starts`.
    """
    chains = [[Variable(start) for start in starts] for _ in range(sets)]

    def take(i: Term, chain: list[Variable]) -> None:
        for variable, term in zip(chain, terms(i), strict=True):
            variable.value = combine(variable.value, term)

    middle = begin + (end - begin) // (sets * step) * (sets * step)
    with loop(begin, middle, sets * step) as i:
        for number, chain in enumerate(chains):
            take(i + number * step if number else i, chain)
    with loop(middle, end, step) as i:
        take(i, chains[0])
    done = [[variable.value for variable in chain] for chain in chains]
    while len(done) > 1:
        half = len(done) // 2
        done = [
            [combine(a, b) for a, b in zip(*pair, strict=True)] for pair in zip(done[:half], done[half:], strict=True)
        ]
    return done[0]

"""`FreeSizes`: the sizes that a trace leaves free, and the facts about them that it rests on.

Where code asks how two sizes compare, the answer is proved from the bounds of the sizes' symbols; where that cannot be
done it is taken from the sizes that the trace was made for, the hints, and noted as a fact. So the graph holds for all
sizes for which the facts hold, and for others it is made again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from math import ceil, floor, inf, isinf
from typing import TYPE_CHECKING, Any

from modelc.graph.expressions import Atom, Bounds, Expression, Monomial, Quotient, SizeSymbol, atom

if TYPE_CHECKING:
    from fractions import Fraction

_REMEMBERED = 16


@dataclass(frozen=True, slots=True)
class Question:
    """How an expression compared with a number: whether it is just that, or whether it is at least that."""

    expression: Expression
    number: int
    exactly: bool
    answer: bool


@dataclass(frozen=True, slots=True)
class Learnt:
    """A fact when it was noted."""

    layer: str
    """The path of the layer that was traced, or nothing."""
    expression: Expression
    bounds: Bounds | None
    """Between which it was taken to be; None where it was taken not to be `other`."""
    other: int = 0

    def holds(self, values: Mapping[str, int], known: dict[Any, int]) -> bool:
        """Whether it holds where the symbols have these values; `known` as for `Expression.value`."""
        try:
            value = self.expression.value(values, known)
        except ZeroDivisionError:  # a size that another one divides is 0: the trace is for none of these sizes
            return False
        return value != self.other if self.bounds is None else self.bounds[0] <= value <= self.bounds[1]


@dataclass(eq=False)
class FreeSizes:
    """The free sizes of one trace, what they are assumed to be, and the facts that the trace rests on."""

    symbols: dict[str, SizeSymbol] = field(default_factory=dict[str, SizeSymbol])
    hints: dict[str, int] = field(default_factory=dict[str, int])
    """The value of each symbol that the trace is made for: the size over the symbol's unit."""
    facts: dict[Expression, Bounds] = field(default_factory=dict[Expression, Bounds])
    """What was not proved: the bounds of expressions without constants."""
    of_call: bool = False
    """Whether the hints are the sizes of a call, which messages name."""
    differing: dict[tuple[Expression, int], None] = field(default_factory=dict[tuple[Expression, int], None])
    """Expressions without constants, and the numbers that they were not."""
    learnt: list[Learnt] = field(default_factory=list[Learnt])
    """The facts in the order in which they were noted: up to the first that does not hold for some sizes, a trace for
    these is the same."""
    layer: str = ""
    """The path of the layer that is being traced."""
    asked: deque[Question] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    """The last questions: a layer that refuses its input does so because of one of these."""
    refused: tuple[Question, ...] = ()
    """What a layer had asked that refused its input, the last one first."""
    _proved: dict[Expression, Bounds] = field(default_factory=dict[Expression, Bounds], init=False)
    """The bounds that were asked for since the facts changed; a copy with other facts has none."""

    def add(self, symbol: SizeSymbol, size: int) -> Expression:
        """A free size, which is `size` in this trace."""
        self._proved = {}
        self.symbols[symbol.name] = symbol
        self.hints[symbol.name] = size // symbol.unit
        return Expression({(symbol,): symbol.unit})

    def sizes(self) -> dict[str, int]:
        """The sizes that the trace is made for, by name."""
        return {name: symbol.unit * self.hints[name] for name, symbol in self.symbols.items()}

    def values(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """The values of the symbols for sizes by name."""
        return {name: sizes[name] // symbol.unit for name, symbol in self.symbols.items()}

    def snapshot(self) -> FreeSizes:
        """A copy that further facts do not change, as a graph rests only on those that were noted by then."""
        return replace(self, facts=dict(self.facts), differing=dict(self.differing), learnt=list(self.learnt))

    def forget_since(self, before: FreeSizes) -> None:
        """Take back what was noted since `before`, a snapshot of these sizes."""
        self.facts, self.differing, self.learnt = dict(before.facts), dict(before.differing), list(before.learnt)
        self._proved = {}

    def first_change(self, values: Mapping[str, int]) -> Learnt | None:
        """The first fact that does not hold where the symbols have these values."""
        known: dict[Any, int] = {}
        return next((one for one in self.learnt if not one.holds(values, known)), None)

    def holds(self, values: Mapping[str, int]) -> bool:
        """Whether the trace holds where the symbols have these values."""
        known: dict[Any, int] = {}
        bounded = (Learnt("", expression, bounds) for expression, bounds in self.facts.items())
        others = (Learnt("", expression, None, n) for expression, n in self.differing)
        return all(one.holds(values, known) for one in chain(bounded, others))

    # --- what is known of an expression

    def bounds(self, expression: Expression) -> Bounds:
        """The least and the largest value that are proved, from the symbols' bounds and the facts."""
        found = self._proved.get(expression)
        if found is None:
            found = self._proved[expression] = self._bounds(expression)
        return found

    def _bounds(self, expression: Expression) -> Bounds:
        low, high = self._sum(expression.terms)
        if len(expression.terms) > 1 and any(isinstance(a, Quotient) for m in expression.terms for a in m):
            below, above = self._relaxed(expression)
            low, high = max(low, below), min(high, above)
        known = self.facts.get(expression.variable)
        if known is not None:
            low, high = max(low, known[0] + expression.constant), min(high, known[1] + expression.constant)
        return low, high

    def _relaxed(self, expression: Expression) -> Bounds:
        """The bounds with c·⌊p/n⌋ as c/n·p less a rest, so that p cancels against what else there is of it."""
        from fractions import Fraction  # deferred: models without free sizes start without it

        terms: dict[Monomial, Fraction] = {}
        low = high = 0.0
        waiting: list[tuple[Monomial, Fraction]] = [(m, Fraction(c)) for m, c in expression.terms.items()]
        while waiting:
            monomial, c = waiting.pop()
            inner = monomial[0] if len(monomial) == 1 else None
            by = inner.denominator.number if isinstance(inner, Quotient) else None
            if isinstance(inner, Quotient) and by is not None:
                share = c / by
                waiting += [(m, share * d) for m, d in inner.numerator.terms.items()]
                rest = float(share * (by - 1))  # of the numerator, 0 to by - 1 are lost
                low, high = low - max(rest, 0.0), high - min(rest, 0.0)
                continue
            terms[monomial] = terms.get(monomial, Fraction(0)) + c
        least, largest = self._sum(terms)
        low, high = low + least, high + largest
        # The value is an integer; what floats lose is less than this.
        return low if isinf(low) else ceil(low - 1e-6), high if isinf(high) else floor(high + 1e-6)

    def _sum(self, terms: Mapping[Monomial, int | Fraction]) -> Bounds:
        low = high = 0.0
        for monomial, c in terms.items():
            if c:
                a, b = self._product(monomial)
                ends = _times(float(c), a), _times(float(c), b)
                low, high = low + min(ends), high + max(ends)
        return low, high

    def _product(self, monomial: Monomial) -> Bounds:
        low, high = 1.0, 1.0
        for a in monomial:
            ends = [_times(x, y) for x in (low, high) for y in self._atom(a)]
            low, high = min(ends), max(ends)
        return low, high

    def _atom(self, a: Atom) -> Bounds:
        low, high = a.bounds if isinstance(a, SizeSymbol) else self._quotient(a)
        known = self.facts.get(atom(a))
        return (low, high) if known is None else (max(low, known[0]), min(high, known[1]))

    def _quotient(self, quotient: Quotient) -> Bounds:
        low, high = self.bounds(quotient.numerator)
        least, largest = self.bounds(quotient.denominator)
        if least < 1:
            return -inf, inf
        return (
            low // (least if low < 0 else largest) if abs(low) < inf else low,
            high // (least if high >= 0 else largest) if abs(high) < inf else high,
        )

    # --- decisions

    def at_least(self, expression: Expression, least: int) -> bool:
        """Whether it is at least that: proved, or as it is for the hints, which becomes a fact."""
        answer = self._at_least(expression, least)
        self.asked.append(Question(expression, least, False, answer))
        return answer

    def _at_least(self, expression: Expression, least: int) -> bool:
        low, high = self.bounds(expression)
        if low >= least:
            return True
        if high < least:
            return False
        value = expression.value(self.hints)
        bound = least - expression.constant
        self._learn(expression.variable, (bound, inf) if value >= least else (-inf, bound - 1))
        return value >= least

    def equals(self, expression: Expression, other: int) -> bool:
        """Whether it is that number: proved, or as it is for the hints, which becomes a fact."""
        answer = self._equals(expression, other)
        self.asked.append(Question(expression, other, True, answer))
        return answer

    def _equals(self, expression: Expression, other: int) -> bool:
        low, high = self.bounds(expression)
        if not low <= other <= high:
            return False
        if low == high:
            return True
        variable, n = expression.variable, other - expression.constant
        if expression.value(self.hints) == other:
            self._learn(variable, (n, n))
            return True
        if low == other or high == other:
            self._learn(variable, (n + 1, inf) if low == other else (-inf, n - 1))
        else:
            self.differing[variable, n] = None
            self.learnt.append(Learnt(self.layer, variable, None, n))
        return False

    def settle(self, expression: Expression) -> int:
        """Its value for the hints, which becomes a fact."""
        value = expression.value(self.hints)
        n = value - expression.constant
        self._learn(expression.variable, (n, n))
        return value

    def _learn(self, variable: Expression, bounds: Bounds) -> None:
        self.learnt.append(Learnt(self.layer, variable, bounds))
        self._proved = {}
        known = self.facts.get(variable, (-inf, inf))
        self.facts[variable] = max(known[0], bounds[0]), min(known[1], bounds[1])


class SizeNeededError(Exception):
    """What is written for all sizes depends on one as a plain number."""


class OpenSizes(FreeSizes):
    """Free sizes of which no plain number is given: what asks for one raises `SizeNeededError`."""

    @classmethod
    def of(cls, sizes: FreeSizes, values: Mapping[str, int]) -> OpenSizes:
        """Those of a trace that holds where the symbols have these `values`, which are the hints from now on."""
        noted = sizes.snapshot()
        return cls(dict(sizes.symbols), dict(values), noted.facts, differing=noted.differing, learnt=noted.learnt)

    def settle(self, expression: Expression) -> int:
        """Raise `SizeNeededError`."""
        raise SizeNeededError(str(expression))


def told(sizes: Mapping[str, int]) -> str:
    """Sizes by name as messages have them: `h=480, w=480`."""
    return ", ".join(f"{name}={size}" for name, size in sizes.items())


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b

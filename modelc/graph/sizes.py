"""`Size`: a size that a model leaves free, computed with as an integer is, and `FreeSizes`: what is known of these.

A model is traced once for sizes that stay free. What layers, ops and passes compute of them are expressions in the
scope's symbols, in a normal form: polynomials with integer coefficients over symbols and quotients rounded down. Where
code asks how two sizes compare, the answer is proved from the symbols' bounds; where that cannot be done it is taken
from the sizes that the trace was made for, the hints, and noted as a fact. So the graph holds for all sizes for which
the scope's facts hold, and for others it is made again.

A `Size` is no `int`: what needs a plain number (`range`, an index, NumPy) gets the hint's, which is noted as a fact as
well. Nothing else leads out of an expression, so that a graph can never be used for sizes that it does not hold for.
To type checkers a size is an `int`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from math import ceil, floor, gcd, inf, isinf, prod
from operator import add, index, mul, sub
from typing import Any, cast

from modelc.errors import ShapeError

Bounds = tuple[float, float]
"""The least and the largest value; -inf and inf where there is none."""


@dataclass(frozen=True, slots=True)
class SizeSymbol:
    """A free size by name, in multiples of `unit`: the size itself is ``unit·symbol``."""

    name: str
    least: int = 1
    largest: float = inf
    unit: int = 1

    @property
    def bounds(self) -> Bounds:
        """Those of the symbol, not of the size."""
        return -(-self.least // self.unit), self.largest // self.unit if self.largest < inf else inf


@dataclass(frozen=True)
class Quotient:
    """``⌊numerator / denominator⌋``; one of both is no plain number."""

    numerator: Expression
    denominator: Expression

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.numerator, self.denominator)))

    def __hash__(self) -> int:
        return cast("int", self._hash)  # type: ignore[attr-defined]


Atom = SizeSymbol | Quotient
Monomial = tuple[Atom, ...]
"""A product of atoms, in the order of their hashes; the empty one is 1."""

_NUMBER: Monomial = ()
_MOST_TERMS = 4096
_HIGHEST_DEGREE = 64
"""Bounds of a product: the sizes of networks that are meant have a few terms."""


class Expression:
    """A polynomial with integer coefficients: ``Σ coefficient·monomial``."""

    __slots__ = ("_hash", "terms")

    def __init__(self, terms: Mapping[Monomial, int]) -> None:
        self.terms = {monomial: c for monomial, c in terms.items() if c}
        self._hash = hash(frozenset(self.terms.items()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self._hash == other._hash and self.terms == other.terms

    @property
    def number(self) -> int | None:
        """Its value, where it has no atoms."""
        if not self.terms:
            return 0
        return self.terms.get(_NUMBER) if len(self.terms) == 1 else None

    @property
    def constant(self) -> int:
        """What it has beside its atoms."""
        return self.terms.get(_NUMBER, 0)

    @property
    def variable(self) -> Expression:
        """It without `constant`."""
        return Expression({m: c for m, c in self.terms.items() if m != _NUMBER})

    @property
    def degree(self) -> int:
        """The most atoms that are multiplied with each other."""
        return max(map(len, self.terms), default=0)

    def plus(self, other: Expression, factor: int = 1) -> Expression:
        """``self + factor·other``."""
        terms = dict(self.terms)
        for monomial, c in other.terms.items():
            terms[monomial] = terms.get(monomial, 0) + factor * c
        return Expression(terms)

    def times(self, other: Expression) -> Expression:
        """``self·other``. Raises `ShapeError` where it would be larger than what sizes come from is."""
        if len(self.terms) * len(other.terms) > _MOST_TERMS or self.degree + other.degree > _HIGHEST_DEGREE:
            raise ShapeError(
                "its size depends on the free sizes in more ways than are followed", "fix some of the sizes", "E403"
            )
        terms: dict[Monomial, int] = {}
        for a, c in self.terms.items():
            for b, d in other.terms.items():
                monomial = tuple(sorted((*a, *b), key=hash)) if a and b else a or b
                terms[monomial] = terms.get(monomial, 0) + c * d
        return Expression(terms)

    def over(self, other: Expression) -> Expression:
        """``⌊self / other⌋`` in normal form. Raises `ZeroDivisionError`."""
        divisor = other.number
        if divisor is not None:
            return self._over_number(divisor)
        exact = self._over_monomial(other)
        if exact is not None:
            return exact
        return number(1) if self == other else atom(Quotient(self, other))

    def _over_number(self, divisor: int) -> Expression:
        if divisor < 0:
            return Expression({m: -c for m, c in self.terms.items()})._over_number(-divisor)
        # Coefficients as near to 0 as can be, of a numerator whose first term is not negative: ⌊-p/n⌋ = -⌈p/n⌉.
        whole = {m: c // divisor if m == _NUMBER else _nearest(c, divisor) for m, c in self.terms.items()}
        rest = Expression({m: c - divisor * whole[m] for m, c in self.terms.items()})
        if rest.number is not None:  # less than the divisor
            return Expression(whole)
        first = min((m for m in rest.terms if m != _NUMBER), key=lambda m: (-len(m), tuple(map(hash, m))))
        if rest.terms[first] < 0:
            rest = number(divisor - 1).plus(rest, -1)
            return Expression(whole).plus(rest._over_number(divisor), -1)
        common = reduce(gcd, (c for m, c in rest.terms.items() if m != _NUMBER), divisor)
        divisor //= common
        rest = Expression({m: c // common for m, c in rest.terms.items()})
        if divisor == 1:
            return Expression(whole).plus(rest)
        variable = rest.variable
        if len(variable.terms) == 1:
            ((monomial, c),) = variable.terms.items()
            inner = monomial[0] if len(monomial) == 1 and c == 1 else None
            if isinstance(inner, Quotient) and inner.denominator.number is not None:  # ⌊(⌊p/m⌋ + r) / n⌋
                by = inner.denominator.number
                joined = inner.numerator.plus(number(rest.constant * by))
                return Expression(whole).plus(joined._over_number(by * divisor))
        return Expression(whole).plus(atom(Quotient(rest, number(divisor))))

    def _over_monomial(self, other: Expression) -> Expression | None:
        """The quotient where every term is a multiple of a divisor of one term."""
        if len(other.terms) != 1:
            return None
        ((divisor, by),) = other.terms.items()
        terms: dict[Monomial, int] = {}
        for monomial, c in self.terms.items():
            rest = list(monomial)
            for part in divisor:
                if part not in rest:
                    return None
                rest.remove(part)
            if c % by:
                return None
            terms[tuple(rest)] = c // by
        return Expression(terms)

    def value(self, symbols: Mapping[str, int], known: dict[Any, int] | None = None) -> int:
        """Its value where the symbols have these values; `known` remembers those of quotients."""
        known = {} if known is None else known
        return sum(c * prod(_value(a, symbols, known) for a in monomial) for monomial, c in self.terms.items())

    def symbols(self) -> set[SizeSymbol]:
        """All symbols in it."""
        return {s for monomial in self.terms for a in monomial for s in _symbols(a)}

    def __str__(self) -> str:
        from modelc.graph.formula import formula

        return formula(self)

    __repr__ = __str__


def _nearest(c: int, divisor: int) -> int:
    """The multiple of the divisor that is nearest to c, of two the one nearer to 0."""
    return (c + (divisor - 1) // 2) // divisor if c >= 0 else -_nearest(-c, divisor)


def _value(atom: Atom, symbols: Mapping[str, int], known: dict[Any, int]) -> int:
    if isinstance(atom, SizeSymbol):
        return symbols[atom.name]
    found = known.get(atom)
    if found is None:
        found = atom.numerator.value(symbols, known) // atom.denominator.value(symbols, known)
        known[atom] = found
    return found


def _symbols(atom: Atom) -> set[SizeSymbol]:
    if isinstance(atom, SizeSymbol):
        return {atom}
    return atom.numerator.symbols() | atom.denominator.symbols()


def number(n: int) -> Expression:
    """A plain number as an expression."""
    return Expression({_NUMBER: n})


def atom(a: Atom) -> Expression:
    """An atom as an expression."""
    return Expression({(a,): 1})


_REMEMBERED = 16


@dataclass(frozen=True, slots=True)
class Question:
    """How an expression compared with a number: whether it is just that, or whether it is at least that."""

    expression: Expression
    number: int
    exactly: bool
    answer: bool


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
    asked: deque[Question] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    """The last questions: a layer that refuses its input does so because of one of these."""
    refused: tuple[Question, ...] = ()
    """What a layer had asked that refused its input, the last one first."""

    def declare(self, symbol: SizeSymbol, size: int) -> int:
        """A free size, which is `size` in this trace."""
        self.symbols[symbol.name] = symbol
        self.hints[symbol.name] = size // symbol.unit
        return self.of(Expression({(symbol,): symbol.unit}))

    def of(self, expression: Expression) -> int:
        """An expression as a size; a plain number where it is one."""
        plain = expression.number
        return cast("int", Size(self, expression)) if plain is None else plain

    def sizes(self) -> dict[str, int]:
        """The sizes that the trace is made for, by name."""
        return {name: symbol.unit * self.hints[name] for name, symbol in self.symbols.items()}

    def values(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """The values of the symbols for sizes by name."""
        return {name: sizes[name] // symbol.unit for name, symbol in self.symbols.items()}

    def snapshot(self) -> FreeSizes:
        """A copy that further facts do not change, as a graph rests only on those that were noted by then."""
        return replace(self, facts=dict(self.facts), differing=dict(self.differing))

    def holds(self, values: Mapping[str, int]) -> bool:
        """Whether the trace holds where the symbols have these values."""
        known: dict[Any, int] = {}
        return all(low <= e.value(values, known) <= high for e, (low, high) in self.facts.items()) and all(
            e.value(values, known) != n for e, n in self.differing
        )

    # --- what is known of an expression

    def bounds(self, expression: Expression) -> Bounds:
        """The least and the largest value that are proved, from the symbols' bounds and the facts."""
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
        return False

    def settle(self, expression: Expression) -> int:
        """Its value for the hints, which becomes a fact."""
        value = expression.value(self.hints)
        n = value - expression.constant
        self._learn(expression.variable, (n, n))
        return value

    def _learn(self, variable: Expression, bounds: Bounds) -> None:
        known = self.facts.get(variable, (-inf, inf))
        self.facts[variable] = max(known[0], bounds[0]), min(known[1], bounds[1])


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b


class Size:
    """An expression in the free sizes of a scope, which is not a plain number. See the module."""

    __slots__ = ("expression", "sizes")

    def __init__(self, sizes: FreeSizes, expression: Expression) -> None:
        self.sizes = sizes
        self.expression = expression

    def __add__(self, other: Any) -> Any:
        e = _expression(other)
        return _of_floats(add, self, other) if e is None else self.sizes.of(self.expression.plus(e))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        e = _expression(other)
        return _of_floats(sub, self, other) if e is None else self.sizes.of(self.expression.plus(e, -1))

    def __rsub__(self, other: Any) -> Any:
        e = _expression(other)
        return _of_floats(sub, other, self) if e is None else self.sizes.of(e.plus(self.expression, -1))

    def __mul__(self, other: Any) -> Any:
        e = _expression(other)
        return _of_floats(mul, self, other) if e is None else self.sizes.of(self.expression.times(e))

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Any:
        e = _expression(other)
        return NotImplemented if e is None else self.sizes.of(self.expression.over(e))

    def __rfloordiv__(self, other: Any) -> Any:
        e = _expression(other)
        return NotImplemented if e is None else self.sizes.of(e.over(self.expression))

    def __mod__(self, other: Any) -> Any:
        e = _expression(other)
        return NotImplemented if e is None else self.sizes.of(self._rest(self.expression, e))

    def __rmod__(self, other: Any) -> Any:
        e = _expression(other)
        return NotImplemented if e is None else self.sizes.of(self._rest(e, self.expression))

    @staticmethod
    def _rest(a: Expression, b: Expression) -> Expression:
        return a.plus(a.over(b).times(b), -1)

    def __neg__(self) -> Any:
        return self * -1

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return self if self >= 0 else -self

    def __pow__(self, exponent: int) -> Any:
        return prod([self] * exponent)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    @property
    def plain_symbol(self) -> SizeSymbol | None:
        """The symbol, where it is a free size itself and nothing computed of it."""
        if len(self.expression.terms) != 1:
            return None
        ((monomial, c),) = self.expression.terms.items()
        first = monomial[0] if len(monomial) == 1 else None
        return first if isinstance(first, SizeSymbol) and c == first.unit else None

    # --- questions

    def __eq__(self, other: object) -> bool:
        if isinstance(other, float):
            return float(self) == other
        e = _expression(other)
        return e is not None and self.sizes.equals(self.expression.plus(e, -1), 0)

    def __hash__(self) -> int:
        return hash(self.expression)

    def __ge__(self, other: Any) -> bool:
        return self._compared(other, 1, 0)

    def __gt__(self, other: Any) -> bool:
        return self._compared(other, 1, 1)

    def __le__(self, other: Any) -> bool:
        return self._compared(other, -1, 0)

    def __lt__(self, other: Any) -> bool:
        return self._compared(other, -1, 1)

    def _compared(self, other: Any, sign: int, least: int) -> bool:
        """Whether ``sign·(self - other) ≥ least``."""
        e = _expression(other)
        if e is not None:
            difference = self.expression.plus(e, -1)
            return self.sizes.at_least(difference if sign > 0 else difference.times(number(-1)), least)
        if isinstance(other, float):
            if abs(other) == inf:
                return (other < 0) == (sign > 0)
            difference = sign * (float(self) - other)
            return difference > 0 or (least == 0 and difference == 0)
        return cast("bool", NotImplemented)

    def __bool__(self) -> bool:
        return self != 0

    # --- a plain number, for the sizes of the trace alone

    def __index__(self) -> int:
        return self.sizes.settle(self.expression)

    def __int__(self) -> int:
        return self.sizes.settle(self.expression)

    def __float__(self) -> float:
        return float(self.sizes.settle(self.expression))

    def __truediv__(self, other: Any) -> float:
        return float(self) / float(other)

    def __rtruediv__(self, other: Any) -> float:
        return float(other) / float(self)

    def __ceil__(self) -> Any:
        return self

    def __floor__(self) -> Any:
        return self

    def __round__(self) -> Any:
        return self

    def __reduce__(self) -> Any:
        raise TypeError("a free size belongs to the trace that it was made in")

    def __str__(self) -> str:
        """As Keras prints it; of a trace for the sizes of a call, what the call has."""
        return str(likely(self)) if self.sizes.of_call else "None"

    def __format__(self, spec: str) -> str:
        return format(likely(self), spec) if self.sizes.of_call else "None"

    def __repr__(self) -> str:
        return str(self.expression)


def _of_floats(operation: Callable[[float, float], float], a: Any, b: Any) -> Any:
    """What a size and a float make: a float, for the sizes of the trace alone."""
    return operation(float(a), float(b)) if isinstance(a, float) or isinstance(b, float) else NotImplemented


def _expression(other: Any) -> Expression | None:
    if isinstance(other, Size):
        return other.expression
    if isinstance(other, float):
        return None
    try:
        return number(index(other))
    except TypeError:
        return None


def is_free(size: Any) -> bool:
    """Whether a size is left free: an expression in the sizes of a call."""
    return isinstance(size, Size)


def free_in(size: Any) -> list[str]:
    """The names of the free sizes that a size depends on."""
    return sorted(symbol.name for symbol in size.expression.symbols()) if isinstance(size, Size) else []


def expression_of(size: Any) -> Expression:
    """A size as an expression."""
    return size.expression if isinstance(size, Size) else number(size)


def surely_equal(a: Any, b: Any) -> bool:
    """Whether two sizes are equal whatever the free ones are; no fact is noted."""
    if isinstance(a, Size):
        return isinstance(b, Size) and a.expression == b.expression
    return not isinstance(b, Size) and a == b


def same_shape(*shapes: Sequence[Any]) -> bool:
    """Whether shapes are equal whatever the free sizes are; no fact is noted."""
    first, *others = shapes
    return all(len(s) == len(first) and all(map(surely_equal, s, first)) for s in others)


def no_pads(pads: Sequence[Sequence[Any]]) -> bool:
    """Whether all pads are 0 whatever the free sizes are; no fact is noted."""
    return all(surely_equal(n, 0) for around in pads for n in around)


def surely(size: Any, least: float = -inf, largest: float = inf) -> bool:
    """Whether a size lies in these bounds whatever the free ones are; no fact is noted."""
    if not isinstance(size, Size):
        return least <= size <= largest
    low, high = size.sizes.bounds(size.expression)
    return least <= low and high <= largest


def likely(size: Any) -> Any:
    """What a size is in the trace, for choices of speed alone: whatever is chosen is right for all sizes."""
    return size.expression.value(size.sizes.hints) if isinstance(size, Size) else size


def told_sizes(size: Any) -> str:
    """What the free sizes of a trace are taken to be: `h=480, w=480`."""
    return ", ".join(f"{name}={n}" for name, n in size.sizes.sizes().items())


def shown(shape: Iterable[Any]) -> tuple[int | None, ...]:
    """A shape as Keras shows it: None for the batch and for sizes that are free, whether they have names or not."""
    return tuple(None if d is None or isinstance(d, Size | str) else d for d in shape)

"""Expressions in free sizes, in a normal form: polynomials with integer coefficients over symbols and quotients.

Two expressions that are written in different ways are mostly equal as objects, so that a comparison needs no proof:
``⌊(h + 1) / 2⌋ + 3·h`` is a sum of terms, each a coefficient and a product of atoms. An atom is a symbol, or a quotient
rounded down whose numerator has coefficients as near to 0 as can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from math import gcd, inf, prod
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
    def plain_symbol(self) -> SizeSymbol | None:
        """The symbol, where it is a free size itself and nothing computed of it."""
        if len(self.terms) != 1:
            return None
        ((monomial, c),) = self.terms.items()
        first = monomial[0] if len(monomial) == 1 else None
        return first if isinstance(first, SizeSymbol) and c == first.unit else None

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

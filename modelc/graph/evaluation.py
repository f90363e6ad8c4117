"""`Evaluation`: many expressions in free sizes, prepared once, that are worked out together for the sizes of a call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from modelc.graph.expressions import Atom, Expression, SizeSymbol

_Terms = tuple[int, tuple[tuple[int, tuple[int, ...]], ...]]
"""A constant, and of every other term the coefficient and the places of the atoms that are multiplied."""


class Evaluation:
    """The values of expressions. What they share is worked out once: each symbol and each quotient has a place."""

    def __init__(self, expressions: Iterable[Expression], symbols: Sequence[str]) -> None:
        """`symbols` names those that the expressions are in, in the order in which `values` takes their values."""
        self._symbols = {name: place for place, name in enumerate(symbols)}
        self._places: dict[Atom, int] = {}
        self._quotients: list[tuple[_Terms, _Terms]] = []
        self._wanted = [self._terms(expression) for expression in expressions]

    def values(self, symbols: Iterable[int]) -> list[int]:
        """The values of the expressions, in order, where the symbols have these."""
        atoms = [*symbols]
        for numerator, denominator in self._quotients:
            atoms.append(_value(numerator, atoms) // _value(denominator, atoms))
        return [_value(terms, atoms) for terms in self._wanted]

    def _terms(self, expression: Expression) -> _Terms:
        terms = tuple((c, tuple(map(self._place, monomial))) for monomial, c in expression.terms.items() if monomial)
        return expression.constant, terms

    def _place(self, atom: Atom) -> int:
        if isinstance(atom, SizeSymbol):
            return self._symbols[atom.name]
        found = self._places.get(atom)
        if found is None:
            parts = self._terms(atom.numerator), self._terms(atom.denominator)  # whose quotients come before it
            found = self._places[atom] = len(self._symbols) + len(self._quotients)
            self._quotients.append(parts)
        return found


def _value(expression: _Terms, atoms: Sequence[int]) -> int:
    total, terms = expression
    for coefficient, places in terms:
        for place in places:
            coefficient *= atoms[place]
        total += coefficient
    return total

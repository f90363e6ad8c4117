"""`Evaluation`: many expressions in free sizes, prepared once, that are worked out together for the sizes of a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from modelc.graph.expressions import Atom, Expression, Quotient, SizeSymbol

_Terms = tuple[int, tuple[tuple[int, tuple[int, ...]], ...]]
"""A constant, and of every other term the coefficient and the places of the atoms that are multiplied."""


class Evaluation:
    """The values of expressions. What they share is worked out once: each symbol and each quotient has a place."""

    def __init__(self, expressions: Iterable[Expression]) -> None:
        self._places: dict[Atom, int] = {}
        self._symbols: list[str | None] = []
        """Of each place the name of the symbol; None for a quotient."""
        self._quotients: list[tuple[int, _Terms, _Terms]] = []
        self._wanted = [self._terms(expression) for expression in expressions]

    def values(self, symbols: Mapping[str, int]) -> list[int]:
        """The values of the expressions, in order, where the symbols have these."""
        atoms = [0 if name is None else symbols[name] for name in self._symbols]
        for place, numerator, denominator in self._quotients:
            atoms[place] = _value(numerator, atoms) // _value(denominator, atoms)
        return [_value(terms, atoms) for terms in self._wanted]

    def _terms(self, expression: Expression) -> _Terms:
        terms = tuple((c, tuple(map(self._place, monomial))) for monomial, c in expression.terms.items() if monomial)
        return expression.constant, terms

    def _place(self, atom: Atom) -> int:
        found = self._places.get(atom)
        if found is not None:
            return found
        if isinstance(atom, Quotient):
            parts = self._terms(atom.numerator), self._terms(atom.denominator)
        place = self._places[atom] = len(self._symbols)
        self._symbols.append(atom.name if isinstance(atom, SizeSymbol) else None)
        if isinstance(atom, Quotient):
            self._quotients.append((place, *parts))
        return place


def _value(expression: _Terms, atoms: Sequence[int]) -> int:
    total, terms = expression
    for coefficient, places in terms:
        for place in places:
            coefficient *= atoms[place]
        total += coefficient
    return total

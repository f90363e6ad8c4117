"""Free sizes in arguments of operations, as formulas of sizes of inputs: see `layers.operations.size_formulas`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from modelc.graph.expressions import Atom, Expression, SizeSymbol
from modelc.graph.sizes import expression_of, is_free
from modelc.sources.refs import Ref


class Formulas:
    """Writes sizes for one operation, and collects the tensors that they are sizes of."""

    def __init__(self, inputs: Sequence[Ref], place_of: Callable[[str], tuple[Ref, int]]) -> None:
        self.inputs = list(inputs)
        """The tensors that the operation is applied to, and behind them those that it needs the sizes of."""
        self._place_of = place_of

    def written(self, value: Any) -> Any:
        """An argument with a formula for each free size: for the argument itself, or for items of it."""
        if isinstance(value, list):
            return [self._size(item) for item in cast("list[Any]", value)]
        return self._size(value)

    def _size(self, value: Any) -> Any:
        return self._expression(expression_of(value)) if is_free(value) else value

    def _expression(self, expression: Expression) -> Any:
        terms = [self._term(c, monomial) for monomial, c in expression.terms.items()]
        return terms[0] if len(terms) == 1 else {"add": terms}

    def _term(self, coefficient: int, monomial: tuple[Atom, ...]) -> Any:
        parts = [self._atom(atom) for atom in monomial]
        if coefficient != 1 or not parts:
            parts = [coefficient, *parts]
        return parts[0] if len(parts) == 1 else {"multiply": parts}

    def _atom(self, atom: Atom) -> Any:
        if not isinstance(atom, SizeSymbol):
            return {"floor_divide": [self._expression(atom.numerator), self._expression(atom.denominator)]}
        tensor, axis = self._place_of(atom.name)
        if tensor not in self.inputs:
            self.inputs.append(tensor)
        return {"size": [self.inputs.index(tensor), axis]}

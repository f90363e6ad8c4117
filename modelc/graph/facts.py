"""`Facts`: what a trace rests on, prepared to be asked for the sizes of each call."""

from __future__ import annotations

from collections.abc import Mapping
from operator import ne

from modelc.graph.evaluation import Evaluation
from modelc.graph.free_sizes import FreeSizes


class Facts:
    """The facts that were noted by now: those that are noted later have no effect on this."""

    def __init__(self, sizes: FreeSizes) -> None:
        expressions = [*sizes.facts, *(expression for expression, _ in sizes.differing)]
        self.symbols = sorted({symbol.name for expression in expressions for symbol in expression.symbols()})
        """The names of the symbols that any of them is about."""
        self._bounds = list(sizes.facts.values())
        self._others = [n for _, n in sizes.differing]
        self._values = Evaluation(expressions, self.symbols)

    def hold(self, values: Mapping[str, int]) -> bool:
        """Whether all are true where the symbols have these values."""
        if not self.symbols:
            return True
        try:
            found = self._values.values([values[name] for name in self.symbols])
        except ZeroDivisionError:  # a size that another one divides is 0: the trace is for none of these sizes
            return False
        for value, (low, high) in zip(found, self._bounds, strict=False):
            if not low <= value <= high:
                return False
        return all(map(ne, found[len(self._bounds) :], self._others))

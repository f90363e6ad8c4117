"""`Facts`: what a trace rests on, prepared to be asked for the sizes of each call."""

from __future__ import annotations

from collections.abc import Mapping

from modelc.graph.evaluation import Evaluation
from modelc.graph.free_sizes import FreeSizes


class Facts:
    """The facts that were noted by now: those that are noted later have no effect on this."""

    def __init__(self, sizes: FreeSizes) -> None:
        self.symbols = {s.name for e in (*sizes.facts, *(e for e, _ in sizes.differing)) for s in e.symbols()}
        """The names of the symbols that any of them is about."""
        self._bounds = list(sizes.facts.values())
        self._others = [n for _, n in sizes.differing]
        self._bounded = Evaluation(sizes.facts)
        self._differing = Evaluation(e for e, _ in sizes.differing)

    def hold(self, values: Mapping[str, int]) -> bool:
        """Whether all are true where the symbols have these values."""
        bounded = zip(self._bounded.values(values), self._bounds, strict=True)
        return all(low <= value <= high for value, (low, high) in bounded) and all(
            value != other for value, other in zip(self._differing.values(values), self._others, strict=True)
        )

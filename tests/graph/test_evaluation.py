"""Expressions that are worked out together, against each by itself and against the same integers."""

from __future__ import annotations

from collections.abc import Callable
from operator import add, mul, sub
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from modelc.graph.evaluation import Evaluation
from modelc.graph.expressions import Expression, SizeSymbol
from modelc.graph.facts import Facts
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.sizes import declare, expression_of

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul, "//": lambda a, b: a // b}


@st.composite
def programs(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """Operations on what came before: operand 0 and 1 are the sizes, 2 to 4 numbers."""
    steps: list[tuple[str, int, int]] = []
    for i in range(draw(st.integers(1, 8))):
        known = st.integers(0, 4 + i)
        kind = draw(st.sampled_from(list(OPERATIONS)))
        # What divides is a number, or a size itself, which is at least 1.
        steps.append((kind, draw(known), draw(st.integers(0, 4) if kind == "//" else known)))
    return steps


def run(steps: list[tuple[str, int, int]], h: Any, w: Any) -> list[Any]:
    values = [h, w, 1, 3, 8]
    for kind, a, b in steps:
        values.append(OPERATIONS[kind](values[a], values[b]))
    return values[5:]


@given(programs(), st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=1, max_size=4))
def test_the_same_integers(steps: list[tuple[str, int, int]], sizes: list[tuple[int, int]]) -> None:
    free = FreeSizes()
    h, w = declare(free, SizeSymbol("h"), 7), declare(free, SizeSymbol("w"), 9)
    expressions: list[Expression] = [expression_of(value) for value in run(steps, h, w)]
    together = Evaluation(expressions, ["w", "h"])
    for a, b in sizes:
        values = {"h": a, "w": b}
        assert together.values([b, a]) == run(steps, a, b) == [e.value(values) for e in expressions]


def test_facts_are_those_of_the_time_when_they_were_taken() -> None:
    free = FreeSizes()
    h = declare(free, SizeSymbol("h"), 7)
    assert h // 2 >= 3 and h != 9
    facts = Facts(free)
    assert h < 8
    assert facts.symbols == ["h"]
    assert [n for n in range(1, 12) if facts.hold({"h": n})] == [6, 7, 8, 10, 11]
    assert [n for n in range(1, 12) if Facts(free).hold({"h": n})] == [6, 7]

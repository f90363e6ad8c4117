"""Other sizes, for which a comparison comes out the other way: a trace that a layer refuses is tried for these."""

from __future__ import annotations

from collections.abc import Iterator

from modelc.graph.free_sizes import FreeSizes, Question
from modelc.graph.halving import change

LARGEST = 1 << 20
"""The largest symbol that is tried where a size has no bound."""

_NEAR = 256
"""How far from the size of the trace one is looked for where what is computed rises and falls, as a remainder does."""


def other_sizes(free: FreeSizes) -> list[dict[str, int]]:
    """Sizes by name for which the layer may take its input that has refused it, the most likely first.

    Where sizes were to be equal the first comparison counts, as those with 1 come after it, to which others would be
    repeated; else the last one.
    """
    unequal = [question for question in free.refused if question.exactly and not question.answer]
    others = [question for question in free.refused if question not in unequal]
    return [sizes for question in (*unequal[::-1], *others) for sizes in _other_answers(free, question)]


def _other_answers(free: FreeSizes, question: Question) -> Iterator[dict[str, int]]:
    """Sizes by name that give a question the other answer: those of the trace, but for one of them.

    That one is found by halving, as what layers compute of a size mostly grows or shrinks steadily with it; else near
    by.
    """
    expression, number = question.expression, question.number
    for symbol in sorted(expression.symbols(), key=lambda s: s.name):
        least, largest = (int(min(bound, LARGEST)) for bound in symbol.bounds)

        def value(n: int, name: str = symbol.name) -> int:
            return expression.value({**free.hints, name: n})

        ends = change(least, largest, lambda n: value(n) >= number) or (least, largest)
        now = free.hints[symbol.name]
        near = (n for i in range(1, _NEAR) for n in (now - i, now + i)) if question.exactly else ()
        tried = (n for n in (*ends, *near) if least <= n <= largest)
        other = (n for n in tried if _answer(question, value(n)) is not question.answer)
        found = next(other, None)
        if found is not None:
            yield {**free.sizes(), symbol.name: found * symbol.unit}


def _answer(question: Question, value: int) -> bool:
    return value == question.number if question.exactly else value >= question.number

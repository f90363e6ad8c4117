"""What the facts of a trace say of free sizes, and the sizes that are tried where a layer refuses one."""

from __future__ import annotations

import random
from typing import Any

import pytest

from modelc.graph.conditions import conditions, linked, multiples
from modelc.graph.expressions import SizeSymbol
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.other_sizes import other_sizes
from modelc.graph.sizes import declare


def scope(**hints: int) -> tuple[FreeSizes, dict[str, Any]]:
    free = FreeSizes()
    return free, {name: declare(free, SizeSymbol(name), hint) for name, hint in hints.items()}


def test_conditions_of_one_size() -> None:
    free, sizes = scope(h=480, w=480)
    assert sizes["h"] // 2 - 3 >= 10  # ⌊h/2⌋ ≥ 13
    assert sizes["h"] - 5 >= 4
    assert sizes["w"] <= 500
    assert conditions(free) == ["h ≥ 26", "w ≤ 500"]


def test_conditions_of_several_sizes() -> None:
    free, sizes = scope(a=30, b=30, c=7)
    assert sizes["a"] - 2 == sizes["b"] - 2
    assert sizes["c"] == 7
    assert sizes["a"] != 12
    assert set(conditions(free)) >= {"c = 7", "a ≠ 12"}
    assert {"a = b", "b = a"} & set(conditions(free))
    assert linked(free) == [{"a", "b"}]


def test_multiples() -> None:
    free, sizes = scope(n=84, m=5)
    assert sizes["n"] % 7 == 0
    assert sizes["n"] % 4 == 0
    assert multiples(free) == {"n": 28}
    assert conditions(free) == ["n is a multiple of 7", "n is a multiple of 4"]


def test_a_free_scope_has_no_conditions() -> None:
    free, sizes = scope(n=84)
    assert sizes["n"] >= 1
    assert (sizes["n"] + 1) // 2 >= 1
    assert (conditions(free), multiples(free), linked(free)) == ([], {}, [])


@pytest.mark.parametrize("seed", range(20))
def test_a_trace_holds_just_where_its_conditions_say(seed: int) -> None:
    draw = random.Random(seed)
    free, sizes = scope(n=draw.randint(200, 400))
    x = sizes["n"]
    for _ in range(4):  # a few windows that must fit
        window, step = draw.randint(1, 9), draw.randint(1, 2)
        assert x >= window
        x = (x - window) // step + 1
    told = conditions(free)
    least = int(told[0].removeprefix("n ≥ ").replace(",", "")) if told else 1
    assert len(told) <= 1
    assert [n for n in range(1, 400) if free.holds({"n": n})] == list(range(least, 400))


def refused(free: FreeSizes) -> list[dict[str, int]]:
    free.refused = tuple(reversed(free.asked))
    return other_sizes(free)


def test_other_sizes_of_an_equality() -> None:
    free, sizes = scope(n=480)
    assert sizes["n"] // 2 != 16
    assert sizes["n"] // 2 != 1
    assert [one["n"] // 2 for one in refused(free)] == [16, 1]  # what was compared first comes first


def test_other_sizes_of_a_window() -> None:
    free, sizes = scope(n=480)
    assert sizes["n"] - 2 < 600
    assert refused(free) == [{"n": 602}]


def test_other_sizes_of_a_bound_above() -> None:
    free, sizes = scope(n=480)
    assert sizes["n"] > 100
    assert refused(free) == [{"n": 100}]


def test_other_sizes_are_within_bounds() -> None:
    free = FreeSizes()
    n = declare(free, SizeSymbol("n", 2, 64, 8), 64)
    assert n != 100
    assert refused(free) == []
    free.asked.clear()
    assert n != 24
    assert refused(free) == [{"n": 24}]


def test_other_sizes_of_a_remainder() -> None:
    free, sizes = scope(n=480)
    assert sizes["n"] % 7 != 0
    (found,) = refused(free)
    assert found["n"] % 7 == 0


def test_a_question_with_one_answer_has_no_other_sizes() -> None:
    free, sizes = scope(n=480)
    assert 2 * sizes["n"] != 15
    assert refused(free) == []

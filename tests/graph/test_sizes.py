"""Free sizes are computed with as integers are: every expression has the value that the same integers give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.errors import ShapeError, SpecError
from modelc.graph.expressions import SizeSymbol
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.sizes import Size, declare, expression_of, is_free, likely, same_shape, shown, surely, surely_equal
from modelc.model.loading import load_spec
from tests.slowness import examples

Formula = Callable[[Any, Any], Any]


def two(h: int = 480, w: int = 480, unit: int = 1) -> tuple[FreeSizes, Any, Any]:
    free = FreeSizes()
    return free, declare(free, SizeSymbol("h", unit=unit), h), declare(free, SizeSymbol("w"), w)


_NUMBER = st.integers(1, 7)


def _combined(parts: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    both = st.tuples(parts, parts)
    return st.one_of(
        both.map(lambda p: lambda h, w: p[0](h, w) + p[1](h, w)),
        both.map(lambda p: lambda h, w: p[0](h, w) - p[1](h, w)),
        both.map(lambda p: lambda h, w: p[0](h, w) * p[1](h, w)),
        st.tuples(parts, _NUMBER).map(lambda p: lambda h, w: p[0](h, w) // p[1]),
        st.tuples(parts, _NUMBER).map(lambda p: lambda h, w: p[0](h, w) % p[1]),
        st.tuples(parts, _NUMBER).map(lambda p: lambda h, w: -(-p[0](h, w) // p[1])),
        both.map(lambda p: lambda h, w: p[0](h, w) // (p[1](h, w) * p[1](h, w) + 1)),
    )


FORMULAS: st.SearchStrategy[Formula] = st.recursive(
    st.one_of(
        st.just(lambda h, w: h), st.just(lambda h, w: w), _NUMBER.map(lambda n: lambda h, w: n)
    ),
    _combined,
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(FORMULAS, st.integers(1, 40), st.integers(1, 60), st.sampled_from([1, 2, 3, 8]))
def test_an_expression_has_the_value_of_the_same_integers(formula: Formula, h: int, w: int, unit: int) -> None:
    free, free_h, free_w = two(unit=unit)
    expression = expression_of(formula(free_h, free_w))
    values = free.values({"h": h * unit, "w": w})
    want = formula(h * unit, w)
    assert expression.value(values) == want
    low, high = free.bounds(expression)
    assert low <= want <= high, "bounds hold for every size"


@settings(max_examples=examples(200), deadline=None)
@given(FORMULAS, FORMULAS, st.integers(1, 50), st.integers(1, 50))
def test_what_was_decided_holds_wherever_the_facts_hold(a: Formula, b: Formula, h: int, w: int) -> None:
    free, free_h, free_w = two(37, 22)
    one, other = a(free_h, free_w), b(free_h, free_w)
    decided = one == other, one < other, one >= other
    if free.holds(free.values({"h": h, "w": w})):
        x, y = a(h, w), b(h, w)
        assert (x == y, x < y, x >= y) == decided


def test_what_is_proved_is_no_fact() -> None:
    free, h, w = two()
    assert h >= 1 and not h < 1 and h + w > 1
    assert -(-h // 2) + h // 2 == h
    assert (h * w * 6) // (h * 3) == w * 2
    assert h != None and surely(h, 1) and not surely(h, 2)  # noqa: E711
    assert free.facts == {} and free.differing == {}
    assert h >= 3
    assert len(free.facts) == 1
    assert h >= 2, "known from what was asked before"
    assert len(free.facts) == 1


def test_a_plain_number_is_a_fact() -> None:
    free, h, _ = two(h=5)
    assert list(range(h)) == [0, 1, 2, 3, 4]
    assert not free.holds(free.values({"h": 6, "w": 480})) and free.holds(free.values({"h": 5, "w": 1}))


def test_with_a_float_a_size_is_a_plain_number() -> None:
    free, h, _ = two(h=5)
    assert (h * 0.5, 0.5 * h, h + 0.5, 0.5 - h, h - 0.5) == (2.5, 2.5, 5.5, -4.5, 4.5)
    assert not free.holds(free.values({"h": 6, "w": 1}))


def test_choices_of_speed_note_nothing() -> None:
    free, h, w = two(h=9)
    assert likely(h * 2) == 18 and likely(7) == 7
    assert same_shape((None, h, 3), (None, h, 3)) and not same_shape((None, h), (None, w))
    assert not surely_equal(h, 9) and surely_equal(h * 2 - h, h)
    assert free.facts == {} and free.differing == {}


def test_a_size_is_a_number_where_nothing_of_it_is_left() -> None:
    _, h, _ = two()
    assert type(h - h + 3) is int and type((h + 4) // 1 - h) is int
    assert is_free(h) and not is_free(3)
    assert shown((None, h, 3, "time")) == (None, None, 3, None)


def test_a_multiple_divides_without_rest() -> None:
    free, h, _ = two(h=16, unit=8)
    assert h % 8 == 0 and h % 4 == 0 and isinstance(h // 8, Size)
    assert free.facts == {}
    assert repr(h * 3) == "3·h" and repr(h // 16) == "⌊h/16⌋"


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda h, w: h * w * 1152, "1,152·h·w"),
        (lambda h, w: -(-h // 2), "⌈h/2⌉"),
        (lambda h, w: h // 2 + 3, "⌊h/2⌋ + 3"),
        (lambda h, w: h * h - w, "h² - w"),
        (lambda h, w: -(-((h + 1) // 2) // 2), "⌈h/4⌉"),
    ],
)
def test_formulas_are_written_as_people_write_them(make: Formula, text: str) -> None:
    _, h, w = two()
    assert repr(make(h, w)) == text


def test_expressions_do_not_grow_beyond_measure() -> None:
    """A model that multiplies sizes again and again ends in an error, and soon."""
    _, h, w = two()
    size = h + w
    with pytest.raises(ShapeError, match="in more ways than are followed"):
        for _ in range(100):
            size = size * size


@pytest.mark.parametrize(
    "layers",
    [
        "".join(f"  - {{type: UpSampling2D, size: 1000000000, name: u{i}}}\n" for i in range(200)),
        "".join(
            f"  - {{type: Conv2DTranspose, filters: 3, kernel_size: 9, strides: 999, name: u{i}}}\n" for i in range(9)
        ),
    ],
)
def test_tensors_are_bounded_for_the_sizes_that_a_model_is_checked_for(layers: str) -> None:
    text = f"modelc: 1\ninput: {{shape: [null, null, 3]}}\nlayers:\n{layers}"
    with pytest.raises(SpecError, match=r"E403.*elements for the sizes h=480, w=480, more than"):
        _ = load_spec(text).graph


def test_what_is_proved_by_facts_is_forgotten_with_them() -> None:
    """Bounds are remembered, but not beyond the facts that they follow from, nor by copies with other facts."""
    free = FreeSizes()
    n: Any = declare(free, SizeSymbol("n"), 7)
    before = free.snapshot()
    assert n >= 5
    assert free.bounds(n.expression) == (5, inf)
    other = replace(free, facts={n.expression: (2.0, 9.0)})
    assert other.bounds(n.expression) == (2, 9) and free.bounds(n.expression) == (5, inf)
    free.forget_since(before)
    assert free.facts == {} and free.learnt == []
    assert free.bounds(n.expression) == (1, inf)
    free.hints = {"n": 3}
    assert not n >= 5


def test_a_size_that_divides_is_not_0_in_a_trace_that_holds() -> None:
    free = FreeSizes()
    n: Any = declare(free, SizeSymbol("n", least=0), 9)
    assert (n + 20) // (n // 4) >= 14
    assert not free.holds({"n": 3}) and free.holds({"n": 9})

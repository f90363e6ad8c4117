"""Where a condition changes: against asking of every number, and with a bound on what is asked."""

from __future__ import annotations

import itertools

import pytest

from modelc.graph.halving import change


@pytest.mark.parametrize("first", [False, True])
def test_the_place_is_that_which_counting_finds(first: bool) -> None:
    """Up and down, with the place anywhere between the ends."""
    for one, other in itertools.permutations(range(-3, 9), 2):
        numbers = range(one, other, 1 if other > one else -1)
        for last in numbers:
            step = 1 if other > one else -1

            def holds(n: int, last: int = last, step: int = step) -> bool:
                return first is ((n - last) * step <= 0)

            assert change(one, other, holds) == (last, last + step)


def test_nothing_changes() -> None:
    assert change(0, 100, lambda n: True) is None
    assert change(7, 7, lambda n: n == 7) is None


@pytest.mark.parametrize("most", range(16))
def test_a_bound_on_what_is_asked(most: int) -> None:
    asked: list[int] = []

    def holds(n: int) -> bool:
        asked.append(n)
        return n < 700

    found = change(0, 1000, holds, most)
    assert len(asked) <= most
    assert found == ((699, 700) if most >= 12 else None)


def test_back_and_forth_one_of_the_places_is_found() -> None:
    def holds(n: int) -> bool:
        return n % 10 < 5

    found = change(0, 95, holds)
    assert found is not None and holds(found[0]) and not holds(found[1]) and found[1] == found[0] + 1

"""What a worksheet works out, against Python's integers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelc.graph.expressions import SizeSymbol, number
from modelc.graph.free_sizes import FreeSizes, SizeNeededError
from modelc.graph.sizes import declare, expression_of
from modelc.native.engine.instructions import SHEET
from modelc.native.engine.worksheet import Worksheet
from tests.graph.test_evaluation import programs, run


def worked_out(sheet: Worksheet, symbols: Sequence[int], template: Sequence[int] = ()) -> tuple[list[int], list[int]]:
    """The registers, and the words that were filled; both are empty where a condition does not hold."""
    calculation = sheet.finished([*template, 77])
    call = calculation.at(symbols)
    if call is None:
        return [], []
    assert call[-1] == 77, "written beyond the words"
    return call[SHEET.size : calculation.first].tolist(), call[calculation.first : -1].tolist()


@given(programs(), st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=1, max_size=4))
def test_the_same_integers(steps: list[tuple[str, int, int]], sizes: list[tuple[int, int]]) -> None:
    free = FreeSizes()
    h, w = declare(free, SizeSymbol("h"), 7), declare(free, SizeSymbol("w"), 9)
    sheet = Worksheet(["h", "w"])
    registers = [sheet.value(expression_of(value)) for value in run(steps, h, w)]
    for i, register in enumerate(registers):
        sheet.fill(register, [i, len(registers) + i])
    for a, b in sizes:
        want = run(steps, a, b)
        found, words = worked_out(sheet, [a, b], [5] * (2 * len(registers)))
        if any(abs(n) > 2**40 for n in want):
            assert not found or [found[register] for register in registers] == want
        else:
            assert [found[register] for register in registers] == want
            assert words == want * 2


def test_the_highest_and_the_sum() -> None:
    sheet = Worksheet(["a", "b", "c"])
    highest, total = sheet.highest([2, 0, 1]), sheet.sum([0, 1, 2, 2])
    assert sheet.highest([1]) == 1
    for symbols in ([1, 2, 3], [3, 1, 2], [-5, -1, -9]):
        found, _ = worked_out(sheet, symbols)
        assert (found[highest], found[total]) == (max(symbols), sum(symbols) + symbols[2])


@pytest.mark.parametrize(("low", "high"), [(3, 5), (3, float("inf")), (float("-inf"), 5)])
def test_conditions(low: float, high: float) -> None:
    sheet = Worksheet(["a", "b"])
    sheet.require_between(0, low, high)
    sheet.require_other(1, 4)
    for a in range(1, 8):
        assert bool(worked_out(sheet, [a, 3])[0]) == (low <= a <= high)
    assert worked_out(sheet, [4, 4]) == ([], [])


def test_what_is_divided_by_0_does_not_hold() -> None:
    free = FreeSizes()
    h, w = declare(free, SizeSymbol("h"), 7), declare(free, SizeSymbol("w"), 9)
    sheet = Worksheet(["h", "w"])
    register = sheet.value(expression_of(h // (w - 3)))
    assert worked_out(sheet, [20, 3]) == ([], [])
    assert worked_out(sheet, [20, 8])[0][register] == 4
    assert worked_out(sheet, [20, 0])[0][register] == 20 // -3


@pytest.mark.parametrize("size", [2**31, 2**32, 2**40, 2**62])
def test_what_no_word_holds_does_not_hold(size: int) -> None:
    """Products and sums that would wrap around to small numbers."""
    free = FreeSizes()
    h = declare(free, SizeSymbol("h"), 7)
    for expression in (h * h * 4, h * h * 4 - h * h * 3, h * 2**33 + 1):
        sheet = Worksheet(["h"])
        register = sheet.value(expression_of(expression))
        found, _ = worked_out(sheet, [size])
        assert not found or found[register] == expression_of(expression).value({"h": size})
        assert not found or size <= 2**31
        assert worked_out(sheet, [3])[0][register] == expression_of(expression).value({"h": 3})


def test_words_get_addresses_and_numbers() -> None:
    sheet = Worksheet(["n"])
    sheet.fill(sheet.value(number(9)), [1])
    sheet.addresses([(0, 16), (3, 8)])
    calculation = sheet.finished([1, 2, 3, 4])
    call = calculation.at([5])
    assert call is not None
    start = call.buffer_info()[0] + 8 * calculation.first
    assert call[calculation.first :].tolist() == [start + 16, 9, 3, start + 8]


def test_symbols_that_are_known_later() -> None:
    free = FreeSizes()
    a, late = declare(free, SizeSymbol("a"), 7), declare(free, SizeSymbol("late", least=0), 0)
    sheet = Worksheet(["a", "late"])
    sheet.fill(sheet.value(expression_of(a * 10 + late)), [0])
    calculation = sheet.finished([0])
    call = calculation.at([4])
    assert call is not None and call[-1] == 40
    calculation.further(call, [3], 1)
    assert call[-1] == 43


def test_a_symbol_that_is_worked_out() -> None:
    free = FreeSizes()
    place = declare(free, SizeSymbol("place", least=0), 0)
    sheet = Worksheet(["a", "b"])
    sheet.name({"place": sheet.highest([0, 1])})
    register = sheet.value(expression_of(place * 3 + 1))
    assert worked_out(sheet, [4, 6])[0][register] == 19


def test_a_number_of_more_than_64_bits_is_refused() -> None:
    sheet = Worksheet(["a"])
    sheet.value(number(2**63))
    with pytest.raises(SizeNeededError, match="64 bits"):
        sheet.finished([])

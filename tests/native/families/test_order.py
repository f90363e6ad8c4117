"""Sorting, and picking and adding by computed places, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from modelc.native.code.layout import ERROR_INDEX
from modelc.native.families.order.kernel import add_along, order, take_along
from modelc.native.families.order.params import ALONG, ORDER
from tests.native.families.harness import Caller, guarded, margins_untouched, normal


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 2, 1), (5, 37, 1), (2, 16, 3), (2, 100, 5)], ids=str)
@pytest.mark.parametrize("values", ["normal", "ties", "special"])
def test_places_of_the_sorted_elements(shape: tuple[int, int, int], values: str) -> None:
    x = normal(shape, 1)
    if values == "ties":
        x = np.round(x)
    elif values == "special":
        special = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0], np.float32)
        x = special[np.random.default_rng(2).integers(0, 6, shape)]
    y, whole = guarded(shape)
    places = y.view(np.int32)
    caller = Caller()
    outer, n, inner = shape
    caller.run(order, ORDER, outer * inner, 2, y=caller.operand(y), x=caller.operand(x), n=n, inner=inner)
    assert margins_untouched(whole)
    np.testing.assert_array_equal(places, np.argsort(x, 1, kind="stable"))


@pytest.mark.parametrize("inner", [1, 4])
def test_elements_by_places(inner: int) -> None:
    x = normal((3, 7, inner), 1)
    indices = np.random.default_rng(2).integers(-7, 7, (3, 5, inner)).astype(np.int32)
    y, whole = guarded(indices.shape)
    caller = Caller()
    caller.run(take_along, ALONG, 3 * 5, 2, y=caller.operand(y), x=caller.operand(x),
               indices=caller.operand(indices), n=7, count=5, inner=inner)  # fmt: skip
    assert margins_untouched(whole)
    assert caller.error == 0
    np.testing.assert_array_equal(y, np.take_along_axis(x, indices.astype(np.int64), 1))


@pytest.mark.parametrize("bad", [7, -8, 2**31 - 1, -(2**31)])
def test_a_place_outside_gives_zero_and_says_so(bad: int) -> None:
    x = normal((1, 7, 1), 1)
    indices = np.array([[[2], [bad]]], np.int32)
    y, _ = guarded((1, 2, 1))
    caller = Caller()
    caller.run(take_along, ALONG, 2, 2, y=caller.operand(y), x=caller.operand(x), indices=caller.operand(indices),
               n=7, count=2, inner=1)  # fmt: skip
    assert caller.error == ERROR_INDEX
    np.testing.assert_array_equal(y.ravel(), [x[0, 2, 0], 0])


@pytest.mark.parametrize("inner", [1, 4])
def test_adding_at_places(inner: int) -> None:
    dy = normal((3, 5, inner), 1)
    indices = np.random.default_rng(2).integers(-7, 7, (3, 5, inner)).astype(np.int32)
    y, whole = guarded((3, 7, inner))
    caller = Caller()
    caller.run(add_along, ALONG, 3, 2, y=caller.operand(y), x=caller.operand(dy), indices=caller.operand(indices),
               n=7, count=5, inner=inner)  # fmt: skip
    expected = np.zeros((3, 7, inner), np.float32)
    a, _, c = np.indices(dy.shape)
    np.add.at(expected, (a, indices % 7, c), dy)
    assert margins_untouched(whole)
    np.testing.assert_allclose(y, expected, rtol=1e-6, atol=1e-6)

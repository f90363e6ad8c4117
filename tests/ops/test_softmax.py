"""Softmax and its kin along an axis, against formulas on Python floats and their defining properties."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from modelc.graph.types import TensorType
from modelc.ops.softmax import Glu, Softmax


def _softmax(row: list[float]) -> list[float]:
    total = math.fsum(map(math.exp, row))
    return [math.exp(v) / total for v in row]


def _log_softmax(row: list[float]) -> list[float]:
    total = math.log(math.fsum(map(math.exp, row)))
    return [v - total for v in row]


def _sparsemax_of_keras(row: list[float]) -> list[float]:
    ordered = sorted(row, reverse=True)
    sums = [math.fsum(ordered[: k + 1]) for k in range(len(row))]
    inside = [sums[k] for k in range(len(row)) if ordered[k] > (sums[k] - 1) / (k + 1)]
    tau = (math.fsum(inside) - 1) / len(inside)
    return [max(v - tau, 0.0) for v in row]


@pytest.mark.parametrize("axis", [1, 2, 3])
@pytest.mark.parametrize(
    ("kind", "formula"),
    [("softmax", _softmax), ("log_softmax", _log_softmax), ("sparsemax", _sparsemax_of_keras)],
)
def test_is_its_formula_along_every_axis(kind: Any, formula: Callable[[list[float]], list[float]], axis: int) -> None:
    x = np.random.default_rng(0).normal(0, 1.5, (2, 3, 4, 5))
    want = np.apply_along_axis(lambda row: formula(list(row)), axis, x)
    np.testing.assert_allclose(Softmax(kind, axis).compute(x), want, rtol=1e-10, atol=1e-12)
    single = Softmax(kind, axis).compute(x.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, want, rtol=1e-5, atol=1e-6)


def test_sparsemax_is_the_projection_where_its_support_is_one_value() -> None:
    """The nearest point of the simplex to a vector with one value that leads by 1 or more is a corner."""
    x = np.array([[2.0, 0.5, 1.0, -3.0]])
    np.testing.assert_allclose(Softmax("sparsemax", 1).compute(x), [[1, 0, 0, 0]], atol=1e-12)


def test_sparsemax_as_recorded_from_keras() -> None:
    x = np.array([[5.631732, 1.0945625, 5.592369, 2.8854966, -0.25355065], [-60, 45, -15, 20, 0.393794]], np.float32)
    np.testing.assert_allclose(Softmax("sparsemax", 1).compute(x), [[0, 0, 0, 0, 0], [0, 1, 0, 0, 0]], atol=1e-6)


@pytest.mark.parametrize("kind", ["softmax", "log_softmax"])
def test_large_values_do_not_overflow(kind: Any) -> None:
    y = Softmax(kind, 1).compute(np.array([[1e4, 1e4, -1e4]], np.float32))
    want = [[0.5, 0.5, 0]] if kind == "softmax" else [[-math.log(2), -math.log(2), -2e4 - math.log(2)]]
    np.testing.assert_allclose(y, want, rtol=1e-6)


def test_minus_infinity_is_a_mask_and_nan_goes_through() -> None:
    x = np.array([[0, -math.inf, 0], [0, math.nan, 0]], np.float32)
    y = Softmax("softmax", 1).compute(x)
    np.testing.assert_array_equal(y[0], [0.5, 0, 0.5])
    assert np.all(np.isnan(y[1]))


def test_an_empty_axis() -> None:
    for kind in ("softmax", "log_softmax"):
        assert Softmax(kind, 1).compute(np.zeros((2, 0), np.float32)).shape == (2, 0)


@pytest.mark.parametrize("axis", [1, 2])
def test_glu_gates_the_first_half_with_the_second(axis: int) -> None:
    x = np.random.default_rng(0).standard_normal((2, 4, 6))
    half = x.shape[axis] // 2
    a, b = x.take(range(half), axis), x.take(range(half, 2 * half), axis)
    want = a * np.vectorize(lambda v: 1 / (1 + math.exp(-v)))(b)
    np.testing.assert_allclose(Glu(axis).compute(x), want, rtol=1e-12)
    assert Glu(axis).infer(TensorType((None, 4, 6))) == TensorType((None, *want.shape[1:]))


def test_glu_of_a_closed_gate_is_zero() -> None:
    assert Glu(1).compute(np.array([[3.0, -1e4]], np.float32)).tolist() == [[0.0]]

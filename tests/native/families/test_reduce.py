"""Reductions against NumPy in float64."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.families.reduce.kernel import reduce
from modelc.native.families.reduce.params import REDUCE, Reduction, blocks, reduced_at_once
from tests.native.families.harness import Caller, guarded, margins_untouched, normal
from tests.slowness import examples

DEFINITIONS: dict[Reduction, Callable[[np.ndarray], np.ndarray]] = {
    Reduction.SUM: lambda x: x.sum((1, 3)),
    Reduction.MEAN: lambda x: x.mean((1, 3)),
    Reduction.MAX: lambda x: x.max((1, 3)),
    Reduction.MIN: lambda x: x.min((1, 3)),
    Reduction.SUM_SQUARES: lambda x: (x * x).sum((1, 3)),
}


def _run(kind: Reduction, x: np.ndarray, pieces: int = 1, batch: int = 1, r1: int | None = None) -> np.ndarray:
    y, whole = guarded((x.shape[0], x.shape[2]))
    caller, channels = Caller(batch), reduced_at_once(x.shape[2])
    caller.run(
        reduce,
        REDUCE,
        x.shape[0] * blocks(x.shape[2], x.shape[3], channels),
        pieces,
        y=caller.operand(y),
        x=caller.operand(x),
        r1=x.shape[1] if r1 is None else r1,
        k=x.shape[2],
        r2=x.shape[3],
        kind=int(kind),
        channels=channels,
    )
    assert margins_untouched(whole)
    return y


def test_every_kind_has_a_definition() -> None:
    assert set(DEFINITIONS) == set(Reduction)


@pytest.mark.parametrize("kind", Reduction, ids=lambda k: k.name)
@pytest.mark.parametrize(
    "shape",
    [
        (2, 49, 70, 1),
        (2, 31, 40, 1),
        (1, 300, 64, 1),
        (3, 1, 1, 100),
        (3, 7, 1, 33),
        (2, 5, 6, 9),
        (2, 99, 3, 16),
        (2, 3, 4, 130),
        (3, 9, 1, 1),
        (1, 1, 1, 1),
    ],
    ids=str,
)
def test_agrees_with_numpy(kind: Reduction, shape: tuple[int, int, int, int]) -> None:
    x = normal(shape, 1)
    y = _run(kind, x, pieces=2)
    scale = math.sqrt(shape[1] * shape[3])
    np.testing.assert_allclose(y, DEFINITIONS[kind](x.astype(np.float64)), rtol=1e-6, atol=2e-7 * scale)


@settings(max_examples=examples(60), deadline=None)
@given(
    st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 130), st.integers(1, 70)), st.sampled_from(Reduction)
)
def test_any_view(shape: tuple[int, int, int, int], kind: Reduction) -> None:
    x = normal(shape, 2)
    np.testing.assert_allclose(_run(kind, x), DEFINITIONS[kind](x.astype(np.float64)), rtol=2e-6, atol=2e-5)


@pytest.mark.parametrize("shape", [(1, 200_000, 3, 1), (1, 1, 1, 1_000_000), (1, 1000, 2, 300)], ids=str)
def test_long_sums_keep_their_accuracy(shape: tuple[int, int, int, int]) -> None:
    x = normal(shape, 3) + np.float32(100.0)
    exact = x.astype(np.float64).mean((1, 3))
    np.testing.assert_allclose(_run(Reduction.MEAN, x), exact, rtol=2e-7)


def test_statistics_over_a_batch_known_at_the_call() -> None:
    x = normal((1, 5 * 12, 20, 1), 4)
    y = _run(Reduction.MEAN, x, batch=5, r1=-12)
    np.testing.assert_allclose(y, x.astype(np.float64).mean((1, 3)), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("kind", Reduction, ids=lambda k: k.name)
@pytest.mark.parametrize("shape", [(2, 40, 20, 1), (2, 1, 1, 90), (2, 3, 4, 18)], ids=str)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_come_through(kind: Reduction, shape: tuple[int, ...], value: float) -> None:
    x = normal(shape, 5)
    x.reshape(-1)[[0, x.size // 2 + 1, x.size - 1]] = value
    expected = DEFINITIONS[kind](x.astype(np.float64)).astype(np.float32)
    y = _run(kind, x)
    special = ~np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(y), ~special)
    np.testing.assert_array_equal(y[special], expected[special])

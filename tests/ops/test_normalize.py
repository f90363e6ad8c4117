"""Normalize against loops over samples in plain Python."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.ops.normalize import Normalize
from tests.slowness import examples

_KINDS = st.sampled_from(["mean_variance", "rms", "l2"])


def _divisor(kind: str, values: list[float], epsilon: float) -> float:
    mean = math.fsum(values) / len(values)
    if kind == "mean_variance":
        return math.sqrt(math.fsum((v - mean) ** 2 for v in values) / len(values) + epsilon)
    squares = math.fsum(v * v for v in values)
    return math.sqrt(squares / len(values) + epsilon) if kind == "rms" else math.sqrt(max(squares, epsilon))


@given(_KINDS, st.lists(st.integers(1, 4), min_size=2, max_size=4), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_is_its_equation(kind: Any, shape: list[int], data: st.DataObject) -> None:
    axes = tuple(sorted(data.draw(st.sets(st.integers(1, len(shape) - 1), min_size=1))))
    epsilon = data.draw(st.sampled_from([1e-3, 1.0]))
    x = np.random.default_rng(data.draw(st.integers(0, 99))).normal(1, 2, shape)
    y = Normalize(kind, axes, epsilon).compute(x)
    want = np.empty_like(x)
    kept = [range(1) if axis in axes else range(size) for axis, size in enumerate(shape)]
    for position in itertools.product(*kept):
        block = tuple(slice(None) if axis in axes else i for axis, i in enumerate(position))
        values = [float(v) for v in np.ravel(x[block])]
        center = math.fsum(values) / len(values) if kind == "mean_variance" else 0.0
        want[block] = (x[block] - center) / _divisor(kind, values, epsilon)
    np.testing.assert_allclose(y, want, rtol=1e-9, atol=1e-12)


def test_a_large_mean_does_not_cost_the_variance() -> None:
    x = np.array([[1e4, 1e4 + 1, 1e4 + 2, 1e4 + 3]], np.float32)
    y = Normalize("mean_variance", (1,), 0.0).compute(x)
    np.testing.assert_allclose(y, [np.array([-3, -1, 1, 3]) / math.sqrt(5)], rtol=1e-5)


def test_a_zero_vector_stays_zero() -> None:
    x = np.zeros((2, 3), np.float32)
    for kind in ("mean_variance", "rms", "l2"):
        assert Normalize(kind, (1,), 1e-24).compute(x).tolist() == x.tolist()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_nan_and_infinity_spoil_their_sample_only(bad: float) -> None:
    x = np.ones((2, 3), np.float32)
    x[0, 1] = bad
    with np.errstate(invalid="ignore"):
        y = Normalize("rms", (1,), 1e-3).compute(x)
    assert np.isnan(y[0, 1])
    assert np.all(np.isfinite(y[1]))

"""Softmax, log-softmax and sparsemax against NumPy in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.families.reduce.params import blocks
from modelc.native.families.softmax.kernel import softmax
from modelc.native.families.softmax.params import SOFTMAX, Softmax
from tests.native.families.harness import Caller, guarded, margins_untouched, normal
from tests.slowness import examples


def _sparsemax(x: np.ndarray) -> np.ndarray:
    """`keras.activations.sparsemax` along axis 1: it sums the cumulative sums of the whole support."""
    ordered = -np.sort(-x, axis=1)
    k = np.arange(1, x.shape[1] + 1).reshape(1, -1, 1)
    inside = 1 + k * ordered > np.cumsum(ordered, axis=1)
    count = inside.sum(1, keepdims=True)
    tau = (np.where(inside, np.cumsum(ordered, axis=1), 0).sum(1, keepdims=True) - 1) / count
    return np.maximum(x - tau, 0)


def _definition(kind: Softmax, x: np.ndarray) -> np.ndarray:
    x = x.astype(np.float64)
    if kind is Softmax.SPARSEMAX:
        return _sparsemax(x)
    shifted = x - x.max(1, keepdims=True)
    log = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    return log if kind is Softmax.LOG_SOFTMAX else np.exp(log)


def _run(kind: Softmax, x: np.ndarray, pieces: int = 1, in_place: bool = False) -> np.ndarray:
    outer, n, inner = x.shape
    y, whole = guarded(x.shape)
    if in_place:
        y[...] = x
    caller = Caller()
    target = caller.operand(y)
    source = target if in_place else caller.operand(x)
    units = outer if inner == 1 else outer * blocks(inner, 1)
    caller.run(softmax, SOFTMAX, units, pieces, y=target, x=source, n=n, inner=inner, kind=int(kind))
    assert margins_untouched(whole)
    return y


@pytest.mark.parametrize("kind", Softmax, ids=lambda k: k.name)
@settings(max_examples=examples(60), deadline=None)
@given(
    shape=st.tuples(st.integers(1, 4), st.integers(1, 80), st.one_of(st.just(1), st.integers(1, 90))),
    width=st.sampled_from([0.1, 1.0, 30.0]),
    in_place=st.booleans(),
)
def test_agrees_with_numpy(kind: Softmax, shape: tuple[int, int, int], width: float, in_place: bool) -> None:
    x = normal(shape, 1) * np.float32(width)
    y = _run(kind, x, 2, in_place)
    np.testing.assert_allclose(y, _definition(kind, x), rtol=2e-6, atol=1e-6 * width)


@pytest.mark.parametrize("inner", [1, 20])
def test_large_scores_do_not_overflow(inner: int) -> None:
    x = np.tile(np.array([1e4, 0.0, -1e4, 9999.0], np.float32).reshape(1, 4, 1), (1, 1, inner))
    y = _run(Softmax.SOFTMAX, x)
    np.testing.assert_allclose(y, _definition(Softmax.SOFTMAX, x), rtol=1e-6)


@pytest.mark.parametrize("inner", [1, 20])
def test_an_excluded_score_gets_nothing(inner: int) -> None:
    x = normal((2, 18, inner), 2)
    x[:, 3] = -np.inf
    y = _run(Softmax.SOFTMAX, x)
    assert (y[:, 3] == 0).all()
    np.testing.assert_allclose(y.sum(1), 1.0, rtol=1e-6)


@pytest.mark.parametrize("kind", Softmax, ids=lambda k: k.name)
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("inner", [1, 20])
def test_nan_and_infinity_make_the_whole_group_nan(kind: Softmax, value: float, inner: int) -> None:
    x = normal((2, 19, inner), 3)
    x[0, 5, 0] = value
    y = _run(kind, x)
    expected = np.zeros(y.shape, bool)
    expected[0, :, 0] = True
    np.testing.assert_array_equal(np.isnan(y), expected)

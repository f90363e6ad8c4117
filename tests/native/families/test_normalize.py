"""Normalizations against NumPy in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.families.normalize.kernel import normalize
from modelc.native.families.normalize.params import NORMALIZE, Normalization
from modelc.native.families.reduce.params import blocks
from tests.native.families.harness import Caller, guarded, margins_untouched, normal
from tests.slowness import examples

EPSILON = 1e-3


def _definition(kind: Normalization, x: np.ndarray) -> np.ndarray:
    x = x.astype(np.float64)
    if kind is Normalization.MEAN_VARIANCE:
        return (x - x.mean((1, 3), keepdims=True)) / np.sqrt(x.var((1, 3), keepdims=True) + EPSILON)
    if kind is Normalization.RMS:
        return x / np.sqrt((x * x).mean((1, 3), keepdims=True) + EPSILON)
    return x / np.sqrt(np.maximum((x * x).sum((1, 3), keepdims=True), EPSILON))


def _run(
    kind: Normalization,
    x: np.ndarray,
    scale: np.ndarray | None = None,
    shift: np.ndarray | None = None,
    pieces: int = 1,
    in_place: bool = False,
) -> np.ndarray:
    y, whole = guarded(x.shape)
    if in_place:
        y[...] = x
    caller = Caller()
    target = caller.operand(y)
    caller.run(
        normalize,
        NORMALIZE,
        x.shape[0] * blocks(x.shape[2], x.shape[3]),
        pieces,
        y=target,
        x=target if in_place else caller.operand(x),
        scale=caller.operand(scale),
        shift=caller.operand(shift),
        r1=x.shape[1],
        k=x.shape[2],
        r2=x.shape[3],
        kind=int(kind),
        epsilon=EPSILON,
    )
    assert margins_untouched(whole)
    return y


def _rounding(kind: Normalization, x: np.ndarray, scale: np.ndarray | None) -> np.ndarray | float:
    """What the difference from a mean in float32 is off by: an ulp of the mean and of x, and 1/σ times the scale."""
    if kind is not Normalization.MEAN_VARIANCE:
        return 0.0
    ulps = 2.0**-22 * np.abs(x).max((1, 3), keepdims=True) / np.sqrt(x.var((1, 3), keepdims=True) + EPSILON)
    return ulps if scale is None else ulps * np.abs(scale)[:, None].transpose(1, 0, 2)


@pytest.mark.parametrize("kind", Normalization, ids=lambda k: k.name)
@pytest.mark.parametrize("affine", [False, True])
@settings(max_examples=examples(40), deadline=None)
@given(shape=st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 90), st.integers(1, 70)), data=st.data())
def test_agrees_with_numpy(
    kind: Normalization, affine: bool, shape: tuple[int, int, int, int], data: st.DataObject
) -> None:
    ones = data.draw(st.sampled_from([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (0, 1, 1)]))
    a, *rest = shape
    shape = (a, *(1 if one else n for one, n in zip(ones, rest, strict=True)))  # pyright: ignore
    x = normal(shape, 1) * 3 + 1
    scale = normal(shape[2:], 2) if affine else None
    shift = normal(shape[2:], 3) if affine else None
    expected = _definition(kind, x)
    if scale is not None and shift is not None:
        expected = expected * scale[:, None].transpose(1, 0, 2) + shift
    y = _run(kind, x, scale, shift, pieces=data.draw(st.integers(1, 2)))
    bound = 4e-6 + 2e-6 * np.abs(expected) + _rounding(kind, x, scale)
    assert (np.abs(y - expected) <= bound).all()


@pytest.mark.parametrize("shape", [(2, 30, 20, 1), (3, 1, 1, 77), (2, 5, 3, 8)], ids=str)
def test_in_place(shape: tuple[int, int, int, int]) -> None:
    x = normal(shape, 4)
    y = _run(Normalization.MEAN_VARIANCE, x, in_place=True)
    np.testing.assert_allclose(y, _definition(Normalization.MEAN_VARIANCE, x), rtol=2e-6, atol=4e-6)


def test_variance_of_values_far_from_zero() -> None:
    x = normal((4, 1, 1, 1000), 5) * np.float32(0.5) + np.float32(3000.0)
    y = _run(Normalization.MEAN_VARIANCE, x)
    np.testing.assert_allclose(y, _definition(Normalization.MEAN_VARIANCE, x), atol=1e-3)


@pytest.mark.parametrize("kind", Normalization, ids=lambda k: k.name)
@pytest.mark.parametrize("shape", [(2, 1, 1, 40), (2, 9, 20, 1)], ids=str)
def test_nan_stays_within_its_group(kind: Normalization, shape: tuple[int, ...]) -> None:
    x = normal(shape, 6)
    x[0, 0, 0, 0] = np.nan
    np.testing.assert_array_equal(np.isnan(_run(kind, x)), np.isnan(_definition(kind, x)))

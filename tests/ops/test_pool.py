"""Pooling and reductions against slices of the input that never see padding."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.graph.types import TensorType
from modelc.ops.pool import Pool
from modelc.ops.reduce import Reduce
from tests.slowness import examples


def by_slices(x: np.ndarray, op: Pool, outputs: tuple[int, ...]) -> np.ndarray:
    """Each output from the part of x that its window covers."""
    y = np.empty((len(x), *outputs, x.shape[-1]))
    for o in itertools.product(*map(range, outputs)):
        first = [o[a] * op.strides[a] - op.padding[a][0] for a in range(len(op.size))]
        covered = tuple(slice(max(0, f), max(0, f + w)) for f, w in zip(first, op.size, strict=True))
        values = x[(slice(None), *covered)].reshape(len(x), -1, x.shape[-1])
        y[(slice(None), *o)] = values.max(1) if op.kind == "max" else values.mean(1)
    return y


@st.composite
def pools(draw: st.DrawFn) -> tuple[Pool, tuple[int, ...]]:
    rank = draw(st.integers(1, 3))
    size = tuple(draw(st.integers(1, 3)) for _ in range(rank))
    strides = tuple(draw(st.integers(1, 3)) for _ in range(rank))
    # Less than the window on either side, so that every window holds an element.
    padding = tuple((draw(st.integers(0, w - 1)), draw(st.integers(0, w - 1))) for w in size)
    spatial = tuple(w + draw(st.integers(0, 4)) for w in size)
    return Pool(draw(st.sampled_from(["max", "average"])), size, strides, padding), spatial


@settings(max_examples=examples(60), deadline=None)
@given(pools())
def test_pool_is_the_maximum_or_mean_of_what_a_window_covers(case: tuple[Pool, tuple[int, ...]]) -> None:
    op, spatial = case
    x = np.random.default_rng(0).standard_normal((2, *spatial, 3)) - 5
    y = op.compute(x)
    assert op.infer(TensorType((None, *x.shape[1:]))).shape == (None, *y.shape[1:])
    np.testing.assert_allclose(y, by_slices(x, op, y.shape[1:-1]), atol=1e-14)


@pytest.mark.parametrize("kind", ["max", "average"])
def test_nan_stays_in_the_windows_that_hold_it(kind: str) -> None:
    x = np.array([1.0, np.nan, 3.0, 4.0, np.inf, 6.0], np.float32).reshape(1, 6, 1)
    y = Pool(kind, (2,), (2,), ((0, 0),)).compute(x).ravel()  # type: ignore[arg-type]
    np.testing.assert_array_equal(y, [np.nan, 4 if kind == "max" else 3.5, np.inf])


def test_pool_of_integers() -> None:
    x = np.array([-7, -3, -9], np.int32).reshape(1, 3, 1)
    pads = ((1, 1),)
    largest = Pool("max", (2,), (1,), pads)
    np.testing.assert_array_equal(largest.compute(x).ravel(), [-7, -3, -3, -9])
    assert largest.infer(TensorType((None, 3, 1), "int32")).dtype == "int32"
    mean = Pool("average", (2,), (1,), pads)
    np.testing.assert_array_equal(mean.compute(x).ravel(), [-7, -5, -6, -9])
    assert mean.infer(TensorType((None, 3, 1), "int32")).dtype == "float32"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_follows_the_operand(dtype: type) -> None:
    x = np.ones((2, 4, 3), dtype)
    assert Pool("max", (2,), (2,), ((0, 0),)).compute(x).dtype == dtype
    assert Pool("average", (2,), (2,), ((0, 0),)).compute(x).dtype == dtype
    assert Reduce("mean", (1,)).compute(x).dtype == dtype


@pytest.mark.parametrize(
    ("axes", "keepdims", "shape"),
    [
        ((1,), False, (None, 5, 3)),
        ((1, 2), True, (None, 1, 1, 3)),
        ((-1,), False, (None, 4, 5)),
        ((0, 1, 2), False, (3,)),
        ((0, 1, -2), True, (1, 1, 1, 3)),
    ],
)
def test_reduce(axes: tuple[int, ...], keepdims: bool, shape: tuple) -> None:
    x = np.random.default_rng(0).standard_normal((2, 4, 5, 3))
    moved = np.moveaxis(x, axes, range(len(axes))).reshape(
        -1, *(d for a, d in enumerate(x.shape) if a - 4 not in axes and a not in axes)
    )
    for kind in ("mean", "sum", "max", "min"):
        op = Reduce(kind, axes, keepdims)  # type: ignore[arg-type]
        y = op.compute(x)
        assert op.infer(TensorType((None, 4, 5, 3))).shape == shape
        assert y.shape == tuple(2 if d is None else d for d in shape)
        running = moved[0]
        for row in moved[1:]:
            running = {"max": np.maximum, "min": np.minimum}.get(kind, np.add)(running, row)
        expected = running / len(moved) if kind == "mean" else running
        np.testing.assert_allclose(y.ravel(), expected.ravel(), atol=1e-12)


def test_reduce_keeps_integers_but_for_a_mean() -> None:
    x = np.array([[1, 2, 4]], np.int32)
    for kind, value, dtype in (
        ("sum", 7, "int32"),
        ("max", 4, "int32"),
        ("min", 1, "int32"),
        ("mean", 7 / 3, "float32"),
    ):
        op = Reduce(kind, (1,))  # type: ignore[arg-type]
        assert op.infer(TensorType((None, 3), "int32")).dtype == dtype == op.compute(x).dtype.name
        np.testing.assert_allclose(op.compute(x), [value], rtol=1e-6)

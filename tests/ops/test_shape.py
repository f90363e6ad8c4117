"""Ops that move elements, and interpolation."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from modelc.graph.types import TensorType
from modelc.ops.resample import Resample
from modelc.ops.shape import Pad, Repeat, Reshape, Slice, Transpose

X = np.arange(2 * 4 * 5 * 3, dtype=np.float32).reshape(2, 4, 5, 3)


def batched(x: np.ndarray) -> TensorType:
    return TensorType((None, *x.shape[1:]))


def check_shape(op: Transpose | Reshape | Pad | Slice | Repeat | Resample, x: np.ndarray) -> np.ndarray:
    """The result, after a look at its shape and dtype, in both precisions."""
    y = op.compute(x)
    assert op.infer(batched(x)).shape == (None, *y.shape[1:])
    assert y.dtype == x.dtype
    assert op.compute(x.astype(np.float64)).dtype == np.float64
    return y


def test_transpose() -> None:
    y = check_shape(Transpose((0, 3, 1, 2)), X)
    for n, c, h, w in itertools.product(range(2), range(3), range(4), range(5)):
        assert y[n, c, h, w] == X[n, h, w, c]


def test_reshape_keeps_the_order() -> None:
    y = check_shape(Reshape((None, 6, 10)), X)
    assert y.shape == (2, 6, 10)
    np.testing.assert_array_equal(y.ravel(), np.arange(120))


def test_pad() -> None:
    y = check_shape(Pad(((0, 0), (1, 2), (0, 3), (0, 0)), -1.0), X)
    assert y.shape == (2, 7, 8, 3)
    assert y.sum() == X.sum() - (y.size - X.size)
    np.testing.assert_array_equal(y[:, 1:5, :5], X)
    assert np.all(y[:, [0, 5, 6]] == -1) and np.all(y[:, :, 5:] == -1)


@pytest.mark.parametrize(
    ("starts", "stops", "steps"),
    [
        ((0, 1, 0, 0), (None, 4, 5, 3), (1, 1, 1, 1)),
        ((0, 0, 1, 2), (None, 4, 5, 3), (1, 3, 2, 1)),
        ((0, 1, 2, 0), (None, 2, 4, 2), (1, 2, 5, 1)),
        ((0, 1, 2, 0), (None, None, None, None), (1, 1, 1, 2)),
    ],
)
def test_slice(starts: tuple[int, ...], stops: tuple[int | None, ...], steps: tuple[int, ...]) -> None:
    y = check_shape(Slice(starts, stops, steps), X)
    for i in np.ndindex(y.shape):
        at = tuple(s + k * step for s, k, step in zip(starts, i, steps, strict=True))
        assert all(p < stop for p, stop in zip(at, stops, strict=True) if stop is not None)
        assert y[i] == X[at]
    # One step further would leave the bounds.
    for axis, (d, s, step) in enumerate(zip(y.shape, starts, steps, strict=True)):
        end = X.shape[axis] if stops[axis] is None else stops[axis]
        assert end is not None and s + d * step >= end


@pytest.mark.parametrize("axis", [1, 2, 3])
def test_repeat(axis: int) -> None:
    y = check_shape(Repeat(axis, 3), X)
    for i in np.ndindex(y.shape):
        assert y[i] == X[tuple(k // 3 if a == axis else k for a, k in enumerate(i))]


def resampled(values: list[float], size: int, method: str) -> np.ndarray:
    x = np.array(values, np.float64).reshape(1, -1, 1)
    return Resample(1, size, method).compute(x).ravel()  # type: ignore[arg-type]


def test_bilinear_by_hand() -> None:
    np.testing.assert_allclose(resampled([0, 1], 4, "bilinear"), [0, 0.25, 0.75, 1])
    np.testing.assert_allclose(resampled([0, 3, 6], 9, "bilinear"), [0, 0, 1, 2, 3, 4, 5, 6, 6])
    np.testing.assert_allclose(resampled([1, 2, 3, 4], 2, "bilinear"), [1.5, 3.5])


def test_bicubic_taps_are_those_of_catmull_rom() -> None:
    indices, weights = Resample(1, 16, "bicubic").table(8)
    np.testing.assert_array_equal(indices[7], [2, 3, 4, 5])
    # A quarter past a pixel: t = 1/4 in (-t + 2t² - t³, 2 - 5t² + 3t³, t + 4t² - 3t³, -t² + t³) / 2.
    np.testing.assert_allclose(weights[7], [-0.0703125, 0.8671875, 0.2265625, -0.0234375], rtol=1e-6)
    np.testing.assert_allclose(weights[8], [-0.0234375, 0.2265625, 0.8671875, -0.0703125], rtol=1e-6)


def test_taps_beyond_the_edge_are_cut_and_the_rest_is_scaled() -> None:
    # The first output of two sits at -1/4, so it sees the pixels at the distances 1/4 and 5/4 only.
    first = -0.0703125 / (0.8671875 - 0.0703125)
    np.testing.assert_allclose(resampled([0, 1], 4, "bicubic")[[0, 3]], [first, 1 - first], rtol=1e-12)


@pytest.mark.parametrize("radius", [3, 5])
def test_lanczos_taps(radius: int) -> None:
    op = Resample(1, 40, f"lanczos{radius}")  # type: ignore[arg-type]
    indices, weights = op.table(20)
    assert indices.shape == weights.shape == (40, 2 * radius)
    output, center = 21, 10.25
    raw = []
    for i in indices[output]:
        d = math.pi * (center - i)
        raw.append(radius * math.sin(d) * math.sin(d / radius) / d**2)
    np.testing.assert_allclose(weights[output], np.array(raw) / sum(raw), rtol=1e-5)


@pytest.mark.parametrize("method", ["bilinear", "bicubic", "lanczos3", "lanczos5"])
def test_resample_keeps_constants_and_stays_symmetric(method: str) -> None:
    for n, size in ((1, 3), (2, 6), (5, 10), (7, 21), (9, 4)):
        np.testing.assert_allclose(resampled([2.5] * n, size, method), np.full(size, 2.5), rtol=1e-12)
        x = list(np.random.default_rng(n).standard_normal(n))
        np.testing.assert_allclose(resampled(x[::-1], size, method)[::-1], resampled(x, size, method), atol=1e-12)


def test_bicubic_reproduces_a_parabola_inside() -> None:
    x = [float(i * i) for i in range(10)]
    centers = (np.arange(20) + 0.5) / 2 - 0.5
    np.testing.assert_allclose(resampled(x, 20, "bicubic")[4:-4], centers[4:-4] ** 2, atol=1e-12)


@pytest.mark.parametrize("method", ["bilinear", "bicubic", "lanczos3", "lanczos5"])
def test_the_table_is_what_compute_does_along_any_axis(method: str) -> None:
    for axis in (1, 2, 3):
        op = Resample(axis, 2 * X.shape[axis], method)  # type: ignore[arg-type]
        indices, weights = op.table(X.shape[axis])
        assert indices.dtype == np.int32 and weights.dtype == np.float32
        assert indices.min() >= 0 and indices.max() < X.shape[axis]
        matrix = np.zeros((op.size, X.shape[axis]))
        np.add.at(matrix, (np.arange(op.size)[:, None], indices), weights)
        expected = np.moveaxis(np.tensordot(matrix, X, (1, axis)), 0, axis)
        np.testing.assert_allclose(check_shape(op, X), expected, rtol=1e-5, atol=1e-4)

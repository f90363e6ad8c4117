"""Pooling against a direct loop over windows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.families.pool import kernel_average, kernel_max
from modelc.native.families.pool.params import POOL
from tests.native.families.harness import Caller, guarded, margins_untouched, normal
from tests.slowness import examples

Triple = tuple[int, int, int]
(max_pool,), (average_pool,) = kernel_max.KERNELS, kernel_average.KERNELS
KINDS = {"max": max_pool, "average": average_pool}


def _definition(x: np.ndarray, out: Triple, window: Triple, stride: Triple, pad: Triple, kind: str) -> np.ndarray:
    y = np.empty((x.shape[0], *out, x.shape[-1]))
    for o in itertools.product(*map(range, out)):
        first = [o[i] * stride[i] - pad[i] for i in range(3)]
        inside = tuple(slice(max(f, 0), f + k) for f, k in zip(first, window, strict=True))
        values = x[(slice(None), *inside)].astype(np.float64)
        y[(slice(None), *o)] = values.max((1, 2, 3)) if kind == "max" else values.mean((1, 2, 3))
    return y


def _strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(np.prod(shape[i + 1 :])) for i in range(4))


def _run(
    x: np.ndarray, out: Triple, window: Triple, stride: Triple, pad: Triple, kind: str, pieces: int = 1
) -> np.ndarray:
    y, whole = guarded((x.shape[0], *out, x.shape[-1]))
    caller = Caller()
    caller.run(
        KINDS[kind],
        POOL,
        x.shape[0] * out[0] * out[1],
        pieces,
        y=caller.operand(y),
        x=caller.operand(x),
        size=x.shape[1:4],
        out=out,
        window=window,
        stride=stride,
        pad=pad,
        x_strides=_strides(x.shape),
        y_strides=_strides(y.shape),
        channels=x.shape[-1],
    )
    assert margins_untouched(whole)
    return y


@st.composite
def _geometries(draw: st.DrawFn) -> tuple[tuple[int, ...], Triple, Triple, Triple, Triple]:
    size, out, window, stride, pad = [], [], [], [], []
    for _ in range(3):
        n, k, s = draw(st.integers(1, 7)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
        same = draw(st.booleans()) or n < k
        o = -(-n // s) if same else (n - k) // s + 1
        size, out, window = [*size, n], [*out, o], [*window, k]
        stride, pad = [*stride, s], [*pad, max((o - 1) * s + k - n, 0) // 2 if same else 0]
    shape = (draw(st.integers(1, 2)), *size, draw(st.sampled_from([1, 3, 16, 21, 64, 83])))
    return shape, tuple(out), tuple(window), tuple(stride), tuple(pad)  # pyright: ignore


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(60), deadline=None)
@given(case=_geometries(), pieces=st.integers(1, 3))
def test_windows_of_any_geometry(kind: str, case: tuple, pieces: int) -> None:
    shape, out, window, stride, pad = case
    x = normal(shape, 1)
    y = _run(x, out, window, stride, pad, kind, pieces)
    np.testing.assert_allclose(y, _definition(x, out, window, stride, pad, kind), rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_come_through(kind: str, value: float) -> None:
    x = normal((1, 1, 4, 4, 70), 2)
    x[0, 0, 1, 0, 5], x[0, 0, 0, 3, 69] = value, value
    x[0, 0, 2:, 2:, 1] = value
    geometry = ((1, 2, 2), (1, 2, 2), (1, 2, 2), (0, 0, 0))
    expected = _definition(x, *geometry, kind).astype(np.float32)
    y = _run(x, *geometry, kind)
    np.testing.assert_array_equal(np.isfinite(y), np.isfinite(expected))
    np.testing.assert_array_equal(y[~np.isfinite(y)], expected[~np.isfinite(y)])


def test_strided_buffers() -> None:
    """A part of a larger buffer in, a part of a larger buffer out."""
    x, y = normal((2, 1, 6, 6, 20), 3), np.full((2, 1, 5, 5, 24), 7.0, np.float32)
    caller = Caller()
    strides = _strides(x.shape), _strides(y.shape)
    caller.run(
        max_pool,
        POOL,
        4,
        y=caller.operand(y, 4 * (strides[1][2] + strides[1][3] + 4)),
        x=caller.operand(x, 4 * (strides[0][2] + 3)),
        size=(1, 4, 4),
        out=(1, 2, 2),
        window=(1, 2, 2),
        stride=(1, 2, 2),
        pad=(0, 0, 0),
        x_strides=strides[0],
        y_strides=strides[1],
        channels=17,
    )
    expected = np.full_like(y, 7.0)
    expected[:, :, 1:3, 1:3, 4:21] = x[:, 0, 1:5, :4, 3:20].reshape(2, 1, 2, 2, 2, 2, 17).max((3, 5))
    np.testing.assert_array_equal(y, expected)

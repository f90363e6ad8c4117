"""Convolutions against their equations, written out element by element."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.errors import ShapeError
from modelc.graph.types import TensorType
from modelc.ops.conv import Conv, ConvTranspose, extent
from tests.slowness import examples

Array = np.ndarray


@st.composite
def windows(draw: st.DrawFn) -> dict[str, tuple]:
    """Sizes of a convolution of rank 1 to 3 whose window fits."""
    rank = draw(st.integers(1, 3))
    axes = st.integers(1, 3)

    def per_axis(strategy: st.SearchStrategy) -> tuple:
        return tuple(draw(strategy) for _ in range(rank))

    window, strides, dilation = per_axis(axes), per_axis(axes), per_axis(st.integers(1, 2))
    padding = per_axis(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    spatial = tuple(
        max(1, extent(w, d) - sum(p)) + draw(st.integers(0, 3))
        for w, d, p in zip(window, dilation, padding, strict=True)
    )
    return {"window": window, "strides": strides, "dilation": dilation, "padding": padding, "spatial": spatial}


def by_equation(x: Array, kernel: Array, op: Conv, outputs: tuple[int, ...]) -> Array:
    """``y[n, o, q] = Σ_k Σ_c x[n, o·strides + k·dilation - pad, c]·kernel[k, c, q]``, one number at a time."""
    rank, filters = len(op.strides), kernel.shape[-1]
    inputs = kernel.shape[-2]
    y = np.zeros((len(x), *outputs, filters))
    for o in itertools.product(*map(range, outputs)):
        for k in itertools.product(*map(range, kernel.shape[:rank])):
            at = tuple(
                o[a] * op.strides[a] + k[a] * op.dilation[a] - op.padding[a][0] for a in range(rank)
            )  # fmt: skip
            if any(not 0 <= i < size for i, size in zip(at, x.shape[1:-1], strict=True)):
                continue
            for q in range(filters):
                group = q // (filters // op.groups)
                channels = slice(group * inputs, (group + 1) * inputs)
                y[(slice(None), *o, q)] += x[(slice(None), *at, channels)] @ kernel[(*k, slice(None), q)]
    return y


@settings(max_examples=examples(40), deadline=None)
@given(windows(), st.integers(1, 3), st.integers(1, 2), st.integers(1, 2))
def test_conv_is_its_equation(sizes: dict[str, tuple], groups: int, inputs: int, filters: int) -> None:
    rng = np.random.default_rng(0)
    op = Conv(sizes["strides"], sizes["padding"], sizes["dilation"], groups)
    x = rng.standard_normal((2, *sizes["spatial"], groups * inputs))
    kernel = rng.standard_normal((*sizes["window"], inputs, groups * filters))
    inferred = op.infer(TensorType((None, *x.shape[1:])), TensorType(kernel.shape))
    y = op.compute(x, kernel)
    assert inferred.shape == (None, *y.shape[1:])
    np.testing.assert_allclose(y, by_equation(x, kernel, op, y.shape[1:-1]), atol=1e-12)


@settings(max_examples=examples(40), deadline=None)
@given(windows())
def test_conv_transpose_is_the_transpose_of_conv(sizes: dict[str, tuple]) -> None:
    """``⟨conv(x), y⟩ = ⟨x, conv_transpose(y)⟩`` for the sizes that a convolution maps onto each other."""
    rng = np.random.default_rng(0)
    conv = Conv(sizes["strides"], sizes["padding"], sizes["dilation"])
    x = rng.standard_normal((2, *sizes["spatial"], 2))
    kernel = rng.standard_normal((*sizes["window"], 2, 3))
    y = conv.compute(x, kernel)
    y_bar = rng.standard_normal(y.shape)
    # What a stride leaves over at the end of x is zeros there: a negative crop.
    crop = tuple(
        (low, (out - 1) * s + extent(w, d) - low - size)
        for (low, _), out, s, w, d, size in zip(
            sizes["padding"], y.shape[1:-1], sizes["strides"], sizes["window"], sizes["dilation"], sizes["spatial"],
            strict=True,
        )
    )  # fmt: skip
    op = ConvTranspose(sizes["strides"], crop, sizes["dilation"])
    x_bar = op.compute(y_bar, kernel)
    inferred = op.infer(TensorType((None, *y.shape[1:])), TensorType(kernel.shape))
    assert inferred.shape == (None, *x_bar.shape[1:]) == (None, *x.shape[1:])
    np.testing.assert_allclose(np.vdot(y, y_bar), np.vdot(x, x_bar), atol=1e-9)


def test_conv_transpose_by_hand() -> None:
    op = ConvTranspose((2,), ((0, 0),), (1,))
    x = np.array([1.0, 10.0]).reshape(1, 2, 1)
    kernel = np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    np.testing.assert_array_equal(op.compute(x, kernel).ravel(), [1, 2, 3 + 10, 20, 30])
    longer = ConvTranspose((2,), ((1, -1),), (1,))
    np.testing.assert_array_equal(longer.compute(x, kernel).ravel(), [2, 13, 20, 30, 0])


def test_macs() -> None:
    x, kernel = TensorType((None, 8, 8, 6)), TensorType((3, 3, 2, 9))
    op = Conv((1, 1), ((1, 1), (1, 1)), (1, 1), groups=3)
    assert op.macs(op.infer(x, kernel), x, kernel) == 8 * 8 * 9 * (3 * 3 * 2)
    transposed = ConvTranspose((2, 2), ((0, 0), (0, 0)), (1, 1))
    kernel = TensorType((3, 3, 4, 6))
    assert transposed.macs(transposed.infer(x, kernel), x, kernel) == 8 * 8 * 6 * (3 * 3 * 4)


@pytest.mark.parametrize(
    ("op", "kernel", "message"),
    [
        (Conv((1,), ((0, 0),), (1,)), (3, 5, 2), "the input has 4 channels, the kernel takes 5"),
        (Conv((1,), ((0, 0),), (1,), 2), (3, 2, 3), "`filters` (=3) must be divisible by `groups` (=2)"),
        (ConvTranspose((1,), ((0, 0),), (1,)), (3, 2, 5), "the input has 4 channels, the kernel takes 5"),
    ],
)
def test_channels_that_do_not_fit(op: Conv, kernel: tuple[int, ...], message: str) -> None:
    with pytest.raises(ShapeError) as error:
        op.infer(TensorType((None, 9, 4)), TensorType(kernel))
    assert error.value.message == message


def test_dtype_follows_the_operands() -> None:
    for dtype in (np.float32, np.float64):
        x, kernel = np.ones((1, 4, 2), dtype), np.ones((3, 2, 2), dtype)
        assert Conv((1,), ((0, 0),), (1,)).compute(x, kernel).dtype == dtype
        assert Conv((1,), ((0, 0),), (1,), 2).compute(x, kernel[:, :1]).dtype == dtype
        assert ConvTranspose((1,), ((0, 0),), (1,)).compute(x, kernel).dtype == dtype

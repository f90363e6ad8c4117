"""Gradients of convolutions by their kernels against their definition in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.code.layout import Operand
from modelc.native.engine.schedule import Step
from modelc.native.engine.threads import Team
from modelc.native.families.conv.params import DEPTHWISE_GRADIENT
from modelc.native.families.conv.steps_gradient import conv_gradient_step
from modelc.native.target import LANES
from tests.native.families.conv_case import ConvCase, before_unreadable_page, conv_strides, run_step, tap_steps
from tests.slowness import examples

_WORKERS = Team(2)
_EPSILON = float(np.finfo(np.float32).eps)


def offsets(case: ConvCase) -> np.ndarray:
    """Where each tap begins, in elements."""
    steps = np.array(tap_steps(case))
    return np.array([np.array(tap) @ steps for tap in np.ndindex(*case.kernel)], np.int64)


def expected(case: ConvCase, x: np.ndarray, dy: np.ndarray) -> np.ndarray:
    """(taps, inputs, groups, outputs): for every tap the product of what it meets and dy, in float64."""
    parts = dy.astype(np.float64).reshape(*dy.shape[:-1], case.groups, case.outputs)
    seen = case.windows(x.astype(np.float64)).values()
    taps = [tap.reshape(*tap.shape[:-1], case.groups, case.inputs) for tap in seen]
    return np.stack([np.einsum("ndhwgc,ndhwgq->cgq", tap, parts) for tap in taps])


def check(
    case: ConvCase, *, parts: int = 1, depthwise: bool = False, parallel: bool = False, packed: bool = False
) -> None:
    rng = np.random.default_rng(case.seed)
    x = case.arrays()[0]
    dy = rng.standard_normal((case.batch, *case.size, case.outputs * case.groups), np.float32)
    taps = offsets(case)
    common = {
        "x": Operand(0, 0, 0), "dy": Operand(1, 0, 0), "y": Operand(2, 0, 0), "table": Operand(3, 0, 0),
        "taps": len(taps), "extents": (-1, *case.size), "x_strides": conv_strides(x.shape, case.strides),
        "dy_strides": conv_strides(dy.shape, (1, 1, 1)), "parts": parts,
    }  # fmt: skip
    if depthwise:
        params = DEPTHWISE_GRADIENT.pack(**common, channels=case.groups)
        step = Step("depthwise_gradient", params, parts * -(-case.groups // LANES))
    else:
        step = conv_gradient_step(
            **common, channels=case.inputs, filters=case.outputs, groups=case.groups, packed=packed
        )
    y = np.full((parts, len(taps), case.inputs, case.groups, case.outputs), np.nan, np.float32)
    arrays = [before_unreadable_page(a) for a in (x, dy, y, taps)]
    run_step(step._replace(grain=1), case.batch, arrays, _WORKERS, parallel=parallel)
    pixels = case.batch * int(np.prod(case.size))
    bound = _EPSILON * 12 * (1 + pixels) ** 0.75
    np.testing.assert_allclose(arrays[2].sum(axis=0), expected(case, x, dy), rtol=0, atol=bound)


_THREE = st.tuples(st.integers(1, 2), st.integers(1, 5), st.integers(1, 20))
_FEW = st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 3))


@given(
    st.integers(1, 3), _THREE, st.integers(1, 9), _FEW, st.integers(1, 150), _FEW, st.integers(1, 3),
    st.integers(1, 5), st.booleans(), st.booleans(),
)  # fmt: skip
@settings(max_examples=examples(60), deadline=None)
def test_random_sizes(batch, size, inputs, kernel, outputs, strides, groups, parts, parallel, packed) -> None:
    case = ConvCase(batch, size, inputs, kernel, outputs, strides, groups=groups)
    check(case, parts=parts, parallel=parallel, packed=packed)


@given(
    st.integers(1, 3), _THREE, st.integers(1, 70), _FEW, _FEW, _FEW, st.integers(1, 5), st.booleans()
)  # fmt: skip
@settings(max_examples=examples(60), deadline=None)
def test_random_depthwise_sizes(batch, size, channels, kernel, strides, dilation, parts, parallel) -> None:
    case = ConvCase(batch, size, 1, kernel, 1, strides, dilation, channels)
    check(case, parts=parts, depthwise=True, parallel=parallel)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("parts", [1, 16])
def test_lines_longer_than_a_piece_and_more_than_one_call_takes(parts: int, packed: bool) -> None:
    check(ConvCase(3, (1, 60, 90), 40, (1, 3, 3), 70), parts=parts, parallel=True, packed=packed)


@pytest.mark.parametrize("outputs", [1, 130, 400])
def test_more_filters_than_are_packed_at_a_time(outputs: int) -> None:
    check(ConvCase(2, (1, 9, 50), 37, (1, 1, 2), outputs), parallel=True, packed=True)


def test_where_pixels_lie_far_apart_they_are_packed() -> None:
    common = dict.fromkeys(("x", "dy", "y", "table"), Operand(0, 0, 0)) | {"taps": 9, "filters": 8}
    for channels, kernel in ((6, "conv_gradient"), (64, "conv_packed_gradient")):
        strides = (200 * channels, 0, 20 * channels, channels)
        step = conv_gradient_step(
            **common, channels=channels, extents=(-1, 1, 8, 18), x_strides=strides, dy_strides=(1152, 0, 144, 8)
        )
        assert step.kernel == kernel


def test_rows_of_a_matrix_product_are_one_line_as_long_as_the_batch() -> None:
    """y[k, n] = Σ x[i, k]·dy[i, n]."""
    rng = np.random.default_rng(0)
    for batch in (1, 7, 5000):
        x, dy = rng.standard_normal((batch, 30), np.float32), rng.standard_normal((batch, 20), np.float32)
        y = np.full((30, 20), np.nan, np.float32)
        step = conv_gradient_step(
            x=Operand(0, 0, 0), dy=Operand(1, 0, 0), y=Operand(2, 0, 0), table=Operand(3, 0, 0), taps=1, channels=30,
            filters=20, extents=(1, 1, 1, -1), x_strides=(0, 0, 0, 30), dy_strides=(0, 0, 0, 20),
        )  # fmt: skip
        run_step(step, batch, [x, dy, y, np.zeros(1, np.int64)], _WORKERS, parallel=True)
        want = x.T.astype(np.float64) @ dy
        np.testing.assert_allclose(y, want, rtol=0, atol=_EPSILON * 12 * (1 + batch) ** 0.75)

"""The depthwise kernel against its definition in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.engine.threads import Team
from modelc.native.families.conv.params import Epilogue
from tests.native.families.conv_case import (
    ConvCase,
    before_unreadable_page,
    depthwise_arrays,
    expected_depthwise,
    run_depthwise,
)
from tests.native.families.test_conv import epilogues
from tests.slowness import examples

_WORKERS = Team(2)


def _check(case: ConvCase) -> None:
    found = run_depthwise(case, _WORKERS)
    np.testing.assert_allclose(found, expected_depthwise(case), rtol=0, atol=2e-5)
    assert np.array_equal(found, run_depthwise(case, _WORKERS, parallel=True))


@given(
    st.builds(
        ConvCase,
        batch=st.integers(1, 3),
        size=st.tuples(st.integers(1, 2), st.integers(1, 6), st.integers(1, 15)),
        kernel=st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 7)),
        strides=st.tuples(*[st.integers(1, 3)] * 3),
        dilation=st.tuples(*[st.integers(1, 2)] * 3),
        groups=st.integers(1, 70),
        bias=st.booleans(),
        epilogue=epilogues,
        margin=st.integers(0, 3),
        seed=st.integers(0, 99),
    )
)
@settings(max_examples=examples(150), deadline=None)
def test_random_geometries(case: ConvCase) -> None:
    _check(case)


@pytest.mark.parametrize("channels", [1, 15, 16, 17, 64, 100])
@pytest.mark.parametrize("width", [1, 2, 3, 5, 6, 7, 30])
def test_every_tile_height_and_channel_tail(channels: int, width: int) -> None:
    _check(ConvCase(size=(1, 2, width), kernel=(1, 3, 3), groups=channels, margin=1))


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("taps", [3, 4, 5, 7])
@pytest.mark.parametrize("width", [6, 7, 8, 13, 14, 20])
@pytest.mark.parametrize("channels", [16, 37])
def test_rows_of_neighbouring_pixels(stride: int, taps: int, width: int, channels: int) -> None:
    case = ConvCase(
        batch=2, size=(2, 3, width), kernel=(2, 3, taps), strides=(2, 1, stride), groups=channels, margin=1,
        epilogue=Epilogue.clip(0.0, 6.0),
    )  # fmt: skip
    step, _ = depthwise_arrays(case)
    assert step.kernel == ("depthwise_row" if taps != 4 and stride != 3 and width >= 7 else "depthwise")
    _check(case)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("height", [1, 2, 5])
@pytest.mark.parametrize("width", [8, 9, 13, 14, 30])
@pytest.mark.parametrize("channels", [16, 37])
def test_windows_that_share_lines(stride: int, height: int, width: int, channels: int) -> None:
    case = ConvCase(
        batch=2, size=(2, height, width), kernel=(1, 3, 3), strides=(1, stride, stride), groups=channels, margin=1,
        epilogue=Epilogue.leaky(0.25),
    )  # fmt: skip
    step, _ = depthwise_arrays(case)
    assert step.kernel == "depthwise_3x3"
    _check(case)


@pytest.mark.parametrize("strides", [(1, 2, 1), (1, 1, 2), (1, 3, 3)])
def test_windows_that_do_not(strides: tuple[int, int, int]) -> None:
    case = ConvCase(size=(1, 4, 9), kernel=(1, 3, 3), strides=strides, groups=20)
    step, _ = depthwise_arrays(case)
    assert step.kernel != "depthwise_3x3"
    _check(case)


@pytest.mark.parametrize("channels", [1024, 2100])
def test_channels_in_blocks(channels: int) -> None:
    _check(ConvCase(size=(1, 3, 9), kernel=(1, 3, 3), groups=channels, bias=False))


@pytest.mark.parametrize("width", [5, 9])
@pytest.mark.parametrize("channels", [1, 5, 16, 21])
@pytest.mark.parametrize("kernel", [(1, 2, 3), (1, 3, 3)])
def test_nothing_past_the_last_element_is_touched(channels: int, width: int, kernel: tuple[int, int, int]) -> None:
    case = ConvCase(size=(1, 3, width), kernel=kernel, groups=channels)
    plain = run_depthwise(case, _WORKERS)
    np.testing.assert_array_equal(run_depthwise(case, _WORKERS, place=before_unreadable_page), plain)

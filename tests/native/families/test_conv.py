"""The convolution kernel against its definition in float64."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.engine.threads import Team
from modelc.native.families.conv import steps
from modelc.native.families.conv.pack import blocks_of, pack_bias, pack_kernel
from modelc.native.families.conv.params import Epilogue, window
from modelc.native.target import host
from tests.native.families.conv_case import ConvCase, before_unreadable_page, expected_conv, run_conv
from tests.slowness import examples

_WORKERS = Team(2)
_EPSILON = float(np.finfo(np.float32).eps)


def _check(case: ConvCase) -> None:
    found, expected = run_conv(case, _WORKERS), expected_conv(case)
    # Sums of K products of order one: the error grows at most as K and in practice as its root.
    products = math.prod(case.kernel) * case.inputs
    np.testing.assert_allclose(found, expected, rtol=0, atol=_EPSILON * 8 * (1 + products) ** 0.75)
    assert np.array_equal(found, run_conv(case, _WORKERS, parallel=True), equal_nan=True)


epilogues = st.sampled_from([Epilogue(), Epilogue.clip(0.0), Epilogue.clip(-0.5, 0.75), Epilogue.leaky(0.25)])


def _three(most: int) -> st.SearchStrategy[tuple[int, int, int]]:
    line = st.tuples(st.just(1), st.just(1), st.integers(1, 3 * most))
    plane = st.tuples(st.just(1), st.integers(1, most), st.integers(1, most))
    return st.one_of(line, plane, st.tuples(*[st.integers(1, most)] * 3))


cases = st.builds(
    ConvCase,
    batch=st.integers(1, 5),
    size=_three(6),
    inputs=st.integers(1, 20),
    kernel=st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 4)),
    outputs=st.integers(1, 150),
    strides=st.tuples(*[st.integers(1, 3)] * 3),
    dilation=st.tuples(*[st.integers(1, 2)] * 3),
    groups=st.integers(1, 3),
    bias=st.booleans(),
    epilogue=epilogues,
    accumulate=st.booleans(),
    margin=st.integers(0, 3),
    seed=st.integers(0, 99),
)


@given(cases)
@settings(max_examples=examples(150), deadline=None)
def test_random_geometries(case: ConvCase) -> None:
    _check(case)


@pytest.mark.parametrize("outputs", range(1, 2 * host().lanes * host().max_vectors + 2, 5))
@pytest.mark.parametrize("pixels", [1, 2, 3, 5, 7, 11, 13, 14, 15, 29])
def test_every_tile_height_and_channel_tail(outputs: int, pixels: int) -> None:
    _check(ConvCase(size=(1, 1, pixels), inputs=9, outputs=outputs, margin=2, epilogue=Epilogue.clip(0.0)))


@pytest.mark.parametrize("tiles", [1, 2, 5])
@pytest.mark.parametrize(
    "case",
    [
        ConvCase(2, (1, 9, 11), 8, (1, 3, 3), 16, groups=5),
        ConvCase(3, (1, 7, 7), 24, (1, 1, 1), 200, epilogue=Epilogue.clip(0.0)),
        ConvCase(1, (2, 5, 9), 3, (2, 2, 3), 70, groups=2, accumulate=True),
        ConvCase(130, inputs=9, outputs=150),
    ],
    ids=["groups", "blocks", "both", "dense"],
)
def test_bands_of_pixels(case: ConvCase, tiles: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_band", lambda columns, block, tile: tiles)
    _check(case)


@pytest.mark.parametrize("batch", [1, 3, 64])
def test_dense(batch: int) -> None:
    _check(ConvCase(batch=batch, inputs=300, outputs=130))


def test_the_guides_first_layer() -> None:
    _check(ConvCase(size=(1, 123, 123), inputs=3, kernel=(1, 5, 5), outputs=32, strides=(1, 2, 2)))


@pytest.mark.parametrize(
    ("value", "where_negative", "where_positive"), [(math.nan, math.nan, math.nan), (math.inf, 0.0, math.inf)]
)
def test_nan_and_infinity_pass_through_relu(value: float, where_negative: float, where_positive: float) -> None:
    case = ConvCase(size=(1, 1, 3), outputs=20, bias=False, epilogue=Epilogue.clip(0.0), fill=value)
    kernel = case.arrays()[1][0, 0, 0, 0]
    expected = np.where(kernel < 0, where_negative, where_positive)
    np.testing.assert_array_equal(run_conv(case, _WORKERS)[0, 0, 0], np.tile(expected, (3, 1)))


@pytest.mark.parametrize("outputs", [1, 17, 64, 70])
def test_nothing_past_the_last_element_is_touched(outputs: int) -> None:
    case = ConvCase(size=(1, 3, 5), inputs=3, kernel=(1, 2, 2), outputs=outputs, accumulate=True)
    plain = run_conv(case, _WORKERS)
    np.testing.assert_array_equal(run_conv(case, _WORKERS, place=before_unreadable_page), plain)


@pytest.mark.parametrize(
    ("size", "steps", "channels", "offsets", "length"),
    [
        ((1, 3, 3), (900, 300, 8), 8, (0, 300, 600), 24),  # a row's taps follow each other
        ((1, 3, 3), (900, 300, 16), 8, (0, 16, 32, 300, 316, 332, 600, 616, 632), 8),  # dilated
        ((2, 4, 5), (20 * 6, 5 * 6, 6), 6, (0,), 240),  # the window is the whole input
        ((2, 1, 1), (50, 7, 3), 3, (0, 50), 3),
    ],
)
def test_window(size, steps, channels, offsets, length) -> None:
    assert window(size, steps, channels) == (offsets, length)


def test_packed_weights_are_blocks_of_vectors() -> None:
    lanes = host().lanes
    groups, inputs, channels = 2, 3, host().max_vectors * lanes + 1
    kernel = np.arange(2 * inputs * groups * channels, dtype=np.float32).reshape(2, inputs, groups * channels)
    packed = pack_kernel(kernel, groups).reshape(groups, -1)
    blocks = blocks_of(channels)
    vectors, total = blocks.vectors, blocks.total
    assert packed.size == groups * 2 * inputs * total * lanes
    rows = kernel.reshape(2 * inputs, groups, channels)
    first = packed[:, : 2 * inputs * vectors * lanes].reshape(groups, 2 * inputs, vectors * lanes)
    np.testing.assert_array_equal(first, rows[:, :, : vectors * lanes].transpose(1, 0, 2))
    rest = packed[:, first[0].size :].reshape(groups, 2 * inputs, -1)
    tail = channels - vectors * lanes
    np.testing.assert_array_equal(rest[:, :, :tail], rows[:, :, vectors * lanes :].transpose(1, 0, 2))
    assert not rest[:, :, tail:].any()
    np.testing.assert_array_equal(pack_bias(kernel[0, 0], groups).reshape(groups, -1)[:, :channels], rows[0])


def test_the_grain_is_about_as_much_work_whatever_the_batch() -> None:
    full = steps.tile_grain(-20, 14, 64)
    assert full == steps.GRAIN // (14 * 64)
    assert steps.tile_grain(20, 14, 64) == full
    one = steps.tile_grain(-1, 14, 64)
    assert one == -2 * (steps.GRAIN // 64)  # of a batch of one; from 14 samples on tiles are full
    assert full <= -one // 32 <= 2 * full
    assert steps.tile_grain(-1, 14, steps.GRAIN) == -2
    assert steps.tile_grain(-7, 14, 1 << 40) == -2


@pytest.mark.parametrize(
    ("extents", "x_strides", "y_strides", "expected"),
    [
        # one pixel after the other in x and in y, through the whole batch
        ((-1, 1, 4, 5), (60, 60, 15, 3), (140, 140, 35, 7), ((1, 1, 1, -20), (0, 0, 0, 3), (0, 0, 0, 7))),
        ((-6, 1, 1, 1), (3, 0, 0, 0), (7, 0, 0, 0), ((1, 1, 1, -6), (0, 0, 0, 3), (0, 0, 0, 7))),
        # what lies between the lines is in x, then in y
        ((-1, 1, 4, 5), (90, 90, 18, 3), (140, 140, 35, 7), ((-1, 1, 4, 5), (90, 0, 18, 3), (140, 0, 35, 7))),
        ((-1, 2, 4, 5), (120, 60, 15, 3), (999, 140, 35, 7), ((-1, 1, 1, 40), (120, 0, 0, 3), (999, 0, 0, 7))),
        ((1, 1, 1, 1), (3, 3, 3, 3), (7, 7, 7, 7), ((1, 1, 1, 1), (0, 0, 0, 0), (0, 0, 0, 0))),
    ],
)
def test_loops_over_pixels_are_merged_into_long_lines(extents, x_strides, y_strides, expected) -> None:
    assert steps.in_long_lines(extents, x_strides, y_strides) == expected

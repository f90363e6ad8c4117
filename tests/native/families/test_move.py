"""Copies, fills and padding against NumPy indexing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.families.move.kernel import copy, pad
from modelc.native.families.move.kernel_fill import fill
from modelc.native.families.move.params import COPY, FILL, PAD
from tests.native.families.harness import Caller, guarded, margins_untouched, normal
from tests.slowness import examples


def _elements(view: np.ndarray) -> tuple[int, ...]:
    """The strides in elements, behind 0s up to rank 8."""
    return (0,) * (8 - view.ndim) + tuple(s // 4 for s in view.strides)


def _copy(target: np.ndarray, y: np.ndarray, source: np.ndarray, x: np.ndarray, pieces: int = 1) -> None:
    """Copy the view x of `source` to the view y of `target`."""
    dims = (1,) * (8 - x.ndim) + x.shape
    starts = [(view.ctypes.data - base.ctypes.data) // 4 for view, base in ((x, source), (y, target))]
    caller = Caller()
    caller.run(
        copy,
        COPY,
        math.prod(dims[:7]),
        pieces,
        y=caller.operand(target),
        x=caller.operand(source),
        dims=dims,
        x_start=starts[0],
        x_strides=_elements(x),
        y_start=starts[1],
        y_strides=_elements(y),
    )


@settings(max_examples=examples(100), deadline=None)
@given(st.data())
def test_permuting_axes(data: st.DataObject) -> None:
    sizes = st.one_of(st.integers(1, 5), st.sampled_from([16, 17, 33]))
    shape = tuple(data.draw(st.lists(sizes, min_size=1, max_size=4)))
    order = data.draw(st.permutations(range(len(shape))))
    source = normal(shape, 1)
    view = source.transpose(order)
    y, whole = guarded(view.shape)
    _copy(y, y, source, view, data.draw(st.integers(1, 3)))
    np.testing.assert_array_equal(y, view)
    assert margins_untouched(whole)


@pytest.mark.parametrize("pieces", [1, 2, 5])
def test_channels_first_and_back(pieces: int) -> None:
    x = normal((2, 7 * 9, 50), 2)
    y, whole = guarded((2, 50, 63))
    _copy(y, y, x, x.transpose(0, 2, 1), pieces)
    np.testing.assert_array_equal(y, x.transpose(0, 2, 1))
    assert margins_untouched(whole)


def test_crop_reverse_and_step() -> None:
    x = normal((3, 8, 9, 20), 3)
    for view in (x[:, 1:6, 2:, :], x[:, ::-1, ::-1, :], x[:, ::2, 1::3, 3:], x[..., ::-1], x[1:2, 3:4, 5:6, 7:8]):
        y, whole = guarded(view.shape)
        _copy(y, y, x, view)
        np.testing.assert_array_equal(y, view)
        assert margins_untouched(whole)


def test_repeating_by_a_stride_of_zero() -> None:
    x = normal((2, 3, 4, 18), 4)
    view = np.broadcast_to(x[:, :, None, :, None], (2, 3, 2, 4, 3, 18))
    y, whole = guarded(view.shape)
    _copy(y, y, x, view)
    np.testing.assert_array_equal(y.reshape(2, 6, 12, 18), x.repeat(2, 1).repeat(3, 2))
    assert margins_untouched(whole)


def test_concatenating_into_a_part() -> None:
    parts = normal((2, 5, 17), 5), normal((2, 5, 3), 6)
    y, whole = guarded((2, 5, 20))
    _copy(y, y[..., :17], parts[0], parts[0])
    _copy(y, y[..., 17:], parts[1], parts[1])
    np.testing.assert_array_equal(y, np.concatenate(parts, -1))
    assert margins_untouched(whole)


def test_all_bits_are_kept() -> None:
    bits = np.arange(0x7F800001, 0x7F800001 + 40, dtype=np.uint32)
    source, target = bits.view(np.float32), np.zeros(40, np.float32)
    _copy(target, target, source, source)
    np.testing.assert_array_equal(target.view(np.uint32), bits)


@pytest.mark.parametrize("n", [1, 16, 37])
def test_fill(n: int) -> None:
    y, whole = guarded((n,))
    caller = Caller()
    caller.run(fill, FILL, n, 2, y=caller.operand(y), bits=int(np.float32(-1.5).view(np.int32)))
    assert (y == -1.5).all()
    assert margins_untouched(whole)


@settings(max_examples=examples(80), deadline=None)
@given(st.data())
def test_padding(data: st.DataObject) -> None:
    shape = [data.draw(st.integers(1, 4)) for _ in range(5)] + [data.draw(st.sampled_from([1, 3, 16, 35]))]
    pads = [(data.draw(st.integers(0, 3)), data.draw(st.integers(0, 3))) for _ in range(4)]
    x = normal(shape, 7)
    expected = np.pad(x, [(0, 0), *pads, (0, 0)], constant_values=2.5)
    y, whole = guarded(expected.shape)
    caller = Caller()
    caller.run(
        pad,
        PAD,
        math.prod(expected.shape[:4]),
        data.draw(st.integers(1, 3)),
        y=caller.operand(y),
        x=caller.operand(x),
        size=x.shape[1:5],
        out=expected.shape[1:5],
        pad=tuple(p[0] for p in pads),
        channels=x.shape[5],
        bits=int(np.float32(2.5).view(np.int32)),
    )
    np.testing.assert_array_equal(y, expected)
    assert margins_untouched(whole)

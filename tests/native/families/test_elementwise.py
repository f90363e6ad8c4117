"""Functions of two tensors with broadcasting, and affine maps, against NumPy in float64."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.functions.table import BINARY as FUNCTIONS
from modelc.native.families.elementwise.codes import BINARY_CODES, GLU, PLAIN_RELU, UNARY_CODES
from modelc.native.families.elementwise.kernel import FORMULAS, affine, binary
from modelc.native.families.elementwise.params import AFFINE, BINARY
from tests.native.families.harness import Caller, floats, guarded, margins_untouched, normal
from tests.slowness import examples

DEFINITIONS = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "prelu": lambda x, alpha: np.where(x >= 0, x, alpha * x),
    GLU: lambda a, b: a / (1 + np.exp(-b)),
    "equal": np.equal,
    "not_equal": np.not_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "gate": lambda a, b: np.where(b > 0, a, 0),
}


def _strides(shape: tuple[int, ...], rank: int = 6) -> tuple[int, ...]:
    """Element strides of a contiguous array, 0 where the extent is 1, behind 0s up to `rank`."""
    strides = [math.prod(shape[i + 1 :]) if shape[i] != 1 else 0 for i in range(len(shape))]
    return (0,) * (rank - len(shape)) + tuple(strides)


def _run(op: str, a: np.ndarray, b: np.ndarray, pieces: int = 1, code: str = "linear") -> np.ndarray:
    shape = np.broadcast_shapes(a.shape, b.shape)
    y, whole = guarded(shape)
    dims = (1,) * (6 - len(shape)) + shape
    caller = Caller()
    caller.run(
        binary,
        BINARY,
        math.prod(dims[:5]),
        pieces,
        y=caller.operand(y),
        a=caller.operand(a),
        b=caller.operand(b),
        dims=dims,
        a_strides=_strides(a.shape),
        b_strides=_strides(b.shape),
        op=BINARY_CODES[op],
        code=UNARY_CODES[code],
        p=floats(),
    )
    assert margins_untouched(whole)
    return y


def test_every_op_has_a_definition() -> None:
    assert set(DEFINITIONS) == set(FORMULAS) == set(BINARY_CODES) == {*FUNCTIONS, GLU}


@pytest.mark.parametrize("op", FORMULAS)
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((3, 37), (3, 37)),
        ((2, 3, 5, 17), (17,)),
        ((17,), (2, 3, 5, 17)),
        ((4, 6, 33), (4, 1, 33)),
        ((4, 33), (4, 1)),
        ((4, 1), (1, 70)),
        ((2, 1, 3, 1, 2, 19), (2, 4, 3, 2, 1, 19)),
        ((5,), (1,)),
        ((1,), (5,)),
        ((1,), (1,)),
    ],
    ids=str,
)
def test_broadcasting(op: str, a: tuple[int, ...], b: tuple[int, ...]) -> None:
    left, right = normal(a, 1), normal(b, 2)
    left.flat[0] = right.flat[0]
    expected = DEFINITIONS[op](left.astype(np.float64), right.astype(np.float64))
    np.testing.assert_allclose(_run(op, left, right, pieces=2), expected, rtol=1e-6, atol=1e-7)


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_any_shapes(data: st.DataObject) -> None:
    shape = (*data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=5)), data.draw(st.integers(1, 40)))
    thin = [tuple(n if data.draw(st.booleans()) else 1 for n in shape) for _ in range(2)]
    left, right = normal(thin[0], 3), normal(thin[1], 4)
    pieces = data.draw(st.integers(1, 4))
    np.testing.assert_array_equal(_run("subtract", left, right, pieces), left - right)


def test_an_activation_follows() -> None:
    left, right = normal((300, 45), 5), normal((45,), 6)
    y = _run("add", left, right, pieces=3, code=PLAIN_RELU)
    np.testing.assert_array_equal(y, np.maximum(left + right, 0))


def test_rows_of_the_batch() -> None:
    a, b = normal((3, 4, 18), 1), normal((4, 18), 2)
    y, whole = guarded(a.shape)
    caller = Caller(batch=3)
    caller.run(
        binary,
        BINARY,
        12,
        y=caller.operand(y),
        a=caller.operand(a),
        b=caller.operand(b),
        dims=(1, 1, 1, -1, 4, 18),
        a_strides=(0, 0, 0, 72, 18, 1),
        b_strides=(0, 0, 0, 0, 18, 1),
        op=BINARY_CODES["add"],
        code=0,
        p=floats(),
    )
    np.testing.assert_array_equal(y, a + b)
    assert margins_untouched(whole)


@pytest.mark.parametrize("op", ["maximum", "minimum", "add", "prelu"])
def test_nan_comes_through_from_either_side(op: str) -> None:
    a, b = normal((2, 20), 1), normal((2, 20), 2)
    a[0, ::3] = np.nan
    if op != "prelu":
        b[1, ::4] = np.nan
    with np.errstate(all="ignore"):
        expected = DEFINITIONS[op](a, b)
    np.testing.assert_array_equal(np.isnan(_run(op, a, b)), np.isnan(expected))


def test_dividing_by_zero_gives_infinities() -> None:
    y = _run("divide", np.array([1.0, -1.0, 0.0], np.float32), np.zeros(3, np.float32))
    np.testing.assert_array_equal(y, np.array([np.inf, -np.inf, np.nan], np.float32))


@pytest.mark.parametrize("channels", [1, 3, 16, 37, 64, 200])
@pytest.mark.parametrize("parts", ["both", "scale", "shift"])
def test_affine(channels: int, parts: str) -> None:
    x, scale, shift = normal((23, channels), 1), normal((channels,), 2), normal((channels,), 3)
    y, whole = guarded(x.shape)
    caller = Caller()
    caller.run(
        affine,
        AFFINE,
        23,
        2,
        y=caller.operand(y),
        x=caller.operand(x),
        scale=caller.operand(scale if parts != "shift" else None),
        shift=caller.operand(shift if parts != "scale" else None),
        channels=channels,
        code=UNARY_CODES[PLAIN_RELU],
        p=floats(),
    )
    wide = x.astype(np.float64)
    wide = wide * scale if parts != "shift" else wide
    wide = wide + shift if parts != "scale" else wide
    np.testing.assert_allclose(y, np.maximum(wide, 0), rtol=1e-6, atol=1e-6)
    assert margins_untouched(whole)

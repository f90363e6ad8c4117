"""Every elementwise function against its float64 definition."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from modelc.native.families.basic_params import UNARY, Activation
from modelc.native.families.elementwise.activations import unary
from tests.native.harness import Caller, floats, guarded, margins_untouched

A = Activation
_erf = np.vectorize(math.erf, otypes=[np.float64])
_softplus = lambda x: np.logaddexp(0.0, x)  # noqa: E731
_sigmoid = lambda x: np.exp(-np.logaddexp(0.0, -x))  # noqa: E731


def _relu_general(x: np.ndarray, slope: float, max_value: float, threshold: float) -> np.ndarray:
    return np.where(x >= max_value, max_value, np.where(x > threshold, x, slope * (x - threshold)))


# code, parameters, definition as Keras 3 documents it
CASES: list[tuple[Activation, tuple[float, ...], Callable[..., np.ndarray]]] = [
    (A.LINEAR, (), lambda x: x),
    (A.RELU, (), lambda x: np.maximum(x, 0)),
    (A.RELU_GENERAL, (0.1, 6.0, 0.5), _relu_general),
    (A.RELU_GENERAL, (0.0, math.inf, 0.0), _relu_general),
    (A.RELU_GENERAL, (0.3, 2.0, -1.0), _relu_general),
    (A.LEAKY_RELU, (0.2,), lambda x, s: np.where(x >= 0, x, s * x)),
    (A.ELU, (1.5,), lambda x, a: np.where(x > 0, x, a * np.expm1(np.minimum(x, 0)))),
    (
        A.SELU,
        (),
        lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0))),
    ),
    (A.CELU, (0.7,), lambda x, a: np.maximum(x, 0) + np.minimum(0, a * np.expm1(np.minimum(x, 0) / a))),
    (A.GELU, (), lambda x: 0.5 * x * (1 + _erf(x / math.sqrt(2)))),
    (A.GELU_TANH, (), lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))),
    (A.SILU, (), lambda x: x * _sigmoid(x)),
    (A.SIGMOID, (), _sigmoid),
    (A.HARD_SIGMOID, (), lambda x: np.clip(x + 3, 0, 6) / 6),
    (A.HARD_SILU, (), lambda x: x * np.clip(x + 3, 0, 6) / 6),
    (A.TANH, (), np.tanh),
    (A.KERAS2_HARD_SIGMOID, (), lambda x: np.where(x <= -2.5, 0, np.where(x >= 2.5, 1, x / 5 + 0.5))),
    (A.HARD_TANH, (), lambda x: np.clip(x, -1, 1)),
    (A.TANH_SHRINK, (), lambda x: x - np.tanh(x)),
    (A.SOFTPLUS, (), _softplus),
    (A.SOFTSIGN, (), lambda x: x / (1 + np.abs(x))),
    (A.LOG_SIGMOID, (), lambda x: -_softplus(-x)),
    (A.MISH, (), lambda x: x * np.tanh(_softplus(x))),
    (A.SOFT_SHRINK, (0.5,), lambda x, t: np.where(x > t, x - t, np.where(x < -t, x + t, 0))),
    (A.HARD_SHRINK, (0.5,), lambda x, t: np.where(np.abs(x) > t, x, 0)),
    (A.THRESHOLD, (0.4, -2.0), lambda x, t, v: np.where(x > t, x, v)),
    (A.SQUAREPLUS, (4.0,), lambda x, b: (x + np.sqrt(x * x + b)) / 2),
    (A.SPARSE_PLUS, (), lambda x: np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x))),
    (A.SPARSE_SIGMOID, (), lambda x: np.where(x <= -1, 0, np.where(x >= 1, 1, 0.5 * (x + 1)))),
    (A.NEGATIVE, (), np.negative),
    (A.ABSOLUTE, (), np.abs),
    (A.SQUARE, (), np.square),
    (A.SQRT, (), np.sqrt),
    (A.RSQRT, (), lambda x: 1 / np.sqrt(x)),
    (A.RECIPROCAL, (), np.reciprocal),
    (A.EXP, (), np.exp),
    (A.LOG, (), np.log),
    (A.EXPM1, (), np.expm1),
    (A.LOG1P, (), np.log1p),
    (A.ERF, (), _erf),
    (A.FLOOR, (), np.floor),
    (A.CLIP, (-0.5, 1.5), lambda x, low, high: np.clip(x, low, high)),
    (A.SCALE, (1 / 127.5, -1.0), lambda x, a, b: a * x + b),
    (A.ROUND, (), np.round),
    (A.SIGN, (), np.sign),
    (A.SIN, (), np.sin),
    (A.COS, (), np.cos),
    (A.ARCTAN, (), np.arctan),
]


def _run(code: Activation, p: tuple[float, ...], x: np.ndarray, pieces: int = 1) -> np.ndarray:
    y, whole = guarded(x.shape)
    caller = Caller()
    caller.run(unary, UNARY, x.size, pieces, y=caller.operand(y), x=caller.operand(x), code=int(code), p=floats(*p))
    assert margins_untouched(whole)
    return y


def test_every_code_has_a_case() -> None:
    assert {code for code, _, _ in CASES} == set(Activation)


@pytest.mark.parametrize(("code", "p", "definition"), CASES, ids=lambda v: v.name if isinstance(v, A) else "")
def test_agrees_with_the_definition(code: A, p: tuple[float, ...], definition: Callable[..., np.ndarray]) -> None:
    x = np.concatenate([np.linspace(-12, 12, 1001), [-100.0, 100.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0]]).astype(
        np.float32
    )
    with np.errstate(all="ignore"):
        expected = definition(x.astype(np.float64), *p).astype(np.float32)
    y = _run(code, p, x, pieces=3)
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(y[~finite], expected[~finite])
    np.testing.assert_allclose(y[finite], expected[finite], rtol=5e-7, atol=1e-6)


@pytest.mark.parametrize(("code", "p", "definition"), CASES, ids=lambda v: v.name if isinstance(v, A) else "")
def test_nan_stays_nan(code: A, p: tuple[float, ...], definition: Callable[..., np.ndarray]) -> None:
    x = np.full(19, np.nan, np.float32)
    assert np.isnan(_run(code, p, x)).all()


@pytest.mark.parametrize(("code", "p", "definition"), CASES, ids=lambda v: v.name if isinstance(v, A) else "")
def test_infinities(code: A, p: tuple[float, ...], definition: Callable[..., np.ndarray]) -> None:
    x = np.array([np.inf, -np.inf], np.float32)
    with np.errstate(all="ignore"):
        expected = definition(x.astype(np.float64), *p)
    if code is A.RELU_GENERAL and p[0] == 0:
        expected[1] = 0.0  # the definition's 0 * -inf is not meant
    if code in (A.SQUAREPLUS, A.SOFTSIGN, A.TANH_SHRINK):
        expected = {A.SQUAREPLUS: [np.inf, np.nan], A.SOFTSIGN: [np.nan, np.nan], A.TANH_SHRINK: [np.inf, -np.inf]}[
            code
        ]
    np.testing.assert_array_equal(_run(code, p, x), np.asarray(expected, np.float32))


@pytest.mark.parametrize("n", [1, 15, 16, 17, 33, 100])
def test_any_length_and_in_place(n: int) -> None:
    x = np.random.default_rng(n).normal(size=n).astype(np.float32)
    expected = np.maximum(x, 0)
    np.testing.assert_array_equal(_run(A.RELU, (), x, pieces=2), expected)
    caller = Caller()
    both = caller.operand(x)
    caller.run(unary, UNARY, n, y=both, x=both, code=int(A.RELU), p=floats())
    np.testing.assert_array_equal(x, expected)

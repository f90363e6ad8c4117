"""Every elementwise function against its float64 definition."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest

from modelc.functions.table import UNARY as FUNCTIONS
from modelc.native.families.elementwise.codes import PLAIN_RELU, UNARY_CODES
from modelc.native.families.elementwise.kernel_unary import FORMULAS, unary
from modelc.native.families.elementwise.params import UNARY
from modelc.ops.elementwise import Unary
from tests.native.families.harness import Caller, floats, guarded, margins_untouched

_erf = np.vectorize(math.erf, otypes=[np.float64])
_softplus = lambda x: np.logaddexp(0.0, x)  # noqa: E731
_sigmoid = lambda x: np.exp(-np.logaddexp(0.0, -x))  # noqa: E731


def _relu_general(x: np.ndarray, slope: float, max_value: float, threshold: float) -> np.ndarray:
    return np.where(x >= max_value, max_value, np.where(x > threshold, x, slope * (x - threshold)))


# name, parameters, definition as Keras 3 documents it
CASES: list[tuple[str, tuple[float, ...], Callable[..., np.ndarray]]] = [
    ("linear", (), lambda x: x),
    (PLAIN_RELU, (), lambda x: np.maximum(x, 0)),
    ("relu6", (), lambda x: np.minimum(np.maximum(x, 0), 6)),
    ("relu", (0.1, 6.0, 0.5), _relu_general),
    ("relu", (0.0, math.inf, 0.0), _relu_general),
    ("relu", (0.3, 2.0, 1.0), _relu_general),
    ("leaky_relu", (0.2,), lambda x, s: np.where(x >= 0, x, s * x)),
    ("elu", (1.5,), lambda x, a: np.where(x > 0, x, a * np.expm1(np.minimum(x, 0)))),
    (
        "selu",
        (),
        lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0))),
    ),
    ("celu", (0.7,), lambda x, a: np.maximum(x, 0) + np.minimum(0, a * np.expm1(np.minimum(x, 0) / a))),
    ("gelu", (), lambda x: 0.5 * x * (1 + _erf(x / math.sqrt(2)))),
    ("gelu_tanh", (), lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))),
    ("silu", (), lambda x: x * _sigmoid(x)),
    ("sigmoid", (), _sigmoid),
    ("hard_sigmoid", (), lambda x: np.clip(x + 3, 0, 6) / 6),
    ("hard_silu", (), lambda x: x * np.clip(x + 3, 0, 6) / 6),
    ("tanh", (), np.tanh),
    ("keras2_hard_sigmoid", (), lambda x: np.where(x <= -2.5, 0, np.where(x >= 2.5, 1, x / 5 + 0.5))),
    ("hard_tanh", (), lambda x: np.clip(x, -1, 1)),
    ("tanh_shrink", (), lambda x: x - np.tanh(x)),
    ("softplus", (), _softplus),
    ("softsign", (), lambda x: x / (1 + np.abs(x))),
    ("log_sigmoid", (), lambda x: -_softplus(-x)),
    ("mish", (), lambda x: x * np.tanh(_softplus(x))),
    ("soft_shrink", (0.5,), lambda x, t: np.where(x > t, x - t, np.where(x < -t, x + t, 0))),
    ("hard_shrink", (0.5,), lambda x, t: np.where(np.abs(x) > t, x, 0)),
    ("threshold", (0.4, -2.0), lambda x, t, v: np.where(x > t, x, v)),
    ("squareplus", (4.0,), lambda x, b: (x + np.sqrt(x * x + b)) / 2),
    ("sparse_plus", (), lambda x: np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x))),
    ("sparse_sigmoid", (), lambda x: np.where(x <= -1, 0, np.where(x >= 1, 1, 0.5 * (x + 1)))),
    ("negative", (), np.negative),
    ("abs", (), np.abs),
    ("square", (), np.square),
    ("sqrt", (), np.sqrt),
    ("rsqrt", (), lambda x: 1 / np.sqrt(x)),
    ("reciprocal", (), np.reciprocal),
    ("exponential", (), np.exp),
    ("log", (), np.log),
    ("expm1", (), np.expm1),
    ("log1p", (), np.log1p),
    ("erf", (), _erf),
    ("floor", (), np.floor),
    ("clip", (-0.5, 1.5), lambda x, low, high: np.clip(x, low, high)),
    ("scale", (1 / 127.5, -1.0), lambda x, a, b: a * x + b),
    ("round", (), np.round),
    ("sign", (), np.sign),
    ("sin", (), np.sin),
    ("cos", (), np.cos),
    ("arctan", (), np.arctan),
]


def _run(name: str, p: tuple[float, ...], x: np.ndarray, pieces: int = 1) -> np.ndarray:
    y, whole = guarded(x.shape)
    caller = Caller()
    caller.run(
        unary, UNARY, x.size, pieces, y=caller.operand(y), x=caller.operand(x), code=UNARY_CODES[name], p=floats(*p)
    )
    assert margins_untouched(whole)
    return y


def test_kernels_have_the_functions_of_the_table() -> None:
    assert set(FORMULAS) == set(UNARY_CODES) == {*FUNCTIONS, PLAIN_RELU}
    assert {name for name, _, _ in CASES} == set(FORMULAS)
    assert all(len(inspect.signature(f).parameters) <= 4 for f in FORMULAS.values()), "a kernel takes three parameters"


@pytest.mark.parametrize(("name", "p", "definition"), CASES, ids=lambda v: v if isinstance(v, str) else "")
def test_agrees_with_the_row(name: str, p: tuple[float, ...], definition: Callable[..., np.ndarray]) -> None:
    x = np.linspace(-9, 9, 777, dtype=np.float32)
    row = Unary(cast(Any, "relu" if name == PLAIN_RELU else name), p)
    np.testing.assert_allclose(_run(name, p, x), row.compute(x.astype(np.float64)), rtol=5e-7, atol=1e-6)


@pytest.mark.parametrize(("name", "p", "definition"), CASES, ids=lambda v: v if isinstance(v, str) else "")
def test_agrees_with_the_definition(name: str, p: tuple[float, ...], definition: Callable[..., np.ndarray]) -> None:
    x = np.concatenate([np.linspace(-12, 12, 1001), [-100.0, 100.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0]]).astype(
        np.float32
    )
    with np.errstate(all="ignore"):
        expected = definition(x.astype(np.float64), *p).astype(np.float32)
    y = _run(name, p, x, pieces=3)
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(y[~finite], expected[~finite])
    np.testing.assert_allclose(y[finite], expected[finite], rtol=5e-7, atol=1e-6)


@pytest.mark.parametrize(("name", "p", "definition"), CASES, ids=lambda v: v if isinstance(v, str) else "")
def test_nan_stays_nan(name: str, p: tuple[float, ...], definition: Callable[..., np.ndarray]) -> None:
    x = np.full(19, np.nan, np.float32)
    assert np.isnan(_run(name, p, x)).all()


@pytest.mark.parametrize(("name", "p", "definition"), CASES, ids=lambda v: v if isinstance(v, str) else "")
def test_infinities(name: str, p: tuple[float, ...], definition: Callable[..., np.ndarray]) -> None:
    x = np.array([np.inf, -np.inf], np.float32)
    with np.errstate(all="ignore"):
        expected = definition(x.astype(np.float64), *p)
    if name == "relu" and p[0] == 0:
        expected[1] = 0.0  # the definition's 0 * -inf is not meant
    if name in ("squareplus", "softsign", "tanh_shrink"):
        expected = {"squareplus": [np.inf, np.nan], "softsign": [np.nan, np.nan], "tanh_shrink": [np.inf, -np.inf]}[
            name
        ]
    np.testing.assert_array_equal(_run(name, p, x), np.asarray(expected, np.float32))


def test_gelu_is_accurate_on_both_sides() -> None:
    """The definition by erf has no digits left far below 0, where the complementary function has all of them."""
    x = np.linspace(-5, 20, 300_001).astype(np.float32)
    exact = np.array([0.5 * v * math.erfc(-v / math.sqrt(2)) for v in x.tolist()])
    error = np.abs(_run("gelu", (), x) - exact)
    assert (error[x < 0] <= 4e-6 * np.abs(exact[x < 0])).all()
    assert (error[x > 0] <= 3 * np.spacing(exact[x > 0].astype(np.float32))).all()


@pytest.mark.parametrize("n", [1, 15, 16, 17, 33, 100])
@pytest.mark.parametrize("name", [PLAIN_RELU, "silu", "gelu", "tanh"])
def test_any_length_and_in_place(name: str, n: int) -> None:
    """Each value by itself, whichever it comes after: loops do parts of a formula for several vectors at once."""
    x = np.random.default_rng(n).normal(size=n).astype(np.float32)
    alone = np.concatenate([_run(name, (), x[i : i + 1]) for i in range(n)])
    np.testing.assert_array_equal(_run(name, (), x, pieces=2), alone)
    if name == PLAIN_RELU:
        np.testing.assert_array_equal(alone, np.maximum(x, 0))
    caller = Caller()
    both = caller.operand(x)
    caller.run(unary, UNARY, n, y=both, x=both, code=UNARY_CODES[name], p=floats())
    np.testing.assert_array_equal(x, alone)

"""Each elementwise function against its textbook formula on Python floats, and against IEEE's rules."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelc.errors import ShapeError
from modelc.functions.kinds import BinaryKind, UnaryKind
from modelc.functions.table import BINARY, UNARY
from modelc.graph.types import TensorType
from modelc.ops.elementwise import Binary, Cast, Unary, broadcast


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _piecewise(*parts: tuple[float, Callable[[float], float]]) -> Callable[[float], float]:
    """The first part whose upper bound x does not exceed."""
    return lambda x: next(f(x) for bound, f in parts if x <= bound)


# Formulas as the papers and the Keras documentation write them; all are evaluated where nothing overflows.
FORMULAS: list[tuple[UnaryKind, tuple[float, ...], Callable[[float], float]]] = [
    ("abs", (), abs),
    ("clip", (-0.5, 1.5), lambda x: min(max(x, -0.5), 1.5)),
    ("arctan", (), math.atan),
    ("cos", (), math.cos),
    ("erf", (), math.erf),
    ("expm1", (), math.expm1),
    ("floor", (), math.floor),
    ("log1p", (), lambda x: math.log1p(x) if x > -1 else (-math.inf if x == -1 else math.nan)),
    ("round", (), round),
    ("sign", (), lambda x: (x > 0) - (x < 0)),
    ("sin", (), math.sin),
    ("celu", (0.5,), lambda x: max(0, x) + min(0, 0.5 * (math.exp(x / 0.5) - 1))),
    ("elu", (1.0,), lambda x: x if x > 0 else math.exp(x) - 1),
    ("elu", (0.3,), lambda x: x if x > 0 else 0.3 * (math.exp(x) - 1)),
    ("exponential", (), math.exp),
    ("gelu", (), lambda x: x * 0.5 * math.erfc(-x / math.sqrt(2))),
    ("gelu_tanh", (), lambda x: 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))),
    ("hard_shrink", (0.5,), _piecewise((-0.5000001, float), (0.5, lambda _: 0.0), (math.inf, float))),
    ("hard_sigmoid", (), _piecewise((-3, lambda _: 0.0), (3, lambda x: (x + 3) / 6), (math.inf, lambda _: 1.0))),
    ("hard_silu", (), _piecewise((-3, lambda _: 0.0), (3, lambda x: x * (x + 3) / 6), (math.inf, float))),
    (
        "keras2_hard_sigmoid",
        (),
        _piecewise((-2.5, lambda _: 0.0), (2.5, lambda x: x / 5 + 0.5), (math.inf, lambda _: 1.0)),
    ),
    ("hard_tanh", (), lambda x: max(-1.0, min(1.0, x))),
    ("leaky_relu", (0.2,), lambda x: x if x >= 0 else 0.2 * x),
    ("linear", (), float),
    ("log", (), lambda x: math.log(x) if x > 0 else (-math.inf if x == 0 else math.nan)),
    ("log_sigmoid", (), lambda x: math.log(_sigmoid(x))),
    ("mish", (), lambda x: x * math.tanh(math.log1p(math.exp(x)))),
    ("negative", (), lambda x: -x),
    ("reciprocal", (), lambda x: 1 / x if x else math.inf),
    ("relu", (0.0, math.inf, 0.0), lambda x: max(x, 0.0)),
    ("relu", (0.0, 2.0, 0.0), lambda x: min(max(x, 0.0), 2.0)),
    ("relu", (0.1, 2.0, 0.5), _piecewise((0.5, lambda x: 0.1 * (x - 0.5)), (2, float), (math.inf, lambda _: 2.0))),
    ("relu", (0.0, math.inf, 1.0), lambda x: x if x > 1 else 0.0),
    ("relu6", (), lambda x: min(max(x, 0.0), 6.0)),
    ("rsqrt", (), lambda x: x**-0.5 if x > 0 else (math.inf if x == 0 else math.nan)),
    ("scale", (2.0, -3.0), lambda x: 2 * x - 3),
    ("scale", (2.0,), lambda x: 2 * x),
    ("selu", (), lambda x: 1.05070098 * (x if x > 0 else 1.67326324 * (math.exp(x) - 1))),
    ("sigmoid", (), _sigmoid),
    ("silu", (), lambda x: x * _sigmoid(x)),
    ("soft_shrink", (0.5,), lambda x: math.copysign(max(abs(x) - 0.5, 0.0), x)),
    ("softplus", (), lambda x: math.log1p(math.exp(x))),
    ("softsign", (), lambda x: x / (1 + abs(x))),
    ("sparse_plus", (), _piecewise((-1, lambda _: 0.0), (1, lambda x: (x + 1) ** 2 / 4), (math.inf, float))),
    ("sparse_sigmoid", (), _piecewise((-1, lambda _: 0.0), (1, lambda x: (x + 1) / 2), (math.inf, lambda _: 1.0))),
    ("sqrt", (), lambda x: math.sqrt(x) if x >= 0 else math.nan),
    ("square", (), lambda x: x**2),
    ("squareplus", (4.0,), lambda x: (x + math.sqrt(x**2 + 4)) / 2),
    ("tanh", (), math.tanh),
    ("tanh_shrink", (), lambda x: x - math.tanh(x)),
    ("threshold", (0.5, -7.0), lambda x: x if x > 0.5 else -7.0),
]

POINTS = [-20.0, -6.5, -3.0, -2.0, -1.0, -0.75, -0.5, -0.1, 0.0, 0.1, 0.5, 0.75, 1.0, 2.0, 3.0, 5.75, 6.5, 20.0]


def test_every_kind_has_a_formula() -> None:
    assert {kind for kind, _, _ in FORMULAS} == set(UNARY)


@pytest.mark.parametrize(("kind", "parameters", "formula"), FORMULAS)
def test_unary_is_its_formula(kind: Any, parameters: tuple[float, ...], formula: Callable[[float], float]) -> None:
    want = np.array([formula(x) for x in POINTS])
    for dtype, tolerance in ((np.float64, 1e-8), (np.float32, 2e-6)):
        y = Unary(kind, parameters).compute(np.array(POINTS, dtype))
        assert y.dtype == dtype
        np.testing.assert_allclose(y, want, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("kind", "parameters"), [(kind, parameters) for kind, parameters, _ in FORMULAS])
def test_nan_goes_through(kind: Any, parameters: tuple[float, ...]) -> None:
    y = Unary(kind, parameters).compute(np.array([math.nan, 1.0], np.float32))
    assert kind == "threshold" or np.isnan(y[0])
    assert not np.isnan(y[1])


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("sigmoid", 0, 1), ("softplus", 0, 1e4), ("log_sigmoid", -1e4, 0), ("silu", 0, 1e4), ("mish", 0, 1e4),
        ("tanh", -1, 1), ("gelu", 0, 1e4), ("gelu_tanh", 0, 1e4), ("selu", -1.7580993, 1.0507009873554805e4),
    ],
)  # fmt: skip
def test_nothing_overflows(kind: Any, low: float, high: float) -> None:
    with np.errstate(over="raise"):
        y = Unary(kind).compute(np.array([-1e4, 1e4], np.float32))
    np.testing.assert_allclose(y, [low, high], rtol=1e-6)


def test_infinity_is_clipped_by_what_clips() -> None:
    x = np.array([-math.inf, math.inf], np.float32)
    np.testing.assert_array_equal(Unary("relu", (0.0, math.inf, 0.0)).compute(x), [0, math.inf])
    np.testing.assert_array_equal(Unary("relu6").compute(x), [0, 6])
    np.testing.assert_array_equal(Unary("leaky_relu", (0.5,)).compute(x), x)


def test_integers_become_float32() -> None:
    y = Unary("sqrt").compute(np.array([4, 9], np.int32))
    assert y.dtype == np.float32
    assert y.tolist() == [2, 3]
    assert Unary("sqrt").infer(TensorType((None, 2), "int32")) == TensorType((None, 2))


SCALARS: dict[BinaryKind, Callable[[float, float], float]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "maximum": max,
    "minimum": min,
    "prelu": lambda a, b: a if a >= 0 else a * b,
    "equal": lambda a, b: float(a == b),
    "not_equal": lambda a, b: float(a != b),
    "greater": lambda a, b: float(a > b),
    "greater_equal": lambda a, b: float(a >= b),
    "less": lambda a, b: float(a < b),
    "less_equal": lambda a, b: float(a <= b),
    "gate": lambda a, b: a if b > 0 else 0.0,
}


@pytest.mark.parametrize("kind", BINARY)
def test_binary_broadcasts_a_scalar_function(kind: Any) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 3, 4)), rng.standard_normal((3, 1))
    a[1, :, 2] = b[:, 0]
    want = [[[SCALARS[kind](a[i, j, k], b[j, 0]) for k in range(4)] for j in range(3)] for i in range(2)]
    np.testing.assert_allclose(Binary(kind).compute(a, b), want, rtol=1e-12)


def test_binary_types() -> None:
    batch = TensorType((None, 3))
    assert Binary("add").infer(batch, TensorType((3,))) == batch
    assert Binary("add").infer(batch, TensorType((5, 1, 1))) == TensorType((5, None, 3))


_DIM = st.sampled_from([1, 2, 3])


@given(st.lists(_DIM, max_size=4), st.lists(_DIM, max_size=4))
def test_broadcast_is_that_of_numpy(a: list[int], b: list[int]) -> None:
    try:
        want = np.broadcast_shapes(tuple(a), tuple(b))
    except ValueError:
        with pytest.raises(ShapeError, match="do not broadcast"):
            broadcast(tuple(a), tuple(b))
    else:
        assert broadcast(tuple(a), tuple(b)) == want


@pytest.mark.parametrize(
    ("a", "b", "want"),
    [
        ((None, 2), (2,), (None, 2)),
        ((None, 2), (1, 1), (None, 2)),
        ((1, 2), (None, 1), (None, 2)),
        ((3,), (None, 1), (None, 3)),
    ],
)
def test_the_batch_broadcasts_with_1_and_itself(a: Any, b: Any, want: Any) -> None:
    assert broadcast(a, b) == want


def test_the_batch_does_not_broadcast_with_a_size() -> None:
    with pytest.raises(ShapeError, match=r"\(None, 2\) and \(4, 2\)"):
        broadcast((None, 2), (4, 2))


def test_cast_truncates_and_keeps_the_precision() -> None:
    assert Cast("int32").compute(np.array([-1.7, 1.7], np.float32)).tolist() == [-1, 1]
    assert Cast("int32").compute(np.array([1.0])).dtype == np.int32
    assert Cast("float32").compute(np.array([1], np.int32)).dtype == np.float32
    assert Cast("float32").compute(np.array([1.5])).dtype == np.float64

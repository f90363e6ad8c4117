"""The recurrent op against its equations, written out over single numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from modelc.errors import ShapeError
from modelc.graph.types import TensorType
from modelc.ops.elementwise import Unary
from modelc.ops.recurrent import GATES, PARTS, STATES, PerSample, Recurrent, RecurrentKind

Row = list[float]
F, G = Unary("softsign"), Unary("sigmoid")


def _f(x: float) -> float:
    return x / (1 + abs(x))


def _g(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _dot(h: Row, kernel: Any, column: int) -> float:
    return sum(h[k] * kernel[k, column] for k in range(len(h)))


def _simple(x: Row, kernel: Any, bias: Row, states: list[Row]) -> list[Row]:
    (h,) = states
    return [[_f(x[u] + _dot(h, kernel, u)) for u in range(len(h))]]


def _lstm(x: Row, kernel: Any, bias: Row, states: list[Row]) -> list[Row]:
    h, c = states
    units = len(h)

    def z(gate: int, u: int) -> float:
        return x[gate * units + u] + _dot(h, kernel, gate * units + u)

    carried = [_g(z(1, u)) * c[u] + _g(z(0, u)) * _f(z(2, u)) for u in range(units)]
    return [[_g(z(3, u)) * _f(carried[u]) for u in range(units)], carried]


def _gru(x: Row, kernel: Any, bias: Row, states: list[Row]) -> list[Row]:
    (h,) = states
    units = len(h)
    out: Row = []
    for u in range(units):
        inner = [_dot(h, kernel, gate * units + u) + bias[gate * units + u] for gate in range(3)]
        z, r = (_g(x[gate * units + u] + inner[gate]) for gate in range(2))
        candidate = _f(x[2 * units + u] + r * inner[2])
        out.append(z * h[u] + (1 - z) * candidate)
    return [out]


def _gru_reset_before(x: Row, kernel: Any, bias: Row, states: list[Row]) -> list[Row]:
    (h,) = states
    units = len(h)
    z = [_g(x[u] + _dot(h, kernel, u)) for u in range(units)]
    reset = [_g(x[units + u] + _dot(h, kernel, units + u)) * h[u] for u in range(units)]
    candidates = [_f(x[2 * units + u] + _dot(reset, kernel, 2 * units + u)) for u in range(units)]
    return [[z[u] * h[u] + (1 - z[u]) * candidates[u] for u in range(units)]]


STEPS: dict[RecurrentKind, Callable[[Row, Any, Row, list[Row]], list[Row]]] = {
    "simple": _simple,
    "lstm": _lstm,
    "gru": _gru,
    "gru_reset_before": _gru_reset_before,
}
N, T, U = 2, 4, 3


def test_every_kind_has_equations() -> None:
    assert set(STEPS) == set(GATES) == set(PARTS) == set(STATES)


@pytest.mark.parametrize(
    ("kind", "masked", "initial", "backward", "kept"), [*product(STEPS, (0, 1), (0, 1), (0, 1), (1, 2, 4))]
)
def test_is_its_equations(kind: RecurrentKind, masked: int, initial: int, backward: int, kept: int) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((N, T, GATES[kind] * U))
    kernel = rng.standard_normal((U, GATES[kind] * U))
    bias = rng.standard_normal(GATES[kind] * U) if kind == "gru" else np.zeros(GATES[kind] * U)
    mask = np.array([[0.0, 1, 1, 0], [1, 0, 0.5, 1]])
    first = [rng.standard_normal((N, U)) for _ in range(STATES[kind])]
    op = Recurrent(kind, F, G, kept, kind == "gru", bool(masked), bool(initial), bool(backward))
    extra = [*([bias] if kind == "gru" else []), *([mask] if masked else []), *(first if initial else [])]
    y = op.compute(x, kernel, *extra)
    assert y.shape == (N, kept, PARTS[kind] * U)
    for n in range(N):
        states = [list(s[n]) if initial else [0.0] * U for s in first]
        trajectory: list[Row] = []
        for t in reversed(range(T)) if backward else range(T):
            if not masked or mask[n, t]:
                states = STEPS[kind](list(x[n, t]), kernel, list(bias), states)
            trajectory.append([value for state in states for value in state])
        carried = STATES[kind] * U
        np.testing.assert_allclose(y[n, :, :carried], trajectory[-kept:], rtol=1e-12)


def test_types_and_cost() -> None:
    x, kernel = TensorType((None, 7, 12)), TensorType((3, 12))
    op = Recurrent("lstm", F, G, 2)
    assert op.infer(x, kernel) == TensorType((None, 2, 6))
    assert op.macs(op.infer(x, kernel), x, kernel) == 7 * 3 * 12
    with pytest.raises(ShapeError, match=r"takes \(N, T, G·U\)"):
        op.infer(TensorType((None, 7, 9)), TensorType((3, 9)))


def test_a_weight_per_sample() -> None:
    w = np.arange(6.0).reshape(3, 2)
    assert PerSample().infer(TensorType((3, 2)), TensorType((None, 5))) == TensorType((None, 2))
    np.testing.assert_array_equal(PerSample().compute(w, np.zeros((3, 5))), w)
    with pytest.raises(ShapeError, match="batches of 3, found one of 2"):
        PerSample().compute(w, np.zeros((2, 5)))

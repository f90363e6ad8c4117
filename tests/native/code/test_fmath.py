"""The elementary functions against the C library's float64 ones, in units in the last place."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from inspect import isgeneratorfunction
from typing import Any

import numpy as np
import pytest

from modelc.native.code import fmath, lanes
from modelc.native.code.record import OPERAND, Record
from modelc.native.code.vector import LANES, load, store, traced
from modelc.native.code.view import view
from tests.native.families.harness import Caller

_RECORD = Record.of(y=OPERAND, x=OPERAND)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.where(x < 0, np.exp(-np.abs(x)), 1.0) / (1.0 + np.exp(-np.abs(x)))


# function, float64 definition, allowed error in ulp
CASES: dict[str, tuple[Callable[[np.ndarray], np.ndarray], float]] = {
    "exp": (np.exp, 1.5),
    "expm1": (np.expm1, 2.5),
    "log": (np.log, 1.5),
    "log1p": (np.log1p, 2.5),
    "tanh": (np.tanh, 3.0),
    "erf": (np.vectorize(math.erf), 2.5),
    "sigmoid": (_sigmoid, 2.5),
    "softplus": (lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), 3.0),
    "sqrt": (np.sqrt, 0.5),
    "rsqrt": (lambda x: 1.0 / np.sqrt(x), 2.0),
    "sin": (np.sin, 2.0),
    "cos": (np.cos, 2.0),
    "arctan": (np.arctan, 3.0),
    "nearest": (np.round, 0.0),
    "floor": (np.floor, 0.0),
}
EDGES = np.array(
    [0.0, np.inf, np.nan, 1.0, 88.7, 88.8, 87.4, 103.9, 104.5, 1e-45, 1e-40, 3e38],
    np.float32,
)


def _whole(formula: Any) -> Any:
    """A formula with the parts that it is cut into in one."""
    if not isgeneratorfunction(formula):
        return formula

    def whole(x: lanes.Lanes) -> lanes.Lanes:
        parts = formula(x)
        values = next(parts)
        while True:
            try:
                values = parts.send(values)
            except StopIteration as end:
                return end.value

    return whole


@cache
def _kernel(formula: Any) -> Any:
    function = traced(_whole(formula))

    def apply(ctx, params, begin, end):
        args = view(_RECORD, ctx, params)
        for i in range(begin, end):
            store(args.y, i * LANES, function(load(args.x, i * LANES)))

    return apply


def _apply(name: str, x: np.ndarray) -> np.ndarray:
    return _applied(getattr(fmath, name, None) or getattr(lanes, name), x)


def _applied(formula: Any, x: np.ndarray) -> np.ndarray:
    padded = np.resize(x, -(-x.size // LANES) * LANES)
    y = np.empty_like(padded)
    caller = Caller()
    caller.run(_kernel(formula), _RECORD, padded.size // LANES, y=caller.operand(y), x=caller.operand(padded))
    return y[: x.size]


def _every_magnitude() -> np.ndarray:
    """Some 250,000 floats spread evenly over all bit patterns, and as many evenly over [-20, 20]."""
    patterns = np.arange(0, 2**32, 16411, dtype=np.uint64).astype(np.uint32).view(np.float32)
    return np.concatenate([patterns, np.linspace(-20, 20, 250_001, dtype=np.float32), EDGES, -EDGES])


@pytest.mark.parametrize("name", CASES)
def test_error_in_ulp(name: str) -> None:
    definition, allowed = CASES[name]
    x = _every_magnitude()
    with np.errstate(all="ignore"):
        exact = definition(x.astype(np.float64))
        rounded = exact.astype(np.float32)
    y = _apply(name, x)
    finite = np.isfinite(rounded)
    np.testing.assert_array_equal(y[~finite], rounded[~finite])
    ulp = np.spacing(np.abs(rounded[finite])).astype(np.float64)
    error = np.abs(y[finite].astype(np.float64) - exact[finite]) / ulp
    worst = int(np.argmax(error))
    assert error[worst] <= allowed, f"{name}({x[finite][worst]!r}) = {y[finite][worst]!r}, {error[worst]:.2f} ulp"


@pytest.mark.parametrize("name", ["silu", "gelu"])
def test_error_of_activations(name: str) -> None:
    """That of silu is bounded relative to its value, which is a product; that of gelu as `fmath` states it."""
    x = _every_magnitude()
    x = x[np.isfinite(x)]
    wide = x.astype(np.float64)
    y = _apply(name, x).astype(np.float64)
    if name == "silu":
        exact = wide * _sigmoid(wide)
        allowed = (3e-7 + 2e-8 * np.abs(wide)) * np.abs(exact) + 1e-37
    else:
        exact = wide * 0.5 * np.vectorize(math.erfc)(-wide / math.sqrt(2))
        allowed = 2e-7 * np.maximum(1.0, np.abs(exact))
    excess = np.abs(y - exact) - allowed
    worst = int(np.argmax(excess))
    assert excess[worst] <= 0, f"{name}({x[worst]!r}) = {y[worst]!r}, exactly {exact[worst]!r}"


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_quotients_in_short_are_near(name: str) -> None:
    quotient = getattr(fmath, f"{name}_in_short")

    def formula(x: lanes.Lanes) -> lanes.Lanes:
        numerator, denominator = quotient(x)
        return numerator / denominator

    x = _every_magnitude()
    y = _applied(formula, x).astype(np.float64)
    with np.errstate(all="ignore"):
        wide = x.astype(np.float64)
        exact = CASES[name][0](wide)
    nan = np.isnan(wide)
    assert np.isnan(y[nan]).all()
    wide, y, exact = wide[~nan], y[~nan], exact[~nan]
    allowed = 3e-7 * np.abs(exact) + (
        2e-8 * np.minimum(np.abs(wide), 104) * exact + 1e-37 if name == "sigmoid" else 1e-44
    )
    excess = np.abs(y - exact) - allowed
    worst = int(np.argmax(excess))
    assert excess[worst] <= 0, f"{name}({wide[worst]!r}) = {y[worst]!r}, not {exact[worst]!r}"


def test_the_sign_of_zero_is_kept() -> None:
    x = np.full(LANES, -0.0, np.float32)
    for name in ("expm1", "log1p", "tanh", "erf", "sin", "nearest", "floor"):
        assert np.signbit(_apply(name, x)).all(), name


def test_pieces_of_two_over_pi() -> None:
    """Against Machin's formula, π/4 = 4·arctan(1/5) - arctan(1/239), in integers."""
    unit = 1 << 400
    pi = 4 * (4 * _arctan_of_inverse(5, unit) - _arctan_of_inverse(239, unit))
    pieces = fmath._TWO_OVER_PI
    bits = 24 * len(pieces)
    assert sum(piece << (bits - 24 * (i + 1)) for i, piece in enumerate(pieces)) == (2 * unit << bits) // pi


def _arctan_of_inverse(n: int, unit: int) -> int:
    power, total, k = unit // n, 0, 1
    while power:
        total += power // k if k % 4 == 1 else -(power // k)
        power //= n * n
        k += 2
    return total

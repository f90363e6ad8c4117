"""Regularizers and constraints against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from modelc.config.base import Config
from modelc.config.registry import Registry
from modelc.constraints import CONSTRAINTS, Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from modelc.errors import ShapeError, SpecError
from modelc.regularizers import L1, L1L2, L2, REGULARIZERS, OrthogonalRegularizer, Regularizer

W = np.array([[3.0, 0.0, -1.0], [4.0, 0.0, 2.0]])
"""The columns have the norms 5, 0 and √5."""


@pytest.mark.parametrize(
    ("regularizer", "penalty"),
    [
        (L1(), 0.01 * 10),
        (L1(0.3), 0.3 * 10),
        (L2(), 0.01 * 30),
        (L2(2), 2 * 30),
        (L1L2(), 0),
        (L1L2(l1=0.5, l2=0.1), 5 + 3),
        (L1L2(l2=0.1), 3),
        # Rows (3, 0, -1) and (4, 0, 2): |12 - 2| / (√10·√20).
        (OrthogonalRegularizer(), 0.01 * 10 / math.sqrt(200)),
        # Columns: only the first and the third are not zero, one pair of three.
        (OrthogonalRegularizer(0.6, "columns"), 0.6 * (abs(-3 + 8) / (5 * math.sqrt(5))) / 3),
    ],
)
def test_penalty(regularizer: Regularizer, penalty: float) -> None:
    assert regularizer(W) == pytest.approx(penalty, rel=1e-12)
    assert regularizer(W.astype(np.float32)) == pytest.approx(penalty, rel=1e-6)


def test_orthogonal_vectors_cost_nothing() -> None:
    assert OrthogonalRegularizer(1.0)(np.array([[0.0, 2.0], [-3.0, 0.0]])) == 0
    assert OrthogonalRegularizer(1.0)(np.ones((1, 4))) == 0
    with pytest.raises(ShapeError, match=r"takes a matrix, found the shape \(2, 2, 2\)"):
        OrthogonalRegularizer()(np.ones((2, 2, 2)))


def norms(w: np.ndarray) -> list[float]:
    return list(np.sqrt((w**2).sum(axis=0)))


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (MaxNorm(), [2, 0, 2]),
        (MaxNorm(4), [4, 0, math.sqrt(5)]),
        (UnitNorm(), [1, 0, 1]),
        (MinMaxNorm(), [1, 0, 1]),
        (MinMaxNorm(3, 4), [4, 0, 3]),
        (MinMaxNorm(3, 4, 0.25), [0.25 * 4 + 0.75 * 5, 0, 0.25 * 3 + 0.75 * math.sqrt(5)]),
    ],
)
def test_norms_after_a_projection(constraint: Constraint, expected: list[float]) -> None:
    projected = constraint(W)
    np.testing.assert_allclose(norms(projected), expected, rtol=1e-6, atol=1e-12)
    # The directions stay.
    np.testing.assert_allclose(projected[:, 0], W[:, 0] * expected[0] / 5, rtol=1e-6)
    assert constraint(W.astype(np.float32)).dtype == np.float32


def test_axes_of_a_norm() -> None:
    kernel = np.random.default_rng(0).standard_normal((3, 3, 4, 5))
    for axis, axes in (([0, 1, 2], (0, 1, 2)), (-1, (3,)), ([2], (2,))):
        for constraint in (UnitNorm(axis), MaxNorm(0.5, axis), MinMaxNorm(0.5, 0.5, axis=axis)):
            length = 1 if isinstance(constraint, UnitNorm) else 0.5
            np.testing.assert_allclose(np.sqrt((constraint(kernel) ** 2).sum(axes)), length, rtol=1e-6)
    with pytest.raises(ShapeError, match=r"a weight of the shape \(2, 3\) has no axis 2"):
        UnitNorm([0, 2])(W)


def test_non_neg() -> None:
    np.testing.assert_array_equal(NonNeg()(W), [[3, 0, 0], [4, 0, 2]])


def test_names() -> None:
    assert {a: REGULARIZERS[a].__name__ for a in REGULARIZERS.aliases} == {
        "l1": "L1", "l2": "L2", "l1_l2": "L1L2", "l1l2": "L1L2", "orthogonal_regularizer": "OrthogonalRegularizer",
    }  # fmt: skip
    assert {a: CONSTRAINTS[a].__name__ for a in CONSTRAINTS.aliases} == {
        "max_norm": "MaxNorm", "non_neg": "NonNeg", "unit_norm": "UnitNorm", "min_max_norm": "MinMaxNorm",
    }  # fmt: skip


@pytest.mark.parametrize("registry", [REGULARIZERS, CONSTRAINTS])
def test_round_trip(registry: Registry[Config]) -> None:
    options = {"MaxNorm": {"axis": [0, 1]}, "OrthogonalRegularizer": {"factor": 1.5, "mode": "columns"}}
    for name in registry.names:
        config = registry.coerce({"type": name, **options.get(name, {})})
        assert registry.coerce(config.plain()) == config


@pytest.mark.parametrize(
    ("cls", "options", "message"),
    [
        (L1, {"l1": -1.0}, "`l1` must be at least 0.0, found -1.0"),
        (L2, {"l2": math.inf}, "`l2` must be a finite number, found the number inf"),
        (OrthogonalRegularizer, {"mode": "row"}, '`mode` cannot be "row"'),
        (MinMaxNorm, {"min_value": 3.0}, "`min_value` (=3.0) must be at most `max_value` (=1.0)"),
        (MinMaxNorm, {"rate": 2.0}, "`rate` must be at most 1.0, found 2.0"),
        (MaxNorm, {"axis": [1, 1]}, "`axis`: expected 1 to 8 different axes, found [1, 1]"),
    ],
)
def test_wrong_options(cls: type[Config], options: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError) as error:
        cls(**options)
    assert [d.message for d in error.value.diagnostics] == [message]


def test_one_axis_in_a_list_is_that_axis() -> None:
    assert MaxNorm(axis=[1]) == MaxNorm(axis=1)

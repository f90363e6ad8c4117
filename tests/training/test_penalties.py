"""Regularizers and constraints in ops, against their NumPy forms (tests/regularizers) and against Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.constraints import CONSTRAINTS, Constraint
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.types import TensorType
from modelc.regularizers import REGULARIZERS, OrthogonalRegularizer, Regularizer
from tests.live_keras import live_keras
from tests.training.evaluate import evaluate

Array = np.ndarray[Any, Any]

REGULARIZER_CASES: list[tuple[str, dict[str, Any]]] = [
    ("L1", {"l1": 0.3}),
    ("L2", {"l2": 0.2}),
    ("L1L2", {"l1": 0.3, "l2": 0.2}),
    ("OrthogonalRegularizer", {"factor": 0.5}),
    ("OrthogonalRegularizer", {"factor": 0.5, "mode": "columns"}),
]
CONSTRAINT_CASES: list[tuple[str, dict[str, Any]]] = [
    ("MaxNorm", {}),
    ("MaxNorm", {"max_value": 0.5, "axis": (0, 1)}),
    ("NonNeg", {}),
    ("UnitNorm", {}),
    ("UnitNorm", {"axis": -1}),
    ("MinMaxNorm", {}),
    ("MinMaxNorm", {"min_value": 1.5, "max_value": 1.6, "rate": 0.4, "axis": 1}),
]


def weights() -> list[Array]:
    rng = np.random.default_rng(0)
    drawn = [rng.standard_normal(shape, np.float32) for shape in ((4, 3), (2, 5), (1, 6), (6, 1))]
    drawn[0][:, 1] = 0
    drawn[1][0] = 0
    return drawn


def penalty(regularizer: Regularizer, w: Array) -> Array:
    return evaluate(lambda g, x: {"y": regularizer.penalty(x["w"])}, {"w": w}, batched=False)["y"]


def projected(constraint: Constraint, w: Array) -> Array:
    return evaluate(lambda g, x: {"y": constraint.project(x["w"])}, {"w": w}, batched=False)["y"]


@pytest.mark.parametrize(("name", "options"), REGULARIZER_CASES)
def test_penalties_in_ops(name: str, options: dict[str, Any]) -> None:
    regularizer = REGULARIZERS[name](**options)
    for w in weights():
        found = penalty(regularizer, w)
        assert found.shape == () and found.dtype == np.float32
        np.testing.assert_allclose(found, regularizer(w), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param(*case, marks=pytest.mark.jax) if case[0] == "OrthogonalRegularizer" else case
        for case in REGULARIZER_CASES
    ],
)
def test_penalties_of_keras(name: str, options: dict[str, Any]) -> None:
    keras: Any = live_keras()
    for w in weights():
        if name == "OrthogonalRegularizer" and w.shape[options.get("mode") == "columns"] == 1:
            continue  # Keras divides by the number of pairs, which is 0
        expected = getattr(keras.regularizers, name)(**options)(keras.ops.convert_to_tensor(w))
        np.testing.assert_allclose(penalty(REGULARIZERS[name](**options), w), expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(("name", "options"), CONSTRAINT_CASES)
def test_projections_in_ops(name: str, options: dict[str, Any]) -> None:
    constraint = CONSTRAINTS[name](**options)
    for w in weights():
        found = projected(constraint, w)
        assert found.shape == w.shape and found.dtype == np.float32
        np.testing.assert_allclose(found, constraint(w), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(("name", "options"), CONSTRAINT_CASES)
def test_projections_of_keras(name: str, options: dict[str, Any]) -> None:
    keras: Any = live_keras()
    for w in weights():
        expected = getattr(keras.constraints, name)(**options)(w)
        np.testing.assert_allclose(projected(CONSTRAINTS[name](**options), w), expected, rtol=1e-5, atol=1e-7)


def test_every_name_has_a_case() -> None:
    assert {name for name, _ in REGULARIZER_CASES} == set(REGULARIZERS.names)
    assert {name for name, _ in CONSTRAINT_CASES} == set(CONSTRAINTS.names)


def test_names_of_keras() -> None:
    """Only the base classes are left out: the vocabularies are closed."""
    import inspect

    keras: Any = live_keras()
    for module, registry, base in (
        (keras.regularizers, REGULARIZERS, "Regularizer"),
        (keras.constraints, CONSTRAINTS, "Constraint"),
    ):
        exported = {getattr(module, n).__name__ for n in dir(module) if inspect.isclass(getattr(module, n))}
        assert exported == {*registry.names, base}


def test_what_does_not_fit_is_refused() -> None:
    g = Builder()
    cube = g.input(TensorType((2, 2, 2)))
    with pytest.raises(ShapeError, match=r"takes a matrix, found the shape \(2, 2, 2\)"):
        OrthogonalRegularizer().penalty(cube)
    with pytest.raises(ShapeError, match=r"a weight of the shape \(2, 2, 2\) has no axis 3"):
        CONSTRAINTS["UnitNorm"](axis=3).project(cube)

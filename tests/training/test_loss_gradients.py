"""The gradient of every loss by the predictions, against JAX's of Keras's loss, and against recorded ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.graph.builder import Builder
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.losses import LOSSES
from modelc.passes.differentiate import differentiate
from tests.live_keras import live_keras
from tests.training.loss_cases import LOSS_CASES, LossCase
from tests.training.recorded import RECORDED

Array = np.ndarray[Any, Any]


def gradient(case: LossCase, seed: int) -> Array:
    y, p = case.arrays(seed)
    g = Builder(batch_size=len(y) if case.fixed else None)
    labels = g.input(TensorType((None, *y.shape[1:]), "int32" if y.dtype.kind == "i" else "float32"))
    predictions = g.input(TensorType((None, *p.shape[1:])))
    loss = LOSSES[case.name](**case.options).emit(g, labels, predictions)
    graph = differentiate(g.graph("loss", (loss,), ("loss",)), [predictions.value])
    return interpret(graph, [y, p], {})[1]


def close(found: Array, expected: Array) -> None:
    assert found.shape == expected.shape and found.dtype == np.float32
    # Where a probability is clipped, some elements are a million times as large as others.
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5 * np.abs(expected).max())


@pytest.mark.jax
@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # Keras's, about one class
@pytest.mark.parametrize("case", LOSS_CASES, ids=lambda c: c.id)
def test_gradients_of_keras(case: LossCase) -> None:
    live_keras()
    from tests.training import by_keras

    found, expected = gradient(case, 1), by_keras.gradient(case, 1)
    if case.name == "MeanAbsolutePercentageError":
        # Where a prediction is its label the absolute value has no slope: 0 here, as in TensorFlow, and 1 in JAX.
        y, p = case.arrays(1)
        expected = np.where(y == p, 0, expected)
    close(found, expected)


@pytest.mark.parametrize("case", LOSS_CASES, ids=lambda c: c.id)
def test_recorded_gradients(case: LossCase) -> None:
    close(gradient(case, 0), RECORDED[f"gradient/{case.id}"])


def test_rows_that_do_not_count_have_no_gradient() -> None:
    """Whatever they hold: Keras gives a number that is none for a row of zeros that stand for probabilities."""
    g = Builder()
    labels, predictions = g.input(TensorType((None,), "int32")), g.input(TensorType((None, 3)))
    loss = LOSSES["SparseCategoricalCrossentropy"](ignore_class=1).emit(g, labels, predictions)
    graph = differentiate(g.graph("loss", (loss,), ("loss",)), [predictions.value])
    p = np.array([[0.2, 0.3, 0.5], [0, 0, 0]], np.float32)
    found = interpret(graph, [np.array([0, 1], np.int32), p], {})[1]
    assert np.isfinite(found).all() and not found[1].any() and found[0].all()

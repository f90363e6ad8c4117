"""The graph of a step: what it is made of besides the layers and the rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.model.model import Model
from modelc.model.symbol import Backend
from modelc.ops.random import Random
from modelc.optimizers import OPTIMIZERS
from modelc.training.batch import TrainingBatch
from modelc.training.step import training_step
from modelc.training.step_graph import STEP, StepGraph

Array = np.ndarray[Any, Any]


def built(layers: str, optimizer: Any = "sgd", backend: Backend = "reference") -> Model:
    model = load_spec(f"modelc: 1\ninput: {{shape: [3]}}\nlayers: [{layers}]").build(backend=backend)
    model.compile(optimizer, "mse")
    return model


def step_of(model: Model, x: Array, y: Array) -> StepGraph:
    engine = model.trainer.engine
    return training_step(
        model.to_spec(), engine.objective, TrainingBatch([x], (y,), (None,)).labels(model.graph), engine.optimizer
    )


def drawn(samples: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((samples, 3), np.float32), rng.standard_normal((samples, 2), np.float32)


@pytest.mark.parametrize("backend", ["reference", "native"])
@pytest.mark.parametrize("samples", [1, 5, 16])
@pytest.mark.parametrize("layers", [
    "{type: Dense, units: 2, activity_regularizer: {type: L1L2, l1: 0.1, l2: 0.2}}",
    "{type: Dense, units: 2}, {type: ActivityRegularization, l1: 0.1, l2: 0.2}",
])  # fmt: skip
def test_outputs_are_penalized_per_sample(layers: str, samples: int, backend: Backend) -> None:
    """``mean((p - y)²) + (l1·Σ|p| + l2·Σp²) / N``, as in Keras, so that the batch may be of any size."""
    model = built(layers, backend=backend)
    x, y = drawn(samples)
    p = x.astype(np.float64) @ model.arrays["dense/kernel"]
    expected = np.square(p - y).mean() + (0.1 * np.abs(p).sum() + 0.2 * np.square(p).sum()) / samples
    assert model.test_on_batch(x, y) == pytest.approx(expected, rel=1e-6)
    assert model.train_on_batch(x, y) == pytest.approx(expected, rel=1e-6)
    slope = 2 * (p - y) / y.size + (0.1 * np.sign(p) + 0.4 * p) / samples
    np.testing.assert_allclose(model.arrays["dense/bias"], -0.01 * slope.sum(0), rtol=1e-5)


@pytest.mark.parametrize("name", OPTIMIZERS.names)
def test_what_optimizers_keep_begins_as_they_say(name: str) -> None:
    model = built("{type: Dense, units: 2}", name)
    step = step_of(model, *drawn(4))
    state = OPTIMIZERS[name]().state()
    begins = {path: slot.initializer for path, slot in step.slots.items() if path.endswith("/")}
    assert begins.keys() == {f"optimizer/{key}/" for key in state}
    for key, value in state.items():
        initializer = begins[f"optimizer/{key}/"]
        assert initializer is not None
        assert initializer.draw((), np.random.default_rng(0)) == value


def test_all_draws_depend_on_the_number_of_the_step() -> None:
    layers = "{type: Dropout, rate: 0.5}, {type: GaussianNoise, stddev: 0.1}, {type: Dense, units: 2}"
    step = step_of(built(layers), *drawn(4))
    number = dict(zip(step.feeds, step.graph.inputs[step.samples :], strict=True))[STEP]
    draws = [node for node in step.graph.nodes if isinstance(node.op, Random)]
    assert len(draws) == 2
    assert all(number in node.inputs for node in draws)

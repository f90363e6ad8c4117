"""Layers with state that are called twice in a step: each call goes on from what the one before left, as in Keras."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import modelc
from modelc.model.symbol import Backend
from tests.training.record_called_twice import BATCH, MOMENTUM, RATE, RECORD, STEPS

with np.load(RECORD) as file:
    RECORDED = dict(file)
NAMES = sorted({name.partition("/")[0] for name in RECORDED})


def test_all_kinds_of_state_are_recorded() -> None:
    assert {"normalization", "backbone", "renorm", "spectral", "simple_rnn", "gru", "lstm"} < set(NAMES)


@pytest.mark.parametrize("backend", ["native", "reference"])
@pytest.mark.parametrize("name", NAMES)
def test_steps_are_those_of_keras(name: str, backend: Backend, tmp_path: Path) -> None:
    recorded = {key.partition("/")[2]: array for key, array in RECORDED.items() if key.startswith(f"{name}/")}
    path = tmp_path / "model.json"
    path.write_text(str(recorded["model"]))
    model = modelc.load_spec(path).build(backend=backend)
    model.set_weights([recorded[f"begin/{i}"] for i in range(len(model.weights))])
    model.compile(modelc.optimizers.SGD(RATE, momentum=MOMENTUM), "mse")
    xs, y = [recorded["x0"], recorded["x1"]], recorded["y"]
    for step in range(STEPS):
        assert model.train_on_batch(xs, y) == pytest.approx(recorded["losses"][step], rel=1e-5)
        for i, array in enumerate(model.get_weights()):
            np.testing.assert_allclose(array, recorded[f"step{step}/{i}"], rtol=2e-5, atol=2e-6)
    np.testing.assert_allclose(model.predict(xs, BATCH), recorded["predicted"], rtol=1e-4, atol=1e-5)

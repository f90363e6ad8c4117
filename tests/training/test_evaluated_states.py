"""What a model keeps from batch to batch goes on in `evaluate`, as it does in `predict` and in Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import modelc
from modelc.model.symbol import Backend
from tests.training.record_evaluated_states import RATE, RECORD

BACKENDS = pytest.mark.parametrize("backend", ["native", "reference"])


@BACKENDS
@pytest.mark.parametrize("limit", [None, "1GB"])
def test_states_of_recurrent_layers_are_those_of_keras(backend: Backend, limit: str | None) -> None:
    if limit and backend == "reference":
        pytest.skip("the reference has no limit")
    recorded = np.load(RECORD)
    x, y = recorded["x"], recorded["y"]
    spec = """{modelc: 1, input: {shape: [4, 3], batch_size: 2}, layers: [
        {type: GRU, units: 5, stateful: true, return_sequences: true}, {type: LSTM, units: 4, stateful: true},
        {type: Dense, units: 1}]}"""
    model = modelc.load_spec(spec).build(backend=backend)
    model.set_weights([recorded[f"begin_{i}"] for i in range(len(model.weights))])
    model.compile(modelc.optimizers.SGD(RATE), "mse", memory_limit=limit)
    history = model.fit(x, y, 2, epochs=2, shuffle=False, validation_data=(x[::-1], y), verbose=0).history
    losses: list[Any] = [*history["loss"], *history["val_loss"]]
    losses += [model.evaluate(x, y, 2, verbose=0) for _ in range(2)]
    losses.append(model.test_on_batch(x[2:4], y[2:4]))
    np.testing.assert_allclose(losses, recorded["losses"], rtol=1e-5)
    np.testing.assert_allclose(model.predict(x, 2), recorded["predicted"], rtol=1e-4, atol=1e-6)
    assert losses[4] != losses[5]


@BACKENDS
def test_every_batch_draws_anew_seeded_and_counted(backend: Backend) -> None:
    spec = modelc.load_spec("""{modelc: 1, input: {shape: [64]}, layers: [
        {type: Dropout, rate: 0.5, training: true}, {type: BatchNormalization, training: true}]}""")
    x, y = np.ones((6, 64), np.float32), np.zeros((6, 64), np.float32)
    model, other = spec.build(backend=backend), spec.build(backend=backend)
    model.compile("sgd", "mse")
    before = model.get_weights()
    losses = [model.evaluate(x, y, 2, verbose=0) for _ in range(2)]
    wanted = [np.mean(np.square(other.predict(x, 2))) for _ in range(2)]  # from the first draw of the model on
    np.testing.assert_allclose(losses, wanted, rtol=1e-5)
    assert losses[0] != losses[1]
    for was, now in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(was, now)

"""The states of stateful layers: no weights, as in Keras: not counted, not listed, in no file; kept by checkpoints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import modelc
from modelc import layers

SPEC = """
modelc: 1
input: {shape: [4, 3], batch_size: 2}
layers:
  - {type: Bidirectional, layer: {type: LSTM, units: 5, stateful: true, return_sequences: true}}
  - {type: GRU, units: 4, stateful: true}
  - {type: Dense, units: 1}
"""
PARAMS = 2 * 4 * 5 * (3 + 5 + 1) + 3 * 4 * (10 + 4 + 2) + 5
"""Two LSTMs of 4 gates, a GRU of 3 with two biases, a Dense."""


def model() -> modelc.Model:
    return modelc.load_spec(SPEC).build(seed=1, backend="reference")


def x(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((2, 4, 3), np.float32)


def test_states_are_no_parameters() -> None:
    made = model()
    assert made.count_params() == PARAMS == sum(w.size for w in made.get_weights())
    summary = modelc.load_spec(SPEC).summary()
    assert (summary.params, summary.trainable_params) == (PARAMS, PARAMS)
    assert [v.name for v in made.variables if v.state] == [*["rnn_state", "rnn_state_1"] * 2, "rnn_state"]
    assert not any(v.state for v in made.weights)
    assert made.non_trainable_weights == []
    for layer in made.layers:
        assert not any("rnn_state" in w.path for w in layer.weights)


@pytest.mark.parametrize("suffix", [".modelc", ".safetensors"])
def test_files_have_no_states(suffix: str, tmp_path: Path) -> None:
    made, path = model(), str(tmp_path / f"m{suffix}")
    fresh = made(x(0))
    assert np.abs(made(x(0)) - fresh).max() > 1e-4  # the states went on
    if suffix == ".modelc":
        made.save(path)
        loaded = modelc.load(path)
    else:
        made.save_weights(path)
        loaded = modelc.load_spec(SPEC).build(weights=path, backend="reference")
    np.testing.assert_allclose(loaded(x(0)), fresh, rtol=1e-5)


def test_weights_are_set_without_states() -> None:
    made, other = model(), modelc.load_spec(SPEC).build(seed=2, backend="reference")
    other.set_weights(made.get_weights())
    np.testing.assert_array_equal(other(x(0)), made(x(0)))
    np.testing.assert_array_equal(other(x(1)), made(x(1)))


def test_a_checkpoint_has_the_states() -> None:
    made, other = model(), model()
    for one in (made, other):
        one.compile("sgd", "mse")
    y = np.ones((2, 1), np.float32)
    made.train_on_batch(x(0), y)
    other.restore_training_state(*made.training_state())
    assert other.train_on_batch(x(1), y) == made.train_on_batch(x(1), y)


def test_a_layer_by_itself_keeps_states_beside_its_weights() -> None:
    layer = layers.GRU(3, stateful=True)
    layer(np.ones((2, 4, 5), np.float32))
    assert layer.count_params() == 3 * 3 * (5 + 3 + 2)
    assert [w.shape for w in layer.weights] == [(5, 9), (3, 9), (2, 9)]
    assert [v.shape for v in layer.variables] == [(5, 9), (3, 9), (2, 9), (2, 3)]
    stack = modelc.Sequential([modelc.Input((4, 5), batch_size=2), layer])
    assert stack.count_params() == layer.count_params()
    assert len(stack.get_weights()) == 3
    assert stack(np.ones((2, 4, 5), np.float32)).shape == (2, 3)
    with pytest.raises(modelc.InputError, match="takes batches of 2, found 1"):
        stack.predict(np.ones((3, 4, 5), np.float32))
    assert stack.to_spec().build()(np.ones((2, 4, 5), np.float32)).shape == (2, 3)


def test_a_batch_size_binds_stateful_layers_only() -> None:
    stack = modelc.Sequential([modelc.Input((5,), batch_size=2), layers.Dense(3)], backend="reference")
    assert stack.predict(np.ones((3, 5), np.float32)).shape == (3, 3)
    assert stack.to_spec().build(backend="reference").predict(np.ones((3, 5), np.float32)).shape == (3, 3)

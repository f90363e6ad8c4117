"""Models that TimeDistributed applies to each step: from text, from Python and from Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import Input, ModelcError, Sequential, layers, load_spec
from modelc.model.spec import Spec
from tests.live_keras import live_keras

Array = np.ndarray[Any, Any]

X = np.random.default_rng(0).standard_normal((2, 3, 4, 4, 2), np.float32)
SPEC = """
modelc: 1
input: {shape: [3, 4, 4, 2]}
blocks:
  side: {layers: [{type: Conv2D, filters: 2, kernel_size: 1, kernel_regularizer: l2}, {type: ReLU}]}
layers:
  - type: TimeDistributed
    name: each
    layer:
      type: Model
      name: cnn
      spec:
        inputs: {image: {shape: [4, 4, 2]}}
        layers:
          - {block: side, name: left, inputs: image}
          - {block: side, name: right, inputs: image}
          - {type: Add, inputs: [left, right]}
          - {type: BatchNormalization, name: norm}
          - {type: Flatten}
          - {type: Dense, units: 2, name: head}
  - {type: SimpleRNN, units: 3}
"""


def inner_spec(of: Spec) -> Spec:
    """The model inside, as one of its own."""
    each: Any = of.layers[0]
    return each.layer.spec


def test_each_step_goes_through_the_model() -> None:
    spec = load_spec(SPEC).extract("each")
    model = spec.build(backend="reference", seed=1)
    arrays = {w.path.removeprefix("each/cnn/"): w.value for w in model.weights}
    alone = inner_spec(spec).build(backend="reference", weights=arrays)
    expected = np.stack([np.asarray(alone(X[:, t])) for t in range(3)], axis=1)
    np.testing.assert_allclose(model(X), expected, rtol=1e-6)
    np.testing.assert_allclose(spec.build(seed=1)(X), expected, rtol=1e-4, atol=1e-6)


def test_it_survives_text() -> None:
    spec = load_spec(SPEC)
    assert load_spec(spec.to_yaml()) == spec
    assert load_spec(spec.to_json()) == spec
    row = spec.summary().rows[0]
    assert (row.type, row.output_shape, row.params) == ("TimeDistributed", (None, 3, 2), 2 * 6 + 8 + 66)


CNN = 2 * 6 + 8 + 66


@pytest.mark.parametrize(
    ("selectors", "frozen"),
    [
        (["each"], CNN),
        (["each/cnn"], CNN),
        (["each/cnn/head"], 66 + 4),
        (["each/cnn/left/conv2d", "each/cnn/norm"], 6 + 8),
        (["each/cnn/*", "!each/cnn/head"], CNN - 66),
    ],
    ids=str,
)
def test_layers_inside_are_frozen_by_name(selectors: list[str], frozen: int) -> None:
    spec = load_spec(SPEC).freeze(*selectors)
    assert spec.summary().params - spec.summary().trainable_params == frozen
    model = spec.build(backend="reference")
    assert sum(w.value.size for w in model.non_trainable_weights) == frozen
    before = {w.path: w.value.copy() for w in model.weights}
    model.compile("sgd", "mse")
    model.fit(X, np.ones((2, 3), np.float32), epochs=1, verbose=0)
    for w in model.non_trainable_weights:
        if "moving" not in w.path:
            np.testing.assert_array_equal(w.value, before[w.path], w.path)
    for w in model.trainable_weights:
        assert not np.array_equal(w.value, before[w.path]), w.path


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(ModelcError, match="unknown layer `each/cnn/tail`"):
        load_spec(SPEC).freeze("each/cnn/tail").build()


def test_penalties_inside_count() -> None:
    with_penalty, without = load_spec(SPEC), load_spec(SPEC.replace(", kernel_regularizer: l2", ""))
    losses: list[float] = []
    for spec in (with_penalty, without):
        model = spec.build(backend="reference", seed=3)
        model.compile("sgd", "mse")
        losses.append(float(model.evaluate(X, np.zeros((2, 3), np.float32), verbose=0)))
    model = with_penalty.build(backend="reference", seed=3)
    kernels = [w.value for w in model.weights if w.path.endswith("conv2d/kernel")]
    penalty = 0.01 * sum(float((k**2).sum()) for k in kernels)
    np.testing.assert_allclose(losses[0] - losses[1], penalty, rtol=1e-4)


def test_weights_of_its_own_file(tmp_path: Path) -> None:
    inner = inner_spec(load_spec(SPEC))
    trained = inner.build(backend="reference", seed=7)
    trained.save_weights(tmp_path / "cnn.safetensors")
    text = SPEC.replace("      name: cnn\n", "      name: cnn\n      weights: cnn.safetensors\n")
    (tmp_path / "net.yaml").write_text(text)
    model = load_spec(tmp_path / "net.yaml").build(backend="reference")
    for w in trained.weights:
        found = next(v.value for v in model.weights if v.path == f"each/cnn/{w.path}")
        np.testing.assert_array_equal(found, w.value)


def test_models_of_python_share_their_weights() -> None:
    inner = Sequential([Input((4, 4, 2)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)])
    outer = Sequential([Input((3, 4, 4, 2)), layers.TimeDistributed(inner), layers.LSTM(3)], backend="reference")
    before = outer(X)
    inner.layers[0].set_weights([np.ones((3, 3, 2, 2)), np.zeros(2)])
    assert not np.allclose(outer(X), before)
    inner.layers[0].trainable = False
    assert len(outer.trainable_weights) == 2 + 3
    outer.compile("sgd", "mse")
    outer.fit(X, np.ones((2, 3), np.float32), epochs=1, verbose=0)
    np.testing.assert_array_equal(inner.layers[0].get_weights()[0], np.ones((3, 3, 2, 2)))
    assert outer.to_spec().summary().trainable_params == outer.count_params() - 38


def test_a_model_that_is_not_built_is_built_for_a_step() -> None:
    inner = Sequential([layers.Flatten(), layers.Dense(2)])
    outer = Sequential([Input((3, 4, 4, 2)), layers.TimeDistributed(inner)], backend="reference")
    kernel, bias = inner.get_weights()
    np.testing.assert_allclose(outer(X), X.reshape(2, 3, 32) @ kernel + bias, rtol=1e-5, atol=1e-6)


BAD = """
modelc: 1
input: {shape: [4, 6]}
layers:
  - type: TimeDistributed
    layer: {type: Model, spec: {layers: [ENTRY]}}
"""


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{type: Dense, unit: 3}", r":6:56: error\[E201\]: unknown key `unit` in Dense"),
        ("{type: Dense, units: 3}, {type: Conv1D, filters: 1, kernel_size: 1}", r"E401\]: `conv1d` \(Conv1D\) cannot"),
        ("{type: Dense, units: 3}, {type: Bidirectional, layer: {type: Model, spec: x.yaml}}", r"a model cannot be"),
        ("{type: Nothing}", r"unknown layer `Nothing`"),
    ],
)
def test_mistakes_inside_are_located(entry: str, message: str) -> None:
    with pytest.raises(ModelcError, match=message):
        _ = load_spec(BAD.replace("ENTRY", entry)).graph


def test_steps_times_layers_are_bounded() -> None:
    """Where a penalty is no sum over the steps, each is written out."""
    many = ", ".join("{type: Dense, units: 1, activity_regularizer: OrthogonalRegularizer}" for _ in range(200))
    spec = BAD.replace("[4, 6]", "[4000, 6]").replace("ENTRY", many)
    with pytest.raises(ModelcError, match=r"4,000 steps of 200 layers would be written out, at most 50,000"):
        _ = load_spec(spec).graph


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # Keras's own
def test_keras_opens_it_and_writes_it(tmp_path: Path) -> None:
    keras: Any = live_keras()
    model = load_spec(SPEC).build(backend="reference", seed=2)
    expected = model(X)
    model.save(tmp_path / "ours.keras")
    theirs = keras.models.load_model(tmp_path / "ours.keras")
    np.testing.assert_allclose(theirs.predict(X, verbose=0), expected, rtol=1e-4, atol=1e-6)
    assert theirs.count_params() == model.count_params()
    for suffix in ("keras", "h5"):
        theirs.save(tmp_path / f"theirs.{suffix}")
        again = load_spec(tmp_path / f"theirs.{suffix}").build(backend="reference")
        np.testing.assert_allclose(again(X), expected, rtol=1e-5, atol=1e-6)

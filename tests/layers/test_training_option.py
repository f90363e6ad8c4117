"""`training: true` and `false` of a layer: what it computes at inference and in training, and how draws are counted."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.errors import ModelcError
from modelc.keras.export.export import model_config
from modelc.keras.read import KerasModel, read_keras_model
from modelc.model.spec import Spec

BACKENDS = ("reference", "native")


def spec_of(*layers: str, shape: str = "[64]") -> Any:
    return load_spec(f"modelc: 1\ninput: {{shape: {shape}}}\nlayers:\n" + "".join(f"- {one}\n" for one in layers))


def test_monte_carlo_dropout_draws_anew_in_every_call_and_begins_alike_in_every_model() -> None:
    spec = spec_of("{type: Dropout, rate: 0.25, training: true}", "{type: Activation, activation: linear}")
    x = np.ones((2, 64), "f4")
    runs = {backend: [spec.build(backend=backend)] for backend in BACKENDS}
    drawn = {backend: [model[0](x) for _ in range(3)] for backend, model in runs.items()}
    for one, other in zip(drawn["reference"], drawn["native"], strict=True):
        np.testing.assert_array_equal(one, other)
    first, second, _ = drawn["native"]
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(np.unique(first), np.array([0, 1 / 0.75], "f4"))
    np.testing.assert_array_equal(spec.build()(x), first)  # counted from the first call of each model
    assert runs["native"][0].count_params() == 0
    assert runs["native"][0].weights == []


def test_dropout_drops_as_often_as_it_says() -> None:
    model = spec_of("{type: Dropout, rate: 0.25, training: true}").build()
    kept = np.mean([model(np.ones((50, 64), "f4")) != 0 for _ in range(40)])
    assert abs(kept - 0.75) < 4 * np.sqrt(0.25 * 0.75 / (40 * 50 * 64))


def test_draws_of_batches_of_a_prediction_differ() -> None:
    model = spec_of("{type: Dropout, rate: 0.5, training: true}").build(backend="reference")
    y = model.predict(np.ones((4, 64), "f4"), batch_size=2)
    assert not np.array_equal(y[:2], y[2:])


@pytest.mark.parametrize("backend", BACKENDS)
def test_batch_normalization_in_training_at_inference_uses_the_batch_and_changes_nothing(backend: Any) -> None:
    model = spec_of("{type: BatchNormalization, training: true}", shape="[3]").build(backend=backend)
    before = model.get_weights()
    x = np.random.default_rng(1).normal(2, 3, size=(16, 3)).astype("f4")
    y = model(x)
    np.testing.assert_allclose(y, (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-3), rtol=1e-3, atol=1e-4)
    for was, now in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(was, now)


def test_a_normalization_that_is_never_in_training_is_not_updated_by_fit() -> None:
    model = spec_of("{type: BatchNormalization, training: false}", "{type: Dense, units: 1}", shape="[3]").build(
        backend="reference"
    )
    model.compile("sgd", "mse")
    model.fit(np.full((8, 3), 5.0, "f4"), np.zeros((8, 1), "f4"), epochs=1, verbose=0)
    named = {v.path: v.value for v in model.weights}
    np.testing.assert_array_equal(named["batch_normalization/moving_mean"], 0)
    assert not np.array_equal(named["batch_normalization/gamma"], np.ones(3))  # still trained


def test_a_model_as_a_layer_hands_it_down() -> None:
    inner = "{type: Model, training: true, spec: {layers: [{type: Dropout, rate: 0.5}]}}"
    model = spec_of(inner).build(backend="reference")
    x = np.ones((2, 64), "f4")
    assert not np.array_equal(model(x), model(x))


def test_it_is_refused_where_it_changes_nothing() -> None:
    with pytest.raises(ModelcError, match="`training` changes nothing: Dense computes the same"):
        spec_of("{type: Dense, units: 2, training: true}")


# --- from Keras


def functional(version: str, layer: dict[str, Any], shape: list[int], **call: Any) -> KerasModel:
    name = layer["config"]["name"]
    inputs: dict[str, Any] = {
        "class_name": "InputLayer",
        "config": {"name": "x", "batch_input_shape": [None, *shape]},
        "name": "x",
    }
    if version.startswith("2"):
        nodes: list[Any] = [[["x", 0, 0, call]]]
    else:
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}
        nodes = [{"args": [tensor], "kwargs": call}]
    config: dict[str, Any] = {
        "name": "net",
        "layers": [{**inputs, "inbound_nodes": []}, {**layer, "name": name, "inbound_nodes": nodes}],
        "input_layers": [["x", 0, 0]],
        "output_layers": [[name, 0, 0]],
    }
    model: dict[str, Any] = {"class_name": "Functional", "config": config}
    return read_keras_model(json.dumps({**model, "keras_version": version}))


def keras(class_name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "config": {"name": "one", **config}}


IMAGES = ["Resizing", "CenterCrop", "RandomFlip", "RandomRotation"]


@pytest.mark.parametrize("class_name", IMAGES)
def test_what_keras_3_writes_into_the_calls_of_image_layers_is_passed_over(class_name: str) -> None:
    options = {"RandomFlip": {}, "RandomRotation": {"factor": 0.5}}.get(class_name, {"height": 4, "width": 4})
    found = functional("3.5.0", keras(class_name, **options), [4, 4, 3], training=True)
    x = np.random.default_rng(0).normal(size=(3, 4, 4, 3)).astype("f4")
    np.testing.assert_array_equal(Spec.of(found.spec).build(backend="reference").predict(x), x)


def test_calls_of_keras_2_hold() -> None:
    """`predict` of tf_keras 2.21: a flip that is called with training=True flips, a BatchNormalization normalizes."""
    x = np.random.default_rng(0).normal(size=(16, 4, 4, 3)).astype("f4")
    flip = Spec.of(functional("2.15.0", keras("RandomFlip", mode="horizontal"), [4, 4, 3], training=True).spec)
    y = flip.build(backend="reference").predict(x)
    flipped = [np.array_equal(a, b[:, ::-1]) for a, b in zip(y, x, strict=True)]
    kept = [np.array_equal(a, b) for a, b in zip(y, x, strict=True)]
    assert all(a != b for a, b in zip(flipped, kept, strict=True))
    assert any(flipped)
    norm = Spec.of(functional("2.15.0", keras("BatchNormalization"), [4, 4, 3], training=True).spec)
    y = norm.build(backend="reference").predict(x, batch_size=16)
    np.testing.assert_allclose(y.mean((0, 1, 2)), 0, atol=1e-5)


def test_keras_3_passes_over_training_but_for_monte_carlo_dropout() -> None:
    norm = functional("3.5.0", keras("BatchNormalization"), [3], training=True)
    assert norm.spec.layers[-1].training is None
    assert any("training=True" in note for note in norm.notes)
    drop = functional("3.5.0", keras("Dropout", rate=0.5), [3], training=True)
    assert drop.spec.layers[-1].training is True
    assert load_spec(drop.spec.to_yaml()).layers[-1].training is True
    entry = next(one for one in model_config(drop.spec)["config"]["layers"] if one["class_name"] == "Dropout")
    assert entry["inbound_nodes"][0]["kwargs"] == {"training": True}

"""Options, names and dtypes that versions of Keras write: each opens, and computes what the definition says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.errors import ModelcError
from modelc.graph.interpret import interpret
from modelc.keras.export.export import model_config
from modelc.keras.read import KerasModel, read_keras_model
from modelc.model.spec import Spec

POLICY = {"class_name": "Policy", "config": {"name": "mixed_float16"}}
TUPLE = {"class_name": "__tuple__", "items": [32, 4]}
NP: Any = np
"""Untyped, for definitions of activations."""
RNG = np.random.default_rng(5)


def layer(class_name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "config": {"name": class_name.lower(), "dtype": "float32", **config}}


def sequential(*layers: dict[str, Any], shape: list[int | None] | None = None, **more: Any) -> dict[str, Any]:
    config: dict[str, Any] = {"name": "net", "layers": list(layers)}
    if shape is not None:
        inputs = {"batch_input_shape": shape, "dtype": "float32", "name": "x"}
        config["layers"].insert(0, {"class_name": "InputLayer", "config": inputs})
    return {"class_name": "Sequential", "config": config, "keras_version": "2.11.0", **more}


def read(model: dict[str, Any], **options: Any) -> KerasModel:
    return read_keras_model(json.dumps(model), **options)


def weights_of(spec: Spec) -> dict[str, Any]:
    return {
        w.path: RNG.normal(size=w.shape).astype("f4") if "variance" not in w.path else np.full(w.shape, 1.5, "f4")
        for w in spec.graph.weights
    }


def run(spec: Spec, *inputs: Any, weights: dict[str, Any] | None = None) -> Any:
    weights = weights_of(spec) if weights is None else weights
    return interpret(spec.graph, [np.asarray(x, np.float32) for x in inputs], weights)[0]


# --- the batch of a model that was built by a call


@pytest.mark.parametrize(
    "model",
    [
        sequential(layer("Dense", units=2), shape=[32, 4]),
        sequential(layer("Dense", units=2, batch_input_shape=[32, 4])),
        sequential(layer("Dense", units=2), build_config={"input_shape": [32, 4]}),
        sequential(
            layer("Dense", units=2), build_config={"input_shape": {"class_name": "__tuple__", "items": [32, 4]}}
        ),
        {**sequential(), "config": {"name": "n", "layers": [layer("Dense", units=2)], "build_input_shape": [32, 4]}},
        {
            **sequential(),
            "config": {
                "name": "n",
                "layers": [layer("Dense", units=2)],
                "build_input_shape": {"class_name": "TensorShape", "items": [32, 4]},
            },
        },
        sequential({**layer("Dense", units=2), "build_config": {"input_shape": [32, 4]}}),
    ],
    ids=["input layer", "batch_input_shape", "build_config", "tuple", "build_input_shape", "tensor shape", "of layer"],
)
def test_batch_of_the_build_stays_free(model: dict[str, Any]) -> None:
    found = read(model)
    assert found.spec.input is not None
    assert (found.spec.input.batch_size, found.spec.input.shape) == (None, (4,))
    assert any("batch size 32" in note for note in found.notes)
    built = Spec.of(found.spec).build(backend="reference")
    assert built.predict(np.ones((40, 4), "f")).shape == (40, 2)


def test_batch_of_a_stateful_layer_stays_fixed() -> None:
    stateful = layer("GRU", units=2, stateful=True, reset_after=True)
    spec = Spec.of(read(sequential(stateful, shape=[5, 3, 4])).spec)
    assert spec.input is not None
    assert spec.input.batch_size == 5
    wrapped = layer("Bidirectional", layer=layer("GRU", units=2, stateful=True, reset_after=True))
    spec = Spec.of(read(sequential(wrapped, shape=[5, 3, 4])).spec)
    assert spec.input is not None
    assert spec.input.batch_size == 5


def test_nested_models_leave_the_batch_free() -> None:
    inner = sequential(layer("Dense", units=3), shape=[32, 4])
    inner["config"]["name"] = "inner"
    spec = Spec.of(read(sequential(inner, layer("Dense", units=2), shape=[32, 4])).spec)
    assert spec.build(backend="reference").predict(np.ones((7, 4), "f")).shape == (7, 2)


# --- dtypes and policies


@pytest.mark.parametrize(
    "policy",
    [
        "float16",
        "float64",
        "bfloat16",
        "mixed_float16",
        "mixed_bfloat16",
        {"class_name": "Policy", "config": {"name": "mixed_float16"}},
    ],
)
def test_other_floats_are_computed_in_float32_with_a_note(policy: Any) -> None:
    found = read(sequential(layer("Dense", units=2, dtype=policy), shape=[None, 4]))
    assert any("computed in float32" in note for note in found.notes)


@pytest.mark.parametrize("policy", ["infer", "_infer", None, {"class_name": "Policy", "config": {"name": "infer"}}])
def test_policies_that_say_nothing(policy: Any) -> None:
    found = read(sequential(layer("Dense", units=2, dtype=policy), shape=[None, 4]))
    assert not any("computed in" in note for note in found.notes)


def test_dtypes_of_inputs_and_of_tables() -> None:
    model = sequential(layer("Embedding", input_dim=5, output_dim=2, dtype="int32"), shape=[None, 3])
    model["config"]["layers"][0]["config"]["dtype"] = "float"
    spec = Spec.of(read(model).spec)
    table = weights_of(spec)
    np.testing.assert_array_equal(run(spec, [[0, 1, 4]], weights=table)[0], table["embedding/embeddings"][[0, 1, 4]])
    model["config"]["layers"][0]["config"]["dtype"] = "string"
    with pytest.raises(ModelcError, match="takes text, and the tensors here are numbers"):
        read(model)


# --- modules and registered names


@pytest.mark.parametrize(
    ("module", "where"),
    [
        ("tf_keras", "tf_keras.layers"),
        ("tf_keras.src.engine.sequential", "tf_keras.src.layers.core.dense"),
        ("tensorflow.python.keras.engine.sequential", "tensorflow.python.keras.layers.core"),
        ("keras.src.models.sequential", "keras.src.layers"),
        ("keras.engine.sequential", "keras.layers.core.dense"),
    ],
)
def test_modules_of_keras(module: str, where: str) -> None:
    model = sequential({**layer("Dense", units=2), "module": where, "registered_name": None}, shape=[None, 4])
    assert len(read({**model, "module": module}).spec.layers) == 1


@pytest.mark.parametrize("name", ["Custom>CustomScaleLayer", "CustomScaleLayer"])
def test_names_of_keras_applications(name: str) -> None:
    scaled = {**layer("CustomScaleLayer", scale=0.5), "class_name": name, "registered_name": name, "module": None}
    inputs: list[Any] = [
        {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 3], "name": n}, "inbound_nodes": []}
        for n in "ab"
    ]
    scaled["inbound_nodes"] = [[["a", 0, 0, {}], ["b", 0, 0, {}]]]
    config: dict[str, Any] = {
        "name": "net",
        "layers": [*inputs, scaled],
        "input_layers": [["a", 0, 0], ["b", 0, 0]],
        "output_layers": [["customscalelayer", 0, 0]],
    }
    spec = Spec.of(read({"class_name": "Functional", "config": config, "keras_version": "2.15.0"}).spec)
    np.testing.assert_allclose(run(spec, [[1, 2, 3]], [[2, 2, 2]]), [[2, 3, 4]])


# --- activations


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("softmax_v2", "softmax"),
        ("log_softmax_v2", "log_softmax"),
        ("swish", "swish"),
        ("relu_v2", "relu"),
        ("identity", "linear"),
        ({"class_name": "function", "config": "gelu", "module": "builtins"}, "gelu"),
        ({"class_name": "Activation", "config": {"activation": "selu"}}, "selu"),
    ],
)
def test_names_of_activations(written: Any, meant: str) -> None:
    spec = Spec.of(read(sequential(layer("Dense", units=2, activation=written), shape=[None, 4])).spec)
    assert spec.layers[0].options().get("activation", "linear") == meant


Elementwise = Callable[[Any], Any]
LAYER_ACTIVATIONS: list[tuple[dict[str, Any], Elementwise]] = [
    (layer("LeakyReLU", alpha=0.1), lambda z: NP.where(z > 0, z, 0.1 * z)),
    (layer("LeakyReLU", negative_slope=0.4), lambda z: NP.where(z > 0, z, 0.4 * z)),
    (layer("ReLU", max_value=1.0, negative_slope=0.0, threshold=0.0), lambda z: NP.clip(z, 0, 1)),
    (layer("ELU", alpha=0.5), lambda z: NP.where(z > 0, z, 0.5 * NP.expm1(z))),
    (layer("Softmax", axis=-1), lambda z: NP.exp(z) / NP.exp(z).sum(-1, keepdims=True)),
]


@pytest.mark.parametrize(("activation", "definition"), LAYER_ACTIVATIONS)
def test_layers_as_activations(activation: Any, definition: Elementwise) -> None:
    spec = Spec.of(read(sequential(layer("Dense", units=3, activation=activation), shape=[None, 4])).spec)
    again = load_spec(spec.to_yaml())
    weights, x = weights_of(spec), RNG.normal(size=(6, 4)).astype("f4")
    z = x @ weights["dense/kernel"] + weights["dense/bias"]
    for one in (spec, again):
        np.testing.assert_allclose(run(one, x, weights=weights), definition(z), rtol=2e-5, atol=1e-6)


def test_an_activation_with_weights() -> None:
    prelu = layer("PReLU", shared_axes=None)
    spec = Spec.of(read(sequential(layer("Dense", units=3, activation=prelu), shape=[None, 4])).spec)
    weights, x = weights_of(spec), RNG.normal(size=(6, 4)).astype("f4")
    assert list(weights) == ["dense/kernel", "dense/bias", "dense/p_re_lu/alpha"]
    z: Any = x @ weights["dense/kernel"] + weights["dense/bias"]
    expected: Any = NP.where(z > 0, z, weights["dense/p_re_lu/alpha"] * z)
    np.testing.assert_allclose(run(load_spec(spec.to_yaml()), x, weights=weights), expected, rtol=2e-5, atol=1e-6)


def test_a_layer_as_the_activation_of_a_recurrent_layer() -> None:
    rnn = layer("SimpleRNN", units=3, activation=layer("LeakyReLU", alpha=0.2))
    spec = Spec.of(read(sequential(rnn, shape=[None, 4, 2])).spec)
    weights, x = weights_of(spec), RNG.normal(size=(5, 4, 2)).astype("f4")
    kernel, recurrent, bias = weights.values()
    h: Any = np.zeros((5, 3), "f4")
    for t in range(4):
        z: Any = x[:, t] @ kernel + h @ recurrent + bias
        h = NP.where(z > 0, z, 0.2 * z)
    np.testing.assert_allclose(run(spec, x, weights=weights), h, rtol=2e-5, atol=1e-5)


# --- options


def test_numbers_for_truth_values_and_for_whole_numbers() -> None:
    spec = Spec.of(read(sequential(layer("Dense", units=2.0, use_bias=0), shape=[None, 4])).spec)
    assert [w.shape for w in spec.graph.weights] == [(4, 2)]
    with pytest.raises(ModelcError, match="use_bias"):
        read(sequential(layer("Dense", units=2, use_bias=2), shape=[None, 4]))
    with pytest.raises(ModelcError, match="units"):
        read(sequential(layer("Dense", units=2.5), shape=[None, 4]))


def test_options_without_effect() -> None:
    model = sequential(layer("RandomFlip", mode="horizontal", rng_type="stateful"), shape=[None, 4, 4, 3])
    assert len(read(model).spec.layers) == 1
    causal = layer("Attention", use_scale=False, causal=False)
    assert causal["config"]["causal"] is False


def test_bidirectional_whose_layer_goes_backwards() -> None:
    """The forward layer takes the steps from last to first, the other one in order, and its output is turned over."""
    inner = layer("SimpleRNN", units=2, activation="tanh", return_sequences=True, go_backwards=True)
    spec = Spec.of(read(sequential(layer("Bidirectional", layer=inner, merge_mode="concat"), shape=[None, 4, 3])).spec)
    weights, x = weights_of(spec), RNG.normal(size=(2, 4, 3)).astype("f4")
    first, second = (list(weights.values())[i : i + 3] for i in (0, 3))

    def scan(x: Any, weights: Any) -> Any:
        kernel, recurrent, bias = weights
        h: Any = np.zeros((2, 2), "f4")
        found: list[Any] = []
        for t in range(4):
            h = np.tanh(x[:, t] @ kernel + h @ recurrent + bias)
            found.append(h)
        return np.stack(found, 1)

    expected = np.concatenate([scan(x[:, ::-1], first), scan(x, second)[:, ::-1]], -1)
    np.testing.assert_allclose(run(spec, x, weights=weights), expected, rtol=2e-5, atol=1e-6)


def test_batch_normalization_over_several_axes() -> None:
    spec = Spec.of(read(sequential(layer("BatchNormalization", axis=[1, 2], epsilon=1e-3), shape=[None, 4, 3, 2])).spec)
    weights, x = weights_of(spec), RNG.normal(size=(5, 4, 3, 2)).astype("f4")
    assert {w.shape for w in weights.values()} == {(1, 4, 3, 1)}
    gamma, beta, mean, variance = weights.values()
    expected = gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta
    np.testing.assert_allclose(run(load_spec(spec.to_yaml()), x, weights=weights), expected, rtol=1e-4, atol=1e-5)
    native = spec.build()
    native.set_weights(list(weights.values()))
    np.testing.assert_allclose(native(x), expected, rtol=1e-4, atol=1e-5)


def test_batch_normalization_over_several_axes_is_trained() -> None:
    spec = load_spec(
        "modelc: 1\ninput: {shape: [4, 3, 2]}\nlayers:\n- {type: BatchNormalization, axis: [1, 3], momentum: 0.5}\n"
    )
    model = spec.build(backend="reference")
    model.compile("sgd", "mse")
    x = RNG.normal(size=(8, 4, 3, 2)).astype("f4")
    model.fit(x, x, batch_size=8, epochs=1, verbose=0)
    *_, mean, variance = model.get_weights()
    np.testing.assert_allclose(mean, 0.5 * x.mean((0, 2), keepdims=True), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(variance, 0.5 + 0.5 * x.var((0, 2), keepdims=True), rtol=1e-4)


def test_layer_normalization_has_its_weights_in_the_order_of_the_axes() -> None:
    """Keras 3.15: axes [1, -1] are sorted to [-1, 1], and what has the extents (3, 4) is reshaped to (4, 1, 3)."""
    spec = load_spec("modelc: 1\ninput: {shape: [4, 5, 3]}\nlayers:\n- {type: LayerNormalization, axis: [1, -1]}\n")
    weights, x = weights_of(spec), RNG.normal(size=(2, 4, 5, 3)).astype("f4")
    assert [w.shape for w in weights.values()] == [(3, 4), (3, 4)]
    gamma, beta = (w.reshape(4, 1, 3) for w in weights.values())
    mean, variance = x.mean((1, 3), keepdims=True), x.var((1, 3), keepdims=True)
    expected = gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta
    np.testing.assert_allclose(run(spec, x, weights=weights), expected, rtol=1e-4, atol=1e-5)


def test_random_crop_of_keras_2_resizes_at_inference() -> None:
    """tf_keras 2.21: `smart_resize`, which takes the part in the middle that has the wanted aspect ratio."""
    crop = layer("RandomCrop", height=2, width=4)
    x = np.arange(2 * 8 * 8 * 1, dtype="f4").reshape(2, 8, 8, 1)
    older = read(sequential(crop, shape=[None, 8, 8, 1])).spec
    assert load_spec(older.to_yaml()) == older
    part = x[:, 2:6]  # 4 rows of 8 columns
    expected = part.reshape(2, 2, 2, 4, 2, 1).mean((2, 4))  # the pixel between four
    np.testing.assert_allclose(run(load_spec(older.to_yaml()), x), expected, rtol=1e-6)
    newer = read({**sequential(crop, shape=[None, 8, 8, 1]), "keras_version": "3.5.0"}).spec
    np.testing.assert_array_equal(run(newer, x), x)


def test_causal_separable_convolution_of_keras_2() -> None:
    conv = layer("SeparableConv1D", filters=3, kernel_size=3, padding="causal", depth_multiplier=2, use_bias=True)
    spec = load_spec(read(sequential(conv, shape=[None, 6, 2])).spec.to_yaml())
    weights, x = weights_of(spec), RNG.normal(size=(2, 6, 2)).astype("f4")
    depthwise, pointwise, bias = weights.values()
    padded = np.pad(x, ((0, 0), (2, 0), (0, 0)))
    between = np.stack([np.einsum("nkc,kcm->ncm", padded[:, t : t + 3], depthwise) for t in range(6)], 1)
    expected = between.reshape(2, 6, 4) @ pointwise[0] + bias
    np.testing.assert_allclose(run(spec, x, weights=weights), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "shape", "reason"),
    [
        ("{type: BatchNormalization, axis: [1, 2]}", "[4, 3]", "normalizes several axes"),
        ("{type: SeparableConv1D, filters: 2, kernel_size: 2, padding: causal}", "[4, 3]", "has causal padding"),
    ],
)
def test_what_keras_3_does_not_have_is_not_exported(text: str, shape: str, reason: str) -> None:
    spec = load_spec(f"modelc: 1\ninput: {{shape: {shape}}}\nlayers:\n- {text}\n")
    with pytest.raises(ModelcError, match=reason):
        model_config(spec)

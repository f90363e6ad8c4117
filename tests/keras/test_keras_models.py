"""Whole models of Keras of every kind: read from its files, run, written, and run by Keras, with equal outputs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import UnsupportedError, WeightsError
from modelc.graph.interpret import interpret
from modelc.keras.export.export import export_keras, export_keras_weights, exported
from modelc.keras.read import read_keras_model
from modelc.language.text.pretty import pretty_yaml
from modelc.layers.core.input_layer import InputLayer
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from tests.live_keras import live_keras

keras: Any = live_keras()

sys.path.insert(0, str(Path(__file__).parent))

from keras_models import MODELS, randomize  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # Keras's own

Array = np.ndarray[Any, Any]
Model = Any
k: Any = keras.layers


def _masked() -> Model:
    tokens = keras.Input((6,), dtype="int32", name="tokens")
    x = k.Embedding(9, 4, mask_zero=True)(tokens)
    y = k.Bidirectional(k.LSTM(3, return_sequences=True))(x)
    y = k.Concatenate()([y, x])
    return keras.Model(tokens, [k.GRU(4)(y), k.GlobalAveragePooling1D()(y)])


def _decoder() -> Model:
    source, target = keras.Input((5, 3), name="source"), keras.Input((4, 2), name="target")
    _, h, c = k.LSTM(6, return_state=True, name="encoder")(source)
    y, *_ = k.LSTM(6, return_sequences=True, return_state=True, name="decoder")(target, initial_state=[h, c])
    return keras.Model({"target": target, "source": source}, k.Dense(3)(y))


def _attending() -> Model:
    query, value = keras.Input((4, 6)), keras.Input((5, 6))
    y, scores = k.MultiHeadAttention(2, 3)(query, value, return_attention_scores=True)
    z = k.Attention(use_scale=True)([y, value])
    w = k.MultiHeadAttention(2, 3)(z, z, use_causal_mask=True)
    return keras.Model([query, value], [k.LayerNormalization()(w + query), scores])


def _masked_attention() -> Model:
    tokens = keras.Input((6,), dtype="int32")
    x = k.Embedding(9, 4, mask_zero=True)(tokens)
    return keras.Model(tokens, [k.MultiHeadAttention(2, 2)(x, x), k.Attention()([x, x])])


def _shared_twice() -> Model:
    """Layers that are called at several depths: a(b(a(b(x)))), and one that is first called late."""
    x = keras.Input((4,))
    a, b, late = k.Dense(4, name="a", activation="tanh"), k.Dense(4, name="b"), k.Dense(4, name="late")
    first = late(x)
    return keras.Model(x, [first, late(a(b(a(b(x)))))])


def _shared_models() -> Model:
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    tower = keras.Sequential([keras.Input((4,)), k.Dense(3, activation="relu"), k.Dense(2)], name="tower")
    inner = keras.Input((2,))
    body = keras.Model(inner, [k.Dense(2)(inner), k.Dense(3)(inner)], name="body")
    one, two = body(tower(left)), body(tower(right))
    return keras.Model([left, right], [k.Subtract()([one[0], two[0]]), k.Dot(1)([one[1], two[1]]), body(one[0])[1]])


def _operators() -> Model:
    x, y = keras.Input((6, 3)), keras.Input((6, 3))
    ops: Any = keras.ops
    z = 2.0 * x + y / 3.0 - 1.0
    z = ops.concatenate([z, ops.relu(y)], axis=-1)
    z = ops.mean(z[:, 1:4], axis=1, keepdims=True) + ops.reshape(z, (-1, 6, 6))[:, -2:, :]
    a, b = ops.split(z, 2, axis=1)
    return keras.Model([x, y], [ops.matmul(a, ops.transpose(b, (0, 2, 1))), ops.where(a > 0, a, -a)])


def _in_other_order() -> Model:
    """Inputs that Keras lists in another order than the model takes them in."""
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    return keras.Model([a, b], k.Concatenate()([k.Dense(2)(k.Dense(2)(k.Dense(3)(b))), a]))


def _inputs_by_name() -> Model:
    x, y = keras.Input((2,), name="x"), keras.Input((3,), name="y")
    inner = keras.Model({"x": x, "y": y}, k.Concatenate()([y, k.Dense(2)(x)]), name="inner")
    p, q = keras.Input((2,), name="p"), keras.Input((3,), name="q")
    return keras.Model([q, p], k.Dense(1)(inner({"y": q, "x": p})))


def _recurrent() -> Model:
    x = keras.Input((5, 3))
    y = k.Bidirectional(
        k.LSTM(2, return_sequences=True), backward_layer=k.GRU(2, return_sequences=True, go_backwards=True)
    )(x)
    y = k.RNN([k.LSTMCell(3), k.GRUCell(4)], return_sequences=True)(y)
    y = k.TimeDistributed(k.BatchNormalization())(y)
    return keras.Model(x, k.SimpleRNN(2)(k.TimeDistributed(k.Dense(3, activation="gelu"))(y)))


def _frozen_base() -> Model:
    x = keras.Input((8, 8, 3))
    y = k.Conv2D(4, 3, strides=2)(x)
    base = keras.Model(x, k.ReLU(6.0)(k.BatchNormalization()(y)), name="base")
    base.trainable = False
    head = [base, k.GlobalAveragePooling2D(), k.Dropout(0.5), k.Dense(2)]
    return keras.Sequential([keras.Input((8, 8, 3)), *head])


def _open_inside() -> Model:
    inner = keras.Input((None, None, 3))
    base = keras.Model(inner, k.Conv2D(2, 3, padding="same")(inner), name="base")
    x = keras.Input((6, 6, 3))
    return keras.Model(x, k.Flatten()(k.Add()([base(x), base(x)])))


def _input_is_output() -> Model:
    x = keras.Input((4,), name="x")
    return keras.Model(x, [k.Dense(2)(x), x])


OWN: dict[str, Callable[[], Model]] = {
    "masked": _masked, "decoder": _decoder, "attending": _attending, "masked_attention": _masked_attention,
    "shared_twice": _shared_twice, "shared_models": _shared_models, "operators": _operators,
    "in_other_order": _in_other_order, "inputs_by_name": _inputs_by_name, "recurrent": _recurrent,
    "frozen_base": _frozen_base, "open_inside": _open_inside, "input_is_output": _input_is_output,
}  # fmt: skip
ALL: dict[str, Callable[[], Model]] = {
    **{name: lambda make=make: make(keras) for name, make in MODELS.items() if name != "recurrent"},
    **OWN,
}


def sample(model: Model) -> list[Array]:
    """A batch for every input, in the order in which the model takes them."""
    rng = np.random.default_rng(1)
    return [
        rng.normal(size=(3, *x.shape[1:])).astype("float32")
        if x.dtype == "float32"
        else rng.integers(0, 4, (3, *x.shape[1:])).astype(x.dtype)
        for x in model.inputs
    ]


def called(model: Model, inputs: list[Array]) -> list[Array]:
    import jax

    if isinstance(getattr(model, "_inputs_struct", None), dict):
        by_name = {x.name: value for x, value in zip(model.inputs, inputs, strict=True)}
        return [np.asarray(y) for y in jax.tree_util.tree_leaves(model(by_name))]
    outputs = model(inputs if len(inputs) > 1 else inputs[0])
    return [np.asarray(y) for y in jax.tree_util.tree_leaves(outputs)]


def ours(spec: Spec, inputs: list[Array], arrays: Mapping[str, Array]) -> list[Array]:
    return interpret(spec.graph, inputs, arrays)


def assert_close(found: list[Array], expected: list[Array]) -> None:
    assert [y.shape for y in found] == [y.shape for y in expected]
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5 * max(1.0, float(np.abs(b).max())), rtol=0)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ALL)
def test_read_run_written_and_run_by_keras(name: str, tmp_path: Path) -> None:
    model = randomize(ALL[name]())
    inputs = sample(model)
    expected = called(model, inputs)
    model.save(tmp_path / "theirs.keras")
    model.save_weights(tmp_path / "theirs.weights.h5")
    read = read_keras_model(tmp_path / "theirs.keras")
    arrays, report = read.read_weights()
    assert report.complete
    assert_close(ours(read.spec, inputs, arrays), expected)

    # The text of the model with a file of weights is the same.
    text = read_keras_model(model.to_json())
    assert text.spec == read.spec
    others, _ = text.read_weights(tmp_path / "theirs.weights.h5")
    assert all(np.array_equal(arrays[path], others[path]) for path in arrays)

    # The YAML that is written gives the same spec, so the same graph.
    for annotate in (False, True):
        assert load_spec(pretty_yaml(read.spec, annotate=annotate)) == read.spec

    # Keras opens what is written, and computes the same.
    export_keras(tmp_path / "ours.keras", read.spec, arrays)
    back = keras.models.load_model(tmp_path / "ours.keras")
    assert_close(called(back, inputs), expected)
    assert [w.shape for w in back.weights] == [w.shape for w in model.weights]
    export_keras_weights(tmp_path / "ours.weights.h5", read.spec, arrays)
    for variable in model.weights:
        variable.assign(np.zeros(variable.shape))
    model.load_weights(tmp_path / "ours.weights.h5")
    assert_close(called(model, inputs), expected)


_INSIDE: dict[str, dict[str, Any]] = {
    "no_input": {},
    "another_shape": {"input": {"shape": [9, 9, 3]}},
    "inputs_by_name": {"inputs": {"left": {"shape": [9, 9, 3]}, "right": {"shape": [9, 9, 3]}}},
}


@pytest.mark.parametrize("name", _INSIDE)
def test_a_model_inside_is_written_with_the_shapes_that_reach_it(name: str, tmp_path: Path) -> None:
    given = _INSIDE[name]
    both = ["left", "right"] if "inputs" in given else ["input", "input"]
    layers = [{"type": "Add", "inputs": both}, {"type": "Conv2D", "filters": 2, "kernel_size": 2, "name": "conv"}]
    inner = {"type": "Model", "spec": {**given, "layers": layers}, "name": "inner"}
    entry = {**inner, "inputs": ["x", "x"]} if "inputs" in given else inner
    spec = load_spec({"modelc": 1, "input": {"shape": [5, 4, 3], "name": "x"}, "layers": [entry, {"type": "Flatten"}]})
    model = spec.build(backend="reference")
    export_keras(tmp_path / "ours.keras", spec, model.arrays)
    back = keras.models.load_model(tmp_path / "ours.keras")
    x = sample(back)
    assert x[0].shape == (3, 5, 4, 3)
    assert_close(called(back, x), [model(x[0])])
    assert [v.shape for v in back.get_layer("inner").inputs] == [(None, 5, 4, 3)] * len(set(both))


@pytest.mark.parametrize("name", [*OWN, "nested", "frozen", "partly_frozen", "one_frozen", "images"])
def test_older_files(name: str, tmp_path: Path) -> None:
    model = randomize(ALL[name]())
    inputs = sample(model)
    model.save(tmp_path / "whole.h5")
    read = read_keras_model(tmp_path / "whole.h5")
    arrays, report = read.read_weights()
    assert report.complete
    assert_close(ours(read.spec, inputs, arrays), called(model, inputs))


@pytest.mark.parametrize("name", ALL)
def test_weights_have_the_order_of_keras(name: str) -> None:
    model = ALL[name]()
    found = read_keras_model(model.to_json()).spec.graph.weights
    assert [w.shape for w in found] == [tuple(w.shape) for w in model.weights]
    trained = {id(w) for w in model.trainable_weights}
    total = sum(int(np.prod(w.shape)) for w in model.weights if id(w) in trained)
    frozen = {w.path for record in _leaves(read_keras_model(model.to_json()).spec) if not record[1] for w in record[0]}
    assert sum(w.size for w in found if w.trainable and w.path not in frozen) == total


def _leaves(spec: Spec) -> list[tuple[Any, bool]]:
    from modelc.graph.graph import leaves

    return [(record.weights, record.trainable) for record in leaves(spec.graph.layers)]


def test_a_model_inside_of_a_wrapper_is_applied_to_each_step(tmp_path: Path) -> None:
    inner = keras.Sequential([keras.Input((4,)), k.Dense(3, activation="tanh"), k.Dense(2)], name="inner")
    model = randomize(keras.Sequential([keras.Input((3, 4)), k.TimeDistributed(inner, name="steps")]))
    inputs = sample(model)
    model.save(tmp_path / "model.keras")
    built = load_spec(tmp_path / "model.keras").build(backend="reference")
    assert_close([np.asarray(built(inputs[0]))], called(model, inputs))


def test_sizes_that_are_left_open_stay_free_unless_given() -> None:
    x = keras.Input((None, None, 3))
    text = keras.Model(x, k.GlobalAveragePooling2D()(k.Conv2D(2, 3)(x))).to_json()
    free = read_keras_model(text).spec
    assert [layer.shape for layer in free.layers if isinstance(layer, InputLayer)] == [(None, None, 3)]
    assert read_keras_model(text, input_shape=(7, 9, 3)).spec.graph.outputs[0].type.dims == (2,)
    with pytest.raises(UnsupportedError, match="does not fit"):
        read_keras_model(text, input_shape=(7, 9, 4))


def test_load_spec_takes_what_keras_saved_and_names_its_weights(tmp_path: Path) -> None:
    model = randomize(_frozen_base())
    inputs = sample(model)
    model.save(tmp_path / "model.keras")
    (tmp_path / "model.json").write_text(model.to_json())
    spec = load_spec(tmp_path / "model.keras")
    assert spec.weights == "model.keras"
    built = spec.build(backend="reference")
    assert_close([np.asarray(built(inputs[0]))], called(model, inputs))
    assert load_spec(tmp_path / "model.json") == spec.replaced(weights=None)
    changed = load_spec(tmp_path / "model.json", settings=["layers.3.units=5"])
    assert changed.graph.outputs[0].type.dims == (5,)


def test_names_of_blocks_have_no_slashes_in_keras(tmp_path: Path) -> None:
    spec = load_spec("""
modelc: 1
input: {shape: [8, 8, 2]}
blocks:
  residual:
    params: {filters: int}
    layers:
      - {type: Conv2D, name: conv, filters: "${filters}", kernel_size: 3, padding: same}
      - {type: ReLU}
layers:
  - {block: residual, name: one, filters: 3}
  - {block: residual, name: two, filters: 4}
""")
    rng = np.random.default_rng(0)
    arrays = {w.path: rng.normal(size=w.shape).astype("float32") for w in spec.graph.weights}
    assert any("/conv/" in path for path in arrays)
    export_keras(tmp_path / "m.keras", spec, arrays)
    back = keras.models.load_model(tmp_path / "m.keras")
    assert isinstance(back, keras.Sequential)
    assert next(layer.name for layer in back.layers) == "one_conv"
    x = rng.normal(size=(2, 8, 8, 2)).astype("float32")
    assert_close(ours(spec, [x], arrays), called(back, [x]))
    built = spec.build(weights=tmp_path / "m.keras", backend="reference")
    assert all(np.array_equal(built.arrays[path], array) for path, array in arrays.items())


def test_a_view_takes_its_part_of_the_file(tmp_path: Path) -> None:
    model = randomize(keras.Sequential([keras.Input((3,)), k.Dense(4, name="a"), k.Dense(2, name="b")]))
    model.save(tmp_path / "m.keras")
    part = load_spec(tmp_path / "m.keras").truncate("a").build(backend="reference")
    assert all(np.array_equal(a, b) for a, b in zip(part.get_weights(), model.layers[0].get_weights(), strict=True))
    with pytest.raises(WeightsError, match="dense/kernel"):
        load_spec("modelc: 1\ninput: {shape: [3]}\nlayers:\n- {type: Dense, units: 4}\n").build(
            weights=tmp_path / "m.keras", backend="reference"
        )


def test_what_keras_cannot_say_is_refused() -> None:
    spec = load_spec("""
modelc: 1
input: {shape: [3]}
layers:
  - {type: Model, name: m, spec: {layers: [{type: Dense, name: d, units: 2}, {type: ReLU}]}}
  - {type: Dense, units: 2, inputs: m/d}
outputs: [m, dense]
""")
    with pytest.raises(UnsupportedError, match="m/d"):
        exported(spec)

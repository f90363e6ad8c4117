"""Models inside of models, in Python and in specs: shared weights, freezing, paths, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import Input, Model, Sequential, SpecError, layers
from modelc.language.load import load_definition
from modelc.language.nested import ModelLayer
from modelc.model.spec import Spec

X = np.random.default_rng(0).standard_normal((5, 4)).astype(np.float32)


def _base() -> Sequential:
    return Sequential([Input(4), layers.Dense(6, activation="relu", name="a"), layers.Dense(3, name="b")], name="base")


def _head(base: Any) -> Sequential:
    return Sequential([base, layers.Dense(2, name="head")], backend="reference")


def _dense(x: Any, layer: Any) -> Any:
    kernel, bias = layer.get_weights()
    return x @ kernel + bias


def test_a_model_is_a_layer_and_shares_its_weights() -> None:
    base = _base()
    model = _head(base)
    y = model(X)
    np.testing.assert_allclose(y, _dense(base(X), model.get_layer("head")), rtol=1e-6)
    base.layers[0].set_weights([np.zeros((4, 6)), np.zeros(6)])
    np.testing.assert_allclose(model(X), _dense(base(X), model.get_layer("head")), rtol=1e-6)
    assert [v.path for v in base.weights] == ["a/kernel", "a/bias", "b/kernel", "b/bias"]
    assert list(model.arrays) == [
        "base/a/kernel", "base/a/bias", "base/b/kernel", "base/b/bias", "head/kernel", "head/bias"
    ]  # fmt: skip


def test_a_model_that_is_not_built_is_built_with_the_one_around_it() -> None:
    base = Sequential([layers.Dense(6), layers.Dense(3)], name="base")
    model = Sequential([Input(4), base, layers.Dense(2)], backend="reference")
    assert base.built and base.count_params() == 4 * 6 + 6 + 6 * 3 + 3
    assert model.count_params() == base.count_params() + 3 * 2 + 2


def test_freezing_a_model_freezes_what_is_in_it() -> None:
    base = _base()
    model = _head(base)
    base.trainable = False
    assert len(model.trainable_weights) == 2 and len(model.non_trainable_weights) == 4
    base.trainable = True
    base.layers[0].trainable = False
    assert [v.name for v in model.trainable_weights] == ["kernel", "bias"] * 2
    spec = model.to_spec()
    assert spec.summary().trainable_params == 6 * 3 + 3 + 3 * 2 + 2
    assert modelc.load_spec(spec.to_yaml()) == spec


@pytest.mark.parametrize("trainable", [True, False])
def test_a_copy_from_the_spec_gives_the_same(tmp_path: Path, trainable: bool) -> None:
    base = _base()
    base.trainable = trainable
    model = _head(base)
    model.save(tmp_path / "m.modelc")
    again = modelc.load(tmp_path / "m.modelc", backend="reference")
    np.testing.assert_array_equal(again(X), model(X))
    assert len(again.trainable_weights) == (6 if trainable else 2)
    inner = again.get_layer("base")
    assert [layer.name for layer in inner.layers] == ["a", "b"]
    inner.trainable = True
    assert len(again.trainable_weights) == 6


NESTED = """
modelc: 1
input: {shape: [4]}
layers:
  - {type: Model, name: base, spec: base.yaml, trainable: false}
  - {type: Dense, units: 2, name: head}
"""
BASE = """
modelc: 1
input: {shape: [4]}
layers:
  - {type: Dense, units: 6, name: a, activation: relu}
  - {type: Dropout, rate: 0.5}
  - {type: Dense, units: 3, name: b}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "model.yaml").write_text(NESTED)
    return tmp_path


def test_paths_reach_inside(folder: Path) -> None:
    spec = modelc.load_spec(folder / "model.yaml")
    model = spec.build(backend="reference")
    assert spec.get_layer("base/b").name == spec.get_layer("base.b").name == "b"
    features = spec.extract("base/a", "head").build(backend="reference", weights=model.arrays)
    inside, head = features(X)
    np.testing.assert_allclose(inside, np.maximum(_dense(X, model.get_layer("base/a")), 0), rtol=1e-6)
    np.testing.assert_array_equal(head, model(X))
    np.testing.assert_array_equal(model.extract("base/a")(X), inside)
    cut = spec.truncate("base/a")
    assert [w.path for w in cut.graph.weights] == ["base/a/kernel", "base/a/bias"]
    np.testing.assert_array_equal(cut.build(backend="reference", weights=model.arrays)(X), inside)
    assert spec.summary().trainable_params == 3 * 2 + 2
    assert spec.freeze("head").summary().trainable_params == 0
    whole = modelc.load_spec((folder / "model.yaml").read_text().replace(", trainable: false", ""), folder=folder)
    assert whole.freeze("base/a").summary().trainable_params == 6 * 3 + 3 + 3 * 2 + 2


def test_the_weights_of_a_model_come_from_its_file(folder: Path) -> None:
    base = modelc.load_spec(folder / "base.yaml").build(seed=7, backend="reference")
    base.save_weights(folder / "base.safetensors")
    (folder / "named.yaml").write_text(NESTED.replace("base.yaml,", "base.yaml, weights: base.safetensors,"))
    model = modelc.load_spec(folder / "named.yaml").build(seed=1, backend="reference")
    np.testing.assert_array_equal(model.get_layer("base/b").get_weights()[0], base.get_layer("b").get_weights()[0])
    cut = NESTED.replace("base.yaml,", "base.yaml, truncate: a, weights: base.safetensors,")
    (folder / "cut.yaml").write_text(cut)
    model = modelc.load_spec(folder / "cut.yaml").build(seed=1, backend="reference")
    np.testing.assert_allclose(model(X), _dense(np.maximum(_dense(X, base.get_layer("a")), 0), model.get_layer("head")),
                               rtol=1e-6)  # fmt: skip


def test_models_that_contain_each_other(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE.replace("{type: Dropout, rate: 0.5}", "{type: Model, spec: model.yaml}"))
    with pytest.raises(SpecError, match=r"the models contain each other: model\.yaml → base\.yaml → model\.yaml"):
        modelc.load_spec(folder / "model.yaml")


@pytest.mark.parametrize("target", ["../x.yaml", "/etc/passwd", "none.yaml", "zoo:nothing", "http://x/y.yaml"])
def test_files_that_may_not_be_read(folder: Path, target: str) -> None:
    (folder / "model.yaml").write_text(NESTED.replace("base.yaml", target))
    with pytest.raises(SpecError) as error:
        modelc.load_spec(folder / "model.yaml")
    (found,) = error.value.diagnostics
    assert (found.code, found.line) == ("E301", 5)


def test_mistakes_inside_are_told_in_their_own_file(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE.replace("units: 3", "unitz: 3"))
    with pytest.raises(SpecError) as error:
        modelc.load_spec(folder / "model.yaml")
    (found,) = error.value.diagnostics
    assert found.code == "E201" and found.line == 7 and str(found.file).endswith("base.yaml")


def test_names_that_the_view_of_a_model_does_not_have(folder: Path) -> None:
    (folder / "model.yaml").write_text(NESTED.replace("base.yaml,", "base.yaml, truncate: aa,"))
    with pytest.raises(SpecError) as error:
        modelc.load_spec(folder / "model.yaml")
    (found,) = error.value.diagnostics
    assert (found.code, found.line, found.help) == ("E304", 5, "the layers are: a, dropout, b")


GRAPH = """
modelc: 1
inputs: {left: {shape: [4]}, right: {shape: [4]}}
layers:
  - {type: Dense, units: 3, name: encoder, inputs: left}
  - {use: encoder, inputs: right}
  - {type: Operation, operation: subtract, inputs: [encoder, encoder@1], name: difference}
  - {type: Dense, units: 2, name: head}
"""


def test_several_inputs_and_a_shared_layer() -> None:
    spec = modelc.load_spec(GRAPH)
    model = spec.build(backend="reference")
    other = X[::-1].copy()
    want = _dense(_dense(X, model.get_layer("encoder")) - _dense(other, model.get_layer("encoder")),
                  model.get_layer("head"))  # fmt: skip
    np.testing.assert_allclose(model([X, other]), want, rtol=1e-5)
    np.testing.assert_allclose(model({"right": other, "left": X}), want, rtol=1e-5)
    np.testing.assert_allclose(spec.build(weights=model.arrays).predict([X, other], batch_size=2), want, rtol=1e-5)
    assert model.count_params() == 4 * 3 + 3 + 3 * 2 + 2
    assert model.input_shape == [(None, 4), (None, 4)]
    assert modelc.load_spec(spec.to_yaml()) == spec
    part = Model(inputs=model.inputs[0], outputs=model.get_layer("encoder").output)
    np.testing.assert_allclose(part(X), _dense(X, model.get_layer("encoder")), rtol=1e-6)
    with pytest.raises(SpecError, match="the outputs depend on more inputs: `right`"):
        Model(inputs=model.inputs[0], outputs=model.outputs)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (X, r"takes 2 inputs \(left, right\), found one array"),
        ([X], "found 1 arrays"),
        ({"left": X}, "missing: `right`"),
        ({"left": X, "right": X, "rigth": X}, "unexpected: `rigth`; did you mean `right`"),
        ([X, X[:3]], "different numbers of samples: `left` has 5, `right` has 3"),
        ([X, X[:, :3]], r"the input `right` has the shape \(5, 3\)"),
    ],
)
def test_wrong_inputs(given: Any, message: str) -> None:
    model = modelc.load_spec(GRAPH).build(backend="reference")
    with pytest.raises(modelc.InputError, match=message):
        model(given)


STATEFUL = """
modelc: 1
input: {shape: [3, 2], batch_size: 2}
layers:
  - {type: LSTM, units: 4, stateful: true}
"""


@pytest.mark.parametrize("backend", ["native", "reference"])
def test_states_go_on_from_call_to_call(backend: Any) -> None:
    x = np.random.default_rng(1).standard_normal((2, 6, 2)).astype(np.float32)
    model = modelc.load_spec(STATEFUL).build(backend=backend)
    model(x[:, :3])
    second = model(x[:, 3:])
    whole = modelc.load_spec(STATEFUL.replace("[3, 2]", "[6, 2]")).build(backend=backend)
    np.testing.assert_allclose(second, whole(x), rtol=1e-5, atol=1e-6)
    model.get_layer("lstm").reset_state()
    np.testing.assert_allclose(model(x[:, 3:]), _fresh(backend, x[:, 3:]), rtol=1e-5, atol=1e-6)
    with pytest.raises(modelc.InputError, match="takes batches of 2, found 1"):
        model(x[:1, :3])


def _fresh(backend: Any, x: Any) -> Any:
    return modelc.load_spec(STATEFUL).build(backend=backend)(x)


@pytest.mark.parametrize("frozen", ["the model", "its input", "a layer", "nothing"])
def test_a_functional_model_stays_one_after_a_reload(tmp_path: Path, frozen: str) -> None:
    base = modelc.load_spec(
        {"modelc": 1, "name": "b", "inputs": {"x": {"shape": [4]}}, "layers": [{"type": "Dense", "units": 3}]}
    ).build(backend="reference")
    model = modelc.Sequential([base, layers.Dense(1)], backend="reference")
    if frozen == "the model":
        base.trainable = False
    elif frozen != "nothing":
        base.layers[0 if frozen == "its input" else 1].trainable = False
    model.save(tmp_path / "m.modelc")
    again = modelc.load(tmp_path / "m.modelc", backend="reference")
    for spec in (model.spec, again.spec, modelc.load_spec(model.spec.to_yaml())):
        assert [row.type for row in spec.summary().rows] == ["Functional", "Dense"]
    assert again.spec == model.spec
    assert [v.shape for v in again.trainable_weights] == [v.shape for v in model.trainable_weights]


def test_what_is_known_of_a_definition_is_known_of_its_spec() -> None:
    """Nothing is wired or traced again, and the models inside, of wrappers and of views too, are specs as well."""
    innermost = {"modelc": 1, "input": {"shape": [4]}, "layers": [{"type": "Dense", "units": 3, "name": "dense"}]}
    inner = {"modelc": 1, "input": {"shape": [4]}, "layers": [{"type": "Model", "name": "inner", "spec": innermost}]}
    steps = {"type": "TimeDistributed", "name": "steps", "layer": {"type": "Model", "name": "outer", "spec": inner}}
    document = {"modelc": 1, "input": {"shape": [5, 4]}, "layers": [steps], "freeze": ["steps/outer/inner/dense"]}
    definition = load_definition(document)
    known = definition.wiring, definition.graph
    before = definition.layers
    spec = Spec.of(definition)
    assert {"wiring", "view", "layers", "graph"} <= vars(spec).keys()
    assert (spec.wiring, spec.graph) == known
    assert definition.layers is before  # the definition stays what it was
    assert spec.place("layers") is definition.place("layers")
    for wrapper in (spec.entries[0], spec.layers[0], spec.view.layers[0]):
        assert isinstance(wrapper, layers.TimeDistributed)
        outer = wrapper.layer
        assert isinstance(outer, ModelLayer)
        assert isinstance(outer.spec, Spec)
        assert isinstance(outer.viewed, Spec)
        assert all(isinstance(one, ModelLayer) and isinstance(one.spec, Spec) for one in outer.layers)
    assert spec.summary().trainable_params == 0
    assert Spec.of(spec) is spec

"""Sequential models in Python: adding, popping, names, sharing, and what is refused."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import Input, Sequential, layers
from modelc.errors import InputError, NotBuiltError, ShapeError, SpecError

X = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)


def _sequential(*given: Any, **options: Any) -> Sequential:
    return Sequential(list(given), backend="reference", **options)


def _mlp(**options: Any) -> Sequential:
    return _sequential(Input(4), layers.Dense(3, activation="relu"), layers.Dense(2), **options)


# --- growing and shrinking


def test_layers_keep_their_weights_while_others_come_and_go() -> None:
    model = _mlp()
    before = model.get_weights()
    model.add(layers.Dense(6))
    assert [v.path for v in model.weights[4:]] == ["dense_2/kernel", "dense_2/bias"]
    assert model(X).shape == (5, 6)
    model.pop()
    for mine, theirs in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert model.output_shape == (None, 2)
    assert model(X).shape == (5, 2)


def test_adding_a_layer_traces_only_that_layer() -> None:
    calls: list[str] = []

    class Counting(layers.Dense):
        def call(self, g: Any, x: Any) -> Any:
            calls.append(str(self.name))
            return super().call(g, x)

    model = _sequential(Input(4))
    for _ in range(5):
        model.add(Counting(3))
        assert model.output_shape == (None, 3)
    assert calls == ["counting", "counting_1", "counting_2", "counting_3", "counting_4"]


def test_layers_are_the_objects_that_were_added() -> None:
    first, second = layers.Dense(3), layers.Dense(2)
    model = _sequential(first, second)
    assert model.layers[0] is first
    assert model.get_layer("dense_1") is second
    assert model.get_layer(index=-1) is second
    assert first.weights == []
    model(X)
    assert [v.path for v in first.weights] == ["dense/kernel", "dense/bias"]
    assert (second.input.shape, second.output.shape) == ((None, 3), (None, 2))


def test_a_layer_that_does_not_fit_changes_nothing() -> None:
    model = _mlp()
    dense, conv = layers.Dense(7), layers.Conv2D(2, 3)
    with pytest.raises(SpecError, match=r"`conv2d` \(Conv2D\) cannot take \(None, 2\)"):
        model.add(conv)
    with pytest.raises(SpecError, match="`conv2d`"):
        model._put([dense, conv])
    assert (conv.name, dense.name, dense.weights, dense.built) == (None, None, [], False)
    assert len(model.layers) == 2
    assert model(X).shape == (5, 2)
    model.add(dense)
    assert dense.name == "dense_2"


def test_a_deferred_model_that_does_not_fit_stays_unbuilt() -> None:
    model = _sequential(layers.Conv2D(2, 3), layers.Dense(3))
    with pytest.raises(SpecError, match="Conv2D"):
        model(X)
    assert not model.built
    assert model(np.zeros((1, 5, 5, 1))).shape == (1, 3, 3, 3)


def test_build_makes_the_weights() -> None:
    model = _sequential(layers.Dense(3))
    model.build((None, 4))
    assert model.input_shape == (None, 4)
    assert len(model.weights) == 2
    model.build((8, 4))
    with pytest.raises(SpecError, match=r"built for samples of the shape \(4,\), found \(5,\)"):
        model.build((None, 5))
    with pytest.raises(InputError, match=r"has the shape \(5, 6\), expected \(None, 4\)"):
        model(np.zeros((5, 6)))


def test_popping_everything_forgets_an_input_that_was_not_declared() -> None:
    model = _sequential(layers.Dense(3, input_shape=(4,)))
    model.pop()
    assert not model.built
    model.add(layers.Dense(3))
    assert model(np.zeros((1, 9))).shape == (1, 3)
    declared = _mlp()
    declared.pop()
    declared.pop()
    assert declared.built
    with pytest.raises(SpecError, match="no layers"):
        declared.pop()


def test_weights_follow_the_seed_and_match_the_specs() -> None:
    model = _mlp(seed=4)
    built = model.to_spec().build(seed=4, backend="reference")
    for mine, theirs in zip(model.get_weights(), built.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert not np.array_equal(model.get_weights()[0], _mlp(seed=5).get_weights()[0])


# --- one spec, written in Python or in YAML

YAML = """
modelc: 1
name: downsampler
input: {shape: [32, 32, 3]}
layers:
  - {type: Conv2D, filters: 8, kernel_size: 5, strides: 2, activation: relu}
  - {type: Conv2D, filters: 8, kernel_size: 3, activation: relu, name: middle, trainable: false}
  - {type: MaxPooling2D, pool_size: 3}
  - {type: BatchNormalization}
  - type: Conv2D
    filters: 4
    kernel_size: [1, 2]
    padding: same
    kernel_initializer: {type: RandomNormal, stddev: 0.1}
  - {type: GlobalMaxPooling2D}
  - {type: Dense, units: 10, activation: softmax}
"""


def _downsampler() -> Sequential:
    model = Sequential(name="downsampler", backend="reference")
    model.add(Input(shape=(32, 32, 3)))
    model.add(layers.Conv2D(8, 5, strides=2, activation="relu"))
    model.add(layers.Conv2D(8, 3, activation="relu", name="middle"))
    model.add(layers.MaxPooling2D(3))
    model.add(layers.BatchNormalization())
    model.add(layers.Conv2D(4, (1, 2), padding="same", kernel_initializer=modelc.initializers.RandomNormal(stddev=0.1)))
    model.add(layers.GlobalMaxPooling2D())
    model.add(layers.Dense(10, activation="softmax"))
    model.get_layer("middle").trainable = False
    return model


def test_python_and_yaml_are_the_same_spec() -> None:
    spec, model = modelc.load_spec(YAML), _downsampler()
    assert model.to_spec() == spec
    assert modelc.load_spec(model.to_spec().to_yaml()) == spec
    x = np.random.default_rng(1).normal(size=(2, 32, 32, 3)).astype(np.float32)
    np.testing.assert_array_equal(spec.build(backend="reference")(x), model(x))
    again = Sequential.from_spec(spec, backend="reference")
    assert again.to_spec() == spec
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    np.testing.assert_array_equal(again(x), model(x))


def test_a_spec_does_not_change_with_the_model() -> None:
    model = _mlp()
    spec = model.to_spec()
    model.layers[0].trainable = False
    model.add(layers.Dense(1))
    assert spec == _mlp().to_spec()
    assert spec != model.to_spec()
    with pytest.raises(SpecError, match=r"spec.freeze"):
        spec.layers[0].trainable = False


def test_names_that_a_spec_would_not_give_are_written_down() -> None:
    model = _sequential(Input(3), layers.Dense(2), layers.Dense(2, name="dense"))
    model.pop()
    assert [layer.name for layer in model.layers] == ["dense_1"]
    assert [entry.name for entry in model.to_spec().entries] == ["dense_1"]
    assert [layer.name for layer in model.to_spec().layers] == ["dense_1"]


def test_a_list_and_a_spec_number_layers_alike() -> None:
    model = _sequential(Input(3), layers.Dense(2), layers.Dense(2, name="dense"), layers.Dense(2))
    assert [layer.name for layer in model.layers] == ["dense_1", "dense", "dense_2"]
    assert [entry.name for entry in model.to_spec().entries] == [None, "dense", None]


# --- layers by themselves, and in several models


def test_a_layer_brings_its_weights_along() -> None:
    layer = layers.Dense(3)
    alone = layer(X)
    model = _sequential(Input(4), layers.Dense(4), layer)
    assert [v.path for v in layer.weights] == ["dense_1/kernel", "dense_1/bias"]
    np.testing.assert_array_equal(model.get_weights()[2], layer.get_weights()[0])
    model.get_layer("dense").set_weights([np.eye(4), np.zeros(4)])
    np.testing.assert_allclose(model(X), alone, rtol=1e-6)


def test_models_share_the_layers_that_both_hold() -> None:
    base = _mlp()
    model = _sequential(Input(4), *base.layers, layers.Dense(9))
    assert [layer.name for layer in model.layers] == ["dense", "dense_1", "dense_2"]
    base.set_weights([np.ones_like(w) for w in base.get_weights()])
    np.testing.assert_array_equal(model.extract("dense_1")(X), base(X))
    assert base.layers[0].output.owner is base.outputs[0].owner
    assert base.extract("dense")(X).shape == (5, 3)


def test_a_layer_built_for_another_input_is_refused() -> None:
    layer = layers.Dense(3)
    layer(np.ones((1, 7)))
    model = _mlp()
    with pytest.raises(SpecError, match=r"shapes \[\(7, 3\), \(3,\)\], its place in the model needs \[\(2, 3\)"):
        model.add(layer)
    assert len(model.layers) == 2
    with pytest.raises(ShapeError, match=r"\(None, 4\) needs \[\(4, 3\), \(3,\)\]"):
        layer(X)


def test_a_layer_called_by_itself() -> None:
    first, second = layers.Dense(4), layers.Dense(4)
    first(X)
    second(X)
    assert not np.array_equal(first.get_weights()[0], second.get_weights()[0])
    kernel, bias = first.get_weights()
    np.testing.assert_allclose(first(X), X @ kernel + bias, rtol=1e-5)
    assert first.count_params() == 20
    np.testing.assert_array_equal(layers.Flatten()(np.arange(8).reshape(2, 2, 2)), np.arange(8).reshape(2, 4))
    with pytest.raises(NotBuiltError, match="`Dense` has no weights yet"):
        layers.Dense(3).count_params()
    with pytest.raises(NotBuiltError, match="has no output yet"):
        _ = first.output


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([[1.0], [1.0, 2.0]], InputError, "not an array"),
        (np.array([["a"]]), InputError, "holds <U1"),
        (3.0, ShapeError, "single number"),
        (np.zeros(3), ShapeError, "none beside the batch"),
    ],
)
def test_what_a_layer_cannot_be_called_on(x: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        layers.Dense(3)(x)


def test_layers_are_not_called_on_symbols() -> None:
    model = _mlp()
    for call in (layers.Dense(3), model):
        with pytest.raises(SpecError, match="`dense_1` is a symbolic tensor, which has no values"):
            call(model.layers[-1].output)


# --- what is refused

REFUSED: dict[str, tuple[list[Any], str]] = {
    "a class": ([layers.Dense], r"found the class Dense"),
    "text": (["Dense"], "found a str, expected a layer"),
    "an input in the middle": ([layers.Dense(2), Input(4)], "can only come first"),
    "two inputs": ([Input(4), Input(4)], "can only come first"),
    "an input shape in the middle": (
        [layers.Dense(2), layers.Dense(1, input_shape=(2,))],
        "`input_shape` is only for the first layer",
    ),
    "two input shapes": ([Input(4), layers.Dense(2, input_shape=(3,))], "say the shape in one place"),
    "a name twice": ([layers.Dense(2, name="a"), layers.Dense(2, name="a")], "two layers have the name `a`"),
    "a name with a slash": ([layers.Dense(2, name="a/b")], "cannot be a layer's name"),
    "a layer twice": ([layer := layers.Dense(2), layer], "is in the model already"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(case: str) -> None:
    given, message = REFUSED[case]
    with pytest.raises(SpecError, match=message):
        _sequential(*given)
    model = _sequential()
    with pytest.raises(SpecError, match=message):
        for layer in given:
            model.add(layer)


def test_an_input_that_is_wrong() -> None:
    for shape in ((-1, 3), (0,), ("4",), (2.5,)):
        with pytest.raises(SpecError, match="shape"):
            Input(shape=shape)  # type: ignore[arg-type]
    assert Input(784).shape == Input((784,)).shape == Input([784]).shape == (784,)


def test_an_unbuilt_model_says_so() -> None:
    model = _sequential(layers.Dense(2))
    for ask in (
        lambda: model.weights, lambda: model.summary(), lambda: model.inputs, lambda: model.output_shape,
        lambda: model.get_weights(), lambda: model.count_params(), lambda: model.extract("dense"),
        lambda: model.layers[0].output, lambda: model.trainable_weights, lambda: model.save_weights("none.safetensors"),
    ):  # fmt: skip
        with pytest.raises(NotBuiltError):
            ask()
    assert repr(model) == "<Sequential sequential: 1 layers, not built>"
    with pytest.raises(NotBuiltError, match="has no layers"):
        _sequential()(X)


# --- copies


@pytest.mark.parametrize("duplicate", [copy.deepcopy, copy.copy, lambda m: pickle.loads(pickle.dumps(m))])
@pytest.mark.parametrize("built", [True, False])
def test_copies_have_weights_of_their_own(duplicate: Any, built: bool) -> None:
    model = _mlp() if built else _sequential(layers.Dense(3), layers.Dense(2))
    other = duplicate(model)
    assert type(other) is Sequential
    assert other.to_spec() == model.to_spec()
    assert other.built is built
    np.testing.assert_array_equal(other(X), model(X))
    before = other(X)
    model.set_weights([w + 1 for w in model.get_weights()])
    np.testing.assert_array_equal(other(X), before)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, copy.copy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copied_layer_has_no_weights(duplicate: Any) -> None:
    layer = _mlp().layers[0]
    other = duplicate(layer)
    assert other.options() == layer.options()
    assert (other.built, other.in_model, layer.built) == (False, False, True)

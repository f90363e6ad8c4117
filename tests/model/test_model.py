"""Models: calls, batches, views, freezing, threads, copies; and the public names."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import layers
from modelc.errors import InputError, SpecError

SPEC = """
modelc: 1
name: small
input: {shape: [6, 6, 2]}
layers:
  - {type: Conv2D, filters: 3, kernel_size: 3, activation: relu, name: first}
  - {type: BatchNormalization}
  - {type: Flatten}
  - {type: Dense, units: 4}
"""
X = np.random.default_rng(0).normal(size=(7, 6, 6, 2)).astype(np.float32)


@pytest.fixture
def model() -> modelc.Model:
    return modelc.load_spec(SPEC).build(seed=1, backend="reference")


# --- running


def test_predict_runs_in_batches(model: modelc.Model, tmp_path: Path) -> None:
    whole = model(X)
    for batch_size in (1, 3, 7, 100):
        np.testing.assert_allclose(model.predict(X, batch_size=batch_size), whole, rtol=1e-5, atol=1e-6)
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    np.testing.assert_allclose(model.predict(mapped, batch_size=2), whole, rtol=1e-5, atol=1e-6)
    several = model.extract("first", "dense").predict(X, batch_size=3)
    assert [y.shape for y in several] == [(7, 4, 4, 3), (7, 4)]
    assert model.predict(X[:0]).shape == (0, 4)


def test_inputs_of_any_layout_and_real_dtype(model: modelc.Model) -> None:
    expected = model(X)
    np.testing.assert_array_equal(model(np.asfortranarray(X)), expected)
    np.testing.assert_array_equal(model(np.repeat(X, 2, axis=0)[::2]), expected)
    np.testing.assert_array_equal(model(X.astype(">f4")), expected)
    np.testing.assert_array_equal(model(X.tolist()), expected)
    np.testing.assert_array_equal(model([X]), expected)
    np.testing.assert_array_equal(model({"input": X}), expected)
    np.testing.assert_array_equal(model(np.ones((1, 6, 6, 2), np.uint8)), model(np.ones((1, 6, 6, 2))))


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (X[0], r"has the shape \(6, 6, 2\), expected \(None, 6, 6, 2\)\n  help: add the batch axis"),
        (X[..., :1], r"has the shape \(7, 6, 6, 1\)"),
        (X.astype(complex), "holds complex128, expected numbers"),
        (np.full(X.shape, "a"), "holds <U1"),
        ([[1], [1, 2]], "is not an array"),
        (None, "holds object"),
    ],
)
def test_inputs_that_do_not_fit(model: modelc.Model, x: Any, message: str) -> None:
    for run in (model, model.predict):
        with pytest.raises(InputError, match=message):
            run(x)


def test_a_batch_size_below_one(model: modelc.Model) -> None:
    with pytest.raises(InputError, match="at least 1, found 0"):
        model.predict(X, batch_size=0)


# --- views


def test_views_share_their_weights(model: modelc.Model) -> None:
    features = modelc.Model(inputs=model.inputs, outputs=[layer.output for layer in model.layers], name="features")
    assert (features.name, features.output_names) == ("features", ("first", "batch_normalization", "flatten", "dense"))
    np.testing.assert_array_equal(features(X)[-1], model(X))
    model.layers[0].set_weights([np.zeros((3, 3, 2, 3)), np.full(3, 2.0)])
    assert (features(X)[0] == 2).all()
    features.set_weights([w * 0 for w in features.get_weights()])
    assert not model(X).any()


def test_a_view_holds_only_what_it_needs(model: modelc.Model) -> None:
    view = model.extract("first")
    assert [v.path for v in view.weights] == ["first/kernel", "first/bias"]
    assert [layer.name for layer in view.layers] == ["first"]
    assert view.input_shape == (None, 6, 6, 2)
    assert view.output_shape == (None, 4, 4, 3)
    assert view(X).shape == (7, 4, 4, 3)


def test_views_of_views(model: modelc.Model) -> None:
    outer = model.extract("flatten", "first")
    inner = outer.extract("first")
    np.testing.assert_array_equal(inner(X), outer(X)[1])
    again = modelc.Model(outer.inputs, outer.get_layer("batch_normalization").output)
    np.testing.assert_array_equal(again(X), model.extract("batch_normalization")(X))
    assert outer.to_spec().to_dict()["extract"] == ["flatten", "first"]
    assert inner.to_spec().to_dict()["extract"] == ["first"]


def test_a_view_is_the_spec_that_it_says(model: modelc.Model) -> None:
    view = model.extract("dense", "first")
    built = view.to_spec().build(weights=view.get_weights(), backend="reference")
    for mine, theirs in zip(built(X), view(X), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_inputs_of_layers_are_the_outputs_before_them(model: modelc.Model) -> None:
    view = modelc.Model(model.inputs, [model.layers[0].input, model.layers[1].input])
    assert view.output_names == ("input", "first")
    np.testing.assert_array_equal(view(X)[0], X)
    np.testing.assert_array_equal(view(X)[1], model.extract("first")(X))


def test_symbols_that_do_not_belong_together(model: modelc.Model) -> None:
    other = modelc.load_spec(SPEC).build(backend="reference")
    with pytest.raises(SpecError, match="belong to different models"):
        modelc.Model(model.inputs, other.outputs)
    with pytest.raises(SpecError, match="starts at the inputs"):
        modelc.Model(model.layers[1].output, model.outputs)
    with pytest.raises(SpecError, match="must be symbolic tensors"):
        modelc.Model(model.inputs, [])
    with pytest.raises(SpecError, match="must be symbolic tensors"):
        modelc.Model(model.inputs, [X])  # type: ignore[list-item]


def test_symbols_of_a_layer_that_was_popped() -> None:
    model = modelc.Sequential([modelc.Input(4), layers.Dense(3), layers.Dense(2)], backend="reference")
    first, last = (layer.output for layer in model.layers)
    view = modelc.Model(model.inputs, [first, last])
    model.pop()
    x = np.ones((2, 4))
    assert [y.shape for y in view(x)] == [(2, 3), (2, 2)]
    assert view.to_spec().build(weights=view.get_weights(), backend="reference")(x)[1].shape == (2, 2)
    assert modelc.Model(model.inputs, first)(x).shape == (2, 3)
    with pytest.raises(SpecError, match="no longer in the model: `dense_1`"):
        modelc.Model(model.inputs, last)


# --- freezing


def test_frozen_layers(model: modelc.Model) -> None:
    assert [v.path for v in model.non_trainable_weights] == [
        "batch_normalization/moving_mean", "batch_normalization/moving_variance",
    ]  # fmt: skip
    model.get_layer("batch_normalization").trainable = False
    assert [v.path for v in model.trainable_weights] == ["first/kernel", "first/bias", "dense/kernel", "dense/bias"]
    assert len(model.weights) == len(model.trainable_weights) + len(model.non_trainable_weights)
    frozen = modelc.load_spec(SPEC).freeze("batch_normalization").layers
    assert [layer.trainable for layer in model.to_spec().layers] == [layer.trainable for layer in frozen]


def test_a_frozen_model(model: modelc.Model) -> None:
    model.trainable = False
    assert not any(layer.trainable for layer in model.layers)
    model.layers[-1].trainable = True
    # As in Keras: the model's own flag stands above its layers'.
    assert model.trainable_weights == []
    model.trainable = True
    assert len(model.trainable_weights) == 6
    with pytest.raises(SpecError, match="`trainable` must be true or false"):
        model.layers[0].trainable = 1  # type: ignore[assignment]


def test_the_summary_shows_what_is_frozen(model: modelc.Model, capsys: pytest.CaptureFixture[str]) -> None:
    model.summary()
    assert "Non-trainable params: 6 " in capsys.readouterr().out
    model.layers[0].trainable = False
    model.summary()
    assert "Non-trainable params: 63 " in capsys.readouterr().out


# --- threads and copies


@pytest.mark.parametrize("backend", ["reference", "native"])
def test_calls_from_threads_see_old_or_new_weights_and_no_mixture(backend: Any) -> None:
    spec = modelc.load_spec(
        {"modelc": 1, "input": {"shape": [2]}, "layers": [{"type": "Dense", "units": 2} for _ in range(8)]}
    )
    model = spec.build(backend=backend)
    # Eight layers of c·I give c⁸, whatever else a mixture would give.
    sets = [[np.eye(2) * c if w.ndim == 2 else np.zeros(2) for w in model.get_weights()] for c in (1.0, 2.0, 3.0)]
    allowed = {1.0, 2.0**8, 3.0**8}
    model.set_weights(sets[0])
    wrong: list[Any] = []
    done = threading.Event()

    def call() -> None:
        rng = np.random.default_rng(threading.get_ident())
        while not done.is_set():
            y = model(np.ones((int(rng.integers(1, 5)), 2)))
            values = set(y.ravel().tolist())
            if len(values) != 1 or not values <= allowed:
                wrong.append(values)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        for i in range(400):
            model.set_weights(sets[i % 3])
        done.set()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []


def test_a_deferred_model_is_built_once_by_many_threads() -> None:
    model = modelc.Sequential([layers.Dense(3), layers.Dense(2)], backend="reference")
    results: list[Any] = []
    barrier = threading.Barrier(4)

    def call() -> None:
        barrier.wait()
        results.append(model(np.ones((2, 4))))

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all(np.array_equal(r, results[0]) for r in results)
    assert len(model.weights) == 4


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies(model: modelc.Model, duplicate: Any) -> None:
    for original in (model, model.extract("first", "dense")):
        other = duplicate(original)
        expected = original(X)
        np.testing.assert_array_equal(np.concatenate([np.ravel(y) for y in other(X)]), np.concatenate(
            [np.ravel(y) for y in expected]
        ))  # fmt: skip
        assert other.to_spec() == original.to_spec()
        assert not {id(v) for v in other.weights} & {id(v) for v in original.weights}


# --- the public names


def test_public_names() -> None:
    assert sorted(modelc.__all__) == [
        "CompileError", "Diagnostic", "DownloadError", "FileFormatError", "Input", "InputError", "Model", "ModelcError",
        "NotBuiltError", "OverwriteError", "ResourceError", "Sequential", "ShapeError", "Spec", "SpecError",
        "StorageError", "UnsupportedError", "WeightsError", "applications", "callbacks", "clone_model",
        "constraints", "data", "import_weights", "initializers", "layers", "load", "load_spec", "losses", "metrics",
        "model_from_json", "optimizers", "predict_files", "regularizers", "sweep", "utils", "view",
    ]  # fmt: skip
    for name in modelc.__all__:
        assert getattr(modelc, name) is not None
    assert set(modelc.__all__) <= set(dir(modelc))
    with pytest.raises(AttributeError, match="'modelc' has no attribute 'tensorflow'"):
        _ = modelc.tensorflow


def test_importing_modelc_imports_neither_numpy_nor_pydantic() -> None:
    code = "import modelc, sys; print(sorted({'numpy', 'pydantic', 'numba', 'yaml', 'click'} & sys.modules.keys()))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout == "[]\n"

"""Models and specs in pickles: what comes out is what went in, and nothing but three functions of modelc is named."""

from __future__ import annotations

import copy
import io
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pytest

import modelc
from modelc import layers

TEXT = """
modelc: 1
name: digits
input: {shape: [6, 6, 2]}
layers:
  - {type: Conv2D, name: maps, filters: 4, kernel_size: 3, trainable: false}
  - {type: BatchNormalization}
  - {type: Flatten}
  - {type: Dense, name: scores, units: 3, activation: softmax}
labels: [one, two, three]
preprocessing: tf
training: {loss: sparse_categorical_crossentropy, optimizer: {type: Adam, learning_rate: 0.01}, epochs: 3}
"""

FREE = """
modelc: 1
input: {shape: [time, 4]}
sizes: {time: {min: 2, max: 64}}
layers:
  - {type: GRU, units: 5}
  - {type: Dense, units: 2}
"""

X = np.random.default_rng(1).standard_normal((5, 6, 6, 2), np.float32)

NAMED = {
    ("modelc.model.build", "unpickled_model"),
    ("modelc.model.sequential", "unpickled_sequential"),
    ("modelc.model.spec", "unpickled_spec"),
}


class _Strict(pickle.Unpickler):
    """Takes nothing but what modelc's pickles name."""

    def find_class(self, module: str, name: str) -> Any:
        assert (module, name) in NAMED
        return super().find_class(module, name)


def strictly(given: Any) -> Any:
    return _Strict(io.BytesIO(pickle.dumps(given))).load()


COPIES: list[Callable[[Any], Any]] = [strictly, lambda one: cloudpickle.loads(cloudpickle.dumps(one)), copy.deepcopy]


@pytest.fixture(scope="module")
def model() -> modelc.Model:
    made = modelc.load_spec(TEXT).build(seed=3)
    rng = np.random.default_rng(5)
    made.set_weights([np.abs(rng.standard_normal(w.shape, np.float32)) for w in made.weights])
    return made


def same_weights(one: modelc.Model, other: modelc.Model) -> bool:
    return one.arrays.keys() == other.arrays.keys() and all(
        np.array_equal(array, other.arrays[path]) for path, array in one.arrays.items()
    )


@pytest.mark.parametrize("duplicate", COPIES)
def test_all_that_a_model_is_survives(model: modelc.Model, duplicate: Callable[[Any], Any]) -> None:
    other = duplicate(model)
    assert type(other) is modelc.Model
    np.testing.assert_array_equal(other(X), model(X))
    assert same_weights(other, model)
    assert other.to_spec() == model.to_spec()
    assert other.spec.training == model.spec.training is not None
    assert other.labels == ("one", "two", "three")
    assert other.preprocessing == model.preprocessing is not None
    assert [layer.trainable for layer in other.layers] == [False, True, True, True]
    assert len(other.trainable_weights) == len(model.trainable_weights)
    other.set_weights([weight + 1 for weight in other.get_weights()])
    assert not same_weights(other, model)


def test_a_pickle_holds_the_file_that_save_writes(model: modelc.Model, tmp_path: Path) -> None:
    model.save(tmp_path / "m.modelc")
    saved = (tmp_path / "m.modelc").read_bytes()
    _, (digest, data, *_) = model.__reduce__()
    assert (digest, data) == (sha256(saved).hexdigest(), saved)
    loaded = modelc.load(tmp_path / "m.modelc")
    assert loaded.__reduce__()[1][:2] == (digest, data)
    again = modelc.load(tmp_path / "m.modelc")  # whose plan is in the cache now: nothing was traced
    other = strictly(again)
    (tmp_path / "m.modelc").unlink()
    for one in (loaded, again, other):
        np.testing.assert_array_equal(one(X), model(X))


@pytest.mark.parametrize("duplicate", COPIES)
def test_free_sizes_stay_free(duplicate: Callable[[Any], Any]) -> None:
    model = modelc.load_spec(FREE).build()
    other = duplicate(model)
    assert other.input_shape == model.input_shape == (None, None, 4)
    assert other.to_spec() == model.to_spec()
    for length in (2, 9, 31):
        x = np.random.default_rng(length).standard_normal((3, length, 4), np.float32)
        np.testing.assert_array_equal(other(x), model(x))
    with pytest.raises(modelc.InputError):
        other(np.ones((1, 65, 4), np.float32))


def test_what_parts_of_models_return(model: modelc.Model) -> None:
    listed = modelc.Model(model.inputs, [model.get_layer("maps").output])
    keyed = modelc.Model(model.inputs, {"m": model.get_layer("maps").output, "s": model.get_layer("scores").output})
    (one,) = strictly(listed)(X)
    np.testing.assert_array_equal(one, listed(X)[0])
    assert strictly(listed).output_shape == listed.output_shape == [(None, 4, 4, 4)]
    found, expected = strictly(keyed)(X), keyed(X)
    assert found.keys() == expected.keys()
    for key in found:
        np.testing.assert_array_equal(found[key], expected[key])
    assert strictly(keyed).labels == {"m": None, "s": ("one", "two", "three")}
    alone = strictly(model.extract("maps"))(X)
    np.testing.assert_array_equal(alone, one)


def test_backend_precision_and_frozen_models() -> None:
    spec = modelc.load_spec(TEXT)
    other = strictly(spec.build(backend="reference", precision="exact"))
    assert (other.backend, other.to_spec().precision) == ("reference", "exact")
    frozen = spec.build()
    frozen.trainable = False
    frozen.layers[-1].trainable = True
    assert strictly(frozen).trainable is False
    assert strictly(frozen).trainable_weights == []
    assert strictly(frozen).layers[-1].trainable is True


def test_training_goes_on_from_the_weights() -> None:
    """Two copies that are trained alike stay alike."""
    model = modelc.Sequential([modelc.Input((4,)), layers.Dense(3, activation="tanh"), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).standard_normal((32, 4), np.float32)
    model.fit(x, x.sum(1), epochs=1, verbose=0)
    copies = [strictly(model), copy.deepcopy(model)]
    for one in (model, *copies):
        one.compile("sgd", "mse")
        one.fit(x, x.sum(1), epochs=2, verbose=0)
    assert same_weights(copies[0], model)
    assert same_weights(copies[1], model)


@pytest.mark.parametrize("duplicate", COPIES)
@pytest.mark.parametrize("build", ["declared", "called", "not"])
def test_sequentials(duplicate: Callable[[Any], Any], build: str) -> None:
    model = modelc.Sequential([layers.Dense(3, activation="relu"), layers.Dense(2)], name="s", seed=7)
    if build == "declared":
        model.build((None, 4))
    if build == "called":
        model(np.ones((2, 4), np.float32))
    other = duplicate(model)
    assert type(other) is modelc.Sequential
    assert (other.name, other.built, repr(other)) == ("s", model.built, repr(model))
    x = np.random.default_rng(0).standard_normal((3, 4), np.float32)
    np.testing.assert_array_equal(other(x), model(x))  # of the same seed where it is not built
    other.add(layers.Dense(5))
    model.add(layers.Dense(5))
    np.testing.assert_array_equal(other(x), model(x))


def test_weights_of_a_model_that_is_not_built_are_not_lost() -> None:
    dense = layers.Dense(3)
    dense(np.ones((1, 2), np.float32))
    model = modelc.Sequential([dense])
    assert not model.built
    with pytest.raises(modelc.NotBuiltError, match="some of its layers have weights"):
        pickle.dumps(model)


def test_specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "specs").mkdir()
    path = tmp_path / "specs" / "m.yaml"
    path.write_text(TEXT + "weights: w.safetensors\n")
    monkeypatch.chdir(tmp_path)
    spec = modelc.load_spec("specs/m.yaml")
    model = spec.build(weights=modelc.load_spec(TEXT).build(seed=9).arrays)
    model.save_weights("specs/w.safetensors")
    data = pickle.dumps(spec)
    monkeypatch.chdir("/")
    other = _Strict(io.BytesIO(data)).load()
    assert type(other) is modelc.Spec
    assert other == spec
    np.testing.assert_array_equal(other.build()(X), model(X))
    assert strictly(modelc.load_spec(FREE)) == modelc.load_spec(FREE)
    assert strictly(modelc.load_spec("modelc: 1\nlayers: [{type: Dense, units: 2}]\n")).input is None


# --- what is damaged


def test_damaged_bytes_are_refused(model: modelc.Model) -> None:
    function, (digest, data, *how) = model.__reduce__()
    for at in range(0, len(data), 97):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(modelc.FileFormatError, match="do not match their digest"):
            function(digest, changed, *how)
        try:  # who forges the digest, too, meets the reader of files
            made = function(sha256(changed).hexdigest(), changed, *how)
        except modelc.ModelcError:
            continue
        assert same_weights(made, model)
    for wrong in (data[:-1], b"", data[1:]):
        with pytest.raises(modelc.FileFormatError, match=r"is not a \.modelc file"):
            function(sha256(wrong).hexdigest(), wrong, *how)
    for wrong in (None, "text", 3, bytearray(data)):
        with pytest.raises(modelc.FileFormatError, match="is damaged"):
            function(digest, wrong, *how)


@pytest.mark.parametrize("how", [("cuda", True, True), ("native", 1, True), ("native", True, "no")])
def test_damaged_options_are_refused(model: modelc.Model, how: tuple[Any, ...]) -> None:
    function, (digest, data, *_) = model.__reduce__()
    with pytest.raises(modelc.SpecError):
        function(digest, data, *how)


def test_damaged_specs_are_refused() -> None:
    function, (digest, data, folder) = modelc.load_spec(TEXT).__reduce__()
    with pytest.raises(modelc.FileFormatError, match="do not match their digest"):
        function(digest, data[:-1], folder)
    for wrong in (b"\xff", b"/etc/passwd", b"{", b"modelc: 1\nlayers: [{type: Nope}]\n"):
        with pytest.raises(modelc.ModelcError) as raised:
            function(sha256(wrong).hexdigest(), wrong, None)
        assert raised.value.diagnostics[0].file in (None, "<spec>")


# --- other processes

_POOLS = """
import os, sys, threading
import numpy as np
import modelc

def work(job):
    from modelc.native.engine.cpus import thread_count
    from modelc.native.engine.threads import team
    model, x = job
    y = model(x)
    return y, model.predict(x), thread_count(), team().size

if __name__ == "__main__":
    kind = sys.argv[1]
    model = modelc.load_spec(sys.argv[2]).build(seed=1)
    x = np.random.default_rng(0).standard_normal((4096, 40), np.float32)
    expected = model(x)
    callers = [threading.Thread(target=model.predict, args=(x,)) for _ in range(3)]
    for caller in callers: caller.start()
    for caller in callers: caller.join()
    jobs = [(model, x)] * 4
    if kind == "loky":
        import joblib
        found = joblib.Parallel(n_jobs=2, backend="loky")(joblib.delayed(work)(job) for job in jobs)
    elif kind == "executor":
        from concurrent.futures import ProcessPoolExecutor
        import multiprocessing
        with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
            found = list(pool.map(work, jobs))
    else:
        import multiprocessing
        with multiprocessing.get_context(kind).Pool(2) as pool:
            found = pool.map(work, jobs, chunksize=1)
    assert len(found) == 4
    from modelc.native.engine.cpus import thread_count
    for y, z, threads, size in found:
        assert np.array_equal(y, expected) and np.array_equal(z, expected)
        assert threads == size == max(1, thread_count() // 2), (threads, size, thread_count())
    print("all equal", os.getpid())
"""

_MLP = """
modelc: 1
input: {shape: [40]}
layers:
  - {type: Dense, units: 64, activation: relu}
  - {type: Dense, units: 3}
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="shares are counted on Linux")
@pytest.mark.parametrize(
    "kind",
    ["fork", "loky", *(pytest.param(one, marks=pytest.mark.slow) for one in ("spawn", "forkserver", "executor"))],
)
def test_pools_of_processes(kind: str, tmp_path: Path) -> None:
    """After predictions on several threads, and with the CPUs shared out."""
    script = tmp_path / "pools.py"
    script.write_text(_POOLS)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for name in ("MODELC_NUM_THREADS", "OMP_NUM_THREADS", "LOKY_MAX_CPU_COUNT"):
        environment.pop(name, None)
    command = [sys.executable, "-W", "ignore", str(script), kind, _MLP]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("all equal")

"""Models whose plan is in the cache: a load is a read, its bits are those of a build, and nothing stale is read."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.native.engine.plan_cache import NoteCache, PlanCache
from tests.model.own_cache import cache_of_its_own

_UNPICKLE = """
import pickle, sys
import numpy as np
model = pickle.load(open(sys.argv[1], "rb"))
kept = model._kept is not None
print(kept, model(np.load(sys.argv[2])).tobytes().hex(), sum(weight.size for weight in model.get_weights()))
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "preadv"), reason="files of models are held open by POSIX")

SPEC = """
modelc: 1
input: {shape: [9, 9, 3]}
layers:
  - {type: Conv2D, filters: 5, kernel_size: 3, padding: same, use_bias: false}
  - {type: BatchNormalization}
  - {type: ReLU}
  - {type: MaxPooling2D}
  - {type: Flatten}
  - {type: Dense, units: 4, activation: softmax}
"""

X = np.random.default_rng(3).standard_normal((3, 9, 9, 3), np.float32)

_RUN = """
import json, sys
import numpy as np
import modelc
model = modelc.load(sys.argv[1])
found = {"kept": model._kept is not None, "y": model(np.load(sys.argv[2])).tolist()}
found["loaded"] = sorted(name for name in sys.modules if name in ("llvmlite", "numba", "pydantic", "yaml"))
found["weights"] = float(sum(np.sum(weight.value) for weight in model.weights))
print(json.dumps(found))
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an artifact that was changed long ago, an input, and a cache of its own with today's kernels."""
    modelc.load_spec(SPEC).build().predict(X)  # so that the kernels are there
    cache_of_its_own(tmp_path / "cache", monkeypatch)
    np.save(tmp_path / "x.npy", X)
    save(tmp_path / "m.modelc", seed=0)
    return tmp_path


def save(path: Path, seed: int) -> modelc.Model:
    """An artifact whose weights are drawn with a seed, and that is no longer fresh."""
    model = modelc.load_spec(SPEC).build(seed=seed)
    rng = np.random.default_rng(seed)
    model.set_weights([np.abs(rng.standard_normal(w.shape, np.float32)) for w in model.weights])
    model.save(path)
    return model


def start(place: Path, path: str = "m.modelc", **variables: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | variables
    command = [sys.executable, "-c", _RUN, str(place / path), str(place / "x.npy")]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    return json.loads(out)


def run(place: Path, path: str = "m.modelc", **variables: str) -> dict[str, Any]:
    return finish(start(place, path, **variables))


def plans(place: Path) -> list[Path]:
    return sorted((place / "cache").glob("*.plan"))


def test_a_second_process_reads_the_plan_and_gives_the_same_bits(place: Path) -> None:
    first, second = run(place), run(place)
    assert (first["kept"], second["kept"]) == (False, True)
    assert second["y"] == first["y"]
    assert second["weights"] == first["weights"]
    assert second["loaded"] == []
    assert np.array_equal(np.float32(second["y"]), modelc.load_spec(SPEC).build(weights=place / "m.modelc")(X))


def test_the_graph_is_made_when_it_is_asked_for(place: Path) -> None:
    run(place)
    kept, built = modelc.load(place / "m.modelc"), modelc.load_spec(SPEC).build(weights=place / "m.modelc")
    assert kept._kept is not None
    assert (kept.name, kept.input_shape, kept.output_shape) == (built.name, built.input_shape, built.output_shape)
    assert (kept.input_names, kept.output_names) == (built.input_names, built.output_names)
    assert "_traced" not in vars(kept)
    assert [layer.name for layer in kept.layers] == [layer.name for layer in built.layers]
    assert kept.to_spec() == built.to_spec()
    assert kept.graph.weights
    inner = modelc.Model(kept.inputs, kept.layers[2].output)
    assert np.array_equal(inner(X), built.extract(built.layers[2].name)(X))
    again = modelc.load(place / "m.modelc")
    assert np.array_equal(again.extract(built.layers[0].name)(X), built.extract(built.layers[0].name)(X))


def test_changed_weights_are_followed(place: Path) -> None:
    run(place)
    other = modelc.load_spec(SPEC).build(seed=5)
    model, shared = modelc.load(place / "m.modelc"), modelc.load(place / "m.modelc")
    before = model(X)
    modelc.load_spec(SPEC).build(seed=6).set_weights(other.get_weights())  # an assignment elsewhere changes nothing
    assert np.array_equal(model(X), before)
    model.set_weights(other.get_weights())
    assert np.array_equal(model(X), other(X))
    assert np.array_equal(shared(X), before)
    model = modelc.load(place / "m.modelc")
    model.compile("sgd", "mse")
    target = np.zeros((3, 4), np.float32)
    model.fit(X, target, epochs=1, verbose=0)
    trained = modelc.load_spec(SPEC).build(weights=model.get_weights())
    assert np.array_equal(model(X), trained(X))
    assert not np.array_equal(model(X), before)


def test_mistakes_in_calls_are_those_of_a_built_model(place: Path) -> None:
    run(place)
    kept, built = modelc.load(place / "m.modelc"), modelc.load_spec(SPEC).build(weights=place / "m.modelc")
    for wrong in (X[:, :5], X.astype(object), X[0], {"no": X, "such": X}):
        with pytest.raises(modelc.InputError) as told:
            kept(wrong)
        with pytest.raises(modelc.InputError) as expected:
            built(wrong)
        assert str(told.value) == str(expected.value)
    assert kept(X[:0]).shape == (0, 4)
    assert np.array_equal(kept.predict(X, batch_size=2), built.predict(X, batch_size=2))


@pytest.mark.parametrize("at", [0, 20, 40, 100, pytest.param(3000, marks=pytest.mark.slow), -1])
def test_a_damaged_plan_is_made_again(place: Path, at: int) -> None:
    """One bit, anywhere; the time of the file is not that of its writing then."""
    first = run(place)
    (plan,) = plans(place)
    data = bytearray(plan.read_bytes())
    data[at] ^= 1
    plan.write_bytes(data)
    second = run(place)
    assert (second["kept"], second["y"]) == (False, first["y"])
    assert plan.read_bytes() != bytes(data)
    assert run(place)["kept"]


@pytest.mark.slow
def test_a_plan_that_is_cut_off_or_of_others_is_not_read(place: Path) -> None:
    first = run(place)
    (plan,) = plans(place)
    whole = plan.read_bytes()
    for left in (whole[:-1], whole[:70], b"", whole + b"\0"):
        plan.write_bytes(left)
        assert run(place)["y"] == first["y"]
    (note,) = (place / "cache").glob("*.note")
    for data in (b"", b"modelc note 1\n", os.urandom(300)):
        note.write_bytes(data)
        assert run(place)["y"] == first["y"]
    plan.chmod(0o666)
    second = run(place)
    assert (second["kept"], second["y"]) == (False, first["y"])


@pytest.mark.slow
def test_kernels_that_are_gone_are_compiled_again(place: Path) -> None:
    first = run(place)
    for file in (place / "cache").glob("pool-*.o"):
        file.unlink()
    second = run(place)
    assert (second["kept"], second["y"]) == (False, first["y"])


def test_a_file_that_was_replaced(place: Path) -> None:
    run(place)
    model = modelc.load(place / "m.modelc")
    before, weights = model(X), modelc.load_spec(SPEC).build(weights=place / "m.modelc").get_weights()
    changed = save(place / "m.modelc", seed=8)  # under the same name, while `model` has the old file open
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), weights, strict=True))
    assert np.array_equal(model(X), before)
    found = run(place)
    assert found["kept"] is False
    assert np.array_equal(np.float32(found["y"]), changed(X))


def test_a_file_that_was_changed_in_place_is_not_taken_for_the_one_that_was_checked(place: Path) -> None:
    run(place)
    run(place)
    file = place / "m.modelc"
    data = bytearray(file.read_bytes())
    times = file.stat()
    data[len(data) // 2] ^= 1
    with file.open("r+b") as out:
        out.write(data)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))  # as it was; the time of the change itself cannot be set
    process = start(place)
    _, err = process.communicate(timeout=300)
    assert process.returncode != 0
    assert "is not a .modelc file, or is damaged" in err


def test_a_copy_leads_to_the_same_plan(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(place)
    shutil.copy(place / "m.modelc", place / "copy.modelc")
    assert run(place, "copy.modelc")["kept"]
    assert len(plans(place)) == 1
    monkeypatch.chdir(place)
    assert modelc.load("copy.modelc")._kept is not None


@pytest.mark.slow
def test_options_and_weights_have_plans_of_their_own(place: Path) -> None:
    run(place)
    save(place / "other.modelc", seed=4)
    run(place, "other.modelc")
    assert len(plans(place)) == 2
    exact = modelc.load(place / "m.modelc", precision="exact")
    assert exact._kept is None
    assert exact.graph.exact
    assert modelc.load(place / "m.modelc", precision="exact").graph.exact
    assert modelc.load(place / "m.modelc", backend="reference")._kept is None
    assert run(place, MODELC_NUM_THREADS="1")["kept"] is False
    assert run(place, MODELC_NUM_THREADS="1")["kept"] is True


@pytest.mark.slow
def test_versions_of_modelc_do_not_read_each_others_plans(place: Path) -> None:
    """A copy of the package with a source that differs, as another version has."""
    first = run(place)
    package = Path(modelc.__file__).parent
    shutil.copytree(package, place / "old" / "modelc", ignore=shutil.ignore_patterns("__pycache__"))
    with (place / "old" / "modelc" / "model" / "kept.py").open("a") as out:
        out.write("\nOLD = True\n")
    path = os.pathsep.join([str(place / "old"), *sys.path])
    environment = os.environ | {"PYTHONPATH": path}
    command = [sys.executable, "-P", "-c", _RUN, str(place / "m.modelc"), str(place / "x.npy")]
    told = [json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout) for _ in "ab"]
    assert [one["kept"] for one in told] == [False, True]
    assert told[1]["y"] == first["y"]
    assert len(plans(place)) == 2
    assert run(place)["kept"]


def test_processes_that_load_at_once(place: Path) -> None:
    found = [finish(process) for process in [start(place) for _ in range(4)]]
    assert all(one["y"] == found[0]["y"] for one in found)
    assert len(plans(place)) == 1
    assert not list((place / "cache").glob(".*"))
    assert run(place)["kept"]


@pytest.mark.slow
def test_limits(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not run(place, MODELC_PLANS_SIZE="0")["kept"]
    assert not run(place, MODELC_PLANS_SIZE="100")["kept"]
    assert not plans(place)
    run(place)
    for seed in range(3):
        save(place / f"{seed}.modelc", seed=seed + 20)
    (plan,) = plans(place)
    size = plan.stat().st_size
    for seed in range(3):
        run(place, f"{seed}.modelc", MODELC_PLANS_SIZE=str(2 * size + 100))
    assert len(plans(place)) == 2
    assert not run(place)["kept"], "it was not used for longest"
    monkeypatch.setenv("MODELC_PLANS_SIZE", "lots")
    with pytest.raises(modelc.InputError, match="MODELC_PLANS_SIZE is 'lots', which is not an amount of memory"):
        modelc.load(place / "m.modelc")


def test_the_cache_can_be_cleared_while_a_model_runs(place: Path) -> None:
    run(place)
    model = modelc.load(place / "m.modelc")
    before = model(X)
    assert PlanCache(place / "cache").clear() == 1
    assert NoteCache(place / "cache").clear() >= 0
    assert np.array_equal(model(X), before)
    assert modelc.load(place / "m.modelc")._kept is None


def test_pickles_of_what_was_loaded(place: Path) -> None:
    """A model whose plan is in the cache is pickled as its file, and unpickled by its plan, in other processes too."""
    built = save(place / "m.modelc", seed=3)
    first, again = modelc.load(place / "m.modelc"), modelc.load(place / "m.modelc")
    assert (first._kept is None, again._kept is not None) == (True, True)
    data = (place / "m.modelc").read_bytes()
    pickles = [pickle.dumps(one) for one in (built, first, again)]
    assert all(data in one for one in pickles)
    assert "traced" not in vars(again._kept)  # it was copied, not made
    (place / "m.modelc").unlink()
    (place / "m.pickle").write_bytes(pickles[0])
    command = [sys.executable, "-W", "ignore", "-c", _UNPICKLE, str(place / "m.pickle"), str(place / "x.npy")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    expected = built(X).tobytes().hex()
    assert done.stdout.split() == ["True", expected, str(sum(w.size for w in built.get_weights()))], done.stderr
    other = pickle.loads(pickles[0])
    assert other._kept is not None
    assert pickle.dumps(other) == pickles[0]
    other.set_weights([weight + 1 for weight in other.get_weights()])
    changed = pickle.loads(pickle.dumps(other))
    assert changed._kept is None
    np.testing.assert_array_equal(changed(X), other(X))
    assert not np.array_equal(changed(X), built(X))
    np.testing.assert_array_equal(pickle.loads(pickles[0])(X), built(X))


def test_pickles_of_changed_models_are_not_their_file(place: Path) -> None:
    modelc.load(place / "m.modelc")

    def loaded() -> modelc.Model:
        model = modelc.load(place / "m.modelc")
        assert model._kept is not None
        return model

    labelled, frozen, exact = loaded(), loaded(), modelc.load(place / "m.modelc", precision="exact")
    labelled.labels = ["a", "b", "c", "d"]
    frozen.trainable = False
    assert pickle.loads(pickle.dumps(labelled)).labels == ("a", "b", "c", "d")
    assert [layer.trainable for layer in pickle.loads(pickle.dumps(frozen)).layers] == [False] * 6
    for _ in range(2):  # of which the second one's plan is in the cache
        assert pickle.loads(pickle.dumps(exact)).to_spec().precision == "exact"
        exact = modelc.load(place / "m.modelc", precision="exact")
    replaced = loaded()
    before = replaced(X)
    save(place / "m.modelc", seed=9)  # another file takes the name
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(replaced))(X), before)
    assert not np.array_equal(modelc.load(place / "m.modelc")(X), before)

"""`modelc train` and `modelc evaluate`: what they print, what they write, and how they refuse."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.model.opening import load_artifact as load

SPEC = """\
modelc: 1
name: net
input: {shape: [4], name: features}
layers:
  - {type: Dense, units: 8, activation: relu, name: hidden}
  - {type: Dropout, rate: 0.2}
  - {type: BatchNormalization, name: norm}
  - {type: Dense, units: 3, activation: softmax, name: out}
"""
TRAINING = """\
training:
  data: d.npz
  loss: sparse_categorical_crossentropy
  optimizer: {type: SGD, learning_rate: 0.1, momentum: 0.9}
  metrics: [accuracy]
  batch_size: 16
  epochs: 3
"""
SAMPLES = 100
RANDOM = np.random.default_rng(0)
X = RANDOM.standard_normal((SAMPLES, 4)).astype(np.float32)
Y = (X.sum(axis=1) > 0).astype(np.int64) + (X[:, 0] > 0)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A spec of a small classifier, its data beside it."""
    path = tmp_path / "net.yaml"
    path.write_text(SPEC + TRAINING)
    np.savez(tmp_path / "d.npz", x=X, y=Y)
    return path


def _report(text: str) -> dict[str, str]:
    return dict(line.split(None, 1) for line in text.splitlines() if not line.startswith(("frozen", " ")))


def _weights(path: str | Path) -> dict[str, Any]:
    return dict(load(path, backend="reference").arrays)


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- what it does


def test_report_and_artifact(run: Any, spec: Path, tmp_path: Path) -> None:
    result = run("train", spec)
    assert result.code == 0
    lines = _report(result.out)
    assert list(lines) == ["model", "trained", "epochs", "last epoch", "time", "artifact"] or "last" in lines
    assert lines["model"] == "net"
    assert lines["trained"] == "83 of 99 parameters"
    assert lines["epochs"] == "3, 21 updates in all"
    assert "frozen" not in result.out
    epochs = [line for line in result.err.splitlines() if line.startswith("epoch")]
    assert [line.split("  ")[:2] for line in epochs] == [[f"epoch {i}/3", "7 steps"] for i in (1, 2, 3)]
    assert _files(tmp_path) == ["d.npz", "net.modelc", "net.yaml"]


def test_it_trains_as_fit_does(run: Any, spec: Path) -> None:
    assert run("train", spec, "--seed", 5).code == 0
    model = modelc.load_spec(spec).build(seed=5)
    model.compile(
        modelc.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"], seed=5
    )
    history = model.fit(X, Y, batch_size=16, epochs=3, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    trained = _weights("net.modelc")
    for path, array in model.arrays.items():
        np.testing.assert_array_equal(trained[path], array, err_msg=path)


def test_the_same_run_gives_the_same_bytes(run: Any, spec: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        assert run("train", spec, "-o", f"{name}.modelc", "--seed", seed).code == 0
    assert Path("a.modelc").read_bytes() == Path("b.modelc").read_bytes() != Path("c.modelc").read_bytes()


def test_lines_of_json(run: Any, spec: Path) -> None:
    result = run("train", spec, "--json", "--validation", 0.2, "--freeze", "hidden")
    assert result.code == 0
    *epochs, end, report = map(json.loads, result.out.splitlines())
    assert [(e["event"], e["epoch"], e["epochs"], e["steps"]) for e in epochs] == [
        ("epoch", i, 3, 5) for i in (1, 2, 3)
    ]
    assert all(set(e["logs"]) == {"loss", "accuracy", "val_loss", "val_accuracy"} for e in epochs)
    assert (end["event"], end["epochs"], end["logs"]) == ("end", 3, epochs[-1]["logs"])
    assert report["event"] == "report"
    assert (report["params"], report["trainable_params"], report["updates"]) == (99, 43, 15)
    (frozen,) = report["frozen"]
    assert frozen["layer"] == "hidden"
    assert frozen["before"] == frozen["after"]
    assert "epoch" not in result.err


def test_choices_take_the_place_of_what_the_spec_says(run: Any, spec: Path) -> None:
    result = run("train", spec, "--epochs", 2, "--batch-size", 50, "-o", "other.modelc")
    assert _report(result.out)["epochs"] == "2, 4 updates in all"
    assert Path("other.modelc").exists()
    result = run("train", spec, "--set", "training.epochs=1", "--set", "training.optimizer=adam")
    assert _report(result.out)["epochs"] == "1, 7 updates in all"
    assert type(load("net.modelc", backend="reference").spec.training.optimizer).__name__ == "Adam"


def test_data_from_anywhere(run: Any, spec: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move("d.npz", elsewhere / "train.npz")
    assert run("train", spec).err.startswith("error: ")
    assert run("train", spec, "--data", elsewhere / "train.npz").code == 0
    # What stands in the spec counts from its folder, wherever the command runs.
    shutil.copy(elsewhere / "train.npz", elsewhere / "d.npz")
    shutil.copy(spec, elsewhere / "net.yaml")
    assert run("train", elsewhere / "net.yaml", "-o", "second.modelc").code == 0
    assert Path("net.modelc").read_bytes() == Path("second.modelc").read_bytes()


@pytest.mark.parametrize("source", ["{type: npy, x: x.npy, y: y.npy}", "{type: csv, path: d.csv, target: label}"])
def test_every_source_gives_the_same_weights(run: Any, spec: Path, source: str) -> None:
    np.save("x.npy", X)
    np.save("y.npy", Y)
    rows = [",".join([*(f"{v:.9g}" for v in row), str(label)]) for row, label in zip(X, Y, strict=True)]
    Path("d.csv").write_text("\n".join(["a,b,c,d,label", *rows]) + "\n")
    assert run("train", spec, "-o", "npz.modelc").code == 0
    assert run("train", spec, "--set", f"training.data={source}").code == 0
    first, second = _weights("npz.modelc"), _weights("net.modelc")
    assert all(np.array_equal(first[path], second[path]) for path in first)


def test_validation_by_share_and_by_file(run: Any, spec: Path) -> None:
    np.savez("held.npz", x=X[80:], y=Y[80:])
    np.savez("rest.npz", x=X[:80], y=Y[:80])
    share = run("train", spec, "--validation", "0.2", "-o", "a.modelc")
    file = run("train", spec, "--data", "rest.npz", "--validation", "held.npz", "-o", "b.modelc")
    assert share.code == file.code == 0
    last = [line for line in share.out.splitlines() if line.startswith("last epoch")]
    assert "val_loss" in last[0]
    assert last == [line for line in file.out.splitlines() if line.startswith("last epoch")]
    assert Path("a.modelc").read_bytes() == Path("b.modelc").read_bytes()
    without = run("train", spec, "--set", "training.validation=0.2", "--validation", "0", "-o", "c.modelc")
    assert "val_loss" not in without.out
    in_spec = run("train", spec, "--set", "training.validation=0.2", "-o", "c.modelc")
    assert last == [line for line in in_spec.out.splitlines() if line.startswith("last epoch")]


def test_weights_to_begin_with(run: Any, spec: Path) -> None:
    assert run("train", spec, "-o", "first.modelc").code == 0
    load("first.modelc", backend="reference").save_weights("first.safetensors")
    for i, weights in enumerate(("first.modelc", "first.safetensors")):
        assert run("train", spec, "--weights", weights, "--freeze", ":-1", "-o", f"{i}.modelc").code == 0
        first, second = _weights("first.modelc"), _weights(f"{i}.modelc")
        assert all(np.array_equal(first[path], second[path]) != path.startswith("out/") for path in first)


def test_frozen_layers_are_reported(run: Any, spec: Path) -> None:
    assert modelc.load_spec(spec).build(backend="reference") is not None
    result = run("train", spec, "--freeze", "hidden", "--freeze", "norm", "--validation", "0.2")
    head, _, frozen = result.out.partition("frozen layers")
    assert "trained     27 of 99 parameters" in head
    assert [line.split()[0::2] for line in frozen.splitlines()[1:]] == [["hidden", "unchanged"], ["norm", "unchanged"]]
    drawn, trained = modelc.load_spec(spec).build(seed=0, backend="reference").arrays, _weights("net.modelc")
    assert all(np.array_equal(drawn[path], trained[path]) != path.startswith("out/") for path in drawn)


def test_plot(run: Any, spec: Path) -> None:
    pytest.importorskip("matplotlib")
    assert run("train", spec, "--plot", "curves.svg", "--validation", 0.2).code == 0
    text = Path("curves.svg").read_text()
    assert all(word in text for word in ("<svg", "accuracy", "loss", "validation"))
    assert run("train", spec, "--plot", "curves.png").code == 0
    assert Path("curves.png").read_bytes().startswith(b"\x89PNG")


def test_callbacks_of_the_spec(run: Any, tmp_path: Path) -> None:
    inner = tmp_path / "below"
    inner.mkdir()
    np.savez(inner / "d.npz", x=X, y=Y)
    callbacks = (
        "  callbacks:\n"
        "    - {type: CSVLogger, filename: log.csv}\n"
        "    - {type: EarlyStopping, monitor: loss, patience: 1, min_delta: 100.0}\n"
        "    - {type: ModelCheckpoint, filepath: best.modelc}\n"
    )
    (inner / "net.yaml").write_text(SPEC + TRAINING + callbacks)
    result = run("train", "below/net.yaml", "--epochs", 9)
    assert _report(result.out)["epochs"] == "2, 14 updates in all"
    assert _files(inner) == ["best.modelc", "d.npz", "log.csv", "net.yaml"]
    assert len((inner / "log.csv").read_text().splitlines()) == 3


def test_a_spec_from_standard_input(run: Any, spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((SPEC + TRAINING).encode())))
    assert run("train", "-", "--epochs", 1).code == 0
    assert Path("net.modelc").exists()


# --- evaluate


def test_evaluate_an_artifact_and_a_spec(run: Any, spec: Path) -> None:
    assert run("train", spec).code == 0
    result = run("evaluate", "net.modelc", "--json")
    assert result.code == 0
    logs = json.loads(result.out)
    p = load("net.modelc", backend="reference")(X)
    expected = -np.log(p[np.arange(SAMPLES), Y]).mean()
    np.testing.assert_allclose(logs["loss"], expected, rtol=1e-5)
    np.testing.assert_allclose(logs["accuracy"], (p.argmax(axis=1) == Y).mean(), rtol=1e-6)
    text = run("evaluate", spec, "--weights", "net.modelc", "--batch-size", 7, "--data", "d.npz")
    assert text.out.split() == ["loss", f"{logs['loss']:.4f}", "accuracy", f"{logs['accuracy']:.4f}"]
    changed = run(
        "evaluate",
        spec,
        "--weights",
        "net.modelc",
        "--set",
        "training.metrics=[sparse_categorical_crossentropy]",
        "--json",
    )
    assert list(json.loads(changed.out)) == ["loss", "sparse_categorical_crossentropy"]


def test_evaluate_takes_the_validation_data_first(run: Any, spec: Path) -> None:
    np.savez("held.npz", x=X[80:], y=Y[80:])
    spec.write_text(SPEC + TRAINING + "  validation: held.npz\n")
    own, named = run("evaluate", spec), run("evaluate", spec, "--data", "held.npz")
    assert own.code == 0
    assert own.out == named.out != run("evaluate", spec, "--data", "d.npz").out


def test_evaluate_refuses(run: Any, spec: Path) -> None:
    assert run("train", spec).code == 0
    np.savez("wide.npz", x=np.zeros((3, 5), np.float32), y=Y[:3])
    for arguments, message in (
        (["net.modelc", "--set", "name=other"], "apply to specs, not to a .modelc artifact"),
        (["net.modelc", "--data", "wide.npz"], "wide.npz: the input has the shape (3, 5), expected (None, 4)"),
        (["net.modelc", "--data", "none.npz"], "none.npz: there is no such file"),
        ([spec, "--weights", "d.npz"], "d.npz"),
    ):
        result = run("evaluate", *arguments)
        assert (result.code, result.out) == (2, ""), arguments
        assert message in result.err


# --- what it refuses, before anything is written

DATA: dict[str, dict[str, Any]] = {
    "shape": {"x": X[:, :3], "y": Y},
    "rank": {"x": X[:, :, None], "y": Y},
    "numbers": {"x": X.astype(complex), "y": Y},
    "text": {"x": X, "y": np.array(["a"] * SAMPLES)},
    "counts": {"x": X, "y": Y[:-1]},
    "none": {"x": X[:0], "y": Y[:0]},
    "names": {"a": X, "b": Y},
    "above": {"x": X, "y": Y + 1},
    "below": {"x": X, "y": Y - 1},
    "parts": {"x": X, "y": Y + 0.5},
    "infinite": {"x": X, "y": np.where(Y > 0, np.inf, Y)},
    "weights": {"x": X, "y": Y, "sample_weight": np.ones(7)},
    "one_hot": {"x": X, "y": np.eye(3)[Y]},
}
CLASSES = "expected the numbers of 3 classes, 0 to 2"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("shape", "bad.npz: the input has the shape (100, 3), expected (None, 4)"),
        ("rank", "bad.npz: the input has the shape (100, 4, 1), expected (None, 4)"),
        ("numbers", "bad.npz: the input holds complex128, expected numbers"),
        ("text", "bad.npz: the labels hold <U1, expected numbers"),
        ("counts", "bad.npz: the numbers of samples differ: the input: 100, the labels: 99"),
        ("none", "bad.npz: the data has no samples"),
        ("names", "bad.npz: holds the arrays a, b"),
        ("above", f"bad.npz: the labels hold 3, {CLASSES}"),
        ("below", f"bad.npz: the labels hold -1, {CLASSES}"),
        ("parts", f"bad.npz: the labels hold 0.5, 1.5, 2.5, {CLASSES}"),
        ("infinite", f"bad.npz: the labels hold inf, {CLASSES}"),
        ("weights", "bad.npz: "),
        ("one_hot", "for one-hot labels there is CategoricalCrossentropy"),
    ],
)
def test_data_that_does_not_fit(run: Any, spec: Path, tmp_path: Path, name: str, message: str) -> None:
    np.savez("bad.npz", **DATA[name])
    before = _files(tmp_path)
    for option in ("--data", "--validation"):
        result = run("train", spec, option, "bad.npz")
        assert (result.code, result.out) == (2, ""), option
        assert message in result.err
        assert result.err.count("error") == 1
        assert _files(tmp_path) == before


def test_labels_that_do_not_count_may_be_anything(run: Any, spec: Path) -> None:
    y = np.where(np.arange(SAMPLES) % 5 == 0, -1, Y)
    np.savez("d.npz", x=X, y=y)
    assert run("train", spec).code == 2
    ignoring = "training.loss={type: sparse_categorical_crossentropy, ignore_class: -1}"
    assert run("train", spec, "--set", ignoring).code == 0
    np.savez("d.npz", x=X, y=y, sample_weight=(y >= 0).astype(np.float32))
    assert run("train", spec).code == 0
    # What `crossentropy` means is known from the labels.
    np.savez("d.npz", x=X, y=y)
    assert CLASSES in run("train", spec, "--set", "training.loss=crossentropy").err
    np.savez("d.npz", x=X, y=np.eye(3)[Y])
    assert run("train", spec, "--set", "training.loss=crossentropy").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "training.optimizer=adamm"], "error[E204]: `optimizer`: unknown optimizer `adamm`"),
        (["--set", "training.optimizer.momentun=0.5"], "error[E201]: unknown key `momentun` in SGD"),
        (["--set", "training.loss=msee"], "error[E204]: `loss`: unknown loss `msee`"),
        (["--set", "training.loss={other: mse}"], "error[E304]: unknown output `other` in `loss`"),
        (["--set", "training.metrics=[acc, f2]"], "error[E204]: unknown metric `f2`"),
        (["--set", "training.callbacks=[{type: Stop}]"], "error[E204]: unknown callback `Stop`"),
        (["--set", "training.data=../d.npz"], "error[E204]: the path `../d.npz` must not leave the folder"),
        (["--set", "training.data=/d.npz"], "error[E204]: the path `/d.npz` must be relative to the spec"),
        (["--data", "d.txt"], "d.txt: data must be an .npz file"),
        (["--data", "d.csv"], "d.csv: the label column is not given"),
        (["--data", "missing.npz"], "missing.npz: there is no such file"),
        (["--data", "missing"], "missing"),
        (["--validation", "1.5"], "1.5"),
        (["--epochs", "0"], "--epochs"),
        (["--plot", "curves.gif"], "curves.gif: curves are drawn to a file that ends in .png or .svg"),
        (["-o", "nowhere/net.modelc"], "there is no folder nowhere"),
        (["--weights", "missing.safetensors"], "missing.safetensors"),
        (["--freeze", "hiden"], "hiden"),
    ],
)
def test_wrong_arguments(run: Any, spec: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    before = _files(tmp_path)
    result = run("train", spec, *arguments)
    assert (result.code, result.out) == (2, ""), result.err
    assert message in result.err
    assert len(re.findall(r"error(\[|:)", result.err.lower())) == 1
    assert _files(tmp_path) == before


def test_specs_that_do_not_say_enough(run: Any, spec: Path, tmp_path: Path) -> None:
    spec.write_text(SPEC)
    for command in ("train", "evaluate"):
        result = run(command, spec, "--data", "d.npz")
        assert (result.code, result.out) == (2, "")
        assert "error[E202]: the spec does not say how it is trained" in result.err
    spec.write_text(SPEC + "training: {loss: mse}\n")
    assert "there is no data to train on\n  help: give --data FILE" in run("train", spec).err
    assert "there is no data to evaluate on" in run("evaluate", spec).err
    assert _files(tmp_path) == ["d.npz", "net.yaml"]


def test_a_run_that_did_not_end_is_not_overwritten(run: Any, spec: Path) -> None:
    folder = Path("net.modelc.checkpoints")
    folder.mkdir()
    (folder / "checkpoint-000001.zip").write_bytes(b"whatever")
    result = run("train", spec)
    assert result.code == 2
    assert (
        "net.modelc.checkpoints holds the checkpoints of a run that did not end\n  help: continue it with --resume"
        in result.err
    )
    damaged = run("train", spec, "--resume")
    assert damaged.code == 2
    assert "checkpoint-000001.zip" in damaged.err
    assert (folder / "checkpoint-000001.zip").exists()
    assert not Path("net.modelc").exists()

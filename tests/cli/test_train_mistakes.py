"""What users get wrong with `modelc train` and `modelc evaluate`: one message, the exit code, and nothing written."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SPEC = """\
modelc: 1
name: net
input: {shape: [4], name: features}
layers:
  - {type: Dense, units: 8, activation: relu, name: hidden}
  - {type: Dense, units: 3, activation: softmax, name: out}
training:
  data: d.npz
  loss: sparse_categorical_crossentropy
  optimizer: {type: SGD, learning_rate: 0.1}
  batch_size: 16
"""
SAMPLES = 40
RANDOM = np.random.default_rng(0)
X = RANDOM.standard_normal((SAMPLES, 4)).astype(np.float32)
Y = RANDOM.integers(0, 3, SAMPLES)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A spec of a small classifier, with data of several kinds beside it."""
    path = tmp_path / "net.yaml"
    path.write_text(SPEC)
    np.savez(tmp_path / "d.npz", x=X, y=Y)
    np.savez(tmp_path / "one_hot.npz", x=X, y=np.eye(3)[Y])
    np.savez(tmp_path / "wide.npz", x=X, y=RANDOM.standard_normal((SAMPLES, 2)))
    np.savez(tmp_path / "weighted.npz", x=X, y=Y, sample_weight=np.ones((SAMPLES, 5)))
    (tmp_path / "empty").mkdir()
    (tmp_path / "t.csv").write_text("a,b,c,d,y\n" + "0.5,1,2,3,1\n" * 8)
    (tmp_path / "bad.csv").write_text("a,b,c,d,y\n1,2,3,4,0\n1,2,x,4,0\n")
    return path


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def set_(key: str, value: str) -> list[str]:
    return ["--set", f"training.{key}={value}"]


CSV = "{type: csv, path: %s, target: %s}"
WATCHING = "[{type: EarlyStopping, monitor: %s}]"
TRAIN: list[tuple[list[str], str]] = [
    # labels
    (["--data", "one_hot.npz"], r"one_hot\.npz: the labels have the shape \(None, 3\), the predictions \(None, 3\): "),
    (["--data", "wide.npz"], r"wide\.npz: the labels have the shape \(None, 2\), the predictions \(None, 3\): labels "),
    (["--data", "wide.npz", *set_("loss", "mse")], r"wide\.npz: the labels .* do not broadcast"),
    (["--data", "wide.npz", *set_("loss", "crossentropy")], r"wide\.npz: the labels .* of one shape"),
    (["--data", "weighted.npz"], r"weighted\.npz: the labels have .*, their weights \(None, 5\), the predictions "),
    (set_("class_weight", '{"7": 2.0}'), r"`class_weight` names the class 7; there are 3, 0 to 2"),
    (set_("class_weight", "{cat: 2.0}"), r'the keys must be class indices\n(.*\n)+.*write \{0: 1\.0'),
    (set_("class_weight", '{"1": .nan}'), r"E203.*`class_weight\[1\]` must be a finite number"),
    (["--data", "one_hot.npz", *set_("loss", "mse"), *set_("class_weight", '{"3": 2.0}')], r"names the class 3; there"),
    # metrics, losses, outputs
    (set_("metrics", "[mae]"), r"the metric `mae` cannot take labels .* do not broadcast"),
    (set_("metrics", "[Precision]"), r"the metric `Precision` cannot take labels and predictions of the shapes"),
    (set_("metrics", "{ot: [accuracy]}"), r"E304\]: unknown output `ot` in `metrics`\n(.*\n)+.*`out`\?"),
    (set_("loss_weights", "{head: 1.0}"), r"E304\]: unknown output `head` in `loss_weights`"),
    (set_("loss_weights", "{out: .inf}"), r"E203\]: `loss_weights` must be a finite number"),
    # files
    (set_("data", "missing.npz"), r"missing\.npz: there is no such file\n  help: `data` in a spec or model counts"),
    (set_("data", CSV % ("t.csv", "z")), r"t\.csv: unknown column `z`\n  help: the columns are: a, b, c, d, y"),
    (set_("data", CSV % ("t.csv", "9")), r"t\.csv: there is no column 9, the last one is 4"),
    (set_("data", CSV % ("bad.csv", "y")), r"bad\.csv:3: column 2 \(`c`\): expected a finite number, found \"x\""),
    (set_("data", CSV % ("t.csv", "1.5")), r"`target` must be text, an integer or a list, found the number 1\.5"),
    (set_("data", "{type: npy, x: d.npz, y: d.npz}"), r"d\.npz: not a \.npy file, or damaged"),
    (set_("data", "empty"), r"an image has height, width"),
    (["--data", "0.5"], r"there is no data to train on"),
    (["--validation", "1.5"], r"1\.5: a fraction of the samples must be at least 0"),
    (["--validation", "nan"], r"nan: a fraction of the samples must be at least 0"),
    (["--validation", "0.999"], r"40 samples are too few for a `validation_split` of 0\.999"),
    # what a callback watches
    (set_("callbacks", WATCHING % "val_loss"), r"`val_loss`, which is not logged\n(.*\n)+.*add `validation: 0\.2`"),
    (set_("callbacks", WATCHING % "los"), r"monitors `los`, which is not logged\n(.*\n)+.*mean `loss`\?"),
    (
        [*set_("callbacks", WATCHING % "val_accuracy"), "--validation", "0.5"],
        r"EarlyStopping monitors `val_accuracy`, which is not logged",
    ),
    (set_("callbacks", "[{type: EarlyStopping, patiense: 3}]"), r"unknown key `patiense` in EarlyStopping"),
    # freezing
    (["--freeze", "*"], r"E207\]: all layers are frozen: training would change nothing"),
    # outputs
    (["-o", "empty"], r"'empty' is a directory"),
    (["-o", "net.yaml"], r"net\.yaml is also the model that this command reads: it is not overwritten"),
    (["--plot", "empty"], r"'empty' is a directory"),
    (["--plot", "nowhere/curves.png"], r"there is no folder nowhere"),
    (["--checkpoints", "net.yaml"], r"'net\.yaml' is a file"),
    (["--weights", "net.yaml"], r"`net\.yaml` is not a safetensors file"),
    (["--batch-size", "0"], r"0 is not in the range"),
    (["--input-shape", "5"], r"d\.npz: the input has the shape \(40, 4\), expected \(None, 5\)"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), TRAIN, ids=[" ".join(arguments) for arguments, _ in TRAIN])
def test_mistakes(run: Any, spec: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    before = listing(tmp_path)
    result = run("train", spec, *arguments)
    assert result.out == "" and result.code in (1, 2), result.err
    assert result.code == 2 or "cannot be written" in result.err
    assert re.search(message, result.err), result.err
    assert len(re.findall(r"error(\[|:)", result.err.lower())) == 1
    assert listing(tmp_path) == before


def test_curves_that_cannot_be_drawn(run: Any, spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed, it is told before the run and not after it."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    before = listing(tmp_path)
    result = run("train", spec, "--plot", "curves.png")
    assert (result.code, result.out) == (2, "")
    assert "drawing curves needs matplotlib: pip install 'modelc[plot]'" in result.err
    assert listing(tmp_path) == before


@pytest.mark.filterwarnings("always")
def test_validation_that_is_left_out_on_the_command(run: Any, spec: Path, recwarn: pytest.WarningsRecorder) -> None:
    """What watches it is of no use then, as it is told after each epoch, but no mistake of the spec."""
    watching = set_("callbacks", WATCHING % "val_loss")
    assert run("train", spec, *watching, "--validation", "0").code == 0
    assert "EarlyStopping watches `val_loss`, the metrics are: loss" in str(recwarn.pop(UserWarning).message)


def test_a_spec_without_parameters(run: Any, tmp_path: Path) -> None:
    (tmp_path / "none.yaml").write_text(
        "modelc: 1\ninput: {shape: [4]}\nlayers: [{type: ReLU}]\ntraining: {loss: mse, data: d.npz}\n"
    )
    np.savez(tmp_path / "d.npz", x=X, y=X)
    result = run("train", "none.yaml")
    assert (result.code, result.out) == (2, "")
    assert "E207]: no layer has parameters to train" in result.err


@pytest.mark.skipif(os.name != "posix", reason="devices are files there")
def test_a_device_is_no_output(run: Any, spec: Path, tmp_path: Path) -> None:
    """It would be replaced by a file, for good, where the user may do that."""
    os.mkfifo(tmp_path / "pipe")
    for name in ("-o", "--plot"):
        pipe = "pipe" if name == "-o" else "pipe.png"
        if name == "--plot":
            os.mkfifo(tmp_path / pipe)
        result = run("train", spec, name, pipe)
        assert (result.code, result.out) == (1, "")
        assert f"{pipe}: cannot be written: it is no file, but a device or a pipe" in result.err
        assert (tmp_path / pipe).is_fifo()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser writes everywhere")
def test_a_folder_that_may_not_be_written(run: Any, spec: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    result = run("train", spec, "-o", "locked/net.modelc")
    assert (result.code, result.out) == (1, "")
    assert "locked/net.modelc: cannot be written: its folder is read-only" in result.err


def test_checkpoints_of_another_spec(run: Any, spec: Path, tmp_path: Path) -> None:
    """They are refused, and stay."""
    diverging = set_("optimizer", "{type: SGD, learning_rate: 1.0e+30}")
    stopped = run("train", spec, "--epochs", "3", *set_("metrics", "[]"), *diverging)
    assert stopped.code == 1 and "the loss of step" in stopped.err
    run("train", spec, "--epochs", "1", "--checkpoints", "kept", "-o", "kept.modelc")
    spec.write_text(SPEC.replace("units: 8", "units: 9"))
    for folder in [path for path in tmp_path.iterdir() if path.name.endswith(".checkpoints")]:
        before = listing(folder)
        result = run("train", spec, "--resume", "--checkpoints", folder)
        assert (result.code, result.out) == (2, "")
        assert "mis-shaped: `hidden/kernel`" in result.err and result.err.count("error") == 1
        assert listing(folder) == before


def test_warnings_are_told_as_errors_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Without the line of Python that they come from."""
    from modelc.cli.main import _warn

    _warn(UserWarning("the data ended early"), UserWarning, "file.py", 1)
    assert capsys.readouterr().err == "warning: the data ended early\n"


# --- data that a model names


def test_an_artifact_finds_its_data_in_its_own_folder(run: Any, spec: Path, tmp_path: Path) -> None:
    """Wherever the command is run: as a spec's data is found."""
    assert run("train", spec).code == 0
    away = tmp_path / "away"
    away.mkdir()
    shutil.move("net.modelc", away)
    missing = run("evaluate", "away/net.modelc")
    assert (missing.code, missing.out) == (2, "")
    assert "away/d.npz: there is no such file\n  help: `data` in a spec or model counts from its folder" in missing.err
    shutil.copy("d.npz", away)
    (tmp_path / "d.npz").unlink()
    assert (
        run("evaluate", "away/net.modelc").out == run("evaluate", "away/net.modelc", "--data", "away/d.npz").out != ""
    )


@pytest.mark.skipif(os.name != "posix", reason="symbolic links")
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_an_artifact_names_nothing_outside_of_its_folder(run: Any, spec: Path, tmp_path: Path, kind: str) -> None:
    """Not through a link either; whoever runs the command may."""
    if kind == "folder":
        spec.write_text(SPEC.replace("d.npz", "data/d.npz"))
        (tmp_path / "data").mkdir()
        shutil.move("d.npz", "data/d.npz")
    assert run("train", spec).code == 0
    mine = tmp_path / "mine"
    mine.mkdir()
    shutil.move("net.modelc", mine)
    name = "data" if kind == "folder" else "d.npz"
    (mine / name).symlink_to(tmp_path / name)
    result = run("evaluate", "mine/net.modelc")
    assert (result.code, result.out) == (2, "")
    assert "leaves the folder of the spec through a symbolic link\n  help: --data on the command" in result.err
    link = "mine/data/d.npz" if kind == "folder" else "mine/d.npz"
    assert run("evaluate", "mine/net.modelc", "--data", link).code == 0


EVALUATE: list[tuple[list[str], str]] = [
    (["--data", "one_hot.npz"], r"one_hot\.npz: the labels have the shape \(None, 3\)"),
    (["--data", "nowhere.npz"], r"nowhere\.npz: there is no such file"),
    (set_("metrics", "[mae]"), r"the metric `mae` cannot take labels"),
    (set_("metrics", "{ot: [accuracy]}"), r"unknown output `ot` in `metrics`"),
    (["--batch-size", "0"], r"0 is not in the range"),
    (["--weights", "d.npz"], r"d\.npz"),
]


@pytest.mark.parametrize(("arguments", "message"), EVALUATE, ids=[" ".join(a) for a, _ in EVALUATE])
def test_mistakes_in_evaluation(run: Any, spec: Path, arguments: list[str], message: str) -> None:
    result = run("evaluate", spec, *arguments)
    assert (result.code, result.out) == (2, ""), result.err
    assert re.search(message, result.err), result.err
    assert len(re.findall(r"error(\[|:)", result.err.lower())) == 1

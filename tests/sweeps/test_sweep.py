"""`modelc sweep`: what is trained, what is told, and what a folder of results goes on from."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

import modelc
from modelc.errors import InputError, SpecError
from modelc.sweeps.sweep import SweepFollowing

SPEC = """\
modelc: 1
name: net
input: {shape: [4]}
vars: {width: 4}
layers:
  - {type: Dense, units: "${width}", activation: relu, name: hidden}
  - {type: Dense, units: 1, name: out}
training:
  data: d.npz
  validation: 0.25
  loss: mse
  optimizer: sgd
  metrics: [mae]
  batch_size: 16
  epochs: 2
"""
RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((64, 4)).astype(np.float32), RANDOM.standard_normal((64, 1)).astype(np.float32)
GRID = ("--set", "vars.width=4,8", "--set", "training.optimizer.learning_rate=0.01,0.1")


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    np.savez("d.npz", x=X, y=Y)
    path = Path("net.yaml")
    path.write_text(SPEC)
    return path


def _rows(folder: str) -> list[dict[str, str]]:
    with (Path(folder) / "results.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_grid_and_what_it_leaves(run: Any, spec: Path) -> None:
    result = run("sweep", spec, *GRID, "-o", "out")
    assert result.code == 0, result.err
    assert "4 variants: 4 done" in result.out
    rows = _rows("out")
    assert [(row["vars.width"], row["training.optimizer.learning_rate"]) for row in rows] == [
        ("4", "0.01"), ("4", "0.1"), ("8", "0.01"), ("8", "0.1"),
    ]  # fmt: skip
    assert {row["status"] for row in rows} == {"done"}
    # Each is what `modelc train` makes of the same settings, byte for byte.
    for number, row in enumerate(rows, 1):
        settings = [f"vars.width={row['vars.width']}"]
        settings.append(f"training.optimizer.learning_rate={row['training.optimizer.learning_rate']}")
        trained = run("train", spec, "--set", settings[0], "--set", settings[1], "-o", "one.modelc", "--json")
        last = json.loads(trained.out.splitlines()[-3])["logs"]
        assert Path("one.modelc").read_bytes() == Path(f"out/runs/{number:04}/model.modelc").read_bytes()
        assert {name: float(row[name]) for name in last} == pytest.approx(last)
        model = modelc.load(f"out/runs/{number:04}/model.modelc")
        assert int(row["params"]) == model.count_params()
    best = min(rows, key=lambda row: float(row["val_loss"]))
    found = json.loads(Path("out/results.json").read_text())
    assert found["best"] == int(best["variant"])
    assert f"best by val_loss (min): variant {best['variant']} " in result.out
    assert Path("out/results.md").read_text().count("\n| ") == 6
    assert not list(Path("out").rglob("*.checkpoints"))
    with Path("out/runs/0001/epochs.csv").open() as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["0", "1"]


def test_dry_run(run: Any, spec: Path) -> None:
    result = run("sweep", spec, *GRID, "--dry-run")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0].split() == ["variant", "vars.width", "training.optimizer.learning_rate", "params", "macs"]
    assert [line.split() for line in lines[1:3]] == [["1", "4", "0.01", "25", "20"], ["2", "4", "0.1", "25", "20"]]
    assert sorted(os.listdir()) == ["d.npz", "net.yaml"]


MISTAKES = {
    ("vars.widht=1,2",): ["--set vars.widht=1:1:6: error", "widht"],
    ("training.optimiser.learning_rate=1,2",): ["error[E303]: unknown key `optimiser`", "did you mean `optimizer`?"],
    ("layers.hiden.units=1,2",): ["unknown entry `hiden` in `layers`", "did you mean `hidden`?"],
    ("vars.width=4,-1",): ["error[E204]", "in variant 2 (vars.width=-1) of 2"],
    ("training.optimizer.learning_rat=0.1,0.2",): ["unknown key `learning_rat`", "did you mean `learning_rate`?"],
    ("training.loss=mse,msee",): ["msee", "in variant 2 (training.loss=msee) of 2"],
}


@pytest.mark.parametrize("choices", MISTAKES)
def test_mistakes_are_told_before_any_is_trained(run: Any, spec: Path, choices: tuple[str, ...]) -> None:
    result = run("sweep", spec, *(part for one in choices for part in ("--set", one)), "-o", "out")
    assert (result.code, result.out) == (2, "")
    for text in MISTAKES[choices]:
        assert text in result.err
    assert result.err.count("error[") == 1
    assert not Path("out").exists()


def test_limits_and_variants_that_are_left_out(run: Any, spec: Path) -> None:
    spec.write_text(SPEC + "limits: {params: 60}\n")
    result = run("sweep", spec, "--set", "vars.width=4,8,16,32", "-o", "out")
    assert result.code == 2
    assert "error[E501]" in result.err
    assert "in variant 3 (vars.width=16) of 4" in result.err
    result = run("sweep", spec, "--set", "vars.width=4,8,16,32", "-o", "out", "--skip-invalid", "--epochs", 1)
    assert result.code == 0, result.err
    assert [row["status"] for row in _rows("out")] == ["done", "done", "invalid", "invalid"]
    assert "net.yaml" in _rows("out")[2]["error"]
    assert "4 variants: 2 done, 2 invalid" in result.out


def test_data_and_metrics_are_checked_first(run: Any, spec: Path) -> None:
    assert "unknown metric `val_mea`" in run("sweep", spec, *GRID, "--metric", "val_mea").err
    spec.write_text(SPEC.replace("  validation: 0.25\n", ""))
    assert "there is no validation data" in run("sweep", spec, *GRID, "--metric", "val_mae").err
    Path("d.npz").unlink()
    result = run("sweep", spec, *GRID, "-o", "out")
    assert result.code == 2
    assert "there is no such file" in result.err
    assert not Path("out").exists()


def test_one_that_fails_stops_no_other_one(run: Any, spec: Path) -> None:
    arguments = ("sweep", spec, "--set", "training.optimizer.learning_rate=0.01,1e30", "-o", "out", "--metric", "mae")
    result = run(*arguments)
    assert result.code == 1
    assert "1 done, 1 failed" in result.out
    assert "variant 2 (training.optimizer.learning_rate=1e30) failed: " in result.err
    rows = _rows("out")
    assert rows[1]["status"] == "failed"
    assert rows[1]["error"].startswith("the loss of step 2 is inf")
    # It is told again, and trained again only where that is asked for.
    lines = Path("out/ended.jsonl").read_text().count("\n")
    assert run(*arguments).code == 1
    assert Path("out/ended.jsonl").read_text().count("\n") == lines
    assert run(*arguments, "--retry-failed").code == 1
    assert Path("out/ended.jsonl").read_text().count("\n") == lines + 1


def test_another_sweep_is_refused(run: Any, spec: Path) -> None:
    assert run("sweep", spec, "--set", "vars.width=4,8", "-o", "out", "--epochs", 1).code == 0
    before = {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()}

    def refused(*arguments: object) -> str:
        result = run("sweep", spec, "-o", "out", "--epochs", 1, *arguments)
        assert (result.code, result.out) == (2, ""), result.err
        assert {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()} == before
        return result.err

    assert "choices.vars.width: 2 entries → 3" in refused("--set", "vars.width=4,8,16")
    assert "epochs: 1 → 2" in refused("--set", "vars.width=4,8", "--epochs", 2)
    spec.write_text(SPEC.replace("batch_size: 16", "batch_size: 8"))
    assert "spec.training.batch_size: 16 → 8" in refused("--set", "vars.width=4,8")
    spec.write_text(SPEC)
    np.savez("d.npz", x=X, y=Y + 1)
    assert "data.content: " in refused("--set", "vars.width=4,8")
    Path("other").mkdir()
    Path("other/mine.txt").write_text("mine")
    assert "the folder is not empty, and is not that of a sweep" in run("sweep", spec, *GRID, "-o", "other").err


@pytest.mark.slow
def test_on_dask(run: Any, spec: Path) -> None:
    pytest.importorskip("distributed")
    for folder, where in (("out", ()), ("dask", ("--dask", "local:2"))):
        result = run("sweep", spec, *GRID, "-o", folder, *where)
        assert result.code == 0, result.err
        assert "4 variants: 4 done" in result.out
    for number in range(1, 5):
        here, there = (Path(folder, "runs", f"{number:04}", "model.modelc") for folder in ("out", "dask"))
        assert here.read_bytes() == there.read_bytes()


@pytest.mark.slow
def test_more_samples_go_on(run: Any, spec: Path) -> None:
    choices = ("--set", "training.optimizer.learning_rate=loguniform(1e-3, 1e-1)", "--epochs", 1, "-o", "out")
    assert run("sweep", spec, *choices, "--samples", 2).code == 0
    first = _rows("out")
    assert run("sweep", spec, *choices, "--samples", 3).code == 0
    assert _rows("out")[:2] == first
    assert Path("out/ended.jsonl").read_text().count("\n") == 3
    assert "samples: 3 → 2" in run("sweep", spec, *choices, "--samples", 2).err


@pytest.mark.slow
def test_a_line_that_was_cut_is_done_again(run: Any, spec: Path) -> None:
    assert run("sweep", spec, "--set", "vars.width=4,8", "-o", "out", "--jobs", 1).code == 0
    path = Path("out/ended.jsonl")
    whole, table = path.read_bytes(), Path("out/results.csv").read_text()
    path.write_bytes(whole[:-20])
    assert run("sweep", spec, "--set", "vars.width=4,8", "-o", "out", "--jobs", 1).code == 0
    assert [json.loads(line)["variant"] for line in path.read_bytes().splitlines() if line.endswith(b"}")] == [1, 2]
    without_seconds = [{k: v for k, v in row.items() if k != "seconds"} for row in _rows("out")]
    before = csv.DictReader(table.splitlines())
    assert without_seconds == [{k: v for k, v in row.items() if k != "seconds"} for row in before]


@pytest.mark.slow
def test_callbacks_write_into_the_folder_of_their_run(run: Any, spec: Path) -> None:
    callbacks = (
        "  callbacks: [{type: CSVLogger, filename: logs/l.csv}, {type: EarlyStopping, restore_best_weights: true}]\n"
    )
    spec.write_text(SPEC + callbacks)
    result = run("sweep", spec, "--set", "vars.width=4,8", "--epochs", 4, "-o", "out")
    assert result.code == 0, result.err
    assert sorted(map(str, Path().rglob("l.csv"))) == [f"out/runs/{n:04}/logs/l.csv" for n in (1, 2)]
    # The table has the losses of the epoch whose weights were restored.
    for number, row in enumerate(_rows("out"), 1):
        evaluated = run("evaluate", f"out/runs/{number:04}/model.modelc", "--data", "d.npz").out
        assert evaluated
        with Path(f"out/runs/{number:04}/epochs.csv").open() as file:
            losses = [float(one["val_loss"]) for one in csv.DictReader(file)]
        assert float(row["val_loss"]) == min(losses)


def test_from_python(spec: Path) -> None:
    results = modelc.sweep(spec, {"vars.width": [4, 8], "training.epochs": 1}, "out", jobs=1)
    assert [one.values for one in results] == [{"vars.width": n, "training.epochs": 1} for n in (4, 8)]
    best = results.best
    assert best is not None
    assert results.load_best().count_params() == best.params
    assert results.diff is not None
    assert bool(results.diff) == (best.values["vars.width"] != 4)
    with pytest.raises(SpecError):
        modelc.sweep(spec, {"vars.width": [0]}, "none")
    with pytest.raises(InputError, match="must be at least 1"):
        modelc.sweep(spec, {"vars.width": [4]}, "none", jobs=0)


@pytest.mark.slow
def test_a_spec_of_any_form(spec: Path) -> None:
    forms: list[Any] = [spec, spec.read_text(), modelc.load_spec(spec), modelc.load_spec(spec).to_dict()]
    found = [modelc.sweep(one, {"training.seed": range(2)}, f"out{i}", epochs=1, jobs=1) for i, one in enumerate(forms)]
    assert all([row.metrics for row in one] == [row.metrics for row in found[0]] for one in found)
    with spec.open() as file, pytest.raises(InputError, match="is read for each variant"):
        modelc.sweep(file, {"training.seed": range(2)}, "none")


def _started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "modelc", "sweep", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


LONG = ("net.yaml", "--set", "vars.width=4,8,16", "--epochs", "400", "-o", "out", "--jobs", "2")


def _wait_for(path: str) -> None:
    for _ in range(1200):
        if list(Path().glob(path)):
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} does not appear")


def _uninterrupted(run: Any, spec: Path) -> list[bytes]:
    arguments = [*LONG[1:]]
    arguments[arguments.index("out")] = "whole"
    assert run("sweep", spec, *arguments).code == 0
    return [Path(f"whole/runs/{n:04}/model.modelc").read_bytes() for n in (1, 2, 3)]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_it_goes_on_after_an_end_at_any_moment(run: Any, spec: Path, number: int) -> None:
    moments = np.random.default_rng(number).random(3)
    for moment in moments:
        started = _started(*LONG)
        _wait_for("out/runs/0001")
        time.sleep(moment * 2)
        started.send_signal(number)
        _, err = started.communicate(timeout=120)
        assert started.returncode in (-number, 130, 0), err
        assert "Traceback" not in err
    done = _started(*LONG)
    out, err = done.communicate(timeout=120)
    assert done.returncode == 0, err
    assert "3 variants: 3 done" in out
    assert [Path(f"out/runs/{n:04}/model.modelc").read_bytes() for n in (1, 2, 3)] == _uninterrupted(run, spec)


@pytest.mark.slow
def test_a_process_that_is_killed_fails_its_variant_alone(run: Any, spec: Path) -> None:
    started = _started(*LONG, "--epochs", "100000")
    _wait_for("out/runs/0002/model.modelc.checkpoints/*.zip")
    children = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()
    for child in Path(f"/proc/{started.pid}/task").iterdir():
        children += (child / "children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    _wait_for("out/runs/0003/epochs.csv")
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=120)
    assert "its process was ended by SIGKILL" in Path("out/ended.jsonl").read_text()
    assert started.returncode == 130, err


class _Child(subprocess.Popen[bytes]):
    """A process that is known to the test."""

    known: ClassVar[list[_Child]] = []

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.known.append(self)


@pytest.mark.parametrize("times", [0, 1, pytest.param(2, marks=pytest.mark.slow)])
def test_no_process_is_left(spec: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Where a result cannot be written, where the sweep is interrupted, and where it is so twice."""
    monkeypatch.setattr(_Child, "known", [])
    monkeypatch.setattr("modelc.sweeps.processes.subprocess.Popen", _Child)

    def ended(result: Any) -> None:
        if not times:
            raise OSError("there is no room")
        _wait_for("out/runs/0002/epochs.csv")  # else there is no state to save yet
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        steps.append("told")

    steps: list[str] = []
    with pytest.raises(KeyboardInterrupt if times else OSError):
        modelc.sweep(
            spec, {"training.epochs": [1, 50000, 60000]}, "out", jobs=2,
            following=SweepFollowing(ended=ended),
        )  # fmt: skip
    assert steps == ["told"] * bool(times)  # what is done with a result is done to its end
    assert [child.poll() is not None for child in _Child.known] == [True, True]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert _rows("out")[0]["status"] == "done"
    if times == 1:
        assert list(Path("out/runs/0002/model.modelc.checkpoints").glob("*.zip"))

"""`modelc train --resume`: of the same run, of another one, and before the first checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.callbacks import checkpoint
from modelc.model.training_run import Choices, train

SPEC = """\
modelc: 1
name: net
input: {shape: [4]}
layers:
  - {type: Dense, units: 8, activation: relu, name: hidden}
  - {type: Dense, units: 1, name: out}
training:
  data: d.npz
  loss: mse
  optimizer: {type: SGD, learning_rate: 0.1, momentum: 0.9}
  batch_size: 16
  epochs: 2
"""
FOLDER = Path("net.modelc.checkpoints")
RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((40, 4)).astype(np.float32), RANDOM.standard_normal((40, 1)).astype(np.float32)


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spec whose run was stopped after its first epoch: the checkpoint is there."""
    monkeypatch.chdir(tmp_path)
    np.savez("d.npz", x=X, y=Y)
    path = tmp_path / "net.yaml"
    path.write_text(SPEC)
    from modelc import load_spec

    train(load_spec(path), Choices(epochs=1, checkpoints=FOLDER, verbose=0))
    assert checkpoint.newest_first(FOLDER)
    return path


CHANGES: dict[str, tuple[tuple[str, str], list[str], list[str]]] = {
    "optimizer": (
        ("type: SGD, learning_rate: 0.1, momentum: 0.9", "type: Adam"), [],
        ["optimizer: {", "SGD", "→ Adam"],
    ),
    "learning rate": (("0.1", "0.2"), [], ["optimizer.learning_rate: 0.1 → 0.2"]),
    "loss": (("mse", "mae"), [], ["loss: MeanSquaredError → MeanAbsoluteError"]),
    "units": (("units: 8", "units: 9"), [], ["layers[0].units: 8 → 9"]),
    "layers": (
        ("  - {type: Dense, units: 1", "  - {type: ReLU}\n  - {type: Dense, units: 1"), [],
        ["layers: 2 entries → 3"],
    ),
    "frozen": (("training:", "freeze: hidden\ntraining:"), [], ["freeze: left out →"]),
    "batch size": (("batch_size: 16", "batch_size: 8"), [], ["batch size: 16 → 8"]),
    "batch size of the command": (("", ""), ["--batch-size", "4"], ["batch size: 16 → 4"]),
    "seed": (("", ""), ["--seed", "3"], ["seed: 0 → 3"]),
    "validation": (("", ""), ["--validation", "0.2"], ["data.samples: 40 → 32", "validation: left out →"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_another_run_is_said(run: Any, stopped: Path, name: str) -> None:
    (old, new), arguments, lines = CHANGES[name]
    stopped.write_text(SPEC.replace(old, new))
    before = [path.read_bytes() for path in checkpoint.newest_first(FOLDER)]
    result = run("train", stopped, "--resume", *arguments)
    assert (result.code, result.out) == (2, ""), result.err
    assert "net.modelc.checkpoints: the run that was stopped is another one, before → now:" in result.err
    for line in lines:
        assert line in result.err
    assert "--accept-changes" in result.err
    assert [path.read_bytes() for path in checkpoint.newest_first(FOLDER)] == before
    assert not Path("net.modelc").exists()


def test_other_data(run: Any, stopped: Path) -> None:
    np.savez("d.npz", x=X, y=Y + 1)
    assert "data.content: " in run("train", stopped, "--resume").err
    np.savez("d.npz", x=X[:30], y=Y[:30])
    assert "data.samples: 40 → 30" in run("train", stopped, "--resume").err
    # The same samples under another name, and as another type of file, are the same data.
    np.save("x.npy", X)
    np.save("y.npy", Y)
    stopped.write_text(SPEC.replace("data: d.npz", "data: {type: npy, x: x.npy, y: y.npy}"))
    assert run("train", stopped, "--resume").code == 0


@pytest.mark.parametrize("name", ["learning rate", "batch size", "loss"])
def test_changes_can_be_accepted(run: Any, stopped: Path, name: str) -> None:
    (old, new), _, _ = CHANGES[name]
    stopped.write_text(SPEC.replace(old, new))
    result = run("train", stopped, "--resume", "--accept-changes")
    assert result.code == 0, result.err
    assert Path("net.modelc").exists()
    assert not FOLDER.exists()


def test_another_optimizer_begins_anew(run: Any, stopped: Path) -> None:
    (old, new), _, _ = CHANGES["optimizer"]
    stopped.write_text(SPEC.replace(old, new))
    with pytest.warns(UserWarning, match="the state is that of SGD; what Adam keeps for its updates begins anew"):
        assert run("train", stopped, "--resume", "--accept-changes").code == 0


def test_a_longer_run_is_the_same_run(run: Any, stopped: Path) -> None:
    result = run("train", stopped, "--resume", "--epochs", "4")
    assert result.code == 0, result.err
    assert "epochs      4, 12 updates in all" in result.out


def test_before_the_first_checkpoint_it_begins_anew(run: Any, stopped: Path) -> None:
    checkpoint.remove(FOLDER)
    result = run("train", stopped, "--resume")
    assert result.code == 0, result.err
    assert "net.modelc.checkpoints holds no checkpoint yet: the run begins anew" in result.err
    first = Path("net.modelc").read_bytes()
    Path("net.modelc").unlink()
    assert run("train", stopped).code == 0
    assert Path("net.modelc").read_bytes() == first


def test_an_older_checkpoint_says_nothing_of_its_run(run: Any, stopped: Path) -> None:
    newest = checkpoint.newest_first(FOLDER)[0]
    found = checkpoint.read(newest)
    checkpoint.write(
        newest, checkpoint.Checkpoint(found.arrays, {k: v for k, v in found.numbers.items() if k != "run"})
    )
    assert run("train", stopped, "--resume").code == 0


def test_data_is_looked_at_before_the_model_is_built(run: Any, stopped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint.remove(FOLDER)

    def build(*_: Any, **__: Any) -> None:
        raise AssertionError("the model was built")

    monkeypatch.setattr("modelc.model.training_run.build", build)
    np.savez("d.npz", x=X[:, :3], y=Y)
    assert "the input" in run("train", stopped).err
    np.savez("d.npz", x=X, y=Y[:30])
    assert "the numbers of samples differ" in run("train", stopped).err
    Path("d.npz").write_bytes(b"nothing")
    assert "not a .npz file" in run("train", stopped).err
    Path("d.npz").unlink()
    assert "there is no such file" in run("train", stopped).err


def test_check_tells_that_all_is_frozen(run: Any, stopped: Path) -> None:
    stopped.write_text(SPEC.replace("training:", "freeze: ['*']\ntraining:"))
    for command in ("check", "train"):
        result = run(command, stopped)
        assert result.code == 2
        assert (
            "net.yaml:7:9: error[E207]: all layers are frozen: training would change nothing" in result.out + result.err
        )
    stopped.write_text(SPEC.replace("training:", "freeze: ['*']\ntraining:").partition("training:")[0])
    assert run("check", stopped).code == 0  # it is not trained

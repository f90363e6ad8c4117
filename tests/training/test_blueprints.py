"""The two blueprints of transfer learning, from files alone: all but the last layer frozen, and a frozen base."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from modelc import load, load_spec
from modelc.cli.main import _run as run_command
from modelc.model.training_run import Choices, Report, train
from modelc.training.freezing import digests

MLP = """
modelc: 1
name: digits
input: {shape: [20]}
layers:
  - {type: Dense, units: 16, activation: relu}
  - {type: BatchNormalization}
  - {type: Dropout, rate: 0.2}
  - {type: Dense, units: 8, activation: relu}
  - {type: Dense, units: 3, activation: softmax}
"""

FROZEN_BUT_LAST = """
extends: mlp.yaml
name: frozen_but_last
freeze: ":-1"
training:
  loss: sparse_categorical_crossentropy
  optimizer: {type: AdamW, learning_rate: 0.05, weight_decay: 0.1}
  metrics: [accuracy]
  data: vectors.npz
  validation: 0.25
  batch_size: 16
  epochs: 8
"""

TRANSFER = """
modelc: 1
name: transfer
input: {shape: [32, 32, 3]}
layers:
  - {type: Model, name: base, spec: base.yaml, truncate: global_average_pooling2d, trainable: false}
  - {type: Dense, units: 3, activation: softmax, name: classes}
training:
  loss: sparse_categorical_crossentropy
  optimizer: {type: SGD, learning_rate: 0.1, momentum: 0.9, weight_decay: 0.01}
  metrics: [accuracy]
  data: pictures.npz
  batch_size: 8
  epochs: 2
"""

BASE = """
extends: zoo:mobilenet_v2
vars: {shape: [32, 32, 3]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of both, with samples of three classes that lie apart."""
    for name, text in (
        ("mlp", MLP), ("frozen_but_last", FROZEN_BUT_LAST), ("transfer", TRANSFER), ("base", BASE),
    ):  # fmt: skip
        (tmp_path / f"{name}.yaml").write_text(text)
    rng = np.random.default_rng(0)
    for name, shape, count in (("vectors", (20,), 160), ("pictures", (32, 32, 3), 24)):
        y = rng.integers(0, 3, count, np.int32)
        centres = 1.5 * rng.standard_normal((3, *shape), np.float32)
        np.savez(tmp_path / f"{name}.npz", x=centres[y] + 0.3 * rng.standard_normal((count, *shape), np.float32), y=y)
    return tmp_path


def trained(path: Path, **choices: object) -> Report:
    return train(load_spec(path), Choices(verbose=0, **choices))  # pyright: ignore[reportArgumentType]


def only_changed(report: Report) -> list[str]:
    """The layers whose weights changed; what is called frozen did not."""
    assert all(before.digest == after.digest for before, after in report.frozen)
    return [a.name for b, a in zip(report.before, report.after, strict=True) if a.digest != b.digest]


def test_all_but_the_last_layer_frozen(folder: Path) -> None:
    report = trained(folder / "frozen_but_last.yaml")
    assert only_changed(report) == ["dense_2"]
    assert [b.name for b, _ in report.frozen] == ["dense", "batch_normalization", "dense_1"]
    assert report.history["loss"][-1] < 0.6 * report.history["loss"][0]
    assert report.history["val_accuracy"][-1] > 0.8


def test_frozen_base_under_a_classifier(folder: Path) -> None:
    report = trained(folder / "transfer.yaml")
    assert only_changed(report) == ["classes"]
    assert len(report.frozen) == 104, "52 convolutions and as many normalizations"
    assert all(b.name.startswith("base/") for b, _ in report.frozen)
    assert np.isfinite(report.history["loss"]).all()
    assert report.history["loss"][-1] < report.history["loss"][0]


def test_by_the_command(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The command gives what the function gives, and says what was frozen."""
    monkeypatch.chdir(folder)
    assert run_command(["train", "frozen_but_last.yaml", "-o", "trained.modelc"]) == 0
    model = load("trained.modelc")
    report = trained(folder / "frozen_but_last.yaml")
    after = digests(model.layers, model.graph.layers, model.arrays)
    assert [d.digest for d in after] == [d.digest for d in report.after]
    assert report.before[0].digest[:8] in capsys.readouterr().out

"""The report of a run of training: text, JSON, and the folding of long lists of frozen layers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from modelc.report.training import FrozenLayer, TrainingReport


def report(frozen: list[FrozenLayer], memory: SimpleNamespace | None = None) -> TrainingReport:
    last = {"loss": 0.25, "val_loss": 3.1e-5}
    return TrainingReport("net", 100, 40, epochs=2, updates=30, last_epoch=last, memory=memory, frozen=tuple(frozen))


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    path = tmp_path / "net.modelc"
    path.write_bytes(bytes(2048))
    return path


def test_text(artifact: Path) -> None:
    memory = SimpleNamespace(batch_size=32, bytes=3 * 1024, extra_work=0.125)
    frozen = [FrozenLayer("a", "1" * 64, "1" * 64), FrozenLayer("base/b", "2" * 64, "3" * 64)]
    assert report(frozen, memory).to_text(artifact, 1.25).splitlines() == [
        "model       net",
        "trained     40 of 100 parameters",
        "epochs      2, 30 updates in all",
        "last epoch  loss 0.2500  val_loss 3.100e-05",
        "memory      3.00 KB for a step of 32 samples, 12.5% of the work recomputed to save memory",
        "time        1.2 s",
        f"artifact    {artifact} (2.00 KB)",
        "frozen layers, by the digests of their weights before and after:",
        "  a       1111111111111111  unchanged",
        "  base/b  2222222222222222  CHANGED to 3333333333333333",
    ]


def test_text_without_steps_and_frozen_layers(artifact: Path) -> None:
    lines = report([]).to_text(artifact, 0.0).splitlines()
    assert "memory      no training step ran" in lines
    assert lines[-1].startswith("artifact")


def test_json(artifact: Path) -> None:
    memory = SimpleNamespace(batch_size=32, bytes=3072, extra_work=0.0)
    assert json.loads(report([FrozenLayer("a", "1", "2")], memory).to_json(artifact)) == {
        "event": "report", "model": "net", "params": 100, "trainable_params": 40, "step_memory": 3072,
        "extra_work": 0.0, "updates": 30, "artifact": str(artifact),
        "frozen": [{"layer": "a", "before": "1", "after": "2"}],
    }  # fmt: skip
    without = json.loads(report([]).to_json(artifact))
    assert (without["step_memory"], without["extra_work"]) == (None, None)


@pytest.mark.parametrize("changed", [None, 3, 40])
def test_many_unchanged_digests_are_folded(changed: int | None, artifact: Path) -> None:
    frozen = [FrozenLayer(f"layer_{i}", "a" * 64, ("b" if i == changed else "a") * 64) for i in range(74)]
    text = report(frozen).to_text(artifact, 0.0).split("before and after:\n")[1]
    names = re.findall(r"layer_\d+", text)
    hidden = [int(count) for count in re.findall(r"… (\d+) more layers, all unchanged", text)]
    assert len(names) + sum(hidden) == 74
    assert len(names) + len(hidden) <= 20
    assert changed is None or f"layer_{changed}" in names
    assert (names[0], names[-1]) == ("layer_0", "layer_73")


def test_short_lists_are_shown_whole(artifact: Path) -> None:
    text = report([FrozenLayer(f"layer_{i}", "a", "a") for i in range(9)]).to_text(artifact, 0.0)
    assert len(re.findall(r"layer_\d", text)) == 9 and "more layers" not in text

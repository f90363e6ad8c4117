"""`modelc import --onto`: what is written and told, and that nothing is written where anything fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.files.tensors import write_exact

SPEC = """\
modelc: 1
name: small
input: {shape: [4]}
layers:
  - {type: Dense, units: 3, name: hidden}
  - {type: Dense, units: 2, name: out}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    shapes = {"fc1.weight": (3, 4), "fc1.bias": (3,), "fc2.weight": (2, 3), "fc2.bias": (2,)}
    with (tmp_path / "torch.safetensors").open("wb") as out:
        write_exact(out, {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()})
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    return tmp_path


def test_the_map_is_shown(run: Any, folder: Path) -> None:
    result = run("import", folder / "torch.safetensors", "--onto", folder / "spec.yaml")
    assert result.code == 0
    assert "hidden/kernel: {from: fc1.weight, as: o i -> i o}\n  hidden/bias: fc1.bias\n" in result.out
    assert result.err == "weights: 4 of `small`, from 4 tensors\n"


def test_everything_is_written_and_builds(run: Any, folder: Path) -> None:
    made = {name: folder / name for name in ("map.yaml", "weights.safetensors", "whole.yaml")}
    arguments = ["import", folder / "torch.safetensors", "--onto", folder / "spec.yaml"]
    outputs = ["--map-out", made["map.yaml"], "--weights-out", made["weights.safetensors"], "-o", made["whole.yaml"]]
    result = run(*arguments, *outputs)
    assert (result.code, result.err) == (0, "")
    assert result.out == "weights: 4 of `small`, from 4 tensors\n"
    first = modelc.load_spec(made["whole.yaml"]).build(backend="reference").arrays
    again = run(*arguments, "--map", made["map.yaml"], "--weights-out", folder / "again.safetensors")
    assert again.code == 0
    second = (
        modelc.load_spec(folder / "spec.yaml").build(weights=folder / "again.safetensors", backend="reference").arrays
    )
    assert first.keys() == second.keys()
    assert all((first[path] == second[path]).all() for path in first)
    assert run(*arguments, *outputs).code == 0  # older files of the same kinds are replaced


def test_a_file_of_another_kind_is_not_replaced(run: Any, folder: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    result = run(
        "import", folder / "torch.safetensors", "--onto", folder / "spec.yaml", "--map-out", folder / "notes.txt"
    )
    assert result.code == 2
    assert "notes.txt" in result.err
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["torch.safetensors"], "FILE holds weights alone: name the spec that takes them by --onto SPEC"),
        (["torch.safetensors", "--map", "m.yaml"], "a map is for --onto SPEC"),
        (["torch.safetensors", "--onto", "spec.yaml", "--partial"], "--onto goes with --map, --map-out"),
        (["torch.safetensors", "--onto", "spec.yaml", "-o", "o.yaml"], "which --weights-out names"),
        (["torch.safetensors", "--onto", "spec.yaml", "--map", "none.yaml"], "none.yaml"),
        (["missing.safetensors", "--onto", "spec.yaml"], "cannot be read: No such file or directory"),
        (["torch.pth", "--onto", "spec.yaml"], "is a pickle, which runs code when it is opened"),
        (["torch.pth"], "is a pickle, which runs code when it is opened"),
        (["torch.safetensors", "--onto", "other.yaml"], "the file has none that fits"),
    ],
)
def test_refusals(run: Any, folder: Path, arguments: list[str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "torch.pth").write_bytes(b"\x80\x02}q\x00.")
    (folder / "other.yaml").write_text(SPEC.replace("units: 3", "units: 7"), encoding="utf-8")
    before = sorted(folder.iterdir())
    result = run("import", *arguments)
    assert result.code != 0
    assert expected in result.err
    assert "Traceback" not in result.err
    assert sorted(folder.iterdir()) == before

"""The files that the examples of the commands name."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

import modelc
from modelc.cli.starter import starter_spec
from modelc.files.tensors import write_tensors
from modelc.keras.export.export import export_keras

_TABLE = """\
modelc: 1
name: table
input: {shape: [4], name: features}
layers:
  - {type: Dense, units: 3, activation: relu, name: hidden}
  - {type: Dense, units: 2, name: out}
"""
_DIGITS = """\
modelc: 1
name: digits
input: {shape: [8, 8, 1]}
layers:
  - {type: Flatten}
  - {type: Dense, units: 10, activation: softmax}
training:
  data: digits.npz
  validation: 0.25
  optimizer: adam
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
  epochs: 3
"""


def make_examples(folder: Path) -> None:
    """Write them into an empty folder."""
    random = np.random.default_rng(0)
    starter = starter_spec("model")
    (folder / "model.yaml").write_text(starter)
    (folder / "wider.yaml").write_text(starter.replace("width: 32", "width: 48"))
    model = modelc.load_spec(folder / "model.yaml").build(backend="reference")
    model.save_weights(folder / "model.safetensors")
    export_keras(folder / "model.keras", model.to_spec(), model.arrays)
    model.export_onnx(folder / "model.onnx")
    model.labels = [f"digit {i}" for i in range(10)]
    model.save(folder / "model.modelc")
    (folder / "photos").mkdir()
    for i in range(3):
        Image.fromarray(random.integers(0, 256, (28, 28), np.uint8)).save(folder / "photos" / f"{i}.png")
    _table(folder, random)
    (folder / "digits.yaml").write_text(_DIGITS)
    x, y = random.normal(size=(80, 8, 8, 1)).astype(np.float32), random.integers(0, 10, 80)
    np.savez(folder / "digits.npz", x=x, y=y)
    digits = modelc.load_spec(folder / "digits.yaml").build(backend="reference")
    digits.save(folder / "trained_digits.modelc")
    _repository(folder)


def _table(folder: Path, random: np.random.Generator) -> None:
    (folder / "table.yaml").write_text(_TABLE)
    modelc.load_spec(folder / "table.yaml").build(backend="reference").save(folder / "table.modelc")
    (folder / "rows.csv").write_text("a,b,c,d\n1,2,3,4\n5,six,7,8\n9,10,11,12\n")
    shapes = {"0.weight": (3, 4), "0.bias": (3,), "2.weight": (2, 3), "2.bias": (2,)}
    tensors = {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    write_tensors(folder / "torch.safetensors", tensors)


def _repository(folder: Path) -> None:
    """A git repository with two versions of a spec in `specs`."""
    (folder / "specs").mkdir()
    for width in (32, 48):
        (folder / "specs" / "model.yaml").write_text((folder / "model.yaml").read_text().replace("32", str(width)))
        for line in (["init", "-q"], ["add", "specs"], ["commit", "-q", "-m", f"width {width}"]):
            how = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
            subprocess.run(["git", *how, *line], cwd=folder, check=True, timeout=60)


def copied(folder: Path, target: Path) -> None:
    """The files once more, for an example that changes them."""
    shutil.copytree(folder, target, dirs_exist_ok=True)

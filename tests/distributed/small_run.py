"""A small spec with its data, and the file that one process makes of it, as fixtures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from tests.distributed.mpirun import environment

_SPEC = """
modelc: 1
name: small
input: {shape: [8]}
layers:
  - {type: Dense, units: 16, activation: relu}
  - {type: BatchNormalization}
  - {type: Dropout, rate: 0.2}
  - {type: Dense, units: 3, activation: softmax}
training:
  data: data.npz
  validation: 0.2
  loss: sparse_categorical_crossentropy
  optimizer: Adam
  metrics: [accuracy]
  micro_batches: 8
"""


def trained_by_one(path: Path, more: str) -> Path:
    """The folder with the spec, `more` lines in its `training`, and what one process trains: `one.modelc`."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 8)).astype(np.float32)
    np.savez(path / "data.npz", x=x, y=(x[:, 0] > 0).astype(np.int32) + (x[:, 1] > 1))
    (path / "spec.yaml").write_text(_SPEC + more)
    command = [sys.executable, *train(path, "one.modelc")]
    subprocess.run(command, check=True, capture_output=True, env=environment(), timeout=120)
    return path


def train(folder: Path, output: str, *options: str) -> list[str]:
    """The arguments of `python` that train the spec."""
    return ["-m", "modelc", "train", str(folder / "spec.yaml"), "-o", str(folder / output), *options]

"""A pipe where a file is meant is told at once: whatever waits for its other end would wait for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_SPEC = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3}\n"
_COMMANDS = [
    "summary pipe.yaml",
    "check pipe.yaml",
    "diff pipe.yaml pipe.yaml",
    "build pipe.yaml -o out.modelc",
    "build m.yaml --weights pipe.safetensors -o out.modelc",
    "build named.yaml -o out.modelc",
    "run m.yaml --input pipe.npy --output out.npy",
    "run m.yaml --input pipe.npz --output out.npy",
    "run pipe.modelc --input x.npy --output out.npy",
    "import pipe.yaml",
    "import pipe.keras -o out.yaml",
    "export pipe.modelc -o out.keras",
    "train trained.yaml -o out.modelc",
]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
@pytest.mark.parametrize("command", _COMMANDS)
def test_a_pipe_is_not_waited_for(tmp_path: Path, command: str) -> None:
    for suffix in ("yaml", "safetensors", "npy", "npz", "modelc", "keras", "csv"):
        os.mkfifo(tmp_path / f"pipe.{suffix}")
    training = "training: {loss: mse, epochs: 1, data: {type: csv, path: pipe.csv, target: 0}}\n"
    (tmp_path / "m.yaml").write_text(_SPEC, encoding="utf-8")
    (tmp_path / "named.yaml").write_text(_SPEC + "weights: pipe.safetensors\n", encoding="utf-8")
    (tmp_path / "trained.yaml").write_text(_SPEC + training, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "modelc", *command.split()],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    told = done.stderr + done.stdout
    assert "Traceback" not in told
    assert "is a pipe, not a file" in told or "x.npy" in told

"""A pipe where a file is meant is told at once: whatever waits for its other end would wait for ever."""

from __future__ import annotations

import json
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
    "import pipe.safetensors --onto m.yaml",
    "import x.safetensors --onto m.yaml --map pipe.yaml",
    "export pipe.modelc -o out.keras",
    "export pipe.keras --format onnx -o out.onnx",
    "export pipe.yaml --format c -o out",
    "bench pipe.modelc",
    "train trained.yaml -o out.modelc",
]


_RUN_ALL = """
import contextlib, io, json, sys
from modelc.cli.main import _run
for command in json.load(sys.stdin):
    with contextlib.redirect_stdout(told := io.StringIO()), contextlib.redirect_stderr(told):
        code = _run(command.split())
    print(json.dumps([command, code, told.getvalue()]), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    for suffix in ("yaml", "safetensors", "npy", "npz", "modelc", "keras", "csv"):
        os.mkfifo(tmp_path / f"pipe.{suffix}")
    training = "training: {loss: mse, epochs: 1, data: {type: csv, path: pipe.csv, target: 0}}\n"
    (tmp_path / "m.yaml").write_text(_SPEC, encoding="utf-8")
    (tmp_path / "named.yaml").write_text(_SPEC + "weights: pipe.safetensors\n", encoding="utf-8")
    (tmp_path / "trained.yaml").write_text(_SPEC + training, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _RUN_ALL], input=json.dumps(_COMMANDS),
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [command for command, _, _ in results] == _COMMANDS
    for command, code, told in results:
        assert code == 2, (command, told)
        assert "is a pipe, not a file" in told or "x.npy" in told, (command, told)

"""The memory that building, loading and running take beside that of the weights, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import modelc

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the peak is that which Linux tells"),
]

MB = 2**20
SPEC = {"modelc": 1, "input": {"shape": [5000]}, "layers": [{"type": "Dense", "units": 5000} for _ in range(3)]}
WEIGHTS = 3 * (5000 + 1) * 5000 * 4

_PEAK = "print([int(line.split()[1]) * 1024 for line in open('/proc/self/status') if line.startswith('VmHWM')][0])"
"""Which `getrusage` would not tell: after a fork it begins with that of the parent."""
_PREDICT = "import sys, numpy as np, modelc; modelc.load(sys.argv[1])(np.zeros((1, 5000), np.float32));"
_BUILD = "import sys; from modelc.cli.main import cli; cli(['build', *sys.argv[1:]], standalone_mode=False);"


def peak(code: str, *arguments: str) -> int:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code + _PEAK, *arguments]
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=300)
    return int(told.stdout.split()[-1])


@pytest.fixture
def artifact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    model = modelc.load_spec(SPEC).build()
    model(np.zeros((1, 5000), np.float32))  # so that its kernels are in the cache
    model.save(tmp_path / "m.modelc")
    monkeypatch.setenv("MODELC_PLANS_SIZE", "1GB")
    return tmp_path / "m.modelc"


def test_without_a_cache_a_weight_is_held_as_packed_and_one_as_read(
    artifact: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELC_PLANS_SIZE", "0")
    assert peak(_PREDICT, str(artifact)) < WEIGHTS + WEIGHTS / 3 + 150 * MB


def test_building_holds_the_weights_once(artifact: Path, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(modelc.load_spec(SPEC).replaced(weights="m.modelc").to_yaml())
    assert peak(_BUILD, str(tmp_path / "m.yaml"), "-o", str(tmp_path / "built.modelc")) < 1.3 * WEIGHTS + 150 * MB
    assert (tmp_path / "built.modelc").read_bytes() == artifact.read_bytes()


def test_a_model_by_its_plan_holds_the_packed_weights_alone(artifact: Path) -> None:
    first = peak(_PREDICT, str(artifact))
    assert first < WEIGHTS + 150 * MB  # as packed: each is read alone, and what is packed lies in the file of the plan
    assert peak(_PREDICT, str(artifact)) < WEIGHTS + 60 * MB

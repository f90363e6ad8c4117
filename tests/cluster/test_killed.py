"""Workers are killed at random moments while they predict: nothing is lost, nothing is twice, and bytes are equal.

`pytest tests/cluster/test_killed.py::test_workers_are_killed` kills at 3 and at 20 moments.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.bulk import run as bulk_run

CHUNK = 64
WIDE = """\
modelc: 1
input: {shape: [64]}
layers:
  - {type: Dense, units: 1500, activation: relu}
  - {repeat: 2, layers: [{type: Dense, units: 1500, activation: relu}]}
  - {type: Dense, units: 4, name: out}
"""


class _Killer(threading.Thread):
    """Kills one worker after the other, each at a random moment after the one before was replaced."""

    def __init__(self, cluster: Any, times: int, seed: int) -> None:
        super().__init__(daemon=True)
        self._cluster, self._times, self._random = cluster, times, random.Random(seed)
        self.killed = 0
        self.stopped = False

    def run(self) -> None:
        while self.killed < self._times and not self.stopped:
            time.sleep(self._random.uniform(0.05, 0.5))
            pids = [nanny.pid for nanny in list(self._cluster.workers.values()) if nanny.pid]
            if pids:
                os.kill(self._random.choice(pids), signal.SIGKILL)
                self.killed += 1


@pytest.mark.parametrize("times", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_workers_are_killed(
    run: Any, cluster: Any, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bulk_run, "_CHUNK_SAMPLES", CHUNK)
    modelc.load_spec(WIDE).build(seed=0).save("wide.modelc")
    x = np.random.default_rng(times).standard_normal((CHUNK * 50 * times, 64)).astype(np.float32)
    np.save("x.npy", x)
    assert run("run", "wide.modelc", "--input", "x.npy", "--output", "one.npy").code == 0
    killer = _Killer(cluster, times, seed=times)
    killer.start()
    try:
        arguments = ("run", "wide.modelc", "--input", "x.npy", "--output", "out", "--dask", cluster.scheduler_address)
        result = run(*arguments)
    finally:
        killer.stopped = True
        killer.join()
        client.wait_for_workers(2, timeout=120)
    assert result.code == 0, result.err
    assert killer.killed == times, "the prediction ended before all were killed"
    chunks = json.loads(Path("out/manifest.json").read_text())["chunks"]
    assert [chunk["chunk"] for chunk in chunks] == list(range(50 * times))
    found = np.concatenate([np.load(Path("out") / chunk["file"]) for chunk in chunks])
    assert found.tobytes() == np.load("one.npy").tobytes()
    assert len(list(Path("out").glob("*.npy"))) == len(chunks)

"""`mpirun … modelc train`: the same file as one process writes, and one clear end where a process is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from tests.distributed.mpirun import environment, mpirun, mpirun_command, process_of
from tests.distributed.small_run import train, trained_by_one

_MORE = """\
  epochs: 20
  callbacks: [{type: EarlyStopping, monitor: val_loss, patience: 50, restore_best_weights: true}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spec, its data, and the file that one process makes of it."""
    return trained_by_one(tmp_path_factory.mktemp("run"), _MORE)


def test_the_file_is_that_of_one_process_and_rank_0_prints(folder: Path) -> None:
    ran = mpirun(2, *train(folder, "two.modelc"))
    assert ran.stdout.count("model       small") == 1
    assert ran.stderr.count("epoch 1/20") == 1
    assert (folder / "two.modelc").read_bytes() == (folder / "one.modelc").read_bytes()
    assert not (folder / "two.modelc.checkpoints").exists()


@pytest.mark.slow
def test_a_mistake_of_all_processes_is_told_once(folder: Path) -> None:
    ran = mpirun(3, *train(folder, "none.modelc", "--set", "training.loss=hunger"), code=2)
    assert ran.stderr.count("error[E204]: `loss`: unknown loss `hunger`") == 1
    assert "rank" not in ran.stderr.partition("prterun")[0]


def test_a_file_that_one_process_does_not_find(folder: Path, tmp_path: Path) -> None:
    """As on a machine that lacks it: the other one is told, in place of waiting for it."""
    (tmp_path / "spec.yaml").write_bytes((folder / "spec.yaml").read_bytes())
    command = [*mpirun_command(1, *train(folder, "lacks.modelc")), ":", "-n", "1", sys.executable]
    command += train(tmp_path, "lacks.modelc")
    ran = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=100)
    assert ran.returncode != 0
    assert "data.npz: there is no such file" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("how", "told"),
    [
        pytest.param(
            "fails",
            "rank 0: error: the process of rank 1 failed: ValueError: no third batch here",
            marks=pytest.mark.slow,
        ),
        pytest.param("sleeps", "rank 0: error: a process did not answer within 2 s", marks=pytest.mark.slow),
    ],
)
def test_others_are_told_of_a_process_that_does_not_go_on(how: str, told: str) -> None:
    begun = time.monotonic()
    ran = mpirun(2, "-m", "tests.distributed.fails", how, code=None)
    assert told.removeprefix("rank 0: error: ") in ran.stdout, ran.stdout + ran.stderr
    assert ran.returncode != 0
    assert time.monotonic() - begun < 50


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 20))])
def test_a_run_that_lost_a_process_goes_on_with_any_number(folder: Path, seed: int) -> None:
    """kill -9 at a random moment: all stop soon, and the run that goes on ends with the bytes of one that did not."""
    draw, run, output = random.Random(seed), uuid.uuid4().hex, f"killed{seed}.modelc"
    size = draw.choice([2, 3])
    command = mpirun_command(size, *train(folder, output))
    named = {**environment(), "MODELC_TEST_RUN": run}
    started = subprocess.Popen(command, env=named, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    checkpoints = folder / f"{output}.checkpoints"
    deadline = time.monotonic() + 60
    while not any(checkpoints.glob("*")) and started.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(draw.uniform(0, 0.5))
    victim = process_of(run, draw.randrange(size))
    if victim is not None and started.poll() is None:
        os.kill(victim, signal.SIGKILL)
    _, told = started.communicate(timeout=60)
    if started.returncode == 0:  # it was faster
        assert (folder / output).read_bytes() == (folder / "one.modelc").read_bytes()
        return
    assert "signal 9 (Killed)" in told
    assert "Traceback" not in told
    assert not (folder / output).exists()
    again = draw.choice([1, 2, 3])
    ran = mpirun(again, *train(folder, output, "--resume"))
    assert ran.stdout.count("model       small") == 1
    assert (folder / output).read_bytes() == (folder / "one.modelc").read_bytes()

"""Training in many processes that is asked to end: it does so in order, and goes on to the same bytes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from modelc.callbacks import checkpoint
from tests.distributed.mpirun import compiler_of, environment, mpirun, mpirun_command, process_of
from tests.distributed.small_run import train, trained_by_one

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spec, its data, and the file that one process makes of it."""
    return trained_by_one(tmp_path_factory.mktemp("ends"), "  epochs: 60\n")


def begun(command: Sequence[str], checkpoints: Path, draw: random.Random, run: str) -> subprocess.Popen[str]:
    """A run that has saved a first checkpoint, a moment later."""
    started = subprocess.Popen(
        command, env={**environment(), "MODELC_TEST_RUN": run}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not any(checkpoints.glob("*")) and started.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(draw.uniform(0, 0.3))
    return started


def ended_in_order(
    folder: Path, output: str, command: Sequence[str], end: Callable[[subprocess.Popen[str], str], None], seed: int
) -> tuple[int, str]:
    """Have a run end at a random moment, and go on with another number of processes. Its state is that of the moment:
    it is saved after the run was asked to end. Gives the exit code and what was told."""
    draw, run, checkpoints = random.Random(seed), uuid.uuid4().hex, folder / f"{output}.checkpoints"
    started = begun(command, checkpoints, draw, run)
    asked = time.time()
    assert started.poll() is None, started.communicate()
    end(started, run)
    _, told = started.communicate(timeout=60)
    assert "Traceback" not in told
    found = checkpoint.newest_first(checkpoints)
    assert found[0].stat().st_mtime > asked
    again = draw.choice([1, 2, 3])
    ran = mpirun(again, *train(folder, output, "--resume"))
    assert ran.stdout.count("model       small") == 1
    assert (folder / output).read_bytes() == (folder / "one.modelc").read_bytes()
    return started.returncode, told


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGUSR1"])
def test_what_mpirun_is_sent(folder: Path, name: str, seed: int) -> None:
    """SIGUSR1 is passed on, and no more; after the others Open MPI kills all processes within half a second."""
    output = f"{name}{seed}.modelc"
    code, told = ended_in_order(
        folder, output, mpirun_command(2, *train(folder, output)),
        lambda started, run: started.send_signal(signal.Signals[name]), seed,
    )  # fmt: skip
    assert code != 0
    if name == "SIGUSR1":
        assert code == 130
        assert told.count(f"interrupted; the state is saved in {folder / output}.checkpoints") == 1


@pytest.mark.parametrize("rank", [1, pytest.param(0, marks=pytest.mark.slow)])
def test_one_process_is_asked_and_all_end(folder: Path, rank: int) -> None:
    output = f"rank{rank}.modelc"

    def end(started: subprocess.Popen[str], run: str) -> None:
        victim = process_of(run, rank)
        assert victim is not None
        os.kill(victim, signal.SIGTERM)

    code, told = ended_in_order(folder, output, mpirun_command(3, *train(folder, output)), end, rank)
    assert code == 130
    assert told.count("interrupted; the state is saved") == 1


@pytest.mark.slow
@pytest.mark.parametrize("rank", [0, 1])
def test_one_process_is_interrupted_while_kernels_are_compiled(folder: Path, tmp_path: Path, rank: int) -> None:
    """By itself, or while it waits for the one that does."""
    output, run = f"compiling{rank}.modelc", uuid.uuid4().hex
    started = subprocess.Popen(
        mpirun_command(2, *train(folder, output)), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**environment(), "MODELC_TEST_RUN": run, "MODELC_CACHE_DIR": str(tmp_path)}, start_new_session=True,
    )  # fmt: skip
    while not compiler_of(run):
        assert started.poll() is None
        time.sleep(0.05)
    victim = process_of(run, rank)
    assert victim is not None
    os.kill(victim, signal.SIGINT)
    _, told = started.communicate(timeout=110)
    assert started.returncode == 130
    assert "Traceback" not in told
    assert [process_of(run, one) for one in range(2)] == [None, None]
    found = checkpoint.newest_first(folder / f"{output}.checkpoints")
    mpirun(2, *train(folder, output, *(["--resume"] if found else [])))
    assert (folder / output).read_bytes() == (folder / "one.modelc").read_bytes()


def test_ctrl_c_in_a_terminal_with_workers_of_dask(folder: Path) -> None:
    """It reaches the workers on this machine as well, which are not to end by themselves."""
    pytest.importorskip("distributed")
    command = [sys.executable, *train(folder, "dask.modelc", "--dask", "local:2")]
    code, told = ended_in_order(
        folder, "dask.modelc", command, lambda started, run: os.killpg(started.pid, signal.SIGINT), 0
    )
    assert code == 130
    lines = [line for line in told.splitlines() if line and not line.startswith(("epoch ", "compil"))]
    assert lines == [f"interrupted; the state is saved in {folder / 'dask.modelc'}.checkpoints: continue with --resume"]

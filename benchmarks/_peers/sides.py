"""The processes of engines, seen from the one that gives them their turns."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from _side_process import SideError, SideProcess

from _peers.engines import ENGINES

BENCHMARKS = Path(__file__).parents[1]
TOLERANCE = 1e-4
"""How far outputs may be from Keras's, relative to the largest."""
_TRIALS = 3
_PAUSE = 0.005
"""Seconds between turns, in which the threads of the last one go to sleep."""

Beside = Literal["busy", "nice"]


def environment() -> dict[str, str]:
    """That of a process of these benchmarks: modules are kept compiled, as those of an installed package are."""
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return variables | {"PYTHONPATH": str(BENCHMARKS)}


def cpus(threads: int) -> list[int]:
    """The last CPUs that this process may use; none where the system does not tell."""
    return sorted(os.sched_getaffinity(0))[-threads:] if hasattr(os, "sched_getaffinity") else []


@dataclass
class Side:
    """The process of an engine with a file."""

    engine: str
    form: str
    """Of the model, NCHW or NHWC."""
    process: SideProcess
    start_seconds: float
    """From the start of the process to its first result."""
    told: float = 0.0
    """The largest difference from Keras, relative to the largest output; of `peak`, the operations of a call."""
    times: list[float] = field(default_factory=list[float])
    """The median seconds of a call, for each turn."""
    least: list[float] = field(default_factory=list[float])
    has_forms: bool = False
    """Another form of the model was slower."""
    peak: float = 0.0
    """The most memory that it had, in MB; known at its end."""

    @classmethod
    def start(cls, engine: str, file: Path, batch: int, threads: int, own_time: bool = False) -> Side:
        """Wait for the first result, and compare it with Keras's."""
        errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 — open for as long as the process
        clock = "process_time" if own_time and threads == 1 else "perf_counter"
        arguments = [engine, str(file), str(file.parent), str(batch), str(threads), clock, *map(str, cpus(threads))]
        pipe, begin = subprocess.PIPE, time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "_peers.side", *arguments],
            stdin=pipe, stdout=pipe, stderr=errors, text=True, env=environment(),
        )  # fmt: skip
        side = cls(engine, file.stem.upper(), SideProcess(engine, process, errors), 0)
        side.process.answer()
        side.start_seconds = time.perf_counter() - begin
        side.told = float(side.process.answer())
        if engine in ENGINES and not side.told < TOLERANCE:
            side.end()
            raise SideError(f"{engine}: outputs differ from Keras's by {side.told:.1e} of the largest")
        return side

    def turn(self, seconds: float) -> None:
        time.sleep(_PAUSE)
        middle, least = self.process.ask(f"{seconds}")
        self.times.append(middle)
        self.least.append(least)

    def end(self) -> None:
        """Let the process say what memory it had, and wait for its end."""
        self.peak = self.process.end()


def fastest_form(engine: str, folder: Path, batch: int, threads: int, seconds: float, own_time: bool) -> Side:
    """A side with the form of the model that the engine is fastest with, of those that there are."""
    files = [folder / file for file in ENGINES[engine].files if (folder / file).exists()]
    if not files:
        raise SideError(f"{engine}: {folder} has no file for it, which was made before it was installed")
    sides: list[Side] = []
    for file in files:
        try:
            sides.append(Side.start(engine, file, batch, threads, own_time))
        except SideError as error:
            if file == files[-1] and not sides:
                raise
            print(f"{folder.name}, {file.name}: {error}", flush=True)
    if len(sides) > 1:
        for _ in range(_TRIALS):
            for side in sides:
                side.turn(seconds)
        sides.sort(key=lambda side: min(side.least))
    for slower in sides[1:]:
        slower.end()
    fastest = sides[0]
    fastest.times.clear()
    fastest.least.clear()
    fastest.has_forms = len(sides) > 1
    return fastest


_SPIN = "import os, sys\nos.nice(int(sys.argv[1]))\nparent = os.getppid()\nwhile os.getppid() == parent: pass"


@contextmanager
def company(beside: Beside | None) -> Generator[None]:
    """Beside it, another process keeps the first CPU busy, with equal priority or with the least."""
    if beside is None:
        yield
        return
    process = subprocess.Popen([sys.executable, "-c", _SPIN, "19" if beside == "nice" else "0"])
    try:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, sorted(os.sched_getaffinity(0))[:1])
        yield
    finally:
        process.kill()
        process.wait()

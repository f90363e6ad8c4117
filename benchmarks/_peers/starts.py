"""Starts of all engines on one model: the time from the start of a process to its first result, and its memory."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from _side_process import SideError

from _peers.engines import ENGINES
from _peers.sides import Side, environment


@dataclass
class Starts:
    """What was measured of an engine with one form of the model."""

    engine: str
    form: str
    seconds: list[float] = field(default_factory=list[float])
    megabytes: list[float] = field(default_factory=list[float])

    def median_seconds(self) -> float:
        return statistics.median(self.seconds)


def measure(folder: Path, engines: Sequence[str], batch: int, threads: int, rounds: int) -> list[Starts]:
    """The form that starts fastest of each engine, and first Python's `import numpy`, below which nothing gets."""
    numpy = Starts("import numpy", "")
    all_starts = [
        Starts(engine, file) for engine in engines for file in ENGINES[engine].files if (folder / file).exists()
    ]
    for number in range(rounds + 1):
        seconds = _import_seconds()
        if number:
            numpy.seconds.append(seconds)
        for starts in list(all_starts):
            try:
                side = Side.start(starts.engine, folder / starts.form, batch, threads)
            except SideError as error:
                print(f"{folder.name}: {error}", flush=True)
                all_starts.remove(starts)
                continue
            side.end()
            if number:  # the first round brings the files into the system's cache
                starts.seconds.append(side.start_seconds)
                starts.megabytes.append(side.peak)
    best = [
        min((s for s in all_starts if s.engine == engine), key=Starts.median_seconds, default=None)
        for engine in engines
    ]
    return [numpy, *(starts for starts in best if starts)]


def _import_seconds() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import numpy"], check=True, env=environment())
    return time.perf_counter() - start

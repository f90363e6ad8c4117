"""How long calls take: `Latency`, and the loop that measures it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_CALLS = 3
"""Calls that are measured however long they take."""

_KEPT = 1 << 20
"""Times that are kept; where there are more, every second, fourth… of them."""


@dataclass(frozen=True)
class Latency:
    """The times of calls, in seconds."""

    calls: int
    min: float
    mean: float
    p50: float
    """The median."""
    p90: float
    """Nine calls in ten take no longer."""
    p99: float

    @classmethod
    def of(cls, times: NDArray[np.float64], calls: int, total: float) -> Latency:
        """That of `calls` calls that took `total` seconds, of which `times` are a fair part."""
        p50, p90, p99 = (float(p) for p in np.percentile(times, (50, 90, 99)))
        return cls(calls, float(times.min()), total / calls, p50, p90, p99)

    def to_dict(self) -> dict[str, float]:
        """The documented JSON form."""
        return asdict(self)


class Stopwatch:
    """Times calls and keeps the times: all of them, or where there are too many an even part."""

    def __init__(self) -> None:
        self._times = np.empty(_KEPT)
        self._kept = 0
        self._every = 1
        self._total = 0.0
        self._least = float("inf")
        self.calls = 0

    def run(self, call: Callable[[], Any], seconds: float) -> None:
        """Call for so many seconds, and at least a few times."""
        clock, end = time.perf_counter, time.perf_counter() + seconds
        least = self.calls + LEAST_CALLS
        while True:
            begin = clock()
            call()
            now = clock()
            self._take(now - begin)
            if now >= end and self.calls >= least:
                return

    def _take(self, taken: float) -> None:
        self._total += taken
        self._least = min(self._least, taken)
        if self.calls % self._every == 0:
            if self._kept == _KEPT:
                self._kept //= 2
                self._times[: self._kept] = self._times[::2]
                self._every *= 2
            self._times[self._kept] = taken
            self._kept += 1
        self.calls += 1

    @property
    def latency(self) -> Latency:
        """What was measured so far."""
        return Latency.of(np.append(self._times[: self._kept], self._least), self.calls, self._total)

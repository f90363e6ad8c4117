"""The peak multiply-add rate of a core: a loop of nothing but multiply-adds."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from modelc.native.engine.peaks import FmaLoop
from modelc.native.engine.threads import Team


class Peak:
    """A loop of nothing but multiply-adds on one thread."""

    def __init__(self) -> None:
        self._loop = FmaLoop(Team(1))
        self.flops = self._loop.operations
        """The operations of one run, two for each multiply-add."""

    def run(self) -> None:
        self._loop.run()

    def measure(self) -> float:
        """FLOP/s of one core."""
        return self.flops / best_seconds(self.run)


def best_seconds(call: Callable[[], Any], within: float = 0.15, clock: Callable[[], float] = time.thread_time) -> float:
    """The least time of a call, of as many as `within` seconds take."""
    best, end = math.inf, time.perf_counter() + within
    while time.perf_counter() < end:
        start = clock()
        call()
        best = min(best, clock() - start)
    return best

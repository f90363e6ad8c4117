"""Timing two things in turns, so that a wandering clock or a busy machine does the same to both."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

MODELC = (sys.executable, "-m", "modelc")


class Pairs(NamedTuple):
    """Medians in seconds, and the median of the ratios pair by pair: how many times longer `theirs` takes."""

    theirs: float
    ours: float
    ratio: float
    count: int


def seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def process_seconds(command: Sequence[str], **environment: str) -> float:
    """The wall time of a process, from start to end. Raises `CalledProcessError` where it fails."""
    # As for an installed package, modules are not compiled anew each time, except at the first.
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | environment
    return seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=variables))


class Cost(NamedTuple):
    """What a process takes, in seconds."""

    wall: float
    cpu: float


def cost(cache: str, *arguments: str) -> Cost:
    """The cost of a Python process with these arguments and this cache, and of all processes that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = process_seconds((sys.executable, *arguments), MODELC_CACHE_DIR=cache)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def timed_in_turns(
    theirs: Callable[[], float], ours: Callable[[], float], *, count: int, warm_up: int = 1, within: float = 1e9
) -> Pairs:
    """Take turns `count` times, or fewer if that would last longer than `within` seconds, but three times at least."""
    for _ in range(warm_up):
        theirs(), ours()
    pairs: list[tuple[float, float]] = []
    end = time.perf_counter() + within
    while len(pairs) < count and (len(pairs) < 3 or time.perf_counter() < end):
        pairs.append((theirs(), ours()))
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    return Pairs(a, b, statistics.median(x / y for x, y in pairs), len(pairs))

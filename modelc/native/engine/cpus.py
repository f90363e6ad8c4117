"""How many threads this process may keep busy."""

from __future__ import annotations

import math
import os

from modelc.native.environment import asked_threads, openmp_threads
from modelc.native.target import threads_elsewhere
from modelc.system.pools import pool_size


def thread_count() -> int:
    """MODELC_NUM_THREADS; else this process's share of the CPUs that it may use, by affinity and by its cgroup's quota,
    and no more than OMP_NUM_THREADS.

    The share is that of a worker among those of a pool of `multiprocessing`. OMP_NUM_THREADS is how joblib, Dask and
    torchrun say how many threads each of the processes that they start is to have. For a plan of another program it is
    the number that this will have (`as_if_on`). Raises `SpecError` where MODELC_NUM_THREADS is not a number of threads.
    """
    asked = threads_elsewhere() or asked_threads()
    if asked is not None:
        return asked
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    share = min(cpus, _quota()) // pool_size()
    return max(1, min(share, openmp_threads() or share))


def _quota(path: str | os.PathLike[str] = "/sys/fs/cgroup/cpu.max") -> int:
    """The whole CPUs that the cgroup's quota comes to, rounded up; a large number where there is none."""
    try:
        with open(path, encoding="ascii") as file:
            quota, period = file.read().split()
        return math.ceil(int(quota) / int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return 1 << 30

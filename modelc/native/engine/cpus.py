"""How many threads this process may keep busy."""

from __future__ import annotations

from modelc.native.environment import asked_threads, openmp_threads
from modelc.native.target import threads_elsewhere
from modelc.system.cpus import usable_cpus
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
    share = max(1, usable_cpus() // pool_size())
    return min(share, openmp_threads() or share)


def threads_of_each(processes: int) -> int:
    """The threads of each of so many processes that share out those of this one. Raises as `thread_count` does."""
    return max(1, thread_count() // processes)

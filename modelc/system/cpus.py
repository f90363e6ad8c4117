"""The CPUs that this process may keep busy, and what a thread of it had of them."""

from __future__ import annotations

import math
import os

try:
    import resource
except ImportError:  # Windows
    resource = None


def usable_cpus() -> int:
    """Their number: by affinity and by the quota of the cgroup where the system has those, else all of the machine."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else machine_cpus()
    return max(1, min(allowed, _quota()))


def machine_cpus() -> int:
    """All CPUs of the machine, whoever may use them."""
    return os.cpu_count() or 1


def thread_usage() -> tuple[int, float]:
    """How often the system took the core from the calling thread, and the seconds of CPU time that it had; 0 where the
    system does not tell."""
    if resource is None or not hasattr(resource, "RUSAGE_THREAD"):
        return 0, 0.0
    usage = resource.getrusage(resource.RUSAGE_THREAD)
    return usage.ru_nivcsw, usage.ru_utime + usage.ru_stime


def _quota(path: str | os.PathLike[str] = "/sys/fs/cgroup/cpu.max") -> int:
    """The whole CPUs that the cgroup's quota comes to, rounded up; a large number where there is none."""
    try:
        with open(path, encoding="ascii") as file:
            quota, period = file.read().split()
        return math.ceil(int(quota) / int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return 1 << 30

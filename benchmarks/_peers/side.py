"""One engine with one file, in a process of its own.

    python -m _peers.side ENGINE FILE FOLDER BATCH THREADS CLOCK [CPU…]

FOLDER holds the input and Keras's output, `x_BATCH.npy` and `y_BATCH.npy`. The first answer is `ready`, after the first
result; the second the largest difference from Keras, relative to the largest output, or the operations of the engine
`peak`, which has no file. Each line that is read, a number of seconds, is a turn: calls for that long, one at least.
It is answered by the median seconds of a call and the least, by CLOCK, a function of `time`. The end of the input is
answered by the most memory that the process had, in KB.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from statistics import median


def main() -> None:
    engine, file, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    batch, threads, clock = sys.argv[4], int(sys.argv[5]), getattr(time, sys.argv[6])
    cpus = [int(cpu) for cpu in sys.argv[7:]]
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what engines print must not get into the answers
    if cpus:
        os.sched_setaffinity(0, cpus)
    import numpy as np

    from _peers.engines import LOADS

    x = np.load(folder / f"x_{batch}.npy") if file.exists() else np.empty(0)
    if file.name.startswith("nchw"):
        x = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    run = LOADS[engine](file, threads, x.shape)
    result = run(x)
    print("ready", file=answers)
    if isinstance(result, int):
        print(result, file=answers)
    else:
        expected = np.load(folder / f"y_{batch}.npy")
        print(np.abs(result - expected).max() / np.abs(expected).max(), file=answers)
    for line in sys.stdin:
        times: list[float] = []
        end = time.perf_counter() + float(line)
        while not times or time.perf_counter() < end:
            start = clock()
            run(x)
            times.append(clock() - start)
        counted = times[1:] or times  # the first finds what others left in the caches
        print(median(counted), min(counted), file=answers)
    print(peak_memory(), file=answers)


def peak_memory() -> int:
    """The most memory that this process had. That of its parent, which `getrusage` may tell, does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0])
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()

"""How long a summary of every architecture of the zoo takes: a whole process, and inside of one that has started.

    python benchmarks/bench_zoo.py [NAME...] [--repeat 5]

Inside of a process: from the text to the layers, from there to shapes and counts, and to the table as text.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from typing import Any

from _timing import MODELC, process_seconds, seconds

from modelc import zoo
from modelc.model.loading import load_spec


def median(run: Callable[[], float], repeat: int) -> float:
    return statistics.median(run() for _ in range(repeat))


def inside(name: str, repeat: int) -> list[float]:
    """The medians of the three steps."""

    def once() -> list[float]:
        made: list[Any] = []
        return [
            seconds(lambda: made.append(load_spec(zoo.path(name)))),
            seconds(lambda: made.append(made[0].summary())),
            seconds(lambda: str(made[1])),
        ]

    return [statistics.median(column) for column in zip(*(once() for _ in range(repeat)), strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()

    print(f"{'':20} {'layers':>6} {'process':>9} {'inside':>9}   (read + trace + print)")
    for name in options.names or zoo.names():
        command = (*MODELC, "summary", f"zoo:{name}")
        whole = median(lambda command=command: process_seconds(command), options.repeat)
        steps = inside(name, options.repeat)
        parts = " + ".join(f"{step * 1e3:.0f}" for step in steps)
        layers = len(load_spec(zoo.path(name)).layers)
        print(f"{name:20} {layers:6} {whole * 1e3:6.0f} ms {sum(steps) * 1e3:6.0f} ms   ({parts} ms)", flush=True)
    listed = median(lambda: process_seconds((*MODELC, "zoo", "list")), options.repeat)
    print(f"{'modelc zoo list':27} {listed * 1e3:6.0f} ms")


if __name__ == "__main__":
    main()

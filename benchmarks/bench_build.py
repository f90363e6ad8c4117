"""The first `modelc build` on a machine, whose kernels are compiled, and the second, which finds them in the cache.

    python benchmarks/bench_build.py [SPEC…] [--repeat 3]

Every figure is the wall time of a process, the artifact's writing included. Each first build has an empty cache.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from _timing import MODELC, process_seconds

SPECS = Path(__file__).parents[1] / "specs"


def builds(spec: Path, repeat: int) -> tuple[float, float]:
    """Seconds of a first and of a second build: medians."""
    first: list[float] = []
    second: list[float] = []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            command = (*MODELC, "build", str(spec), "-o", str(Path(folder, "out.modelc")))
            cache = str(Path(folder, "cache"))
            first.append(process_seconds(command, MODELC_CACHE_DIR=cache))
            second.append(process_seconds(command, MODELC_CACHE_DIR=cache))
    return statistics.median(first), statistics.median(second)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("specs", nargs="*", type=Path, default=[SPECS / "guide_cnn.yaml", SPECS / "vgg16.yaml"])
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    for spec in options.specs:
        first, second = builds(spec, options.repeat)
        print(f"{spec.stem:12} first build {first:6.2f} s   second {second:6.2f} s", flush=True)


if __name__ == "__main__":
    main()

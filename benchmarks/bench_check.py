"""`modelc check` of a folder of many specs: with an empty cache, with one in which all or all but one are, and without.

    python benchmarks/bench_check.py [--repeat 7]

The specs are copies of those in `specs/`, with a comment that tells the folder, so that no two files are the
same. Every figure is that of a process from start to end, the least of all rounds: its wall time, and the CPU time of
all processes, which others on the machine change less.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from _timing import Cost, cost

SPECS = Path(__file__).parents[1] / "specs"
FOLDERS = 12


def write_specs(folder: Path) -> list[Path]:
    """Copies of the repository's specs, which differ in their last line."""
    for number in range(FOLDERS):
        shutil.copytree(SPECS, folder / str(number))
    files = sorted(folder.rglob("*.yaml"))
    for file in files:
        with file.open("a", encoding="utf-8") as text:
            text.write(f"# {file.parent.name}\n")
    return files


def costs(folder: Path, files: list[Path]) -> tuple[Cost, Cost, Cost, Cost]:
    """A check with an empty cache, one in which nothing has changed, one with a changed spec, and one without cache."""
    with tempfile.TemporaryDirectory() as cache:
        check = ("-m", "modelc", "check", str(folder))
        cold, warm = cost(cache, *check), cost(cache, *check)
        with files[0].open("a", encoding="utf-8") as text:
            text.write("# changed\n")
        return cold, warm, cost(cache, *check), cost(cache, *check, "--no-cache")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_specs(folder)
        costs(folder, files)  # compiles the modules of an installation that has not run yet
        rounds = [costs(folder, files) for _ in range(options.repeat)]
    print(f"{len(files)} specs")
    for what, column in zip(("cold", "warm", "one changed", "--no-cache"), zip(*rounds, strict=True), strict=True):
        wall, cpu = (min(values) for values in zip(*column, strict=True))
        print(f"  {what:12} {wall:6.2f} s, CPU {cpu:6.2f} s")


if __name__ == "__main__":
    main()

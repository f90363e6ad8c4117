"""`python -m tests.fuzz --minutes 60`: specs and files of ever new numbers; prints each failure and the counts.

A failure is made again by its number: `python -m tests.fuzz --spec 123` or `--file 123`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))

import fuzz_files
import fuzz_specs

_SLOW = 10.0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--start", type=int, default=1_000_000)
    parser.add_argument("--spec", type=int)
    parser.add_argument("--file", type=int)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    counts: Counter[str] = Counter()
    failures = 0
    end, number = time.monotonic() + 60 * given.minutes, given.start
    with tempfile.TemporaryDirectory() as folder:
        if given.spec is not None:
            print(fuzz_specs.make(Random(given.spec)))
            print(fuzz_specs.run(given.spec, native=True))
            return 0
        if given.file is not None:
            print(fuzz_files.run(given.file, Path(folder)))
            return 0
        while time.monotonic() < end:
            for kind in ("spec", "file"):
                start = time.process_time()
                try:
                    if kind == "spec":
                        counts[f"spec: {fuzz_specs.run(number, native=number % 10 == 0)}"] += 1
                    else:
                        counts[f"file: {fuzz_files.run(number, Path(folder))}"] += 1
                except Exception:
                    failures += 1
                    print(f"--{kind} {number}", traceback.format_exc(limit=-3), flush=True)
                if time.process_time() - start > _SLOW and number % 10:
                    failures += 1
                    print(f"--{kind} {number} takes more than {_SLOW} s", flush=True)
            number += 1
    for what, count in sorted(counts.items()):
        print(f"{count:9,} {what}")
    print(f"{failures:9,} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

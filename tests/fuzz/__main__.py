"""`python -m tests.fuzz --minutes 60`: specs and files of ever new numbers; prints each failure and the counts.

The cases run in a process of their own. One that ends it, or keeps it for too long, is a failure as one that raises
what modelc should not; another process goes on after it. A failure is made again by its number:
`python -m tests.fuzz --spec 123`, `--file 123`, `--hdf5 123` or `--onnx 123`. `--only hdf5 --cases 100000` runs
so many cases of one kind, however long they take.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

_HANGS = 600.0
"""Seconds after which a case that says nothing is ended; kernels may be compiled in them, on a busy machine."""
_CASES = 4000
"""After so many a new process takes over, so that one case does not profit from what thousands left."""
_KINDS = ("spec", "file", "hdf5", "onnx")
_SHOWN = 3
"""Failures of one kind that are printed whole."""


class Child:
    """The process that runs the cases from a number on."""

    def __init__(self, folder: Path, start: int, kinds: list[str]) -> None:
        command = [sys.executable, str(Path(__file__).parent / "child.py"), str(folder), str(start), *kinds]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the process)
        # What is left among the temporary files is left in the folder, where it is seen.
        environment = {**os.environ, "TMPDIR": str(folder)}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._errors, env=environment)
        assert self._process.stdout is not None
        self._lines = selectors.DefaultSelector()
        self._lines.register(self._process.stdout, selectors.EVENT_READ)

    def answer(self, seconds: float) -> dict[str, Any] | None:
        """The next line; None where the process has ended. Raises `TimeoutError`."""
        assert self._process.stdout is not None
        if not self._lines.select(seconds):
            raise TimeoutError
        line = self._process.stdout.readline()
        return json.loads(line) if line else None

    def ended(self) -> str:
        """How it has ended, and its last words."""
        code = self._process.wait(timeout=10)
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        self._errors.seek(0)
        return f"{how}\n{self._errors.read()[-3000:].decode(errors='replace')}"

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._errors.close()


def cases(
    folder: Path, start: int, kinds: list[str], end: float, stop: float
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """What became of each case, until the time is up or a number is reached: its kind, its number, the answer."""
    number = start
    while time.monotonic() < end and number < stop:
        child = Child(folder, number, kinds)
        kind, first, at_work = kinds[0], number, False
        try:
            while time.monotonic() < end and number < min(first + _CASES, stop):
                answer = child.answer(_HANGS)
                if answer is None:
                    if not at_work:
                        raise SystemExit(f"no case is run: {child.ended()}")
                    yield kind, number, {"failed": child.ended(), "kind": "the process ends"}
                    number += 1
                    break
                if "case" in answer:
                    kind, number = answer["case"]
                    at_work = True
                    continue
                yield kind, number, answer
                if kind == kinds[-1]:
                    number += 1
        except TimeoutError:
            yield kind, number, {"failed": f"more than {_HANGS} s", "kind": "hangs"}
            number += 1
        finally:
            child.end()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--start", type=int, default=1_000_000)
    parser.add_argument("--cases", type=int, help="so many of each kind, instead of a time")
    parser.add_argument("--only", choices=_KINDS)
    for kind in _KINDS:
        parser.add_argument(f"--{kind}", type=int)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in _KINDS:
            if (number := getattr(given, kind)) is not None:
                return _again(kind, number, folder)
        kinds = [given.only] if given.only else list(_KINDS)
        end = time.monotonic() + 60 * given.minutes if given.cases is None else math.inf
        stop = given.start + given.cases if given.cases is not None else math.inf
        counts: Counter[str] = Counter()
        failures: Counter[str] = Counter()
        for kind, number, answer in cases(folder, given.start, kinds, end, stop):
            if "failed" in answer:
                failures[answer["kind"]] += 1
                shown = f"\n{answer['failed']}" if failures[answer["kind"]] <= _SHOWN else ""
                print(f"--{kind} {number}: {answer['kind']}{shown}", flush=True)
            else:
                counts[f"{kind}: {answer['became']}"] += 1
    _print(counts, failures)
    return 1 if failures else 0


def _print(counts: Counter[str], failures: Counter[str]) -> None:
    for what, count in sorted(counts.items()):
        print(f"{count:9,} {what}")
    specs = {what: count for what, count in counts.items() if what.startswith("spec")}
    accepted = sum(count for what, count in specs.items() if "accepted" in what)
    if specs:
        print(f"{accepted / sum(specs.values()):9.1%} of the specs are accepted")
    for kind, count in failures.most_common():
        print(f"{count:9,} failed: {kind}")
    print(f"{sum(failures.values()):9,} failures in {sum(counts.values()) + sum(failures.values()):,} cases")


def _again(kind: str, number: int, folder: Path) -> int:
    """One case in this process: what it is made of, and what becomes of it."""
    import child
    import fuzz_specs
    from watch import Watch

    if kind == "spec":
        print(json.dumps(fuzz_specs.make(Random(number)), indent=1, ensure_ascii=False), flush=True)
    answer = child.run(kind, number, folder, Watch(folder, Path(child.default_directory())))
    print(answer.get("failed") or answer["became"])
    return 1 if "failed" in answer else 0


if __name__ == "__main__":
    sys.exit(main())

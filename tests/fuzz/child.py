"""Runs cases in a process of its own, which what it reads may kill: `child.py FOLDER START KIND...`.

Writes a line of JSON to standard output before each case, `{"case": ["spec", 7]}`, and one after it: `{"became": …}`
or `{"failed": …, "kind": …}`.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import fuzz_files
import fuzz_hdf5
import fuzz_onnx
import fuzz_specs
from watch import Watch, empty

from modelc.native.compiler.private_cache import default_directory

_NATIVE = 4
"""One in so many specs is compiled."""

KINDS: dict[str, Callable[[int, Path], str]] = {
    "spec": lambda number, folder: fuzz_specs.run(number, folder, native=_is_compiled("spec", number)),
    "file": fuzz_files.run,
    "hdf5": fuzz_hdf5.run,
    "onnx": fuzz_onnx.run,
}


def _is_compiled(kind: str, number: int) -> bool:
    return kind == "spec" and number % _NATIVE == 0


def run(kind: str, number: int, folder: Path, watch: Watch) -> dict[str, str]:
    """What became of one case."""
    try:
        with watch.case(compiles=_is_compiled(kind, number)):
            became = KINDS[kind](number, folder)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        text = str(error).partition("\n")[0][:60]
        where = f"{type(error).__name__} in {Path(last.filename).name}, {last.name}: {text}"
        return {"failed": traceback.format_exc(limit=-6)[-6000:], "kind": where}
    return {"became": became}


def main(folder: Path, start: int, kinds: list[str]) -> None:
    faulthandler.enable()
    warnings.simplefilter("ignore")
    for kind in kinds:  # what is imported where it is first used is imported now, and counts in no case
        for number in range(3):
            with suppress(Exception):
                KINDS[kind](number, folder)
            empty(folder)
    watch = Watch(folder, Path(default_directory()))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else is printed is no answer
    number = start
    while True:
        for kind in kinds:
            answers.write(json.dumps({"case": [kind, number]}) + "\n")
            answers.flush()
            answers.write(json.dumps(run(kind, number, folder, watch)) + "\n")
            answers.flush()
        number += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] or list(KINDS))

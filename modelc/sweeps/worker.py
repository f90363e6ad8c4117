"""A process that trains variants: `python -m modelc.sweeps.worker`. A line of JSON in is a task, one out its result.

It ends when its input does, at once: whoever sent the tasks is gone, and the last checkpoint is on the disk.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from queue import SimpleQueue
from typing import IO, Any

from modelc.sweeps.training import Task, run_task
from modelc.system.interrupts import raise_on_interrupt

INTERRUPTED = "interrupted"
"""The status of a task that was interrupted: its state is saved, and it has no result."""


def main() -> None:
    """Train what comes, until there is no more."""
    raise_on_interrupt()
    # What is printed while a model is trained must not be taken for results.
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    tasks = SimpleQueue[str]()
    threading.Thread(target=_receive, args=(sys.stdin, tasks), daemon=True).start()
    try:
        while True:
            result = _run(json.loads(tasks.get()))
            print(json.dumps(result), file=results, flush=True)
    except KeyboardInterrupt:
        print(json.dumps({"status": INTERRUPTED}), file=results, flush=True)
    os._exit(0)


def _receive(stream: IO[str], tasks: SimpleQueue[str]) -> None:
    for line in stream:
        tasks.put(line)
    os._exit(0)


def _run(plain: dict[str, Any]) -> dict[str, Any]:
    try:
        return run_task(Task.of(plain))
    except Exception as error:
        # A mistake of modelc: the trace goes where its message says, and the other variants are trained.
        traceback.print_exc()
        return {"status": "failed", "error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()

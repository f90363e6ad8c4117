"""A process that `mpirun` started and that is not of rank 0 leaves it to that one to print.

Most mistakes are made in all processes alike, and `mpirun` ends them all once one has failed. So one that fails waits
until the process of rank 0 has said why, and speaks up only where that one goes on.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable

from modelc.cli import INTERRUPTED
from modelc.system.mpi_start import started_rank

_PATIENCE = 10.0
"""Seconds that a process which failed leaves to that of rank 0."""


def run_as_started(run: Callable[[], int]) -> int:
    """Run a command, silently where this process is not of rank 0; its exit code."""
    rank = started_rank()
    if not rank:
        return run()
    out, errors = sys.stdout, sys.stderr
    held = io.StringIO()
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        sys.stdout, sys.stderr = nowhere, held
        try:
            code = run()
        finally:
            sys.stdout, sys.stderr = out, errors
    if code and code != INTERRUPTED:
        time.sleep(_PATIENCE)
        sys.stderr.write("".join(f"rank {rank}: {line}\n" for line in held.getvalue().splitlines()))
    return code

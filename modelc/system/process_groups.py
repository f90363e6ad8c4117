"""Processes that are started to fork others, and end with these at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

FORKS = sys.platform == "linux"
"""Whether a process may fork after it has loaded libraries: those of macOS itself may not be used in a fork."""
NEW_GROUP = 0
"""What `subprocess` takes for a process that begins a group, to which all belong that it forks."""


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that began a group, and those that it forked, in the middle of what they do."""
    if process.returncode is None:  # else the number may be that of another process
        os.killpg(process.pid, signal.SIGKILL)


def forked(run: Callable[[], None]) -> int:
    """Fork a process that calls `run` and ends. Gives its number."""
    process = os.fork()
    if process == 0:
        _run_and_end(run)
    return process


def _run_and_end(run: Callable[[], None]) -> NoReturn:
    code = 1
    try:
        run()
        code = 0
    finally:
        os._exit(code)

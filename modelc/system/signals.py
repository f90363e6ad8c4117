"""Signals that wait, and which children do not take from a terminal."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def ends_blocked() -> Generator[None]:
    """Inside, SIGINT and SIGTERM wait, and a process that is started has them blocked for good: Ctrl-C in a terminal is
    sent to all of its processes. Windows has no such mask."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Else the first process that `multiprocessing` spawns starts it, which unblocks both signals.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

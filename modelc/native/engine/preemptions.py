"""Whether the system keeps taking the core of a calling thread, as it does for another process that wants it as much.

Then a call on several threads takes longer than one on one thread: whoever is at work waits for whoever is not.
"""

from __future__ import annotations

import threading

from modelc.system.cpus import thread_usage

_FREQUENT = 100
"""Preemptions a second of CPU time: beside a process of equal priority it is some 300, on an idle machine under 30."""
_LEAST = 2
"""As many are no accident, however short the time was."""
_WINDOW = 0.02
"""Seconds of CPU time after which they are judged by their rate, and counted anew."""


class Preemptions:
    """Counts those of each calling thread by itself."""

    def __init__(self) -> None:
        self._from = threading.local()

    def start(self) -> None:
        """Count from here on."""
        self._from.usage = thread_usage()

    def are_frequent(self) -> bool:
        """Whether there were many for the CPU time that the thread had."""
        now = thread_usage()
        before: tuple[int, float] | None = getattr(self._from, "usage", None)
        if before is None:
            self._from.usage = now
            return False
        count, spent = now[0] - before[0], now[1] - before[1]
        if count < _LEAST and spent < _WINDOW:
            return False
        self._from.usage = now
        return count >= _LEAST and count > _FREQUENT * spent

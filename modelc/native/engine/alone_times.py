"""How long calls take that run alone: whether one that was held up has gained by the workers all the same.

Beside a process of low priority a worker comes late now and then, for some milliseconds of a call that is shorter by
tens of them. Beside one of equal priority as much is lost as is gained.
"""

from __future__ import annotations

from array import array

from modelc.native.code.layout import CTX_BATCH
from modelc.native.engine.schedule import JOB

_TABLE, _BATCH = JOB.start("table"), JOB.size + CTX_BATCH
_GAIN = 0.9
"""The share of the time alone that is a gain."""
_FADING = 0.98
"""What is left of a time after each gain that it has proved: what was measured in a bad moment is measured again."""
_MOST = 256
"""Plans and batch sizes whose times are known at once."""


class AloneTimes:
    """The times in seconds, by plan and batch size."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[int, int], float] = {}

    def note(self, job: array[int], seconds: float) -> None:
        """Take the time of a call that ran alone."""
        if len(self._seconds) >= _MOST:
            self._seconds.clear()
        self._seconds[job[_TABLE], job[_BATCH]] = seconds

    def is_gain(self, job: array[int], seconds: float) -> bool:
        """Whether a call took clearly less than one of the last that ran alone, as far as there was one."""
        key = job[_TABLE], job[_BATCH]
        alone = self._seconds.get(key)
        if alone is None or seconds > _GAIN * alone:
            return False
        self._seconds[key] = _FADING * alone
        return True

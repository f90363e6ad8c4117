"""Parameters of the kernels that measure. Numba-free."""

from __future__ import annotations

from modelc.native.code.record import I64, OPERAND, Record

TIMED = Record.of(log=I64, kernel=I64, step=I64)
"""What stands in front of the parameters of a step that is timed: the address of the log, the address of the step's
own kernel, and the number that the log is to tell for the step."""

LOG = Record.of(count=I64, room=I64)
"""The beginning of a log: the number of events so far, and of those that it has room for. The events follow."""
LOG_COUNT = LOG.start("count")
"""The word of a log that threads add to in one step."""

EVENT = Record.of(step=I64, thread=I64, begin=I64, end=I64)
"""One chunk of a step: the number of the step, the thread that did it, and the ticks when it began and ended."""

CLOCK = Record.of(now=OPERAND)
"""Write the `MOMENT` at `now`. One unit."""
MOMENT = Record.of(ticks=I64)

FMA_SUMS = 12
"""Sums that do not wait for each other: more than there are multiply-adds under way in any core."""
FMA_LOOP = Record.of(sums=OPERAND, turns=I64)
"""Nothing but multiply-adds: `turns` of `FMA_SUMS` vectors in each unit. sums: a cache line for each unit."""

READ_BYTES = 1 << 16
"""The bytes of a unit of `READ_LOOP`."""
READ_LOOP = Record.of(x=OPERAND, sums=OPERAND)
"""Nothing but reading: the sum of `READ_BYTES` of x in each unit. sums: a cache line for each unit."""

"""Parameters of the kernels that loops over steps consist of. Numba-free."""

from __future__ import annotations

from modelc.native.code.record import I64, OPERAND, Record

BEGIN = Record.of(done=OPERAND)
"""`done = 0`, an int64: the steps that are done. One unit."""

TURN = Record.of(done=OPERAND, steps=I64)
"""`done += 1`. One unit. The walker goes back while `done < steps`."""

PART = Record.of(whole=OPERAND, part=OPERAND, done=OPERAND, steps=I64, size=I64, backward=I64)
"""The part of the step t = `done`, or steps - 1 - `done` if `backward`, of all: whole (N, steps, size), part (N, size),
elements of 4 bytes. `take_part`: `part[n] = whole[n, t]`; `put_part`: `whole[n, t] = part[n]`. Units: n."""

STATE = Record.of(y=OPERAND, x=OPERAND, size=I64)
"""`y[n] = x[n]`, `size` elements of 4 bytes each. Units: n."""

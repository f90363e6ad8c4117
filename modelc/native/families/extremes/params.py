"""Parameters of the gradients of adaptive maxima and sparsemax. Numba-free."""

from __future__ import annotations

from modelc.native.code.record import I64, OPERAND, Record

ADAPTIVE_MAX_GRADIENT = Record.of(dx=OPERAND, x=OPERAND, y=OPERAND, dy=OPERAND, size=I64, out=I64, channels=I64)
"""The gradient of an adaptive maximum for x (a, size, c), from y and dy (a, out, c).
Units: `a` · vectors of channels."""

SPARSEMAX_GRADIENT = Record.of(dx=OPERAND, x=OPERAND, dz=OPERAND, n=I64, inner=I64)
"""The gradient of sparsemax over the middle axis of x (outer, n, inner), from that of what its maximum with 0 takes.
Units: `outer · inner`."""

"""Parameters of the kernel that changes the order of a batch. Numba-free."""

from __future__ import annotations

from modelc.native.code.record import DIM, I64, OPERAND, Record

SHUFFLE = Record.of(y=OPERAND, x=OPERAND, keys=OPERAND, samples=DIM, size=I64, inverse=I64)
"""`y[r(n), :] = x[n, :]`, if `inverse` `y[n, :] = x[r(n), :]`: `samples` samples of `size` elements, r(n) the number of
keys that are less than `keys[n]`, or equal and earlier. Units: samples."""

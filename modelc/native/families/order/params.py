"""Parameters of sorting, and of picking and adding by computed places. Numba-free."""

from __future__ import annotations

from modelc.native.code.record import I64, OPERAND, Record

ORDER = Record.of(y=OPERAND, x=OPERAND, n=I64, inner=I64)
"""`y[a, :, c]` are the int32 places of x[a, :, c] from the smallest on, of equal ones in their order, NaN last: x and y
(a, n, inner). Units: `a * inner`."""

ALONG = Record.of(y=OPERAND, x=OPERAND, indices=OPERAND, n=I64, count=I64, inner=I64)
"""`take_along`: `y[a, j, c] = x[a, indices[a, j, c], c]`, elements of 4 bytes: x (a, n, inner), int32 indices and y
(a, count, inner), an index below 0 counts from the end, and one outside of x gives 0 and sets `ctx[CTX_ERROR]`
to `ERROR_INDEX`. Units: `a * count`. `add_along`: `y[a, indices[a, j, c], c] += x[a, j, c]` of zeros, x and indices
(a, count, inner), y (a, n, inner). Units: `a`."""

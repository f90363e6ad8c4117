"""Parameters of look-ups, conversions and counts. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.record import DIM, I64, OPERAND, Record


class Cast(IntEnum):
    """Conversions between element types."""

    INT32_TO_FLOAT32 = 0
    FLOAT32_TO_INT32 = 1
    UINT8_TO_FLOAT32 = 2


GATHER = Record.of(y=OPERAND, table=OPERAND, indices=OPERAND, rows=I64, width=I64)
"""`y[i, :] = table[indices[i], :]`, int32 indices; one that is not in 0 <= index < rows gives zeros and
sets `ctx[CTX_ERROR]` to `ERROR_INDEX`. Units: indices."""

CAST = Record.of(y=OPERAND, x=OPERAND, kind=I64)
"""`y[i] = x[i]` in another type; `kind` a `Cast`; to integers by truncation. Units: elements."""

ADD_ROWS = Record.of(y=OPERAND, indices=OPERAND, dy=OPERAND, rows=I64, width=I64, count=DIM)
"""`y[indices[i], :] += dy[i, :]` for i < count, from zeros; an index that is not in 0 <= index < rows is left out.
Units: vectors of the width."""

BATCH_SIZE = Record.of(y=OPERAND)
"""`y[0]` is the batch size. Units: 1."""

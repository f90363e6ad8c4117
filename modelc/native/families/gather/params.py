"""Parameters of look-ups, conversions and counts. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.layout import Layout


class Cast(IntEnum):
    """Conversions between element types."""

    INT32_TO_FLOAT32 = 0
    FLOAT32_TO_INT32 = 1
    UINT8_TO_FLOAT32 = 2


GATHER = Layout.of(y=3, table=3, indices=3, rows=1, width=1)
"""`y[i, :] = table[indices[i], :]`, int32 indices in 0 <= index < rows; others give zeros and set
`ctx[CTX_ERROR]` to `ERROR_INDEX`. Units: indices."""

CAST = Layout.of(y=3, x=3, kind=1)
"""`y[i] = x[i]` in another type; `kind` a `Cast`; to integers by truncation. Units: elements."""

ADD_ROWS = Layout.of(y=3, indices=3, dy=3, rows=1, width=1, count=1)
"""`y[indices[i], :] += dy[i, :]` for i < count (Dim), from zeros; indices in 0 <= index < rows, others are left out.
Units: vectors of the width."""

BATCH_SIZE = Layout.of(y=3)
"""`y[0]` is the batch size. Units: 1."""

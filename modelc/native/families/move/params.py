"""Parameters of copies, fills and padding. Numba-free."""

from __future__ import annotations

from modelc.native.code.record import DIM, I64, OPERAND, Record

COPY_LOOPS = 8
"""The loops of `COPY`, of which the innermost is a row."""

COPY = Record.of(
    y=OPERAND, x=OPERAND, dims=DIM * COPY_LOOPS, x_start=I64, x_strides=I64 * COPY_LOOPS, y_start=I64,
    y_strides=I64 * COPY_LOOPS,
)  # fmt: skip
"""`y[y_start + i·y_strides] = x[x_start + i·x_strides]` for all i within `dims` (1 in front where the rank is
less), elements of 4 bytes, strides of any sign. Fast where the last stride is 1 in both, or where x's last but one
and y's last are 1 (a transpose; units then best come in multiples of `LANES`). Units: rows, the product of all dims but
the last."""

FILL = Record.of(y=OPERAND, bits=I64)
"""`y[i] = bits`, a 32-bit pattern. Units: elements."""

PADDED_AXES = 4
"""The axes after the batch that `PAD` may make longer."""

PAD = Record.of(
    y=OPERAND, x=OPERAND, size=I64 * PADDED_AXES, out=I64 * PADDED_AXES, pad=I64 * PADDED_AXES, channels=I64, bits=I64
)
"""Constant padding of x (N, *size, C) to y (N, *out, C), `pad` elements before and the rest after. Both contiguous.
Units: rows of y, N·out[0]·out[1]·out[2]."""

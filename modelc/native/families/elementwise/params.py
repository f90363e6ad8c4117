"""Parameters and codes of the elementwise kernels. Numba-free."""

from __future__ import annotations

from modelc.native.code.record import DIM, F32, I64, OPERAND, Record

LOOPS = 6
"""The loops of kernels with broadcasting, of which the innermost is a row."""

UNARY = Record.of(y=OPERAND, x=OPERAND, code=I64, p=F32 * 3)
"""`y[i] = f(x[i]; p)`; `code` one of `UNARY_CODES`, `p` the parameters as three floats. y may be x. Units: elements."""

BINARY = Record.of(
    y=OPERAND, a=OPERAND, b=OPERAND, dims=DIM * LOOPS, a_strides=I64 * LOOPS, b_strides=I64 * LOOPS, op=I64, code=I64,
    p=F32 * 3,
)  # fmt: skip
"""`y = f(a op b; p)` with broadcasting: `op` one of `BINARY_CODES`, `code` one of `UNARY_CODES`, `dims` y's
extents, 1 in front where the rank is less, and the strides those of a and b, 0 along axes that are repeated. y is
contiguous and may be a or b where that has y's shape. Units: rows, the product of all dims but the last."""

SELECT = Record.of(
    y=OPERAND, mask=OPERAND, a=OPERAND, b=OPERAND, dims=DIM * LOOPS, mask_strides=I64 * LOOPS,
    a_strides=I64 * LOOPS, b_strides=I64 * LOOPS,
)  # fmt: skip
"""`y = a where mask ≠ 0, else b` with broadcasting, as in `BINARY`. Units: rows."""

AFFINE = Record.of(y=OPERAND, x=OPERAND, scale=OPERAND, shift=OPERAND, channels=I64, code=I64, p=F32 * 3)
"""`y[i, c] = f(x[i, c]·scale[c] + shift[c]; p)`; scale or shift may be absent; y may be x. Units: rows i."""

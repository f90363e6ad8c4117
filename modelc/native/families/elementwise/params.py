"""Parameters and codes of the elementwise kernels. Numba-free."""

from __future__ import annotations

from modelc.native.code.record import DIM, F32, I64, OPERAND, Record

UNARY = Record.of(y=OPERAND, x=OPERAND, code=I64, p=F32 * 3)
"""`y[i] = f(x[i]; p)`; `code` one of `UNARY_CODES`, `p` the parameters as three floats. y may be x. Units: elements."""

BINARY = Record.of(
    y=OPERAND, a=OPERAND, b=OPERAND, dims=DIM * 6, a_strides=I64 * 6, b_strides=I64 * 6, op=I64, code=I64, p=F32 * 3
)
"""`y = f(a op b; p)` with broadcasting: `op` one of `BINARY_CODES`, `code` one of `UNARY_CODES`, `dims` (Dims) y's
extents, 1 in front where the rank is less, and the strides those of a and b, 0 along axes that are repeated. y is
contiguous and may be a or b where that has y's shape. Units: rows, the product of dims[:5]."""

SELECT = Record.of(
    y=OPERAND, mask=OPERAND, a=OPERAND, b=OPERAND, dims=DIM * 6, mask_strides=I64 * 6, a_strides=I64 * 6,
    b_strides=I64 * 6,
)  # fmt: skip
"""`y = a where mask ≠ 0, else b` with broadcasting, as in `BINARY`. Units: rows, the product of dims[:5]."""

AFFINE = Record.of(y=OPERAND, x=OPERAND, scale=OPERAND, shift=OPERAND, channels=I64, code=I64, p=F32 * 3)
"""`y[i, c] = f(x[i, c]·scale[c] + shift[c]; p)`; scale or shift may be absent; y may be x. Units: rows i."""

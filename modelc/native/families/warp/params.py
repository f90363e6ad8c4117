"""Parameters of the kernels that read images at coordinates. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.record import F32, I64, OPERAND, Record


class Fill(IntEnum):
    """What lies beyond the edges of an image, see `ops.warp`."""

    CONSTANT = 0
    NEAREST = 1
    WRAP = 2
    MIRROR = 3
    REFLECT = 4


class Slope(IntEnum):
    """Along which coordinates the weights are replaced by their derivative."""

    NONE = 0
    ROWS = 1
    COLUMNS = 2


WARP = Record.of(
    y=OPERAND, x=OPERAND, rows=OPERAND, columns=OPERAND, size=I64 * 2, out=I64 * 2, channels=I64,
    row_strides=I64 * 3, column_strides=I64 * 3, bilinear=I64, fill=I64, value=F32, slope=I64,
)  # fmt: skip
"""`y[n, i, j, c] = x[n, rows[n, i, j], columns[n, i, j], c]`, interpolated if `bilinear`: x of the extents `size`, y of
`out`, both contiguous; the strides of rows and columns in elements. `fill` a `Fill` with the float `value`, `slope` a
`Slope`. Units: N · out[0]."""

WARP_GRADIENT = Record.of(
    dx=OPERAND, dy=OPERAND, rows=OPERAND, columns=OPERAND, size=I64 * 2, out=I64 * 2, channels=I64,
    row_strides=I64 * 3, column_strides=I64 * 3, bilinear=I64, fill=I64,
)  # fmt: skip
"""The gradient of `WARP` for x. Units: N · vectors of channels."""

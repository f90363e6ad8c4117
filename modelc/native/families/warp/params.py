"""Parameters of the kernels that read images at coordinates. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.layout import Layout


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


WARP = Layout.of(
    y=3, x=3, rows=3, columns=3, size=2, out=2, channels=1, row_strides=3, column_strides=3, bilinear=1, fill=1,
    value=1, slope=1,
)  # fmt: skip
"""`y[n, i, j, c] = x[n, rows[n, i, j], columns[n, i, j], c]`, interpolated if `bilinear`: x of the extents `size`, y of
`out`, both contiguous; the strides of rows and columns in elements. `fill` a `Fill` with the float `value`, `slope` a
`Slope`. Units: N · out[0]."""

WARP_GRADIENT = Layout.of(
    dx=3, dy=3, rows=3, columns=3, size=2, out=2, channels=1, row_strides=3, column_strides=3, bilinear=1, fill=1
)
"""The gradient of `WARP` for x. Units: N · vectors of channels."""

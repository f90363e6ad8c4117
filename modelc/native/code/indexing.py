"""From the number of a row to its places."""

from __future__ import annotations

from modelc.native.code.vector import inlined, quotient


@inlined
def row_offsets(dims, a_strides, b_strides, row):
    """The elements before row `row` in two operands; a row goes along the last of the dims.

    Its number is taken apart over the other dims, the last of them fastest.
    """
    a, b = 0, 0
    axis = len(dims) - 2
    while row > 0 and axis >= 0:
        extent = dims[axis]
        if extent != 1:
            rest = quotient(row, extent)
            at = row - rest * extent
            a += at * a_strides[axis]
            b += at * b_strides[axis]
            row = rest
        axis -= 1
    return a, b

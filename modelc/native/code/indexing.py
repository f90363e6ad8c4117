"""From the number of a row to its places."""

from __future__ import annotations

from modelc.native.code.memory import dim, load_i64
from modelc.native.code.vector import inlined, quotient


@inlined
def row_offsets(ctx, params, axes, dims, a_strides, b_strides, row):
    """Where row `row` begins in two operands, in elements.

    Its number is taken apart over the first `axes` dims, the last fastest.
    """
    a, b = 0, 0
    axis = axes - 1
    while row > 0 and axis >= 0:
        extent = dim(ctx, params, dims + axis)
        if extent != 1:
            rest = quotient(row, extent)
            at = row - rest * extent
            a += at * load_i64(params, a_strides + axis)
            b += at * load_i64(params, b_strides + axis)
            row = rest
        axis -= 1
    return a, b

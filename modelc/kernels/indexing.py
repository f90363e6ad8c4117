"""From the number of a row to its place."""

from __future__ import annotations

from modelc.kernels.memory import dim, load_i64
from modelc.kernels.vector import inlined, quotient


@inlined
def row_offset(ctx, params, axes, dims, strides, row):
    """Where row `row` begins, in elements: its number is taken apart over the first `axes` dims, the last fastest."""
    offset = 0
    axis = axes - 1
    while axis >= 0:
        extent = dim(ctx, params, dims + axis)
        rest = quotient(row, extent)
        offset += (row - rest * extent) * load_i64(params, strides + axis)
        row = rest
        axis -= 1
    return offset

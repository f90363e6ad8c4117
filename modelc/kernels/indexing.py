"""Whole numbers in kernels: division, and from the number of a row to its places."""

from __future__ import annotations

import numba
from numba import types
from numba.extending import intrinsic

from modelc.kernels.memory import dim, load_i64

inlined = numba.njit(error_model="numpy", forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Decorates a function that exists only inlined in kernels."""


@intrinsic
def quotient(typingctx, a, b):
    """`a // b` for a >= 0 and b > 0, without the checks."""

    def codegen(context, builder, sig, args):
        return builder.udiv(*args)

    return types.int64(types.int64, types.int64), codegen


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

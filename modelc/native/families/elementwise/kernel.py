"""Elementwise functions of two tensors with broadcasting, and the affine map of each channel."""

from __future__ import annotations

from functools import partial

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code import fmath, lanes
from modelc.native.code.indexing import row_offsets
from modelc.native.code.lanes import Lanes, select
from modelc.native.code.rows import WORD, Formula, elements, emit_loop, switch_function
from modelc.native.code.vector import (
    LANES,
    fma,
    inlined,
    lanes_below,
    load,
    load_where,
    quotient,
    splat,
    store,
    store_where,
)
from modelc.native.code.view import view
from modelc.native.families.elementwise.codes import A_REPEATED, B_REPEATED, BINARY_CODES, BOTH, FORMS, GLU
from modelc.native.families.elementwise.kernel_unary import activate_rows
from modelc.native.families.elementwise.params import AFFINE, BINARY


def _prelu(x: Lanes, alpha: Lanes) -> Lanes:
    return select(x < 0.0, x * alpha, x)


FORMULAS: dict[str, Formula] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "maximum": lanes.maximum,
    "minimum": lanes.minimum,
    "prelu": _prelu,
    GLU: lambda a, b: a * fmath.sigmoid(b),
    "equal": lambda a, b: lanes.truth(a == b),
    "not_equal": lambda a, b: lanes.truth(a != b),
    "greater": lambda a, b: lanes.truth(a > b),
    "greater_equal": lambda a, b: lanes.truth(a >= b),
    "less": lambda a, b: lanes.truth(a < b),
    "less_equal": lambda a, b: lanes.truth(a <= b),
    "gate": lambda a, b: select(b > 0.0, a, 0.0),
}
_ACTIVATED = 4096
"""The elements between two calls of the activation: many enough to hide the call, few enough to stay in the cache."""


def _emit_case(formula: Formula, form: int, builder: ir.IRBuilder, y, a, b, n) -> None:
    sources = [elements(builder, a, repeat=form == A_REPEATED), elements(builder, b, repeat=form == B_REPEATED)]
    emit_loop(builder, formula, y, sources, n)


@intrinsic
def _combine_rows(typingctx, case, y, a, b, n):
    """`y[i] = a[i] op b[i]` for i < n; `case` is `op * FORMS + form`."""

    def codegen(context, builder, sig, args):
        cases = {
            BINARY_CODES[name] * FORMS + form: partial(_emit_case, formula, form)
            for name, formula in FORMULAS.items()
            for form in (BOTH, B_REPEATED, A_REPEATED)
        }
        builder.call(switch_function(builder.module, "modelc_combine_rows", [WORD] * 4, cases), args)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), codegen


@inlined
def _combine(op, y, a, b, n, a_step, b_step):
    """The function for one row: a loop over vectors where the steps are 0 or 1, else element by element."""
    if a_step == 1 and b_step == 1:
        _combine_rows(op * FORMS + BOTH, y, a, b, n)
    elif a_step == 1 and b_step == 0:
        _combine_rows(op * FORMS + B_REPEATED, y, a, b, n)
    elif a_step == 0 and b_step == 1:
        _combine_rows(op * FORMS + A_REPEATED, y, a, b, n)
    else:
        for i in range(n):
            _combine_rows(op * FORMS, y + 4 * i, a + 4 * i * a_step, b + 4 * i * b_step, 1)


def binary(ctx, params, begin, end):
    """`y = f(a op b; p)` with broadcasting, see `BINARY`."""
    args = view(BINARY, ctx, params)
    y, a, b = args.y, args.a, args.b
    n = args.dims[5]
    a_step, b_step = args.a_strides[5], args.b_strides[5]
    op, code = args.op, args.code
    p0, p1, p2 = args.p[0], args.p[1], args.p[2]
    extent = args.dims[4]
    a_next, b_next = args.a_strides[4], args.b_strides[4]
    row = begin
    while row < end:  # rows along the last but one axis are evenly spaced: only the outer axes are taken apart
        a_offset, b_offset = row_offsets(args.dims, args.a_strides, args.b_strides, row)
        a_row, b_row = a + 4 * a_offset, b + 4 * b_offset
        stop = min(end, (quotient(row, extent) + 1) * extent, row + 1 + quotient(_ACTIVATED, n + 1))
        first = y + 4 * row * n
        count = (stop - row) * n
        while row < stop:
            _combine(op, y + 4 * row * n, a_row, b_row, n, a_step, b_step)
            a_row += 4 * a_next
            b_row += 4 * b_next
            row += 1
        activate_rows(code, p0, p1, p2, first, count)


@inlined
def _affine_row(y, x, scale, shift, n):
    """`y[c] = x[c]·scale[c] + shift[c]` for one row of n channels."""
    i = 0
    while i + LANES <= n:
        factor = load(scale, i) if scale != 0 else splat(1.0)
        offset = load(shift, i) if shift != 0 else splat(0.0)
        store(y, i, fma(load(x, i), factor, offset))
        i += LANES
    if i < n:
        mask = lanes_below(n - i)
        factor = load_where(scale, i, mask, 1.0) if scale != 0 else splat(1.0)
        offset = load_where(shift, i, mask, 0.0) if shift != 0 else splat(0.0)
        store_where(y, i, fma(load_where(x, i, mask, 0.0), factor, offset), mask)


def affine(ctx, params, begin, end):
    """`y[i, c] = f(x[i, c]·scale[c] + shift[c]; p)`, see `AFFINE`."""
    args = view(AFFINE, ctx, params)
    y, x = args.y, args.x
    scale, shift = args.scale, args.shift
    channels, code = args.channels, args.code
    p0, p1, p2 = args.p[0], args.p[1], args.p[2]
    row = begin
    while row < end:
        stop = min(end, row + 1 + quotient(_ACTIVATED, channels + 1))
        first = y + 4 * row * channels
        count = (stop - row) * channels
        while row < stop:
            place = 4 * row * channels
            _affine_row(y + place, x + place, scale, shift, channels)
            row += 1
        activate_rows(code, p0, p1, p2, first, count)


KERNELS = (binary, affine)

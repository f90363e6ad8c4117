"""Choosing between two tensors by a mask, with broadcasting."""

from __future__ import annotations

from functools import partial
from itertools import product

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.indexing import row_offsets
from modelc.native.code.lanes import Lanes, select
from modelc.native.code.rows import WORD, elements, emit_loop, switch_function
from modelc.native.code.vector import inlined
from modelc.native.code.view import view
from modelc.native.families.elementwise.params import SELECT


def _choose(mask: Lanes, a: Lanes, b: Lanes) -> Lanes:
    return select(mask != 0.0, a, b)


def _emit_case(single: tuple[bool, ...], builder: ir.IRBuilder, y, mask, a, b, n) -> None:
    sources = [elements(builder, x, repeat=is_single) for x, is_single in zip((mask, a, b), single, strict=True)]
    emit_loop(builder, _choose, y, sources, n)


@intrinsic
def _choose_rows(typingctx, case, y, mask, a, b, n):
    """`y[i] = a[i] where mask[i], else b[i]` for i < n; the bits of `case` say which operands are one number."""

    def codegen(context, builder, sig, args):
        cases = {
            single[0] + 2 * single[1] + 4 * single[2]: partial(_emit_case, single)
            for single in product((False, True), repeat=3)
        }
        builder.call(switch_function(builder.module, "modelc_choose_rows", [WORD] * 5, cases), args)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 6), codegen


@inlined
def _row(y, mask, a, b, n, mask_step, a_step, b_step):
    """The choice for one row: a loop over vectors where the steps are 0 or 1, else element by element."""
    if max(mask_step, a_step, b_step) <= 1 and min(mask_step, a_step, b_step) >= 0:
        _choose_rows((1 - mask_step) + 2 * (1 - a_step) + 4 * (1 - b_step), y, mask, a, b, n)
    else:
        for i in range(n):
            _choose_rows(0, y + 4 * i, mask + 4 * i * mask_step, a + 4 * i * a_step, b + 4 * i * b_step, 1)


def choose(ctx, params, begin, end):
    """`y = a where mask ≠ 0, else b`, see `SELECT`."""
    args = view(SELECT, ctx, params)
    y, mask = args.y, args.mask
    a, b = args.a, args.b
    n = args.dims[5]
    mask_step, a_step, b_step = args.mask_strides[5], args.a_strides[5], args.b_strides[5]
    for row in range(begin, end):
        a_offset, b_offset = row_offsets(args.dims, args.a_strides, args.b_strides, row)
        mask_offset, _ = row_offsets(args.dims, args.mask_strides, args.mask_strides, row)
        _row(y + 4 * row * n, mask + 4 * mask_offset, a + 4 * a_offset, b + 4 * b_offset, n, mask_step, a_step, b_step)


KERNELS = (choose,)

"""Fills, a family of their own: plans that lease working memory need nothing else that moves data."""

from __future__ import annotations

from modelc.native.code.memory import store_i32
from modelc.native.code.vector import inlined
from modelc.native.code.view import view
from modelc.native.families.move.params import FILL


@inlined
def fill_run(y, n, value):
    """`y[i] = value` for i < n, a 32-bit pattern."""
    for i in range(n):
        store_i32(y, i, value)


def fill(ctx, params, begin, end):
    """`y[i] = bits`, see `FILL`."""
    args = view(FILL, ctx, params)
    fill_run(args.y + 4 * begin, end - begin, args.bits)


KERNELS = (fill,)

"""The sums of rows that Strassen's products take: `transforms.py` has the mathematics."""

from __future__ import annotations

from modelc.native.code.vector import LANES, inlined, load, splat, store
from modelc.native.code.view import view
from modelc.native.families.strassen.params import STRASSEN_SUMS


@inlined
def _write_sums(y5, plane, upper, lower, depth, is_paired):
    """All sums of two rows, of which the lower one may be missing: those of P5, then of P6, P7 and P3 a plane after.

    The last vector ends with the row, over the one before.
    """
    y6, y7, y3 = y5 + plane, y5 + 2 * plane, y5 + 3 * plane
    a11, a12, a21, a22 = upper, upper + 4 * depth, lower, lower + 4 * depth
    last = depth - LANES
    for part in range(0, depth, LANES):
        i = min(part, last)
        first, second, third, fourth = load(a11, i), load(a12, i), splat(0.0), splat(0.0)
        if is_paired:
            third, fourth = load(a21, i), load(a22, i)
        fifth = third + fourth
        sixth = fifth - first
        store(y5, i, fifth)
        store(y6, i, sixth)
        store(y7, i, first - third)
        store(y3, i, second - sixth)


def strassen_sums(ctx, params, begin, end):
    """Sums of rows, see `STRASSEN_SUMS`."""
    # x: (batch, rows, depth)
    args = view(STRASSEN_SUMS, ctx, params)
    pairs, x_row = (args.rows + 1) // 2, 4 * args.depth
    plane = pairs * args.sum_row
    for unit in range(begin, end):
        n = unit // pairs
        row = unit - n * pairs
        upper = args.x + (n * args.rows + row) * x_row
        is_paired = pairs + row < args.rows
        lower = upper + pairs * x_row if is_paired else upper
        to = args.sums + 4 * n * plane + row * args.sum_row
        _write_sums(to, plane, upper, lower, args.depth // 2, is_paired)


KERNELS = (strassen_sums,)

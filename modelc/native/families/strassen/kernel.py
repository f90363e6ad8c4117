"""Matrix products by Strassen's algorithm: `transforms.py` has the mathematics.

A unit takes a panel of rows and a part of the columns: it writes a sum of rows, multiplies it on register tiles that
begin with the product before, and so on; the last product of each quarter is finished and stored as that of a plain
convolution is. Sums and products are in an area of working memory which the unit's thread has to itself meanwhile, and
which stays in its cache.

What an output is, to the bit, depends on the rows of its own panel, and neither on the batch nor on how units are
shared out.
"""

from __future__ import annotations

from modelc.native.code.leases import give_back, take_area
from modelc.native.code.memory import stack_memory, store_i64
from modelc.native.code.vector import LANES, inlined, load, splat, store
from modelc.native.code.view import view
from modelc.native.families.conv.kernel_frame import MAX_ROWS, new_frame, set_rows_of_line
from modelc.native.families.conv.kernel_tile import run_sum_tiles
from modelc.native.families.conv.params import EPILOGUE_NONE
from modelc.native.families.strassen.params import STRASSEN
from modelc.native.families.strassen.transforms import P1, P2, P3, P4, P5, P6, P7, PRODUCTS
from modelc.native.target import host

_LANES = host().lanes
_LAST = PRODUCTS
"""The step after all products: that which adds two of them."""
_new_offset = stack_memory(8)
"""The address of a table with one offset."""


@inlined
def _write_sums(product, y, a11, a12, a21, a22, n):
    """Of one row what a product takes, n values: sums of the row's halves and those of its partner.

    The last vector ends with the row, over the one before.
    """
    last = n - LANES
    for part in range(0, n, LANES):
        i = min(part, last)
        if product == P5:
            store(y, i, load(a21, i) + load(a22, i))
        elif product == P6:
            store(y, i, load(a21, i) + load(a22, i) - load(a11, i))
        elif product == P7:
            store(y, i, load(a11, i) - load(a21, i))
        else:
            store(y, i, load(a12, i) + load(a11, i) - load(a21, i) - load(a22, i))


@inlined
def _add_to_both(x, v, w, n):
    """`x += w` and `v += w` for n values, up to a vector more."""
    for i in range(0, n, LANES):
        added = load(w, i)
        store(x, i, load(x, i) + added)
        store(v, i, load(v, i) + added)


@inlined
def _multiply(args, frame, product, after, rows, x, x_row, y, y_row, z, z_row, start, stop, bias):
    """``y = epilogue(z + x·w + bias)`` for `rows` rows and the vectors of half the columns from `start` to `stop`.

    The frame has the number of columns that there are from `start` on.
    """
    channels, vectors, vector_bytes = frame.channels, args.vectors, 2 * _LANES * args.depth
    groups = (rows + args.tile_rows - 1) // args.tile_rows
    least, taller = rows // groups, rows % groups
    for vector in range(start, stop, vectors):
        done = (vector - start) * _LANES
        if done >= channels:
            break
        wide = min(vectors, stop - vector)
        frame.weights = args.weights + vector_bytes * (vector * PRODUCTS + product * wide)
        frame.channels = channels - done
        following = vector + vectors
        of, at = (product, following) if following < stop else (after, start)
        frame.following = args.weights + vector_bytes * (at * PRODUCTS + of * min(vectors, stop - at))
        frame.following_step = (4 * _LANES * wide + groups - 1) // groups
        frame.bias = bias + 4 * done if bias != 0 else 0
        x_first, y_first, z_first = x, y + 4 * done, z + 4 * done
        for part in range(2):
            height, tiles = (least + 1, taller) if part == 0 else (least, groups - taller)
            if tiles > 0:
                set_rows_of_line(frame, x_row, y_row, x_first, y_first, height)
                for row in range(MAX_ROWS):
                    frame.z[row] = z_first + min(row, height - 1) * z_row
                frame.z_tile = height * z_row
                run_sum_tiles(wide, height, frame, tiles)
                frame.following += tiles * frame.following_step * frame.length
                x_first += tiles * height * x_row
                y_first += tiles * height * y_row
                z_first += tiles * height * z_row
    frame.channels = channels


def strassen(ctx, params, begin, end):
    """Matrix product, see `STRASSEN`."""
    # x: (batch, rows, depth), y: (batch, rows, columns), weights: by `pack_strassen`
    args = view(STRASSEN, ctx, params)
    if args.batch <= 0 or begin >= end:
        return
    slot = take_area(args.leases, args.slots)
    sums = args.areas + slot * args.area
    first_product = sums + (args.zeros - 3 * args.product)
    second_product, third_product = first_product + args.product, first_product + 2 * args.product
    zeros = sums + args.zeros
    for i in range(0, (args.area - args.zeros) // 4, LANES):
        store(zeros, i, splat(0.0))
    offset = _new_offset()
    store_i64(offset, 0, 0)
    frame = new_frame()
    frame.table = offset
    frame.segments = 1
    frame.residual = args.residual - args.y
    frame.low = args.low
    frame.high = args.high
    depth, columns, panels = args.depth // 2, args.columns, args.panels
    x_row, y_row, sum_row, product_row = 8 * depth, 4 * columns, args.sum_row, args.product_row
    pairs = (args.rows + 1) // 2
    least, more = pairs // panels, pairs % panels
    part = args.part * args.vectors
    for unit in range(begin, end):
        panel = unit // args.parts
        n, panel = panel // panels, panel % panels
        before, count = panel * least + min(panel, more), least + (1 if panel < more else 0)
        below = min(count, args.rows - 2 * before - count)  # of an odd number of rows, the last has no partner
        start = (unit % args.parts) * part
        stop = min(start + part, args.half)
        row = n * args.rows + 2 * before
        a11 = args.x + row * x_row
        a12, a21 = a11 + 4 * depth, a11 + count * x_row
        a22 = a21 + 4 * depth
        left = 4 * start * _LANES
        right = left + 4 * args.left
        c11 = args.y + row * y_row
        c21 = c11 + count * y_row
        whole = (stop - start) * _LANES
        for step in range(_LAST + 1):
            if step == 0:
                product, a, a_row, height, after = P1, a11, x_row, count, P2
                z, z_row, to = zeros, 0, first_product
            elif step == 1:
                product, a, a_row, height, after = P2, a12, x_row, count, P5
                z, z_row, to = first_product, product_row, 0
            elif step == 2:
                product, a, a_row, height, after = P5, sums, sum_row, count, P6
                z, z_row, to = zeros, 0, third_product
            elif step == 3:
                product, a, a_row, height, after = P6, sums, sum_row, count, P7
                z, z_row, to = first_product, product_row, first_product
            elif step == 4:
                product, a, a_row, height, after = P7, sums, sum_row, count, P4
                z, z_row, to = first_product, product_row, second_product
            elif step == 5:
                product, a, a_row, height, after = P4, a22, x_row, below, P3
                z, z_row, to = second_product, product_row, 0
            elif step == 6:
                product, a, a_row, height, after = P3, sums, sum_row, count, P1
                z, z_row, to = first_product, product_row, 0
            else:
                product, a, a_row, height, after = P4, sums, sum_row, below, P1
                z, z_row, to = second_product, product_row, 0
            if a == sums and step < _LAST:
                for i in range(count):
                    partner = a21 + i * x_row if i < below else zeros
                    upper = a11 + i * x_row
                    _write_sums(
                        product, sums + i * sum_row, upper, upper + 4 * depth, partner, partner + 4 * depth, depth
                    )
            if step == 6:
                for i in range(count):
                    at = i * product_row
                    _add_to_both(first_product + at, second_product + at, third_product + at, whole)
            frame.length = depth if step < _LAST else 0
            if to != 0:
                frame.epilogue = EPILOGUE_NONE
                frame.accumulate = 0
                frame.channels = whole
                y, step_row, bias = to, product_row, 0
            else:
                is_right, is_below = step == 6 or step == _LAST, step == 5 or step == _LAST
                place = right if is_right else left
                frame.epilogue = args.epilogue
                frame.accumulate = 1 if args.residual != 0 else 0
                frame.channels = (columns - args.left if is_right else args.left) - start * _LANES
                y, step_row = (c21 if is_below else c11) + place, y_row
                bias = args.bias + place if args.bias != 0 else 0
            if height > 0:
                _multiply(args, frame, product, after, height, a, a_row, y, step_row, z, z_row, start, stop, bias)
    give_back(args.leases, slot)


KERNELS = (strassen,)

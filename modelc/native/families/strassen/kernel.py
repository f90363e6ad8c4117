"""Matrix products by Strassen's algorithm: `transforms.py` has the mathematics.

A unit takes a panel of rows of both halves and a block of columns of both halves, and computes one product after the
other on register tiles that begin with the product before; the last product of each quarter is finished and stored as
that of a plain convolution is. What products take of the rows was summed before, for all blocks. Units of one panel are
done a few together, product by product: the rows of a product are read once from where many of them lie, and stay in
the second-level cache for the other blocks. The weights of the block that follows are fetched meanwhile.

What an output is, to the bit, depends on its row and on the one that it is paired with, half of the sample away, and
neither on the batch nor on how units are shared out.
"""

from __future__ import annotations

from modelc.native.code.memory import stack_memory, store_i64
from modelc.native.code.record import I64, Record
from modelc.native.code.vector import LANES, inlined, load, splat, store
from modelc.native.code.view import on_stack, view
from modelc.native.families.conv.kernel_frame import MAX_ROWS, new_frame, set_rows_of_line
from modelc.native.families.conv.kernel_tile import run_sum_tiles
from modelc.native.families.conv.params import EPILOGUE_NONE
from modelc.native.families.strassen.params import PANEL_ROWS, STRASSEN
from modelc.native.families.strassen.transforms import P1, P2, P3, P4, P5, P6, P7, PRODUCTS
from modelc.native.target import CACHE_LINE, host

_LANES = host().lanes
_BLOCK_ROW = 4 * max(LANES, _LANES * host().max_vectors)
"""Bytes of a row of the widest block of columns, and at least a vector of this file."""
_TOGETHER = max(1, 256 // _BLOCK_ROW)
"""The blocks that a unit's products are computed for one after the other, so that rows are read again from the
second-level cache; as many as make up for narrow vectors."""
_PRODUCT = PANEL_ROWS * _BLOCK_ROW
_COUNT = PRODUCTS + 1
"""The products of a unit, and the sum of two of them that is all of the last quarter."""

_new_offset = stack_memory(8)
"""The address of a table with one offset."""
_new_products = stack_memory(_TOGETHER * 3 * _PRODUCT + _BLOCK_ROW, align=CACHE_LINE)
"""The address of three products of a panel for each block, and of a row of zeros."""

_PLAN = Record.of(
    product=I64 * _COUNT, x=I64 * _COUNT, x_row=I64 * _COUNT, z=I64 * _COUNT, z_row=I64 * _COUNT, y=I64 * _COUNT,
    rows=I64 * _COUNT, column=I64 * _COUNT, end=I64 * _COUNT,
)  # fmt: skip
"""What the products of a unit are, in their order: their weights, the addresses of the rows, of what the sums begin
with and of what is written, the bytes between their rows, and the number of rows. column, end: of a
product that is finished, the first of its columns in y, and that after the last one of its half; -1 of one that others
go on with."""
_new_plan = on_stack(_PLAN)


@inlined
def _set(plan, i, product, x, x_row, z, z_row, y, rows, column, end):
    plan.product[i] = product
    plan.x[i] = x
    plan.x_row[i] = x_row
    plan.z[i] = z
    plan.z_row[i] = z_row
    plan.y[i] = y
    plan.rows[i] = rows
    plan.column[i] = column
    plan.end[i] = end


@inlined
def _add_to_both(x, v, w, n):
    """`x += w` and `v += w` for n values, whole vectors."""
    for i in range(0, n, LANES):
        added = load(w, i)
        store(x, i, load(x, i) + added)
        store(v, i, load(v, i) + added)


@inlined
def _weights_of(args, product, at, vectors, vector_bytes):
    """The weights of a product for the block of columns that begins with the vector `at`."""
    wide = min(vectors, args.half - at)
    return args.weights + vector_bytes * (PRODUCTS * at + product * wide)


@inlined
def _following(args, plan, vector, vectors, together, vector_bytes, step, part):
    """The weights that are multiplied with after those of a step and a block, of the blocks from `vector` on."""
    part += 1
    if part == together:
        part, step = 0, step + 1
    if step >= PRODUCTS:
        part, step = together, 0
    at = vector + part * vectors
    if at >= args.half:
        at, step = 0, 0
    return _weights_of(args, plan.product[step], at, vectors, vector_bytes)


@inlined
def _multiply(frame, wide, tile_rows, rows, x, x_row, y, y_row, z, z_row):
    """``y = epilogue(z + x·w + bias)`` for `rows` rows and a block of columns, as the frame says."""
    groups = (rows + tile_rows - 1) // tile_rows
    least = rows // groups
    taller = rows - groups * least
    frame.following_step = (4 * _LANES * wide + groups - 1) // groups
    for part in range(2):
        height, tiles = (least + 1, taller) if part == 0 else (least, groups - taller)
        if tiles > 0:
            set_rows_of_line(frame, x_row, y_row, x, y, height)
            for row in range(MAX_ROWS):
                frame.z[row] = z + min(row, height - 1) * z_row
            frame.z_tile = height * z_row
            run_sum_tiles(wide, height, frame, tiles)
            frame.following += tiles * frame.following_step * frame.length
            x += tiles * height * x_row
            y += tiles * height * y_row
            z += tiles * height * z_row


def strassen(ctx, params, begin, end):
    """Matrix product, see `STRASSEN`."""
    # x: (batch, rows, depth), y: (batch, rows, columns), weights: by `strassen_pieces`
    args = view(STRASSEN, ctx, params)
    if args.batch <= 0 or begin >= end:
        return
    first = _new_products()
    second, third, zeros = first + _PRODUCT, first + 2 * _PRODUCT, first + _TOGETHER * 3 * _PRODUCT
    for i in range(0, _BLOCK_ROW // 4, LANES):
        store(zeros, i, splat(0.0))
    offset = _new_offset()
    store_i64(offset, 0, 0)
    plan = _new_plan()
    frame = new_frame()
    frame.table = offset
    frame.segments = 1
    frame.residual = args.residual - args.y
    frame.low = args.low
    frame.high = args.high
    depth, columns, panels, left, vectors = args.depth // 2, args.columns, args.panels, args.left, args.vectors
    x_row, y_row, s_row, p_row = 8 * depth, 4 * columns, args.sum_row, _BLOCK_ROW
    pairs = (args.rows + 1) // 2
    least = pairs // panels
    more = pairs - panels * least
    plane = pairs * s_row
    blocks = (args.half + vectors - 1) // vectors
    vector_bytes = 4 * _LANES * depth
    per_sample = panels * blocks
    unit = begin
    while unit < end:
        n = unit // per_sample
        panel = (unit - n * per_sample) // blocks
        block = unit - (n * panels + panel) * blocks
        together = min(_TOGETHER, min(blocks - block, end - unit))
        unit += together
        vector = block * vectors
        before, count = panel * least + min(panel, more), least + (1 if panel < more else 0)
        below = min(count, args.rows - pairs - before)  # of an odd number of rows, the last one has no partner

        row = n * args.rows + before
        a11 = args.x + row * x_row
        a12, a22 = a11 + 4 * depth, a11 + pairs * x_row + 4 * depth
        s5 = args.sums + 4 * n * plane + before * s_row
        s6, s7, s3 = s5 + plane, s5 + 2 * plane, s5 + 3 * plane
        at_left, at_right = vector * _LANES, left + vector * _LANES
        c11, c12 = args.y + row * y_row + 4 * at_left, args.y + row * y_row + 4 * at_right
        c21, c22 = c11 + pairs * y_row, c12 + pairs * y_row
        _set(plan, 0, P1, a11, x_row, zeros, 0, first, count, -1, -1)
        _set(plan, 1, P2, a12, x_row, first, p_row, c11, count, at_left, left)
        _set(plan, 2, P5, s5, s_row, zeros, 0, third, count, -1, -1)
        _set(plan, 3, P6, s6, s_row, first, p_row, first, count, -1, -1)  # U2
        _set(plan, 4, P7, s7, s_row, first, p_row, second, count, -1, -1)  # U3
        _set(plan, 5, P4, a22, x_row, second, p_row, c21, below, at_left, left)
        _set(plan, 6, P3, s3, s_row, first, p_row, c12, count, at_right, columns)  # after P5 was added to U2 and U3
        _set(plan, 7, P3, s3, s_row, second, p_row, c22, below, at_right, columns)  # of no value of the rows

        for step in range(_COUNT):
            frame.length = depth if step < PRODUCTS else 0
            for part in range(together):
                at = vector + part * vectors
                wide = min(vectors, args.half - at)
                own, beside = part * 3 * _PRODUCT, part * vectors * _LANES
                if step == 6:
                    _add_to_both(first + own, second + own, third + own, count * p_row // 4)
                frame.weights = _weights_of(args, plan.product[step], at, vectors, vector_bytes)
                frame.following = _following(args, plan, vector, vectors, together, vector_bytes, step, part)
                z = plan.z[step] + (own if plan.z_row[step] != 0 else 0)
                column, y, to_row = plan.column[step], plan.y[step], y_row
                if column < 0:
                    y += own
                    to_row = p_row
                    frame.epilogue = EPILOGUE_NONE
                    frame.accumulate = 0
                    frame.channels = wide * _LANES
                    frame.bias = 0
                else:
                    y += 4 * beside
                    column += beside
                    frame.epilogue = args.epilogue
                    frame.accumulate = 1 if args.residual != 0 else 0
                    frame.channels = plan.end[step] - column
                    frame.bias = args.bias + 4 * column if args.bias != 0 else 0
                if plan.rows[step] > 0 and frame.channels > 0:
                    _multiply(
                        frame, wide, args.tile_rows, plan.rows[step], plan.x[step], plan.x_row[step],
                        y, to_row, z, plan.z_row[step],
                    )  # fmt: skip


KERNELS = (strassen,)

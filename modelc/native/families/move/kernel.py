"""Moving data: strided copies and transposes, constant padding."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.indexing import row_offsets
from modelc.native.code.memory import load_i32, store_i32
from modelc.native.code.vector import (
    LANES,
    inlined,
    lanes_below,
    load,
    load_where,
    quotient,
    store,
    store_where,
    vector_pointer,
)
from modelc.native.code.view import view
from modelc.native.families.move.kernel_fill import fill_run
from modelc.native.families.move.params import COPY, PAD


@inlined
def copy_run(y, x, n):
    """`y[i] = x[i]` for i < n, elements of 4 bytes."""
    i = 0
    while i + LANES <= n:
        store(y, i, load(x, i))
        i += LANES
    if i < n:
        mask = lanes_below(n - i)
        store_where(y, i, load_where(x, i, mask, 0.0), mask)


@intrinsic
def _transpose_tile(typingctx, y, y_step, x, x_step):
    """`y[i·y_step + j] = x[j·x_step + i]` for i, j < LANES: four rounds of exchanging halves between rows."""

    def codegen(context, builder, sig, args):
        to, to_step, source, source_step = args

        def place(address, step, row):
            return vector_pointer(builder, address, builder.mul(step, step.type(row)))

        rows = [builder.load(place(source, source_step, row), align=4) for row in range(LANES)]
        for half in (8, 4, 2, 1):
            lanes = range(LANES)
            low = [lane if not lane & half else LANES + lane - half for lane in lanes]
            high = [lane + half if not lane & half else LANES + lane for lane in lanes]
            orders = [ir.Constant(ir.VectorType(ir.IntType(32), LANES), order) for order in (low, high)]
            for row in range(LANES):
                if not row & half:
                    pair = rows[row], rows[row + half]
                    rows[row] = builder.shuffle_vector(*pair, orders[0])
                    rows[row + half] = builder.shuffle_vector(*pair, orders[1])
        for row in range(LANES):
            builder.store(rows[row], place(to, to_step, row), align=4)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4), codegen


@inlined
def _copy_strided(y, x, rows, n, y_row, x_row, y_step, x_step):
    """`_copy_plane`, element by element."""
    for row in range(rows):
        for i in range(n):
            store_i32(y + 4 * row * y_row, i * y_step, load_i32(x + 4 * row * x_row, i * x_step))


@inlined
def _transpose(y, x, rows, n, y_row, x_step):
    """`y[row·y_row + i] = x[row + i·x_step]`, by tiles."""
    whole_rows, whole = rows - rows % LANES, n - n % LANES
    for row in range(0, whole_rows, LANES):
        for i in range(0, whole, LANES):
            _transpose_tile(y + 4 * (row * y_row + i), y_row, x + 4 * (row + i * x_step), x_step)
    _copy_strided(y + 4 * whole, x + 4 * whole * x_step, whole_rows, n - whole, y_row, 1, 1, x_step)
    _copy_strided(y + 4 * whole_rows * y_row, x + 4 * whole_rows, rows - whole_rows, n, y_row, 1, 1, x_step)


@inlined
def _copy_plane(y, x, rows, n, y_row, x_row, y_step, x_step):
    """`y[row·y_row + i·y_step] = x[row·x_row + i·x_step]` for row < rows and i < n."""
    if x_step == 1 and y_step == 1 and x_row == n and y_row == n:
        copy_run(y, x, rows * n)
    elif x_step == 1 and y_step == 1:
        for row in range(rows):
            copy_run(y + 4 * row * y_row, x + 4 * row * x_row, n)
    elif x_row == 1 and y_step == 1:
        _transpose(y, x, rows, n, y_row, x_step)
    else:
        _copy_strided(y, x, rows, n, y_row, x_row, y_step, x_step)


def copy(ctx, params, begin, end):
    """`y[y_start + i·y_strides] = x[x_start + i·x_strides]`, see `COPY`."""
    args = view(COPY, ctx, params)
    y = args.y + 4 * args.y_start
    x = args.x + 4 * args.x_start
    extent, n = args.dims[6], args.dims[7]
    x_row, x_step = args.x_strides[6], args.x_strides[7]
    y_row, y_step = args.y_strides[6], args.y_strides[7]
    row = begin
    while row < end:
        stop = min(end, (quotient(row, extent) + 1) * extent)
        x_offset, y_offset = row_offsets(args.dims, args.x_strides, args.y_strides, row)
        _copy_plane(y + 4 * y_offset, x + 4 * x_offset, stop - row, n, y_row, x_row, y_step, x_step)
        row = stop


def pad(ctx, params, begin, end):
    """Constant padding of x (N, *size, C) to y (N, *out, C), see `PAD`."""
    args = view(PAD, ctx, params)
    y, x = args.y, args.x
    channels, value = args.channels, args.bits
    before = args.pad[3] * channels
    inside = args.size[3] * channels
    length = args.out[3] * channels
    for row in range(begin, end):
        y_row = y + 4 * row * length
        rest, x_place, step, is_inside = row, 0, 1, True
        for back in range(3):
            axis = 2 - back
            size = args.size[axis]
            outer = quotient(rest, args.out[axis])
            at = rest - outer * args.out[axis] - args.pad[axis]
            is_inside = is_inside and 0 <= at < size
            x_place += at * step
            step *= size
            rest = outer
        if is_inside:
            fill_run(y_row, before, value)
            copy_run(y_row + 4 * before, x + 4 * (rest * step + x_place) * inside, inside)
            fill_run(y_row + 4 * (before + inside), length - before - inside, value)
        else:
            fill_run(y_row, length, value)


KERNELS = (copy, pad)

"""Depthwise convolution where a window's row is 3, 5 or 7 neighbouring pixels and the stride along it is 1 or 2.

The equation is that of `kernel_depthwise.py`. A tile is `ROW_WIDTH` neighbouring output pixels of one line and a vector
of channels: each input vector is loaded once for all the outputs whose windows it lies in, so that multiply-adds and
not loads set the pace. A line's last tile is moved back to end with the line; both tiles give
the same bits where they overlap. Taps beyond the edges of the image are left out of the sums.

Lines are done for some channels at a time, so that those which the windows of several lines share stay in the
first-level cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.vector import inlined, quotient
from modelc.native.code.view import emit_address, emit_field, view
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.conv.kernel_frame import FRAME, new_frame
from modelc.native.families.conv.kernel_lines import line_offset
from modelc.native.families.conv.kernel_simd import I64, LANES, VECTOR, const
from modelc.native.families.conv.params import DEPTHWISE_ROW, ROW_STRIDES, ROW_TAPS, ROW_WIDTH


@intrinsic
def _run_tile(typingctx, taps, stride, frame):
    """Compute all channels of the `ROW_WIDTH` pixels from the frame's first row on."""

    def codegen(context, builder, signature, args):
        frame = emit_address(builder, args[2])
        end = builder.append_basic_block("tiled")
        key = builder.add(builder.mul(args[0], const(max(ROW_STRIDES) + 1)), args[1])
        kinds = builder.switch(key, end)
        for taps in ROW_TAPS:
            for stride in ROW_STRIDES:
                call = builder.append_basic_block(f"row{taps}_{stride}")
                kinds.add_case(const(taps * (max(ROW_STRIDES) + 1) + stride), call)
                builder.position_at_end(call)
                builder.call(_tile_function(builder.module, taps, stride), [frame])
                builder.branch(end)
        builder.position_at_end(end)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, frame), codegen


def _tile_function(module: ir.Module, taps: int, stride: int) -> ir.Function:
    """The function of a frame that computes all channels of a tile, for windows of so many taps along a line."""
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64]), f"depthwise_row_{taps}_{stride}")
    function.linkage = "linkonce_odr"
    function.attributes.add("noinline")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    channels = emit_field(builder, FRAME, function.args[0], "channels")
    vectors = builder.sdiv(channels, const(LANES))
    rest = builder.srem(channels, const(LANES))
    with simd.counted_loop(builder, const(0), vectors) as vector:
        _channels_of_tile(builder, taps, stride, vector, None)
    with builder.if_then(builder.icmp_signed(">", rest, const(0))):
        _channels_of_tile(builder, taps, stride, vectors, simd.mask_below(builder, rest))
    builder.ret_void()
    return function


def _channels_of_tile(builder: ir.IRBuilder, taps: int, stride: int, vector: ir.Value, mask: ir.Value | None) -> None:
    """Sum, finish and store one vector of channels of each pixel; only the lanes of `mask` are in memory."""
    frame = builder.function.args[0]

    def field(name: str, row: int = 0) -> ir.Value:
        return emit_field(builder, FRAME, frame, name, row)

    here = builder.mul(vector, const(LANES * 4))
    table, bias = field("table"), field("bias")
    pixel, tap_size = field("x_step"), field("weights_step")
    x, weights = builder.add(field("x"), here), builder.add(field("weights"), here)
    sums = [simd.new_cell(builder, VECTOR) for _ in range(ROW_WIDTH)]
    for cell in sums:
        builder.store(ir.Constant(VECTOR, None), cell)
    with builder.if_then(builder.icmp_signed("!=", bias, const(0))):
        value = simd.load(builder, builder.add(bias, here), VECTOR)
        for cell in sums:
            builder.store(value, cell)
    first_column, end_column = field("first_column"), field("end_column")
    columns = (ROW_WIDTH - 1) * stride + taps
    with simd.counted_loop(builder, field("first_segment"), field("segments")) as row:
        first = builder.mul(row, const(taps))
        offset = builder.mul(simd.load(builder, builder.add(table, builder.mul(first, const(8))), I64), const(4))
        address = builder.add(x, offset)
        tap_address = builder.add(weights, builder.mul(first, tap_size))
        kernel = []
        for _ in range(taps):
            kernel.append(simd.load(builder, tap_address, VECTOR))
            tap_address = builder.add(tap_address, tap_size)
        for column in range(columns):
            meets = [(divmod(column - tap, stride), tap) for tap in range(taps)]
            uses = [(output, tap) for (output, rest), tap in meets if rest == 0 and 0 <= output < ROW_WIDTH]
            with _inside(builder, column, columns, taps, first_column, end_column):
                value = (
                    simd.load(builder, address, VECTOR) if mask is None else simd.load_masked(builder, address, mask)
                )
                for output, tap in uses:
                    total = simd.multiply_add(builder, value, kernel[tap], builder.load(sums[output]))
                    builder.store(total, sums[output])
            address = builder.add(address, pixel)
    low, high = field("low"), field("high")
    done = simd.epilogue(builder, [builder.load(cell) for cell in sums], field("epilogue"), low, high)
    y = builder.add(field("y"), here)
    for value in done:
        if mask is None:
            simd.store(builder, value, y)
        else:
            simd.store_masked(builder, value, y, mask)
        y = builder.add(y, field("y_step"))


@contextmanager
def _inside(
    builder: ir.IRBuilder, column: int, columns: int, taps: int, first: ir.Value, end: ir.Value
) -> Iterator[None]:
    """Emit what is done for a column of a tile that lies in the image: all but those at its ends do in any case."""
    if column < taps - 1:
        with builder.if_then(builder.icmp_signed("<=", first, const(column))):
            yield
    elif column > columns - taps:
        with builder.if_then(builder.icmp_signed(">", end, const(column))):
            yield
    else:
        yield


@inlined
def begin_lines(frame, args):
    """Write what all tiles of `run_line` have in common."""
    frame.table = args.table
    frame.epilogue = args.epilogue
    frame.low = args.low
    frame.high = args.high
    frame.x_step = 4 * args.channels
    frame.y_step = 4 * args.y_strides[3]
    frame.weights_step = 4 * LANES * quotient(args.channels + LANES - 1, LANES)


@inlined
def set_channels(frame, args, channel, count):
    """Have `run_line` compute so many channels, from number `channel` on."""
    frame.weights = args.weights + 4 * channel
    frame.bias = args.bias + 4 * channel if args.bias != 0 else 0
    frame.channels = count


@inlined
def run_line(frame, args, h, x, y):
    """Compute the line of outputs `h` at `y` from the inputs at `x`, whose rows are where the frame's table says."""
    row, past = h * args.line_stride - args.pads[0], args.rows
    first = 0
    while first < past and row + first * args.line_dilation < 0:
        first += 1
    while first < past and row + (past - 1) * args.line_dilation >= args.size[0]:
        past -= 1
    frame.first_segment = first
    frame.segments = past
    width, x_step = args.extents[3], 4 * args.x_strides[3]
    for tile in range(0, width, ROW_WIDTH):
        w = min(tile, width - ROW_WIDTH)
        column = w * args.stride - args.pads[1]
        frame.first_column = -column
        frame.end_column = args.size[1] - column
        frame.x[0] = x + w * x_step
        frame.y[0] = y + w * frame.y_step
        _run_tile(args.taps, args.stride, frame)


def depthwise_row(ctx, params, begin, end):
    """Depthwise convolution, see `DEPTHWISE_ROW`. Units: lines of output pixels, of each block of channels."""
    # x: padded input, y: (n, d, h, w, channels), weights: (taps, channels), both filled up to whole vectors
    args = view(DEPTHWISE_ROW, ctx, params)
    depth, height, channels, block = args.extents[1], args.extents[2], args.channels, args.block
    blocks = quotient(channels + block - 1, block)
    frame = new_frame()
    begin_lines(frame, args)
    start = args.x - 4 * (args.pads[0] * args.line + args.pads[1] * channels)
    unit = begin
    while unit < end:
        part = quotient(unit, height)
        plane = quotient(part, blocks)
        n = quotient(plane, depth)
        d, channel = plane - n * depth, (part - plane * blocks) * block
        first = unit - part * height
        last = min(height, first + end - unit)
        set_channels(frame, args, channel, min(block, channels - channel))
        for h in range(first, last):
            x = start + 4 * (channel + line_offset(args.x_strides, n, d, h))
            run_line(frame, args, h, x, args.y + 4 * (channel + line_offset(args.y_strides, n, d, h)))
        unit += last - first


KERNELS = (depthwise_row,)

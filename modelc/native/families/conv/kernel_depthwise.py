"""Depthwise convolution: each channel is summed by itself, so vectors run over channels.

``depthwise_step`` in `steps.py` gives the equation and writes the parameters. A tile is a few output pixels;
for each vector of channels it keeps their sums in registers and loads each weight once for all of them.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.view import emit_address, emit_field, view
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.conv.kernel_frame import FRAME, new_frame, place_of, set_rows
from modelc.native.families.conv.kernel_simd import I64, LANES, VECTOR, const
from modelc.native.families.conv.params import DEPTHWISE, DEPTHWISE_ROWS

_HEIGHTS = (1, 2, 4, DEPTHWISE_ROWS)


@intrinsic
def _run_tile(typingctx, rows, frame):
    """Compute all channels of at least `rows` pixels; the frame repeats the last one, as in `kernel_tile.run_tiles`."""

    def codegen(context, builder, signature, args):
        frame = emit_address(builder, args[1])
        function = builder.function
        end = function.append_basic_block("tiled")
        tall = builder.switch(args[0], end)
        smallest = 1
        for height in _HEIGHTS:
            call = function.append_basic_block(f"tile{height}")
            for fits in range(smallest, height + 1):
                tall.add_case(const(fits), call)
            smallest = height + 1
            builder.position_at_end(call)
            builder.call(_tile_function(builder.module, height), [frame])
            builder.branch(end)
        builder.position_at_end(end)
        return context.get_dummy_value()

    return types.void(types.int64, frame), codegen


def _tile_function(module: ir.Module, rows: int) -> ir.Function:
    """The function of a frame that computes all channels of `rows` pixels."""
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64]), f"depthwise_{rows}")
    function.linkage = "linkonce_odr"
    function.attributes.add("noinline")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    frame = function.args[0]
    channels = emit_field(builder, FRAME, frame, "channels")
    vectors = builder.sdiv(channels, const(LANES))
    rest = builder.srem(channels, const(LANES))
    with simd.counted_loop(builder, const(0), vectors) as vector:
        _channels_of_tile(builder, frame, rows, vector, None)
    with builder.if_then(builder.icmp_signed(">", rest, const(0))):
        _channels_of_tile(builder, frame, rows, vectors, simd.mask_below(builder, rest))
    builder.ret_void()
    return function


def _channels_of_tile(
    builder: ir.IRBuilder, frame: ir.Value, rows: int, vector: ir.Value, mask: ir.Value | None
) -> None:
    """Sum, finish and store one vector of channels of each pixel; only the lanes of `mask` are in memory."""

    def field(name: str, row: int = 0) -> ir.Value:
        return emit_field(builder, FRAME, frame, name, row)

    size = LANES * 4
    here = builder.mul(vector, const(size))
    xs = [builder.add(field("x", r), here) for r in range(rows)]
    table, taps, bias = field("table"), field("segments"), field("bias")
    weights = builder.add(field("weights"), here)
    channels = field("channels")
    all_vectors = builder.sdiv(builder.add(channels, const(LANES - 1)), const(LANES))
    sums = [simd.new_cell(builder, VECTOR) for _ in range(rows)]
    for cell in sums:
        builder.store(ir.Constant(VECTOR, None), cell)
    with builder.if_then(builder.icmp_signed("!=", bias, const(0))):
        value = simd.load(builder, builder.add(bias, here), VECTOR)
        for cell in sums:
            builder.store(value, cell)
    with simd.counted_loop(builder, const(0), taps) as tap:
        row = builder.mul(builder.mul(tap, all_vectors), const(size))
        weight = simd.load(builder, builder.add(weights, row), VECTOR)
        offset = builder.mul(simd.load(builder, builder.add(table, builder.mul(tap, const(8))), I64), const(4))
        for x, cell in zip(xs, sums, strict=True):
            address = builder.add(x, offset)
            value = simd.load(builder, address, VECTOR) if mask is None else simd.load_masked(builder, address, mask)
            builder.store(simd.multiply_add(builder, value, weight, builder.load(cell)), cell)
    low, high = field("low"), field("high")
    done = simd.epilogue(builder, [builder.load(cell) for cell in sums], field("epilogue"), low, high)
    for r, value in enumerate(done):
        y = builder.add(field("y", r), here)
        if mask is None:
            simd.store(builder, value, y)
        else:
            simd.store_masked(builder, value, y, mask)


def depthwise(ctx, params, begin, end):
    """Depthwise convolution, see `DEPTHWISE`. Units: tiles of output pixels."""
    # x: padded input, y: (n, d, h, w, channels), weights: (taps, channels), both filled up to whole vectors
    args = view(DEPTHWISE, ctx, params)
    pixels = args.extents[0] * args.extents[1] * args.extents[2] * args.extents[3]
    if pixels <= 0 or begin >= end:
        return
    x, y = args.x, args.y
    frame = new_frame()
    frame.weights = args.weights
    frame.bias = args.bias
    frame.table = args.table
    frame.segments = args.taps
    frame.channels = args.channels
    frame.epilogue = args.epilogue
    frame.low = args.low
    frame.high = args.high
    place = place_of(args.extents, begin * DEPTHWISE_ROWS)
    for tile in range(begin, end):
        count = min(DEPTHWISE_ROWS, pixels - tile * DEPTHWISE_ROWS)
        place = set_rows(frame, args.extents, args.x_strides, args.y_strides, x, y, place, count)
        _run_tile(count, frame)


KERNELS = (depthwise,)

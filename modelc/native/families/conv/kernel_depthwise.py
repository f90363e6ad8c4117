"""Depthwise convolution: each channel has a window of its own, so vectors run over channels.

``depthwise_step`` in `steps.py` gives the equation and writes the parameters. A tile is a few output pixels;
for each vector of channels it keeps their sums in registers and loads each weight once for all of them.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.memory import dim, load_i64, operand, store_i64
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.conv.kernel_frame import (
    FRAME_BIAS,
    FRAME_CHANNELS,
    FRAME_EPILOGUE,
    FRAME_HIGH,
    FRAME_LOW,
    FRAME_SEGMENTS,
    FRAME_TABLE,
    FRAME_WEIGHTS,
    FRAME_X,
    FRAME_Y,
    new_frame,
    set_rows,
)
from modelc.native.families.conv.kernel_simd import F64, I64, LANES, VECTOR, const
from modelc.native.families.conv.params import DEPTHWISE, DEPTHWISE_ROWS

_HEIGHTS = (1, 2, 4, DEPTHWISE_ROWS)
_EXTENTS, _X_STRIDES, _Y_STRIDES = DEPTHWISE["extents"], DEPTHWISE["x_strides"], DEPTHWISE["y_strides"]
_X, _Y, _WEIGHTS = DEPTHWISE["x"], DEPTHWISE["y"], DEPTHWISE["weights"]
_BIAS, _TABLE, _TAPS, _CHANNELS = DEPTHWISE["bias"], DEPTHWISE["table"], DEPTHWISE["taps"], DEPTHWISE["channels"]
_EPILOGUE, _LOW, _HIGH = DEPTHWISE["epilogue"], DEPTHWISE["low"], DEPTHWISE["high"]


@intrinsic
def _run_tile(typingctx, rows, frame):
    """Compute all channels of at least `rows` pixels; the frame repeats the last one, as in `tile.run_tile`."""

    def codegen(context, builder, signature, args):
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
            builder.call(_tile_function(builder.module, height), [args[1]])
            builder.branch(end)
        builder.position_at_end(end)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


def _tile_function(module: ir.Module, rows: int) -> ir.Function:
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64]), f"depthwise_{rows}")
    function.linkage = "internal"
    function.attributes.add("noinline")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    frame = function.args[0]
    channels = simd.load(builder, frame, I64, FRAME_CHANNELS)
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

    def word(index: int) -> ir.Value:
        return simd.load(builder, frame, I64, index)

    size = LANES * 4
    here = builder.mul(vector, const(size))
    xs = [builder.add(word(FRAME_X + r), here) for r in range(rows)]
    table, taps, bias = word(FRAME_TABLE), word(FRAME_SEGMENTS), word(FRAME_BIAS)
    weights = builder.add(word(FRAME_WEIGHTS), here)
    channels = word(FRAME_CHANNELS)
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
    low, high = (simd.load(builder, frame, F64, index) for index in (FRAME_LOW, FRAME_HIGH))
    done = simd.epilogue(builder, [builder.load(cell) for cell in sums], word(FRAME_EPILOGUE), low, high)
    for r, value in enumerate(done):
        y = builder.add(word(FRAME_Y + r), here)
        if mask is None:
            simd.store(builder, value, y)
        else:
            simd.store_masked(builder, value, y, mask)


def depthwise(ctx, params, begin, end):
    """Units: tiles of output pixels."""
    # x: padded input, y: (n, d, h, w, channels), weights: (taps, channels), both filled up to whole vectors
    extents = params + 8 * _EXTENTS
    pixels = dim(ctx, params, _EXTENTS) * load_i64(extents, 1) * load_i64(extents, 2) * load_i64(extents, 3)
    if pixels <= 0 or begin >= end:
        return
    x, y = operand(ctx, params, _X), operand(ctx, params, _Y)
    frame = new_frame()
    store_i64(frame, FRAME_WEIGHTS, operand(ctx, params, _WEIGHTS))
    store_i64(frame, FRAME_BIAS, operand(ctx, params, _BIAS))
    store_i64(frame, FRAME_TABLE, operand(ctx, params, _TABLE))
    store_i64(frame, FRAME_SEGMENTS, load_i64(params, _TAPS))
    store_i64(frame, FRAME_CHANNELS, load_i64(params, _CHANNELS))
    store_i64(frame, FRAME_EPILOGUE, load_i64(params, _EPILOGUE))
    store_i64(frame, FRAME_LOW, load_i64(params, _LOW))
    store_i64(frame, FRAME_HIGH, load_i64(params, _HIGH))
    for tile in range(begin, end):
        pixel = tile * DEPTHWISE_ROWS
        count = min(DEPTHWISE_ROWS, pixels - pixel)
        set_rows(frame, extents, params + 8 * _X_STRIDES, params + 8 * _Y_STRIDES, x, y, pixel, count)
        _run_tile(count, frame)


KERNELS = (depthwise,)

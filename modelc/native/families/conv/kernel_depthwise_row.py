"""Depthwise convolution where a window's row is 3 or 5 neighbouring pixels and the stride along it is 1 or 2.

The equation is that of `kernel_depthwise.py`. A tile is seven neighbouring output pixels of one line and a vector of
channels: each input vector is loaded once for all the outputs whose windows it lies in, so that multiply-adds
and not loads set the pace. A line's last tile is moved back to end with the line; what two tiles share they
compute alike.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.memory import load_i64, operand, store_i64
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.conv.kernel_frame import (
    FRAME_BIAS,
    FRAME_CHANNELS,
    FRAME_EPILOGUE,
    FRAME_HIGH,
    FRAME_LENGTH,
    FRAME_LOW,
    FRAME_SEGMENTS,
    FRAME_TABLE,
    FRAME_WEIGHTS,
    FRAME_X,
    FRAME_Y,
    new_frame,
)
from modelc.native.families.conv.kernel_simd import F64, I64, LANES, VECTOR, const
from modelc.native.families.conv.params import DEPTHWISE_ROW, ROW_STRIDES, ROW_TAPS, ROW_WIDTH

_EXTENTS, _X_STRIDES, _Y_STRIDES = (DEPTHWISE_ROW[name] for name in ("extents", "x_strides", "y_strides"))
_X, _Y, _WEIGHTS, _BIAS, _TABLE = (DEPTHWISE_ROW[name] for name in ("x", "y", "weights", "bias", "table"))
_ROWS, _TAPS, _STRIDE, _CHANNELS = (DEPTHWISE_ROW[name] for name in ("rows", "taps", "stride", "channels"))
_EPILOGUE, _LOW, _HIGH = (DEPTHWISE_ROW[name] for name in ("epilogue", "low", "high"))
_FRAME_STEP = FRAME_LENGTH  # in bytes, from an output pixel to the next


@intrinsic
def _run_tile(typingctx, taps, stride, frame):
    """Compute all channels of the `ROW_WIDTH` pixels from the frame's first row on."""

    def codegen(context, builder, signature, args):
        end = builder.append_basic_block("tiled")
        key = builder.add(builder.mul(args[0], const(max(ROW_STRIDES) + 1)), args[1])
        kinds = builder.switch(key, end)
        for taps in ROW_TAPS:
            for stride in ROW_STRIDES:
                call = builder.append_basic_block(f"row{taps}_{stride}")
                kinds.add_case(const(taps * (max(ROW_STRIDES) + 1) + stride), call)
                builder.position_at_end(call)
                builder.call(_tile_function(builder.module, taps, stride), [args[2]])
                builder.branch(end)
        builder.position_at_end(end)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), codegen


def _tile_function(module: ir.Module, taps: int, stride: int) -> ir.Function:
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64]), f"depthwise_row_{taps}_{stride}")
    function.linkage = "internal"
    function.attributes.add("noinline")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    channels = simd.load(builder, function.args[0], I64, FRAME_CHANNELS)
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

    def word(index: int) -> ir.Value:
        return simd.load(builder, frame, I64, index)

    here = builder.mul(vector, const(LANES * 4))
    channels, table, bias = word(FRAME_CHANNELS), word(FRAME_TABLE), word(FRAME_BIAS)
    pixel = builder.mul(channels, const(4))
    tap_size = builder.mul(builder.sdiv(builder.add(channels, const(LANES - 1)), const(LANES)), const(LANES * 4))
    x, weights = builder.add(word(FRAME_X), here), builder.add(word(FRAME_WEIGHTS), here)
    sums = [simd.new_cell(builder, VECTOR) for _ in range(ROW_WIDTH)]
    for cell in sums:
        builder.store(ir.Constant(VECTOR, None), cell)
    with builder.if_then(builder.icmp_signed("!=", bias, const(0))):
        value = simd.load(builder, builder.add(bias, here), VECTOR)
        for cell in sums:
            builder.store(value, cell)
    with simd.counted_loop(builder, const(0), word(FRAME_SEGMENTS)) as row:
        first = builder.mul(row, const(taps))
        offset = builder.mul(simd.load(builder, builder.add(table, builder.mul(first, const(8))), I64), const(4))
        address = builder.add(x, offset)
        tap_address = builder.add(weights, builder.mul(first, tap_size))
        kernel = []
        for _ in range(taps):
            kernel.append(simd.load(builder, tap_address, VECTOR))
            tap_address = builder.add(tap_address, tap_size)
        for column in range((ROW_WIDTH - 1) * stride + taps):
            value = simd.load(builder, address, VECTOR) if mask is None else simd.load_masked(builder, address, mask)
            address = builder.add(address, pixel)
            for tap in range(taps):
                output, between = divmod(column - tap, stride)
                if between == 0 and 0 <= output < ROW_WIDTH:
                    total = simd.multiply_add(builder, value, kernel[tap], builder.load(sums[output]))
                    builder.store(total, sums[output])
    low, high = (simd.load(builder, frame, F64, index) for index in (FRAME_LOW, FRAME_HIGH))
    done = simd.epilogue(builder, [builder.load(cell) for cell in sums], word(FRAME_EPILOGUE), low, high)
    y = builder.add(word(FRAME_Y), here)
    for value in done:
        if mask is None:
            simd.store(builder, value, y)
        else:
            simd.store_masked(builder, value, y, mask)
        y = builder.add(y, word(_FRAME_STEP))


def depthwise_row(ctx, params, begin, end):
    """Units: lines of output pixels."""
    # x: padded input, y: (n, d, h, w, channels), weights: (taps, channels), both filled up to whole vectors
    depth, height = load_i64(params, _EXTENTS + 1), load_i64(params, _EXTENTS + 2)
    width = load_i64(params, _EXTENTS + 3)
    x, y = operand(ctx, params, _X), operand(ctx, params, _Y)
    x_step, y_step = 4 * load_i64(params, _X_STRIDES + 3), 4 * load_i64(params, _Y_STRIDES + 3)
    frame = new_frame()
    store_i64(frame, FRAME_WEIGHTS, operand(ctx, params, _WEIGHTS))
    store_i64(frame, FRAME_BIAS, operand(ctx, params, _BIAS))
    store_i64(frame, FRAME_TABLE, operand(ctx, params, _TABLE))
    store_i64(frame, FRAME_SEGMENTS, load_i64(params, _ROWS))
    store_i64(frame, FRAME_CHANNELS, load_i64(params, _CHANNELS))
    store_i64(frame, FRAME_EPILOGUE, load_i64(params, _EPILOGUE))
    store_i64(frame, FRAME_LOW, load_i64(params, _LOW))
    store_i64(frame, FRAME_HIGH, load_i64(params, _HIGH))
    store_i64(frame, _FRAME_STEP, y_step)
    taps, stride = load_i64(params, _TAPS), load_i64(params, _STRIDE)
    for line in range(begin, end):
        h = line % height
        plane = line // height
        d, n = plane % depth, plane // depth
        x_line = x + 4 * (
            n * load_i64(params, _X_STRIDES)
            + d * load_i64(params, _X_STRIDES + 1)
            + h * load_i64(params, _X_STRIDES + 2)
        )
        y_line = y + 4 * (
            n * load_i64(params, _Y_STRIDES)
            + d * load_i64(params, _Y_STRIDES + 1)
            + h * load_i64(params, _Y_STRIDES + 2)
        )
        for tile in range(0, width, ROW_WIDTH):
            w = min(tile, width - ROW_WIDTH)
            store_i64(frame, FRAME_X, x_line + w * x_step)
            store_i64(frame, FRAME_Y, y_line + w * y_step)
            _run_tile(taps, stride, frame)


KERNELS = (depthwise_row,)

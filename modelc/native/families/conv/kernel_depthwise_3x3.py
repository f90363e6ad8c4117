"""Depthwise convolution with windows of 3x3 pixels whose stride is 1 or 2, the same along lines as from line to line.

The equation is that of `kernel_depthwise.py`. A tile is a vector of channels of some neighbouring output pixels of two
lines: an input vector is loaded once for all the outputs whose windows it lies in, so that the lines which two windows
share are read once. There is an address for each input pixel of a tile; those beyond the edges of the image are zeros.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.memory import load_i64, stack_memory, store_i64
from modelc.native.code.record import F64, I64, Record
from modelc.native.code.vector import inlined, quotient
from modelc.native.code.view import emit_address, emit_field, on_stack, view
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.conv.kernel_lines import line_offset
from modelc.native.families.conv.kernel_simd import LANES, VECTOR, const
from modelc.native.families.conv.params import DEPTHWISE_ROW, ROW_STRIDES
from modelc.native.target import CACHE_LINE, host

_TAPS = 3
_LINES = 2
_WIDTH = 7 if host().registers >= 32 else 4
"""Output pixels of a line of a tile: so many that all sums and six weights stay in registers."""
_BLOCK = 1024
"""Channels that are done at once: as many as there are zeros for a pixel beyond the edges."""


def _reach(outputs: int, stride: int) -> int:
    """The inputs along an axis that so many outputs read."""
    return (outputs - 1) * stride + _TAPS


_ROWS, _COLUMNS = (tuple(_reach(n, stride) for stride in (0, *ROW_STRIDES)) for n in (_LINES, _WIDTH))
"""The input lines and columns of a tile, by the stride."""

_TILE = Record.of(
    weights=I64, bias=I64, weights_step=I64, epilogue=I64, low=F64, high=F64, channels=I64, shift=I64,
    x=I64 * (max(_ROWS) * max(_COLUMNS)), y=I64 * _LINES, y_step=I64 * _LINES,
)  # fmt: skip
"""weights, bias, x, y: addresses, of x one for each input pixel, line by line, of y that of each line's first output;
bias is 0 where there is none. shift: the bytes from all of x to where the inputs of this tile are. weights_step,
y_step: the bytes from a tap to the next, and from an output to the next. channels: those of a block."""

new_tile = on_stack(_TILE)
new_zeros = stack_memory(4 * _BLOCK, align=CACHE_LINE)
"""Memory for the zeros beyond the edges, which `begin_tiles` writes."""
new_spare = stack_memory(4 * _BLOCK, align=CACHE_LINE)
"""Where the outputs of a second line go that an image does not have."""


@intrinsic
def _run_tile(typingctx, stride, tile):
    """Compute all channels of a tile."""

    def codegen(context, builder, signature, args):
        end = builder.append_basic_block("tiled")
        tile = emit_address(builder, args[1])
        kinds = builder.switch(args[0], end)
        for stride in ROW_STRIDES:
            call = builder.append_basic_block(f"stride{stride}")
            kinds.add_case(const(stride), call)
            builder.position_at_end(call)
            builder.call(_tile_function(builder.module, stride), [tile])
            builder.branch(end)
        builder.position_at_end(end)
        return context.get_dummy_value()

    return types.void(types.int64, tile), codegen


def _tile_function(module: ir.Module, stride: int) -> ir.Function:
    """The function of a tile that computes all its channels."""
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [simd.I64]), f"depthwise_3x3_{stride}")
    function.linkage = "internal"
    function.attributes.add("noinline")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    tile = _TileFields(builder, function.args[0], stride)
    vectors = builder.sdiv(tile.channels, const(LANES))
    rest = builder.srem(tile.channels, const(LANES))
    with simd.counted_loop(builder, const(0), vectors) as vector:
        _channels_of_tile(builder, tile, vector, None)
    with builder.if_then(builder.icmp_signed(">", rest, const(0))):
        _channels_of_tile(builder, tile, vectors, simd.mask_below(builder, rest))
    builder.ret_void()
    return function


class _TileFields:
    """What a tile function is told, read where it begins: after a store, LLVM reads from memory anew."""

    def __init__(self, builder: ir.IRBuilder, address: ir.Value, stride: int) -> None:
        def field(name: str, index: int = 0) -> ir.Value:
            return emit_field(builder, _TILE, address, name, index)

        self.stride = stride
        self.channels = field("channels")
        self.weights, self.bias = field("weights"), field("bias")
        steps = range(_TAPS * _TAPS)
        self.weight_offsets = [builder.mul(field("weights_step"), const(tap)) for tap in steps]
        self.epilogue = field("epilogue"), field("low"), field("high")
        inputs = range(_ROWS[stride] * _COLUMNS[stride])
        self.x = [builder.add(field("x", i), field("shift")) for i in inputs]
        self.y = {
            (line, pixel): builder.add(field("y", line), builder.mul(field("y_step", line), const(pixel)))
            for line in range(_LINES) for pixel in range(_WIDTH)
        }  # fmt: skip
        """The addresses of outputs, by line and pixel."""


def _channels_of_tile(builder: ir.IRBuilder, tile: _TileFields, vector: ir.Value, mask: ir.Value | None) -> None:
    """Sum, finish and store one vector of channels of each pixel; only the lanes of `mask` are in memory."""
    stride, bias = tile.stride, tile.bias
    here = builder.mul(vector, const(LANES * 4))
    weights = builder.add(tile.weights, here)
    places = [(line, pixel) for line in range(_LINES) for pixel in range(_WIDTH)]
    first = simd.new_cell(builder, VECTOR)
    builder.store(ir.Constant(VECTOR, None), first)
    with builder.if_then(builder.icmp_signed("!=", bias, const(0))):
        builder.store(simd.load(builder, builder.add(bias, here), VECTOR), first)
    sums = dict.fromkeys(places, builder.load(first))
    for row in range(_ROWS[stride]):
        taken = [(line, row - line * stride) for line in range(_LINES) if 0 <= row - line * stride < _TAPS]
        kernel = {
            (down, across): simd.load(
                builder, builder.add(weights, tile.weight_offsets[_TAPS * down + across]), VECTOR
            )
            for _, down in taken for across in range(_TAPS)
        }  # fmt: skip
        for column in range(_COLUMNS[stride]):
            address = builder.add(tile.x[row * _COLUMNS[stride] + column], here)
            value = simd.load(builder, address, VECTOR) if mask is None else simd.load_masked(builder, address, mask)
            for across in range(_TAPS):
                pixel, between = divmod(column - across, stride)
                if between or not 0 <= pixel < _WIDTH:
                    continue
                for line, down in taken:
                    place = line, pixel
                    sums[place] = simd.multiply_add(builder, value, kernel[down, across], sums[place])
    done = simd.epilogue(builder, list(sums.values()), *tile.epilogue)
    for place, value in zip(places, done, strict=True):
        y = builder.add(tile.y[place], here)
        if mask is None:
            simd.store(builder, value, y)
        else:
            simd.store_masked(builder, value, y, mask)


@inlined
def begin_tiles(tile, args, zeros):
    """Write what all tiles of `run_lines` have in common, and the zeros."""
    for word in range(min(_BLOCK, args.channels + 1) // 2):
        store_i64(zeros, word, 0)
    tile.epilogue = args.epilogue
    tile.low = args.low
    tile.high = args.high
    tile.weights_step = 4 * LANES * quotient(args.channels + LANES - 1, LANES)


@inlined
def _set_inputs(tile, args, zeros, x, column, line, past, wrap, back):
    """Write the addresses of the inputs of a tile, which begins at `x`, at this line and column of the image.

    past: the rows of the tile before which its inputs end. wrap, back: see `run_lines`.
    """
    stride = args.stride
    pixel, row_step = 4 * args.channels, 4 * (load_i64(args.table, _TAPS) - load_i64(args.table, 0))
    number = 0
    for row in range(_ROWS[stride]):
        if row == wrap:
            x -= back
        height = line + row * args.line_dilation
        end_column = args.size[1] - column
        if row >= past or height < 0 or height >= args.size[0]:
            end_column = 0
        for i in range(_COLUMNS[stride]):
            tile.x[number] = x + i * pixel if -column <= i < end_column else zeros
            number += 1
        x += row_step


@inlined
def run_lines(tile, args, zeros, spare, h, x, y, wrap, back):
    """Compute two lines of outputs from line `h` on, or the last one, from the inputs at `x` to `y`.

    The inputs of row number `wrap` of a tile and of those after it lie `back` bytes before where they would lie in an
    image; wrap is -1 where it is one.
    """
    for channel in range(0, args.channels, _BLOCK):
        _run_block(tile, args, zeros, spare, h, x + 4 * channel, y + 4 * channel, channel, wrap, back)


@inlined
def _run_block(tile, args, zeros, spare, h, x, y, channel, wrap, back):
    """`run_lines` for the channels of a block from `channel` on."""
    height, width, stride = args.extents[2], args.extents[3], args.stride
    alone = h + 1 == height
    past = _TAPS if alone else _ROWS[stride]
    line = h * args.line_stride - args.pads[0]
    x_step, y_step = 4 * args.x_strides[3], 4 * args.y_strides[3]
    tile.y_step[0] = y_step
    tile.y_step[1] = 0 if alone else y_step
    tile.channels = min(_BLOCK, args.channels - channel)
    tile.weights = args.weights + 4 * channel
    tile.bias = args.bias + 4 * channel if args.bias != 0 else 0
    last_row = line + (_ROWS[stride] - 1) * args.line_dilation
    complete = line >= 0 and last_row < args.size[0] and not alone
    inner = -1  # the first of the tiles before this one that read no zeros: theirs are the same addresses, shifted
    for begun in range(0, width, _WIDTH):
        w = min(begun, width - _WIDTH)
        column = w * stride - args.pads[1]
        inside = complete and column >= 0 and column + _COLUMNS[stride] <= args.size[1]
        if inside and inner >= 0:
            tile.shift = (w - inner) * x_step
        else:
            _set_inputs(tile, args, zeros, x + w * x_step, column, line, past, wrap, back)
            tile.shift = 0
            inner = w if inside else -1
        tile.y[0] = y + w * y_step
        tile.y[1] = spare if alone else y + w * y_step + 4 * args.y_strides[2]
        _run_tile(stride, tile)


def depthwise_3x3(ctx, params, begin, end):
    """Depthwise convolution, see `DEPTHWISE_ROW`. Units: pairs of lines of output pixels, of each plane by itself."""
    # x: padded input, y: (n, d, h, w, channels), weights: (taps, channels), both filled up to whole vectors
    args = view(DEPTHWISE_ROW, ctx, params)
    depth = args.extents[1]
    tile, zeros, spare = new_tile(), new_zeros(), new_spare()
    begin_tiles(tile, args, zeros)
    pairs = quotient(args.extents[2] + _LINES - 1, _LINES)
    start = args.x - 4 * (args.pads[0] * args.line + args.pads[1] * args.channels)
    for unit in range(begin, end):
        plane = quotient(unit, pairs)
        h = _LINES * (unit - plane * pairs)
        n = quotient(plane, depth)
        x = start + 4 * line_offset(args.x_strides, n, plane - n * depth, h)
        y = args.y + 4 * line_offset(args.y_strides, n, plane - n * depth, h)
        run_lines(tile, args, zeros, spare, h, x, y, -1, 0)


KERNELS = (depthwise_3x3,)

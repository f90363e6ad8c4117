"""The register tile of the gradient of a convolution by its kernel: a few (tap, channel) by a few vectors of filters.

    sum[r, v] = Σ_s Σ_k x[r][table[s].x + k·x_step] · w[table[s].w + k·w_step, v]

It differs from the tile of the convolution in what a step goes on by: from pixel to pixel in both operands, which lie
where they lie. A segment is a piece of a line of pixels: the table has three words for each, where it begins in x and
in w and how long it is.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.conv.kernel_frame import (
    FRAME_CHANNELS,
    FRAME_SEGMENTS,
    FRAME_TABLE,
    FRAME_WEIGHTS,
    FRAME_WEIGHTS_STEP,
    FRAME_X,
    FRAME_X_STEP,
)
from modelc.native.families.conv.kernel_simd import F32, I64, LANES, VECTOR, const
from modelc.native.families.conv.kernel_tile import Tile, dispatch

PIECE_WORDS = 3
"""Words of the table for a piece of a line."""


@intrinsic
def run_gradient_tile(typingctx, vectors, rows, frame):
    """As `run_tile`, for the gradient."""

    def codegen(context, builder, signature, args):
        dispatch(builder, args, _GradientTile, "gradient_tile")
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), codegen


class _GradientTile(Tile):
    """Emits the body of one function of the gradient."""

    def _accumulate(self, frame: ir.Value) -> None:
        builder = self._builder

        def word(index: int) -> ir.Value:
            return simd.load(builder, frame, I64, index)

        xs = [word(FRAME_X + r) for r in range(self._rows)]
        table, weights = word(FRAME_TABLE), word(FRAME_WEIGHTS)
        self._x_step, self._w_step = word(FRAME_X_STEP), word(FRAME_WEIGHTS_STEP)
        # Behind the last filter lies what is not to be read, or nothing at all.
        last = builder.sub(word(FRAME_CHANNELS), const((self._vectors - 1) * LANES))
        self._mask = simd.mask_below(builder, last)
        self._line = simd.new_cell(builder, I64)
        with simd.counted_loop(builder, const(0), word(FRAME_SEGMENTS)) as segment:
            slot = builder.add(table, builder.mul(segment, const(8 * PIECE_WORDS)))
            offset, start, length = (simd.load(builder, slot, I64, i) for i in range(PIECE_WORDS))
            offset = builder.mul(offset, const(4))
            builder.store(builder.add(weights, builder.mul(start, const(4))), self._line)
            pointers = [simd.pointer(builder, builder.add(x, offset), F32) for x in xs]
            self._run(pointers, length)

    def _multiply(self, pointers: list[ir.Value], k: ir.Value, count: int) -> None:
        builder, last = self._builder, self._vectors - 1
        line = builder.load(self._line)
        for step in range(count):
            place = builder.add(k, const(step)) if step else k
            weights = builder.add(line, builder.mul(builder.mul(place, self._w_step), const(4)))
            lanes = [simd.load(builder, weights, VECTOR, v) for v in range(last)]
            lanes.append(simd.load_masked(builder, weights, self._mask, last))
            index = builder.mul(place, self._x_step)
            for row, x in enumerate(pointers):
                value = simd.splat(builder, builder.load(builder.gep(x, [index]), align=4))
                for v in range(self._vectors):
                    cell = self._cells[step][row][v]
                    builder.store(simd.multiply_add(builder, value, lanes[v], builder.load(cell)), cell)

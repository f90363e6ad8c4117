"""The register tile of the gradient of a convolution by its kernel, of packed pixels.

    sum[r, v] = Σ_k x[k, r] · w[k, v]

Both operands are packed pixel by pixel: x as a panel with `PANEL_ROWS` values for each pixel, of which the tile reads
some, dy with the vectors of the tile only.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.view import emit_field
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.conv.kernel_frame import FRAME
from modelc.native.families.conv.kernel_simd import F32, I64, LANES, VECTOR, const
from modelc.native.families.conv.kernel_tile import Tile, tile_runner
from modelc.native.families.conv.params import PANEL_ROWS
from modelc.native.target import host


class _PackedGradientTile(Tile):
    """Emits the body of one tile function of the gradient."""

    fetches_ahead = False

    def _accumulate(self, frame: ir.Value, tile: ir.Value) -> None:
        builder = self._builder
        self._weights = simd.new_cell(builder, I64)
        builder.store(emit_field(builder, FRAME, frame, "weights"), self._weights)
        panel = simd.pointer(builder, emit_field(builder, FRAME, frame, "x"), F32)
        self._run([panel], emit_field(builder, FRAME, frame, "length"))

    def _multiply(self, pointers: list[ir.Value], k: ir.Value, count: int) -> None:
        builder = self._builder
        (panel,) = pointers
        weights = builder.load(self._weights)
        pixel = builder.gep(panel, [builder.mul(k, const(PANEL_ROWS))])
        for step in range(count):
            lanes = [simd.load(builder, weights, VECTOR, step * self._vectors + v) for v in range(self._vectors)]
            for row in range(self._rows):
                place = builder.gep(pixel, [const(step * PANEL_ROWS + row)])
                value = simd.splat(builder, builder.load(place, align=4))
                for v in range(self._vectors):
                    cell = self._cells[step][row][v]
                    builder.store(simd.multiply_add(builder, value, lanes[v], builder.load(cell)), cell)
        size = count * self._vectors * LANES * 4
        builder.store(builder.add(weights, const(size)), self._weights)


run_packed_gradient_tiles = tile_runner(_PackedGradientTile, "packed_gradient_tile")
"""`run_tiles` for the gradient. `frame.x[0]` is the address of the tile's first row in the panel. Rows that the tile
has besides those asked for hold anything; the frame has a place for them to be stored at."""


def _packing(keeping: bool):
    @intrinsic
    def pack(typingctx, y, y_step, x, x_step, count, width):
        def codegen(context, builder, signature, args):
            vectors = builder.udiv(builder.add(args[5], const(LANES - 1)), const(LANES))
            end = builder.append_basic_block("packed")
            choice = builder.switch(vectors, end)
            for wide in range(1, max(host().max_vectors, PANEL_ROWS // LANES) + 1):
                block = builder.append_basic_block(f"pack{wide}")
                choice.add_case(const(wide), block)
                builder.position_at_end(block)
                _emit_packing(builder, args, wide, keeping)
                builder.branch(end)
            builder.position_at_end(end)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 6), codegen

    return pack


def _emit_packing(builder: ir.IRBuilder, args, vectors: int, keeping: bool) -> None:
    """Emit the loop over pixels for so many vectors, of which only the last may be cut off."""
    y, y_step, x, x_step, count, width = args
    last = vectors - 1
    mask = simd.mask_below(builder, builder.sub(width, const(last * LANES)))
    with simd.counted_loop(builder, const(0), count) as k:
        source = builder.add(x, builder.mul(k, x_step))
        target = builder.add(y, builder.mul(k, y_step))
        for v in range(last):
            simd.store(builder, simd.load(builder, source, VECTOR, v), target, v)
        value = simd.load_masked(builder, source, mask, last)
        if keeping:  # quicker than a store of some lanes
            value = builder.select(mask, value, simd.load(builder, target, VECTOR, last))
        simd.store(builder, value, target, last)


pack_columns, pack_rows = _packing(keeping=False), _packing(keeping=True)
"""``y[k·y_step + i] = x[k·x_step + i]`` for k < count and i < width, which is at least 1; steps in bytes.

What follows in y up to a whole vector becomes zero in `pack_columns`; `pack_rows` writes it back as it was.
"""

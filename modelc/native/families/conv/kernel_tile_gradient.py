"""The register tile of the gradient of a convolution by its kernel: a few (tap, channel) by a few vectors of filters.

    sum[r, v] = Σ_s Σ_k x[r][table[s].x + k·x_step] · w[table[s].w + k·w_step, v]

Unlike the tile of the convolution, a step goes from pixel to pixel in both operands, neither of which is packed. A
segment is a piece of a line of pixels, and the table holds a `PIECE` for each.
"""

from __future__ import annotations

from llvmlite import ir

from modelc.native.code.view import emit_field
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.conv.kernel_frame import FRAME
from modelc.native.families.conv.kernel_simd import F32, I64, LANES, VECTOR, const
from modelc.native.families.conv.kernel_tile import Tile, tile_runner
from modelc.native.families.conv.params import PIECE


class _GradientTile(Tile):
    """Emits the body of one tile function of the gradient."""

    fetches_ahead = False

    def _accumulate(self, frame: ir.Value, tile: ir.Value) -> None:
        builder = self._builder

        def field(name: str) -> ir.Value:
            return emit_field(builder, FRAME, frame, name)

        xs = self._rows_of(frame, tile, "x")
        table, weights = field("table"), field("weights")
        self._x_step, self._w_step = field("x_step"), field("weights_step")
        # Behind the last filter lies what is not to be read, or nothing at all.
        last = builder.sub(field("channels"), const((self._vectors - 1) * LANES))
        self._mask = simd.mask_below(builder, last)
        self._line = simd.new_cell(builder, I64)
        with simd.counted_loop(builder, const(0), field("segments")) as segment:
            slot = builder.add(table, builder.mul(segment, const(PIECE.bytes)))
            offset, start, length = (emit_field(builder, PIECE, slot, name) for name in ("x", "weights", "length"))
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


run_gradient_tiles = tile_runner(_GradientTile, "gradient_tile")
"""`run_tiles` for the gradient."""

"""The register tile: a few output pixels by a few vectors of output channels, summed over a window.

    sum[r, v] = bias[v] + Σ_s Σ_k x[r][table[s] + k] · w[s, k, v]

All sums stay in registers; each step broadcasts one input value per row against vectors of weights. The shape
follows from the number of registers (Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication",
2008). A tile too small to hide the latency of the multiply-add sums several k at once in sums of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.rows import declared_function, switch_function
from modelc.native.code.view import emit_address, emit_field
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.conv.kernel_frame import FRAME
from modelc.native.families.conv.kernel_simd import F32, I64, LANES, VECTOR, const
from modelc.native.target import CACHE_LINE, host

_BUSY = 8
"""Sums that keep the multiply-add units busy: latency times throughput."""
_HEIGHTS = {1: (1, 2, 4, 8), 2: (1, 2, 4, 6, 8, 10, 12), 3: (1, 2, 4, 6, 8), 4: (1, 2, 4, 5)}
"""For each number of vectors, the heights that are compiled besides the full one, and, of tiles as low as those of 16
registers, the one below it: fewer compile faster, more waste fewer rows."""
_AHEAD = 1024
"""The bytes of weights between those that are read and those that begin to come from a farther cache or from memory, as
the first tile needs them: the CPU by itself begins later."""
_LONG, _BEGINNING = 512, 256
"""The values of a row from which on its beginning is fetched while the tile before is summed, and the bytes of that."""
_UNROLLED = 4
"""The input values of a turn of the loop over them."""
_LOW = 6
"""A full tile that is no taller has one row in six or more to waste."""


def _heights(vectors: int) -> tuple[int, ...]:
    """The heights of tiles of so many vectors that are compiled."""
    full = host().tile_rows(vectors)
    below = {full - 1} if full <= _LOW else set[int]()
    return (*sorted({rows for rows in _HEIGHTS[vectors] if rows < full} | below), full)


def _sets(rows: int, vectors: int) -> int:
    """Independent sums over k, a power of two, that keep the multiply-add units busy."""
    sets = 1
    while sets * rows * vectors < _BUSY:
        sets *= 2
    return sets


def _heights_of_one_order(vectors: int) -> tuple[int, ...]:
    """The heights whose sums are in the same order as those of the tallest tile, and so have the same bits."""
    heights = _heights(vectors)
    return tuple(rows for rows in heights if _sets(rows, vectors) == _sets(heights[-1], vectors))


def tile_runner(
    tile: type[Tile], name: str, heights: Callable[[int], tuple[int, ...]] = _heights
) -> Callable[..., None]:
    """A function for kernels, of vectors, rows, a frame, and tiles: it computes so many tiles of `vectors` by at least
    `rows` that the frame describes, the rows of each `x_tile` and `y_tile` bytes after those of the one before.

    Between them nothing is looked up and no function called, so that tiles with short sums take half the time. The tile
    that runs may have more rows, up to `MAX_ROWS`. The frame repeats its last row, which is then stored more than once,
    with the same bits.
    """

    def emit(builder: ir.IRBuilder, vectors: ir.Value, rows: ir.Value, frame: ir.Value, tiles: ir.Value) -> None:
        _dispatch(builder, vectors, rows, frame, tiles, tile, name, heights)

    return _runner(emit)


def _runner(emit: Callable[..., None]) -> Callable[..., None]:
    """A function for kernels, of vectors, rows, a frame, and tiles, which are emitted so."""

    @intrinsic
    def run(typingctx, vectors, rows, frame, tiles):
        def codegen(context, builder, signature, args):
            emit(builder, args[0], args[1], emit_address(builder, args[2]), args[3])
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, frame, types.int64), codegen

    return run


def _dispatch(
    builder: ir.IRBuilder, vectors: ir.Value, rows: ir.Value, frame: ir.Value, tiles: ir.Value,
    tile: type[Tile], name: str, heights: Callable[[int], tuple[int, ...]],
) -> None:  # fmt: skip
    """Call the compiled tile function of that many vectors with the fewest rows that are enough."""
    end = builder.append_basic_block("tiled")
    wide = builder.switch(vectors, end)
    for count in range(1, host().max_vectors + 1):
        block = builder.append_basic_block(f"wide{count}")
        wide.add_case(const(count), block)
        builder.position_at_end(block)
        _dispatch_rows(builder, rows, frame, tiles, tile=tile, name=name, heights=heights, count=count)
        builder.branch(end)
    builder.position_at_end(end)


def _dispatch_rows(
    builder: ir.IRBuilder, rows: ir.Value, frame: ir.Value, tiles: ir.Value,
    *, tile: type[Tile], name: str, heights: Callable[[int], tuple[int, ...]], count: int,
) -> None:  # fmt: skip
    """`_dispatch` for `count` vectors."""
    end = builder.append_basic_block("tall")
    tall = builder.switch(rows, end)
    smallest = 1
    for height in heights(count):
        call = builder.append_basic_block(f"{name}{height}x{count}")
        for fits in range(smallest, height + 1):
            tall.add_case(const(fits), call)
        smallest = height + 1
        builder.position_at_end(call)
        function = _tile_function(builder.module, tile, f"{name}_{height}x{count}", height, count)
        builder.call(function, [frame, tiles])
        builder.branch(end)
    builder.position_at_end(end)


def _tile_function(module: ir.Module, tile: type[Tile], name: str, rows: int, vectors: int) -> ir.Function:
    """The function of a frame and a number that computes so many tiles, made at the first call."""
    if name in module.globals:
        return module.globals[name]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64, I64]), name)
    function.linkage = "linkonce_odr"
    function.attributes.add("noinline")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    tile(builder, rows, vectors).emit(*function.args)
    builder.ret_void()
    return function


class Tile:
    """Emits the body of one tile function; sums live in stack cells that LLVM promotes to registers."""

    fetches_ahead: ClassVar[bool] = True
    """Whether the weights may be far away when the first tile reads them."""

    def __init__(self, builder: ir.IRBuilder, rows: int, vectors: int) -> None:
        self._builder = builder
        self._rows = rows
        self._vectors = vectors
        self._sets = _sets(rows, vectors)
        self._fetches = False
        self._cells = [
            [[simd.new_cell(builder, VECTOR) for _ in range(vectors)] for _ in range(rows)] for _ in range(self._sets)
        ]

    def emit(self, frame: ir.Value, tiles: ir.Value) -> None:
        """Emit the whole function."""
        with simd.counted_loop(self._builder, const(0), tiles) as tile:
            self._begin(frame, tile)
            self._fetch_ends(frame, tile)
            self._fetch_next(frame, tile, tiles)
            self._accumulate_tile(frame, tile)
            self._finish(frame, tile, self._sums())

    def _begin(self, frame: ir.Value, tile: ir.Value) -> None:
        """Emit what the sums begin with: zeros."""
        for cells in self._cells:
            for row in cells:
                for cell in row:
                    self._builder.store(ir.Constant(VECTOR, None), cell)

    def _rows_of(self, frame: ir.Value, tile: ir.Value, name: str) -> list[ir.Value]:
        """Emit the addresses of all rows of a tile, of the input or the output."""
        builder = self._builder
        before = builder.mul(tile, emit_field(builder, FRAME, frame, f"{name}_tile"))
        return [builder.add(emit_field(builder, FRAME, frame, name, r), before) for r in range(self._rows)]

    def _fetch_ends(self, frame: ir.Value, tile: ir.Value) -> None:
        """Have what is written at the end, and what is added then, come into the cache during the sums."""
        builder = self._builder
        lines = range(0, 4 * LANES * self._vectors, CACHE_LINE)
        ys = self._rows_of(frame, tile, "y")
        for y in ys:
            for line in lines:
                simd.prefetch(builder, builder.add(y, const(line)), write=True)
        accumulate = emit_field(builder, FRAME, frame, "accumulate")
        with builder.if_then(builder.icmp_signed("!=", accumulate, const(0))):
            residual = emit_field(builder, FRAME, frame, "residual")
            for y in ys:
                for line in lines:
                    simd.prefetch(builder, builder.add(builder.add(y, residual), const(line)))

    def _fetch_next(self, frame: ir.Value, tile: ir.Value, tiles: ir.Value) -> None:
        """Have the beginnings of the next tile's rows come into the cache, where the sums are long; what follows in a
        row comes by itself."""
        builder = self._builder
        following = builder.add(tile, const(1))
        is_long = builder.icmp_signed(">=", emit_field(builder, FRAME, frame, "length"), const(_LONG))
        with builder.if_then(builder.and_(is_long, builder.icmp_signed("<", following, tiles))):
            for x in self._rows_of(frame, following, "x"):
                for line in range(0, _BEGINNING, CACHE_LINE):
                    simd.prefetch(builder, builder.add(x, const(line)))

    def _accumulate_tile(self, frame: ir.Value, tile: ir.Value) -> None:
        """Emit `_accumulate`: twice where the first tile fetches the weights into the cache, as others find them there,
        and each instruction costs a thread that has half a core."""
        if not self.fetches_ahead:
            self._accumulate(frame, tile)
            return
        with self._builder.if_else(self._builder.icmp_signed("==", tile, const(0))) as (first, others):
            for part, self._fetches in ((first, True), (others, False)):
                with part:
                    self._accumulate(frame, tile)

    def _accumulate(self, frame: ir.Value, tile: ir.Value) -> None:
        """Emit the loops that add all products to the sums."""
        builder = self._builder

        def field(name: str) -> ir.Value:
            return emit_field(builder, FRAME, frame, name)

        xs = self._rows_of(frame, tile, "x")
        table, segments, length = field("table"), field("segments"), field("length")
        self._weights = simd.new_cell(builder, I64)
        builder.store(field("weights"), self._weights)
        with simd.counted_loop(builder, const(0), segments) as segment:
            slot = builder.add(table, builder.mul(segment, const(8)))
            offset = builder.mul(simd.load(builder, slot, I64), const(4))
            pointers = [simd.pointer(builder, builder.add(x, offset), F32) for x in xs]
            self._run(pointers, length)

    def _run(self, pointers: list[ir.Value], length: ir.Value) -> None:
        """Emit the loop over `length` input values of every row, of which a turn takes one for each set of sums, or
        several where there is one set: what a loop costs besides then leaves more to a thread that has half a core."""
        builder, turn = self._builder, self._sets if self._sets > 1 else _UNROLLED
        whole = builder.and_(length, const(-turn))
        with simd.counted_loop(builder, const(0), whole, turn) as k:
            self._begin_turn(turn)
            for first in range(0, turn, self._sets):
                self._multiply(pointers, builder.add(k, const(first)) if first else k, self._sets)
        with simd.counted_loop(builder, whole, length) as k:
            self._multiply(pointers, k, 1)

    def _begin_turn(self, count: int) -> None:
        """Emit what comes before the products of so many input values."""

    def _multiply(self, pointers: list[ir.Value], k: ir.Value, count: int) -> None:
        """Emit the products of input values k to k + count, each added to its own set of sums."""
        builder = self._builder
        weights = builder.load(self._weights)
        for step in range(count):
            base = step * self._vectors
            lanes = [simd.load(builder, weights, VECTOR, base + v) for v in range(self._vectors)]
            for line in range(0, 4 * LANES * self._vectors, CACHE_LINE) if self._fetches else ():
                simd.prefetch(builder, builder.add(weights, const(4 * LANES * base + line + _AHEAD)))
            index = builder.add(k, const(step)) if step else k
            for row, x in enumerate(pointers):
                value = simd.splat(builder, builder.load(builder.gep(x, [index]), align=4))
                for v in range(self._vectors):
                    cell = self._cells[step][row][v]
                    builder.store(simd.multiply_add(builder, value, lanes[v], builder.load(cell)), cell)
        size = count * self._vectors * LANES * 4
        builder.store(builder.add(weights, const(size)), self._weights)

    def _sums(self) -> list[list[ir.Value]]:
        """Emit the additions of the sets of sums, pair by pair."""
        builder = self._builder
        sets = [[[builder.load(cell) for cell in row] for row in cells] for cells in self._cells]
        while len(sets) > 1:
            half = len(sets) // 2
            sets = [
                [[builder.fadd(a, b) for a, b in zip(*rows, strict=True)] for rows in zip(*pair, strict=True)]
                for pair in zip(sets[:half], sets[half:], strict=True)
            ]
        return sets[0]

    def _finish(self, frame: ir.Value, tile: ir.Value, sums: list[list[ir.Value]]) -> None:
        """Emit the rest: add bias and old values, apply the epilogue, store the channels that there are."""
        builder, vectors = self._builder, self._vectors
        last = vectors - 1

        def field(name: str) -> ir.Value:
            return emit_field(builder, FRAME, frame, name)

        places = [(r, v) for r in range(self._rows) for v in range(vectors)]
        ys = self._rows_of(frame, tile, "y")
        cells = {place: simd.new_cell(builder, VECTOR) for place in places}
        for (r, v), cell in cells.items():
            builder.store(sums[r][v], cell)
        channels = field("channels")
        mask = simd.mask_below(builder, builder.sub(channels, const(last * LANES)))

        with builder.if_then(builder.icmp_signed("!=", field("bias"), const(0))):
            bias = [simd.load(builder, field("bias"), VECTOR, v) for v in range(vectors)]
            for (_, v), cell in cells.items():
                builder.store(builder.fadd(builder.load(cell), bias[v]), cell)
        with builder.if_then(builder.icmp_signed("!=", field("accumulate"), const(0))):
            # All are read before any is written: a repeated row must find what the first one found.
            olds = [builder.add(y, field("residual")) for y in ys]
            old = {
                (r, v): simd.load_masked(builder, olds[r], mask, v)
                if v == last
                else simd.load(builder, olds[r], VECTOR, v)
                for r, v in places
            }
            for place, cell in cells.items():
                builder.store(builder.fadd(builder.load(cell), old[place]), cell)
        low, high = field("low"), field("high")
        done = simd.epilogue(builder, [builder.load(c) for c in cells.values()], field("epilogue"), low, high)
        result = dict(zip(places, done, strict=True))
        for (r, v), value in result.items():
            if v != last:
                simd.store(builder, value, ys[r], v)
        with builder.if_else(builder.icmp_signed("<", channels, const(vectors * LANES))) as (tail, full):
            with tail:
                for r, y in enumerate(ys):
                    simd.store_masked(builder, result[r, last], y, mask, last)
            with full:
                for r, y in enumerate(ys):
                    simd.store(builder, result[r, last], y, last)


class SumTile(Tile):
    """A tile whose sums begin with those of another product, whole vectors of them: ``z + x·w``.

    The tiles of a block of columns are few, so that the weights of the block after it are fetched meanwhile: with the
    first one of them it would wait for memory.
    """

    fetches_ahead = False

    def _begin(self, frame: ir.Value, tile: ir.Value) -> None:
        super()._begin(frame, tile)
        builder = self._builder
        self._following, self._following_step = (
            simd.new_cell(builder, I64),
            emit_field(builder, FRAME, frame, "following_step"),
        )
        before = builder.mul(builder.mul(tile, emit_field(builder, FRAME, frame, "length")), self._following_step)
        builder.store(builder.add(emit_field(builder, FRAME, frame, "following"), before), self._following)
        for cells, z in zip(self._cells[0], self._rows_of(frame, tile, "z"), strict=True):
            for v, cell in enumerate(cells):
                builder.store(simd.load(builder, z, VECTOR, v), cell)

    def _begin_turn(self, count: int) -> None:
        builder = self._builder
        step = builder.mul(self._following_step, const(2))
        for _ in range(0, count, 2):  # lines are longer than two steps
            following = builder.load(self._following)
            simd.prefetch(builder, following, level=2)
            builder.store(builder.add(following, step), self._following)


_RUN = "modelc_run_tiles"
_PARAMETERS = (I64,) * 3


def _call(builder: ir.IRBuilder, *args: ir.Value) -> None:
    builder.call(declared_function(builder.module, _RUN, _PARAMETERS), args)


def _call_of_one_order(builder: ir.IRBuilder, vectors: ir.Value, rows: ir.Value, *args: ir.Value) -> None:
    """Emit the call for no fewer rows than those of the lowest tile of that order."""
    least: ir.Value = const(_heights_of_one_order(1)[0])
    for count in range(2, host().max_vectors + 1):
        is_so_wide = builder.icmp_signed("==", vectors, const(count))
        least = builder.select(is_so_wide, const(_heights_of_one_order(count)[0]), least)
    _call(builder, vectors, builder.select(builder.icmp_signed("<", rows, least), least, rows), *args)


def _call_here(builder: ir.IRBuilder, *args: ir.Value) -> None:
    """Emit the call, and the function itself into the same module, if it is not there yet."""
    cases = {
        count: partial(_dispatch_rows, tile=Tile, name="tile", heights=_heights, count=count)
        for count in range(1, host().max_vectors + 1)
    }
    builder.call(switch_function(builder.module, _RUN, _PARAMETERS, cases), args)


run_tiles = _runner(_call)
"""A `tile_runner` of `Tile`: a call of the function that the family of `conv` shares, as to compile all tiles anew for
each family that runs them would take longer than all else that it has."""
run_tiles_of_one_order = _runner(_call_of_one_order)
"""`run_tiles` for sums whose bits are not to depend on the number of rows."""
run_tiles_here = _runner(_call_here)
"""`run_tiles`, with the function in the same module."""
run_sum_tiles = tile_runner(SumTile, "sum_tile", _heights_of_one_order)
"""`run_tiles_of_one_order` for sums that begin with what lies at z."""

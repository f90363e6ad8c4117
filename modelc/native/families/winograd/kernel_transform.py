"""The two transforms of Winograd's convolution for one tile, as code on vectors of channels.

    v[i, j] = (Bᵀ·x·B)[i, j]        y[i, j] = epilogue(bias + (Aᵀ·m·A)[i, j])

The matrices are those of `transforms.py`, unrolled: sums share what the points p and -p have in common. A tile
within the image is read and written by its strides; of one over an edge each element has an address of its own, that of
zeros or of a place that nobody reads where it lies outside. The last vector of channels ends with the channels, over
those of the one before, and gives the same bits there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.record import F64, I64, Record
from modelc.native.code.view import emit_address, emit_field, on_stack
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.conv.kernel_simd import LANES, VECTOR, const
from modelc.native.families.winograd.transforms import MOST_POINTS, Form, TileAxis, transforms

TILE = Record.of(
    image=I64, rows=I64 * MOST_POINTS, columns=I64 * MOST_POINTS, row=I64, column=I64, points=I64,
    point=I64, channels=I64, bias=I64, epilogue=I64, low=F64, high=F64,
)  # fmt: skip
"""image: the address of the first element of the tile in x or y. row, column: bytes from one to the next. rows,
columns: of a tile over an edge, whether each is inside: -1, else 0. points: the address of the tile's first point, and
point the bytes from one to the next. channels: those to do, at least `LANES`. The rest is for outputs."""

new_tile = on_stack(TILE)
"""A tile's record on the caller's stack."""


class _Emitter:
    """Linear combinations of vectors as instructions."""

    def __init__(self, builder: ir.IRBuilder) -> None:
        self.builder = builder

    def combined(self, factors: Sequence[float], vectors: Sequence[ir.Value]) -> ir.Value:
        """Σ factor · vector, those of factor 1 or -1 first, as they need no multiplication; no factor is all zeros."""
        builder = self.builder
        terms = sorted((abs(f) != 1, i) for i, f in enumerate(factors) if f)
        total = None
        for _, i in terms:
            factor, vector = float(factors[i]), vectors[i]
            if total is None:
                total = vector if factor == 1 else builder.fmul(_splat(factor), vector)
            elif factor == 1:
                total = builder.fadd(total, vector)
            elif factor == -1:
                total = builder.fsub(total, vector)
            else:
                total = simd.multiply_add(builder, _splat(factor), vector, total)
        assert total is not None
        return total

    def inputs(self, axis: TileAxis, vectors: Sequence[ir.Value]) -> list[ir.Value]:
        """Bᵀ·vectors: of each pair of rows the even part plus and minus the odd one."""
        matrix = transforms(axis)[2]
        if len(matrix) == 1:
            return list(vectors)
        first, *pairs, last = matrix
        made = [self.combined(first, vectors)]
        for row in pairs[::2]:
            even, odd = row.copy(), row.copy()
            even[1::2] = odd[::2] = 0
            scale = odd[np.flatnonzero(odd)[-1]]
            e, o = self.combined(even, vectors), self.combined(odd / scale, vectors)
            made += [self.combined((1, scale), (e, o)), self.combined((1, -scale), (e, o))]
        return [*made, self.combined(last, vectors)]

    def outputs(self, axis: TileAxis, vectors: Sequence[ir.Value]) -> list[ir.Value]:
        """Aᵀ·vectors: of each pair of columns one product with the sum, or with the difference, of its vectors."""
        matrix = transforms(axis)[0]
        if len(vectors) == 1:
            return list(vectors)
        first, *pairs, last = vectors
        sums = [self.builder.fadd(a, b) for a, b in zip(pairs[::2], pairs[1::2], strict=True)]
        differences = [self.builder.fsub(a, b) for a, b in zip(pairs[::2], pairs[1::2], strict=True)]
        return [
            self.combined([row[0], *row[1:-1:2], row[-1]], [first, *(differences if i % 2 else sums), last])
            for i, row in enumerate(matrix)
        ]


def _splat(value: float) -> ir.Constant:
    return ir.Constant(VECTOR, [value] * LANES)


class _Tile:
    """What both transforms need of a tile: its fields, and the addresses of its elements in the image."""

    def __init__(self, builder: ir.IRBuilder, record: ir.Value, height: int, width: int, over_edge: bool) -> None:
        self._builder = builder
        self._record = record
        self._height = height
        self._width = width
        self._places: list[tuple[ir.Value, ir.Value]] = []
        if over_edge:
            self._write_places()

    def field(self, name: str, index: int = 0) -> ir.Value:
        return emit_field(self._builder, TILE, self._record, name, index)

    def _write_places(self) -> None:
        """Emit the address of each element for channel 0, and the bits of a channel's offset that are added to it."""
        builder = self._builder
        outside = simd.new_cell(builder, VECTOR)
        builder.store(ir.Constant(VECTOR, None), outside)
        elsewhere = builder.ptrtoint(outside, simd.I64)
        for (i, j), at in zip(product(range(self._height), range(self._width)), self._strided(), strict=True):
            inside = builder.and_(self.field("rows", i), self.field("columns", j))
            base = builder.select(builder.icmp_signed("!=", inside, const(0)), at, elsewhere)
            cells = simd.new_cell(builder, simd.I64), simd.new_cell(builder, simd.I64)
            for cell, value in zip(cells, (base, inside), strict=True):
                builder.store(value, cell)
            self._places.append(cells)

    def _strided(self) -> list[ir.Value]:
        builder = self._builder
        made = []
        row = self.field("image")
        for _ in range(self._height):
            at = row
            for _ in range(self._width):
                made.append(at)
                at = builder.add(at, self.field("column"))
            row = builder.add(row, self.field("row"))
        return made

    def addresses(self, offset: ir.Value) -> list[ir.Value]:
        """The elements' addresses for the channels from `offset` bytes on, row by row."""
        builder = self._builder
        if not self._places:
            return [builder.add(at, offset) for at in self._strided()]
        return [
            builder.add(builder.load(base), builder.and_(offset, builder.load(inside))) for base, inside in self._places
        ]


def _each_vector(builder: ir.IRBuilder, channels: ir.Value, emit: Callable[[ir.Value], None]) -> None:
    """Emit a loop over the vectors of channels, given their offsets in bytes."""
    last = builder.sub(channels, const(LANES))
    with simd.counted_loop(builder, const(0), builder.add(channels, const(LANES - 1)), LANES) as first:
        start = builder.select(builder.icmp_signed("<", first, last), first, last)
        emit(builder.mul(start, const(4)))


def _turned(rows: Sequence[Sequence[ir.Value]]) -> list[list[ir.Value]]:
    """Rows as columns."""
    return [list(column) for column in zip(*rows, strict=True)]


def _emit_input(builder: ir.IRBuilder, record: ir.Value, form: Form, over_edge: bool) -> None:
    height, width = form.rows.points, form.columns.points
    tile, emitter = _Tile(builder, record, height, width, over_edge), _Emitter(builder)

    def vector(offset: ir.Value) -> None:
        addresses = tile.addresses(offset)
        columns = []
        for j in range(width):
            column = [simd.load(builder, address, VECTOR) for address in addresses[j::width]]
            columns.append(emitter.inputs(form.rows, column))
        at, step = builder.add(tile.field("points"), offset), tile.field("point")
        for row in _turned(columns):
            for value in emitter.inputs(form.columns, row):
                simd.store(builder, value, at)
                at = builder.add(at, step)

    _each_vector(builder, tile.field("channels"), vector)


def _emit_output(builder: ir.IRBuilder, record: ir.Value, form: Form, over_edge: bool) -> None:
    tile = _Tile(builder, record, form.rows.outputs, form.columns.outputs, over_edge)
    emitter = _Emitter(builder)

    def vector(offset: ir.Value) -> None:
        at, step = builder.add(tile.field("points"), offset), tile.field("point")
        rows = []  # for each point along the height, the outputs along the width
        for _ in range(form.rows.points):
            points = []
            for _ in range(form.columns.points):
                points.append(simd.load(builder, at, VECTOR))
                at = builder.add(at, step)
            rows.append(emitter.outputs(form.columns, points))
        bias = simd.new_cell(builder, VECTOR)
        builder.store(ir.Constant(VECTOR, None), bias)
        with builder.if_then(builder.icmp_signed("!=", tile.field("bias"), const(0))):
            builder.store(simd.load(builder, builder.add(tile.field("bias"), offset), VECTOR), bias)
        made = _turned([emitter.outputs(form.rows, column) for column in _turned(rows)])
        values = [builder.fadd(value, builder.load(bias)) for row in made for value in row]
        low, high = tile.field("low"), tile.field("high")
        values = simd.epilogue(builder, values, tile.field("epilogue"), low, high)
        for value, address in zip(values, tile.addresses(offset), strict=True):
            simd.store(builder, value, address)

    _each_vector(builder, tile.field("channels"), vector)


def _function(module: ir.Module, name: str, emit: Callable, form: Form, over_edge: bool) -> ir.Function:
    name = f"{name}_{'edge' if over_edge else 'inner'}"
    if name in module.globals:
        return module.globals[name]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [simd.I64]), name)
    function.linkage = "linkonce_odr"
    function.attributes.add("noinline")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    emit(builder, function.args[0], form, over_edge)
    builder.ret_void()
    return function


def _transform(name: str, emit: Callable, form: Form):
    @intrinsic
    def transform(typingctx, tile, over_edge):
        def codegen(context, builder, signature, args):
            record = emit_address(builder, args[0])
            with builder.if_else(args[1]) as branches:
                for branch, edge in zip(branches, (True, False), strict=True):
                    with branch:
                        builder.call(_function(builder.module, name, emit, form, edge), [record])
            return context.get_dummy_value()

        return types.void(tile, types.boolean), codegen

    return transform


def transform_input(form: Form):
    """A function for kernels of a tile and whether it lies over an edge: the points of the tile's inputs."""
    return _transform("winograd_input", _emit_input, form)


def transform_output(form: Form):
    """A function for kernels of a tile and whether it lies over an edge: the tile's outputs."""
    return _transform("winograd_output", _emit_output, form)

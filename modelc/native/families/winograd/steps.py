"""The step of Winograd's convolution. Numba-free."""

from __future__ import annotations

from modelc.graph.sizes import likely
from modelc.graph.types import ITEM_BYTES
from modelc.native.code.layout import Operand
from modelc.native.engine.schedule import Step
from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.conv.params import Epilogue
from modelc.native.families.winograd.params import WINOGRAD, WorkingMemory
from modelc.native.families.winograd.transforms import FORMS, Form
from modelc.native.lowering.context import at
from modelc.native.target import LANES, Target, host

Two = tuple[int, int]

_UNITS = 16
"""Units that the work of a sample is cut into, if it can be, so that several threads have even shares."""
_EVEN_UNITS = 4
"""Units that are taken for enough where they are even."""
_FEWEST_TILES = 8
"""Tiles of a block, at the least: each one reads all weights anew."""
_FEWEST_FILTERS = 2 * LANES
"""Filters of a unit, at the least: each one may have to transform its inputs anew."""


def winograd_step(
    *,
    x: Operand,
    y: Operand,
    weights: Operand,
    bias: Operand,
    work: Operand,
    memory: WorkingMemory,
    batch: int,
    size: Two,
    y_size: Two,
    x_strides: Two,
    y_strides: Two,
    pads: Two,
    epilogue: Epilogue | None = None,
    target: Target | None = None,
) -> Step:
    """The step of a convolution with the window of a form and strides of 1.

    ``y[n,h,w,q] = epilogue(bias[q] + Σ_{i,j,c} x[n, h+i-pads[0], w+j-pads[1], c]·kernel[i,j,c,q])``, x zero outside

    batch: the number of samples, as a Dim. size, y_size: height and width. x_strides, y_strides: elements from a line
    to the next, and from a pixel to the next. weights, bias: by `pack_winograd` and `pack_bias`. work: memory as
    `memory` lays it out, 64-byte aligned, whose leases are zero.
    """
    target, epilogue = target or host(), epilogue or Epilogue()
    filters = memory.filters
    tiles = memory.form.tiles(*y_size)
    columns = blocks_of(filters, target)
    block = tiles_of_unit(likely(tiles), memory.block, filters)
    part = columns_of_unit(filters, -(-likely(tiles) // block), target)
    parts = -(-columns.count // part)
    params = WINOGRAD.pack(
        x=x, y=y, weights=weights, bias=bias, leases=work, areas=at(work, memory.leases // ITEM_BYTES),
        slots=memory.slots, area=memory.area, v_point=memory.v_point, m_point=memory.m_point,
        batch=batch, size=size, y_size=y_size, x_strides=x_strides, y_strides=y_strides, pads=pads,
        channels=memory.channels, filters=filters,
        block=block, parts=parts, part=part, vectors=columns.vectors, rows=target.tile_rows(columns.vectors),
        epilogue=epilogue.code, low=epilogue.low, high=epilogue.high,
    )  # fmt: skip
    return Step(kernel_of(memory.form), params, batch * tiles, tile=block, times=parts)


def kernel_of(form: Form) -> str:
    """The kernel for a form."""
    return next(name for name, one in FORMS.items() if one == form)


def tiles_of_unit(tiles: int, most: int, filters: int) -> int:
    """The tiles of a block, where a sample has so many: fewer than may be where units would be few, and uneven."""
    parts = max(1, filters // _FEWEST_FILTERS)
    blocks = -(-tiles // most)
    if blocks * parts < _EVEN_UNITS:
        blocks = max(blocks, min(-(-_EVEN_UNITS // parts), tiles // _FEWEST_TILES))
        return -(-tiles // blocks)
    return most


def columns_of_unit(filters: int, blocks: int, target: Target) -> int:
    """The blocks of columns of a unit, where a sample has so many blocks of tiles."""
    columns = blocks_of(filters, target)
    width = columns.vectors * target.lanes
    parts = max(1, min(-(-_UNITS // max(1, blocks)), filters // _FEWEST_FILTERS))
    part = -(-columns.count // parts)
    while 0 < filters % (part * width) < target.lanes:  # an output's last vector ends with the filters of its part
        part += 1
    return part

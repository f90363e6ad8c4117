"""The step of Strassen's products. Numba-free."""

from __future__ import annotations

from modelc.graph.sizes import likely
from modelc.graph.types import ITEM_BYTES
from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine.schedule import Step
from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.conv.params import Epilogue
from modelc.native.families.strassen.params import STRASSEN, PanelMemory, half_of, left_of, panels_of
from modelc.native.lowering.context import at
from modelc.native.target import Target, host

_UNITS = 4
"""Units that the work of a sample is cut into, if it can be, so that several threads have even shares."""
_FEWEST_BLOCKS = 4
"""Blocks of columns of a unit, at the least: each one writes the sums of its rows anew."""


def strassen_step(
    *,
    x: Operand,
    y: Operand,
    weights: Operand,
    bias: Operand,
    work: Operand,
    memory: PanelMemory,
    batch: int,
    rows: int,
    residual: Operand = ABSENT,
    epilogue: Epilogue | None = None,
    target: Target | None = None,
) -> Step:
    """The step of a matrix product.

    ``y[n,r,q] = epilogue(bias[q] + Σ_k x[n,r,k]·matrix[k,q] + residual[n,r,q])``

    batch: the number of samples, as a Dim. weights, bias: by `strassen_pieces` and `pack_strassen_bias`. work: memory
    as `memory` lays it out, 64-byte aligned, whose leases are zero. residual: with the strides of y, which it may be
    itself.
    """
    target, epilogue = target or host(), epilogue or Epilogue()
    columns, left = blocks_of(half_of(memory.columns, target), target), left_of(memory.columns, target)
    panels = panels_of(rows)
    parts = max(1, min(-(-_UNITS // max(1, likely(panels))), columns.count // _FEWEST_BLOCKS))
    part = -(-columns.count // parts)
    parts = -(-columns.count // part)
    params = STRASSEN.pack(
        x=x, y=y, weights=weights, bias=bias, residual=residual, leases=work,
        areas=at(work, memory.leases // ITEM_BYTES), slots=memory.slots, area=memory.area, sum_row=memory.sum_row,
        product_row=memory.product_row, product=memory.product, zeros=memory.zeros, batch=batch, rows=rows,
        depth=memory.depth, columns=memory.columns, left=left, half=columns.total, panels=panels, parts=parts,
        part=part, vectors=columns.vectors, tile_rows=target.tile_rows(columns.vectors),
        epilogue=epilogue.code, low=epilogue.low, high=epilogue.high,
    )  # fmt: skip
    return Step("strassen", params, batch * panels, times=parts)

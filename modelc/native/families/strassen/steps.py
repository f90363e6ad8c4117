"""The steps of Strassen's products. Numba-free."""

from __future__ import annotations

from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine.schedule import Step
from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.conv.params import Epilogue
from modelc.native.families.strassen.params import (
    STRASSEN,
    STRASSEN_SUMS,
    half_of,
    left_of,
    pairs_of,
    panels_of,
    sum_row,
)
from modelc.native.lowering.context import GRAIN
from modelc.native.target import Target, host


def sums_step(*, x: Operand, sums: Operand, batch: int, rows: int, depth: int) -> Step:
    """The step that writes what products take of the rows of x: see `STRASSEN_SUMS`.

    batch: the number of samples, as a Dim.
    """
    params = STRASSEN_SUMS.pack(x=x, sums=sums, sum_row=sum_row(depth), batch=batch, rows=rows, depth=depth)
    return Step("strassen_sums", params, batch * pairs_of(rows), grain=max(1, GRAIN // (2 * depth)))


def strassen_step(
    *,
    x: Operand,
    y: Operand,
    weights: Operand,
    bias: Operand,
    sums: Operand,
    batch: int,
    rows: int,
    depth: int,
    columns: int,
    residual: Operand = ABSENT,
    epilogue: Epilogue | None = None,
    target: Target | None = None,
) -> Step:
    """The step of a matrix product.

    ``y[n,r,q] = epilogue(bias[q] + Σ_k x[n,r,k]·matrix[k,q] + residual[n,r,q])``

    batch: the number of samples, as a Dim. weights, bias: by `strassen_pieces` and `pack_strassen_bias`. sums: what
    `sums_step` wrote. residual: with the strides of y, which it may be itself.
    """
    target, epilogue = target or host(), epilogue or Epilogue()
    blocks, left, panels = blocks_of(half_of(columns, target), target), left_of(columns, target), panels_of(rows)
    params = STRASSEN.pack(
        x=x, y=y, weights=weights, bias=bias, residual=residual, sums=sums, sum_row=sum_row(depth), batch=batch,
        rows=rows, depth=depth, columns=columns, left=left, half=blocks.total, panels=panels, vectors=blocks.vectors,
        tile_rows=target.tile_rows(blocks.vectors), epilogue=epilogue.code, low=epilogue.low, high=epilogue.high,
    )  # fmt: skip
    return Step("strassen", params, batch * panels, times=blocks.count)

"""Lowering of look-ups, their gradients, conversions and counts."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.families.elementwise.lower import activation_code
from modelc.native.families.elementwise.params import UNARY
from modelc.native.families.gather.params import ADD_ROWS, BATCH_SIZE, CAST, GATHER, Cast
from modelc.native.lowering.context import Lowering, scaled
from modelc.native.lowering.rules import lowers
from modelc.native.target import LANES
from modelc.ops.elementwise import Cast as CastOp
from modelc.ops.gather import AddRows, Gather
from modelc.ops.reduce import BatchSize


@lowers(AddRows)
def lower_add_rows(lowering: Lowering, node: Node) -> None:
    """A loop over the indices for each vector of the width."""
    indices, dy = node.inputs
    rows, width = node.output.type.dims
    params = ADD_ROWS.pack(
        y=lowering.operand(node.output), indices=lowering.operand(indices), dy=lowering.operand(dy), rows=rows,
        width=width, count=scaled(indices.type, indices.type.size),
    )  # fmt: skip
    lowering.step("add_rows", params, -(-width // LANES), elements=rows + indices.type.size)


@lowers(BatchSize)
def lower_batch_size(lowering: Lowering, node: Node) -> None:
    """One number."""
    lowering.step("batch_size", BATCH_SIZE.pack(y=lowering.operand(node.output)), 1)


@lowers(Gather)
def lower_gather(lowering: Lowering, node: Node) -> None:
    """Rows of a table."""
    indices, table = node.inputs
    rows, width = table.type.dims
    params = GATHER.pack(
        y=lowering.operand(node.output), table=lowering.operand(table), indices=lowering.operand(indices),
        rows=rows, width=width,
    )  # fmt: skip
    lowering.step("gather", params, scaled(indices.type, indices.type.size), elements=width)


@lowers(CastOp)
def lower_cast(lowering: Lowering, node: Node) -> None:
    """A conversion, or a copy where there is nothing to convert."""
    assert isinstance(node.op, CastOp)
    (x,) = node.inputs
    y, size = lowering.operand(node.output), scaled(x.type, x.type.size)
    if x.type.dtype == node.op.dtype:
        code, p = activation_code(None)
        lowering.step("unary", UNARY.pack(y=y, x=lowering.operand(x), code=code, p=p), size)
        return
    kind = Cast.INT32_TO_FLOAT32 if node.op.dtype == "float32" else Cast.FLOAT32_TO_INT32
    lowering.step("cast", CAST.pack(y=y, x=lowering.operand(x), kind=int(kind)), size)

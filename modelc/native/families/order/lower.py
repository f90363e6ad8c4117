"""Lowering of sorting, and of picking by places that are computed."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.graph.sizes import likely
from modelc.native.families.order.params import ALONG, ORDER
from modelc.native.lowering.context import Lowering, around, scaled
from modelc.native.lowering.rules import lowers
from modelc.ops.order import AddAlong, Order, TakeAlong


@lowers(Order)
def lower_order(lowering: Lowering, node: Node) -> None:
    """A sort for each row."""
    assert isinstance(node.op, Order)
    (x,) = node.inputs
    outer, n, inner = around(x.type, node.op.axis)
    params = ORDER.pack(y=lowering.operand(node.output), x=lowering.operand(x), n=n, inner=inner)
    lowering.step("order", params, scaled(x.type, outer * inner), elements=n * max(1, likely(n).bit_length()))


@lowers(AddAlong, TakeAlong)
def lower_along(lowering: Lowering, node: Node) -> None:
    """A loop over the indices."""
    assert isinstance(node.op, TakeAlong | AddAlong)
    x, indices = node.inputs
    adds = isinstance(node.op, AddAlong)
    outer, n, inner = around(node.output.type if adds else x.type, node.op.axis)
    count = indices.type.dims[node.op.axis - indices.type.batched]
    params = ALONG.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), indices=lowering.operand(indices), n=n, count=count,
        inner=inner,
    )  # fmt: skip
    if adds:
        lowering.step("add_along", params, scaled(x.type, outer), elements=(n + count) * inner)
    else:
        lowering.step("take_along", params, scaled(x.type, outer * count), elements=inner)

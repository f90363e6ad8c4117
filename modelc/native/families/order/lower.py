"""Lowering of sorting, and of picking by places that are computed."""

from __future__ import annotations

import math

from modelc.graph.graph import Node
from modelc.graph.types import TensorType
from modelc.native.families.basic_params import ALONG, ORDER
from modelc.native.lowering.context import Lowering, scaled
from modelc.native.lowering.rules import lowers
from modelc.ops.order import AddAlong, Order, TakeAlong


@lowers(Order)
def lower_order(lowering: Lowering, node: Node) -> None:
    """A sort for each row."""
    assert isinstance(node.op, Order)
    (x,) = node.inputs
    outer, n, inner = _around(x.type, node.op.axis)
    params = ORDER.pack(y=lowering.operand(node.output), x=lowering.operand(x), n=n, inner=inner)
    lowering.step("order", params, scaled(x.type, outer * inner), elements=n * max(1, n.bit_length()))


@lowers(AddAlong, TakeAlong)
def lower_along(lowering: Lowering, node: Node) -> None:
    """A loop over the indices."""
    assert isinstance(node.op, TakeAlong | AddAlong)
    x, indices = node.inputs
    adds = isinstance(node.op, AddAlong)
    outer, n, inner = _around(node.output.type if adds else x.type, node.op.axis)
    count = indices.type.dims[node.op.axis - indices.type.batched]
    params = ALONG.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), indices=lowering.operand(indices), n=n, count=count,
        inner=inner,
    )  # fmt: skip
    if adds:
        lowering.step("add_along", params, scaled(x.type, outer), elements=(n + count) * inner)
    else:
        lowering.step("take_along", params, scaled(x.type, outer * count), elements=inner)


def _around(type: TensorType, axis: int) -> tuple[int, int, int]:
    """The elements before, along and after an axis, per sample."""
    dims = [1 if d is None else d for d in type.shape]
    return math.prod(dims[:axis]), dims[axis], math.prod(dims[axis + 1 :])

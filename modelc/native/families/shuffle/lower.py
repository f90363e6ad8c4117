"""Lowering of the order of a batch."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.families.shuffle.params import SHUFFLE
from modelc.native.lowering.context import Lowering
from modelc.native.lowering.rules import lowers
from modelc.ops.shuffle import Shuffle


@lowers(Shuffle)
def lower_shuffle(lowering: Lowering, node: Node) -> None:
    """Sample by sample."""
    assert isinstance(node.op, Shuffle)
    x, keys = node.inputs
    params = SHUFFLE.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), keys=lowering.operand(keys), samples=-1,
        size=x.type.size, inverse=int(node.op.inverse),
    )  # fmt: skip
    lowering.step("shuffle", params, -1, elements=x.type.size)

"""Lowering of softmax and its relatives."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.families.reduce.params import blocks
from modelc.native.families.softmax.params import SOFTMAX
from modelc.native.families.softmax.params import Softmax as SoftmaxKind
from modelc.native.lowering.context import Lowering, around, scaled
from modelc.native.lowering.rules import lowers
from modelc.native.target import CHANNELS
from modelc.ops.softmax import Softmax


@lowers(Softmax)
def lower_softmax(lowering: Lowering, node: Node) -> None:
    """A distribution along one axis."""
    assert isinstance(node.op, Softmax)
    (x,) = node.inputs
    outer, n, inner = around(x.type, node.op.axis)
    params = SOFTMAX.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), n=n, inner=inner,
        kind=int(SoftmaxKind[node.op.kind.upper()]),
    )  # fmt: skip
    times = 1 if inner == 1 else blocks(inner, 1)
    lowering.step("softmax", params, scaled(x.type, outer), times=times, elements=n * min(inner, CHANNELS), grain=1024)

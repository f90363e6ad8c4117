"""Lowering of normalizations."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.code.layout import ABSENT
from modelc.native.families.normalize.params import NORMALIZE, Normalization
from modelc.native.families.reduce.lower import over_view
from modelc.native.lowering.context import Lowering
from modelc.native.lowering.rules import lowers
from modelc.native.passes.regular_axes import regular_view
from modelc.ops.normalize import Normalize


@lowers(Normalize)
def lower_normalize(lowering: Lowering, node: Node) -> None:
    """Division by a sample's own statistics."""
    assert isinstance(node.op, Normalize)
    (x,) = node.inputs
    seen = regular_view(x.type, node.op.axes)
    params = NORMALIZE.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), scale=ABSENT, shift=ABSENT, r1=seen.r1, k=seen.k,
        r2=seen.r2, kind=int(Normalization[node.op.kind.upper()]), epsilon=float(node.op.epsilon),
    )  # fmt: skip
    over_view(lowering, "normalize", params, seen)

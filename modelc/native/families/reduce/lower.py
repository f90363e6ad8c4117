"""Lowering of reductions."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.families.reduce.params import REDUCE, Reduction, blocks
from modelc.native.lowering.context import Lowering
from modelc.native.lowering.rules import lowers
from modelc.native.passes.regular_axes import View, regular_view
from modelc.native.target import CHANNELS
from modelc.ops.reduce import Reduce


@lowers(Reduce)
def lower_reduce(lowering: Lowering, node: Node) -> None:
    """Sums, means and extremes along axes."""
    assert isinstance(node.op, Reduce)
    (x,) = node.inputs
    seen = regular_view(x.type, node.op.axes)
    params = REDUCE.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), r1=seen.r1, k=seen.k, r2=seen.r2,
        kind=int(Reduction[node.op.kind.upper()]),
    )  # fmt: skip
    over_view(lowering, "reduce", params, seen)


def over_view(lowering: Lowering, kernel: str, params: list[int], seen: View) -> None:
    """Add the step of a kernel that reduces the axes of a view."""
    times = blocks(seen.k, seen.r2)
    elements = abs(seen.r1) * seen.r2 * min(seen.k, CHANNELS)
    lowering.step(kernel, params, seen.a, times=times, elements=elements, over_batch=seen.r1 < 0)

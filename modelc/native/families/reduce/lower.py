"""Lowering of reductions."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.families.pool.params import POOL
from modelc.native.families.reduce.params import REDUCE, Reduction, blocks, reduced_at_once
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
    if node.op.kind == "max" and seen.r2 == 1 and seen.r1 >= 0:
        _largest_of_columns(lowering, node, seen)
        return
    channels = reduced_at_once(seen.k)
    params = REDUCE.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), r1=seen.r1, k=seen.k, r2=seen.r2,
        kind=int(Reduction[node.op.kind.upper()]), channels=channels,
    )  # fmt: skip
    over_view(lowering, "reduce", params, seen, channels)


def _largest_of_columns(lowering: Lowering, node: Node, seen: View) -> None:
    """A maximum over all positions is that of one window: with max pooling, no other family of kernels is needed."""
    # Groups of channels are rows of the output, which threads share.
    groups, channels = (seen.k // CHANNELS, CHANNELS) if seen.k % CHANNELS == 0 else (1, seen.k)
    params = POOL.pack(
        y=lowering.operand(node.output), x=lowering.operand(node.inputs[0]), size=(1, groups, seen.r1),
        out=(1, groups, 1), window=(1, 1, seen.r1), stride=(1, 1, 1), pad=(0, 0, 0),
        x_strides=(seen.r1 * seen.k, 0, channels, seen.k), y_strides=(seen.k, 0, channels, channels),
        channels=channels,
    )  # fmt: skip
    lowering.step("max_pool", params, seen.a, times=groups, elements=seen.r1 * channels)


def over_view(lowering: Lowering, kernel: str, params: list[int], seen: View, channels: int = CHANNELS) -> None:
    """Add the step of a kernel that reduces the axes of a view, of so many `channels` in a unit."""
    times = blocks(seen.k, seen.r2, channels)
    elements = abs(seen.r1) * seen.r2 * min(seen.k, channels)
    lowering.step(kernel, params, seen.a, times=times, elements=elements, over_batch=seen.r1 < 0)

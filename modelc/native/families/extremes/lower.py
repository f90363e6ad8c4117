"""Lowering of the gradients of adaptive maxima and sparsemax."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.families.extremes.params import ADAPTIVE_MAX_GRADIENT, SPARSEMAX_GRADIENT
from modelc.native.lowering.context import Lowering, scaled, strides_of
from modelc.native.lowering.rules import lowers
from modelc.native.target import LANES
from modelc.ops.adaptive_pool import AdaptiveMaxPoolGradient
from modelc.ops.softmax import SparsemaxGradient


@lowers(AdaptiveMaxPoolGradient)
def lower_adaptive_max_gradient(lowering: Lowering, node: Node) -> None:
    """Window by window along one axis."""
    assert isinstance(node.op, AdaptiveMaxPoolGradient)
    pool, (x, y, dy) = node.op.pool, node.inputs
    shape = [1 if d is None else d for d in x.type.shape]
    size, channels = shape[pool.axis], strides_of(shape)[pool.axis]
    params = ADAPTIVE_MAX_GRADIENT.pack(
        dx=lowering.operand(node.output), x=lowering.operand(x), y=lowering.operand(y), dy=lowering.operand(dy),
        size=size, out=pool.size, channels=channels,
    )  # fmt: skip
    before, vectors = x.type.size // (size * channels), -(-channels // LANES)
    lowering.step("adaptive_max_gradient", params, scaled(x.type, before * vectors), elements=size * LANES)


@lowers(SparsemaxGradient)
def lower_sparsemax_gradient(lowering: Lowering, node: Node) -> None:
    """Each line along one axis by itself."""
    assert isinstance(node.op, SparsemaxGradient)
    x, dz = node.inputs
    shape = [1 if d is None else d for d in x.type.shape]
    n, inner = shape[node.op.axis], strides_of(shape)[node.op.axis]
    params = SPARSEMAX_GRADIENT.pack(
        dx=lowering.operand(node.output), x=lowering.operand(x), dz=lowering.operand(dz), n=n, inner=inner
    )
    lowering.step("sparsemax_gradient", params, scaled(x.type, x.type.size // n), elements=n * 8)

"""Lowering of the gradients of pooling."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.code.layout import ABSENT
from modelc.native.families.pool.params import POOL_GRADIENT
from modelc.native.lowering.context import Lowering, front, scaled, strides_of
from modelc.native.lowering.rules import lowers
from modelc.native.target import CHANNELS
from modelc.ops.pool import AveragePoolGradient, MaxPoolGradient


@lowers(AveragePoolGradient, MaxPoolGradient)
def lower_pool_gradient(lowering: Lowering, node: Node) -> None:
    """Windows that slide over the gradient."""
    op = node.op
    assert isinstance(op, MaxPoolGradient | AveragePoolGradient)
    pool, dy, dx = op.pool, node.inputs[-1], node.output
    *spatial, channels = dx.type.dims
    *out, _ = dy.type.dims
    x, y = (lowering.operand(v) for v in node.inputs[:2]) if isinstance(op, MaxPoolGradient) else (ABSENT, ABSENT)
    params = POOL_GRADIENT.pack(
        dx=lowering.operand(dx), x=x, y=y, dy=lowering.operand(dy), size=front(spatial, 3, 1), out=front(out, 3, 1),
        window=front(pool.size, 3, 1), stride=front(pool.strides, 3, 1),
        pad=front([low for low, _ in pool.padding], 3, 0),
        x_strides=(dx.type.size, *front(strides_of(dx.type.dims)[:-1], 3, 0)),
        y_strides=(dy.type.size, *front(strides_of(dy.type.dims)[:-1], 3, 0)), channels=channels,
    )  # fmt: skip
    kernel = "max_pool_gradient" if isinstance(op, MaxPoolGradient) else "average_pool_gradient"
    groups = -(-channels // CHANNELS)
    lowering.step(kernel, params, scaled(dx.type, groups), elements=dx.type.size // groups)

"""Lowering of pooling."""

from __future__ import annotations

import math

from modelc.graph.graph import Node
from modelc.native.families.pool.params import POOL
from modelc.native.lowering.context import Lowering, front, scaled, strides_of
from modelc.native.lowering.rules import lowers
from modelc.ops.pool import Pool


@lowers(Pool)
def lower_pool(lowering: Lowering, node: Node) -> None:
    """A window that slides."""
    op = node.op
    assert isinstance(op, Pool)
    (x,) = node.inputs
    *spatial, channels = x.type.dims
    *out, _ = node.output.type.dims
    params = POOL.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), size=front(spatial, 3, 1), out=front(out, 3, 1),
        window=front(op.size, 3, 1), stride=front(op.strides, 3, 1), pad=front([low for low, _ in op.padding], 3, 0),
        x_strides=(x.type.size, *front(strides_of(x.type.dims)[:-1], 3, 0)),
        y_strides=(node.output.type.size, *front(strides_of(node.output.type.dims)[:-1], 3, 0)),
        channels=channels,
    )  # fmt: skip
    rows = math.prod(out[:-1])
    kernel = "max_pool" if op.kind == "max" else "average_pool"
    lowering.step(kernel, params, scaled(x.type, rows), elements=out[-1] * channels * math.prod(op.size))

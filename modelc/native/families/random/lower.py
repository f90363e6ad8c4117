"""Lowering of random numbers."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.engine.schedule import Step
from modelc.native.families.random.params import DRAWN, RANDOM, Draw
from modelc.native.lowering.context import Lowering, scaled
from modelc.native.lowering.rules import lowers
from modelc.ops.random import Random


@lowers(Random)
def lower_random(lowering: Lowering, node: Node) -> None:
    """Draws, block by block."""
    op = node.op
    assert isinstance(op, Random)
    step = node.inputs[0]
    size = scaled(node.output.type, node.output.type.size)
    params = RANDOM.pack(
        y=lowering.operand(node.output), step=lowering.operand(step), step_is_float=int(step.type.dtype == "float32"),
        key=(op.key & 0xFFFFFFFF, op.key >> 32), kind=int(Draw[op.kind.upper()]), size=size,
    )  # fmt: skip
    lowering.steps.append(Step("random", params, size, tile=DRAWN, grain=4))

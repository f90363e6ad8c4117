"""Lowering of random numbers."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.code.layout import ABSENT
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
    step, number = node.inputs[0], node.inputs[1] if op.in_loop else None
    size = scaled(node.output.type, node.output.type.size)
    params = RANDOM.pack(
        y=lowering.operand(node.output), step=lowering.operand(step), step_is_float=int(step.type.dtype == "float32"),
        number=ABSENT if number is None else lowering.operand(number),
        number_is_float=int(number is not None and number.type.dtype == "float32"),
        key=(op.key & 0xFFFFFFFF, op.key >> 32), kind=int(Draw[op.kind.upper()]), size=size,
    )  # fmt: skip
    lowering.steps.append(Step("random", params, size, tile=DRAWN, grain=4))

"""Lowering of loops over steps, which stand in flat graphs as ops in a row: see `flatten_loops`."""

from __future__ import annotations

from modelc.graph.graph import Node, Value
from modelc.native.engine.schedule import Step
from modelc.native.families.loop.params import BEGIN, PART, STATE, TURN
from modelc.native.lowering.context import Lowering, scaled
from modelc.native.lowering.rules import lowers
from modelc.native.ops.loop import BeginLoop, PutPart, SetState, TakePart, Turn


@lowers(BeginLoop)
def lower_begin(lowering: Lowering, node: Node) -> None:
    """The first states, each where those of the other steps will lie, and 0."""
    op = node.op
    assert isinstance(op, BeginLoop)
    for state, first in zip(node.others, node.inputs[op.scanned : op.scanned + op.carried], strict=False):
        _set(lowering, state, first)
    lowering.step("begin_loop", BEGIN.pack(done=lowering.operand(node.output)), 1)
    lowering.mark(node.output)


@lowers(TakePart)
def lower_take(lowering: Lowering, node: Node) -> None:
    """A copy of the part of each sample."""
    assert isinstance(node.op, TakePart)
    whole, done = node.inputs
    _part(lowering, "take_part", node.op, whole, node.output, done)


@lowers(PutPart)
def lower_put(lowering: Lowering, node: Node) -> None:
    """A copy to the place in each sample."""
    assert isinstance(node.op, PutPart)
    part, done, whole = node.inputs
    _part(lowering, "put_part", node.op, whole, part, done)


@lowers(SetState)
def lower_set(lowering: Lowering, node: Node) -> None:
    """A copy."""
    after, state = node.inputs
    _set(lowering, state, after)


@lowers(Turn)
def lower_turn(lowering: Lowering, node: Node) -> None:
    """Count, and go back."""
    assert isinstance(node.op, Turn)
    done = node.inputs[0]
    params = TURN.pack(done=lowering.operand(done), steps=node.op.steps)
    lowering.steps.append(Step("turn", params, 1, back=len(lowering.steps) - lowering.marked(done)))


def _part(lowering: Lowering, kernel: str, op: TakePart | PutPart, whole: Value, part: Value, done: Value) -> None:
    size = part.type.size
    params = PART.pack(
        whole=lowering.operand(whole), part=lowering.operand(part), done=lowering.operand(done), steps=op.steps,
        size=size, backward=int(op.backward),
    )  # fmt: skip
    lowering.step(kernel, params, scaled(part.type, 1), elements=size)


def _set(lowering: Lowering, y: Value, x: Value) -> None:
    params = STATE.pack(y=lowering.operand(y), x=lowering.operand(x), size=y.type.size)
    lowering.step("set_state", params, scaled(y.type, 1), elements=y.type.size)

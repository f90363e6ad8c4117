"""Lowering of recurrent layers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from modelc.graph.graph import Node, Value
from modelc.graph.sizes import surely_equal
from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine.schedule import Step
from modelc.native.families.conv.pack import blocks_of, pack_kernel
from modelc.native.families.elementwise.lower import activation_code
from modelc.native.families.loop.params import BEGIN, TURN
from modelc.native.families.recurrent.pack import blocks_of_units, pack_recurrent, pack_recurrent_bias
from modelc.native.families.recurrent.params import PER_SAMPLE, RECURRENT, RECURRENT_BACKWARD, TILE_ROWS, Cell
from modelc.native.lowering.context import Lowering, scaled
from modelc.native.lowering.rules import lowers
from modelc.native.ops.packed_recurrent import PackedRecurrent, PackedRecurrentBackward, recurrence_of
from modelc.native.ops.shared_recurrent import SharedRecurrent, StepCounter
from modelc.native.target import LANES, host
from modelc.ops.base import Array
from modelc.ops.recurrent import GATES, PARTS, PerSample, Recurrent
from modelc.ops.recurrent_backward import FACTORS, RecurrentBackward


@lowers(PackedRecurrent, Recurrent)
def lower_recurrent(lowering: Lowering, node: Node) -> None:
    """A whole sequence in one step; threads share the samples."""
    op = node.op
    assert isinstance(op, PackedRecurrent | Recurrent)
    params = _params(lowering, op, node.inputs, node.output, ABSENT)
    lowering.steps.append(Step("recurrent", params, scaled(node.output.type, 1), tile=TILE_ROWS))


@lowers(StepCounter)
def lower_counter(lowering: Lowering, node: Node) -> None:
    """No step is done."""
    lowering.steps.append(Step("begin_loop", BEGIN.pack(done=lowering.operand(node.output)), 1))


@lowers(SharedRecurrent)
def lower_shared(lowering: Lowering, node: Node) -> None:
    """A loop over the steps; threads share the units of each one."""
    assert isinstance(node.op, SharedRecurrent)
    *operands, counter = node.inputs
    done = lowering.operand(counter)
    blocks, grain = node.op.blocks, node.op.grain
    params = _params(lowering, node.op.base, operands, node.output, done)
    step = Step("recurrent", params, 1, times=blocks, grain=grain)
    turn = Step("turn", TURN.pack(done=done, steps=operands[0].type.dims[0]), 1, back=1)
    lowering.steps += [step, turn]


def _params(
    lowering: Lowering, node_op: Recurrent | PackedRecurrent, operands: Sequence[Value], output: Value, done: Operand
) -> Sequence[int]:
    """Those of the kernel."""
    op = recurrence_of(node_op)
    x, kernel, *rest = operands
    # The kernel reads what the step before left while it writes.
    assert surely_equal(op.kept, x.type.dims[0]) or op.kept >= 2
    units = output.type.dims[-1] // PARTS[op.kind]
    kind = Cell[op.kind.upper()]
    size = blocks_of_units(units) * GATES[op.kind] * LANES
    bias = mask = ABSENT
    if isinstance(node_op, PackedRecurrent):
        weights = lowering.operand(kernel)
        bias = lowering.operand(rest.pop(0)) if op.bias else ABSENT
    else:
        weights = lowering.constant(kernel, partial(pack_recurrent, kind=kind), units * size)
        if op.bias:
            bias = lowering.constant(rest.pop(0), partial(pack_recurrent_bias, units=units), size)
    if op.masked:
        mask = lowering.operand(rest.pop(0))
    h, c = (*map(lowering.operand, rest), ABSENT, ABSENT)[:2]
    code, p = activation_code(op.activation)
    gate_code, gate_p = activation_code(op.recurrent_activation)
    return RECURRENT.pack(
        y=lowering.operand(output), x=lowering.operand(x),
        weights=weights, bias=bias, mask=mask,
        h=h, c=c, table=lowering.words((0,)), done=done, steps=x.type.dims[0], kept=op.kept, size=units,
        kind=int(kind), gates=GATES[op.kind], parts=PARTS[op.kind], backward=int(op.backward),
        code=code, p=p, gate_code=gate_code, gate_p=gate_p,
    )  # fmt: skip


@lowers(PackedRecurrentBackward, RecurrentBackward)
def lower_recurrent_backward(lowering: Lowering, node: Node) -> None:
    """A whole sequence in one step; threads share the samples."""
    op = node.op.backward if isinstance(node.op, PackedRecurrentBackward) else node.op
    assert isinstance(op, RecurrentBackward)
    a, kernel, *rest = node.inputs
    dy = rest[-1]
    units = dy.type.dims[-1] // PARTS[op.kind]
    depth = GATES[op.kind] * units
    if isinstance(node.op, RecurrentBackward):
        weights = lowering.constant(kernel, _pack_transposed, depth * blocks_of(units).total * host().lanes)
    else:
        weights = lowering.operand(kernel)
    params = RECURRENT_BACKWARD.pack(
        y=lowering.operand(node.output), a=lowering.operand(a), weights=weights,
        mask=lowering.operand(rest[0]) if op.masked else ABSENT, dy=lowering.operand(dy),
        table=lowering.words((0, units, 3 * units)), steps=a.type.dims[0], kept=dy.type.dims[0],
        size=units, kind=int(Cell[op.kind.upper()]), gates=GATES[op.kind], parts=PARTS[op.kind], width=op.width,
        factors=FACTORS[op.kind], backward=int(op.backward),
    )  # fmt: skip
    lowering.steps.append(Step("recurrent_backward", params, scaled(a.type, 1), tile=TILE_ROWS))


def _pack_transposed(kernel: Array) -> Array:
    return pack_kernel(np.ascontiguousarray(kernel.T))


@lowers(PerSample)
def lower_per_sample(lowering: Lowering, node: Node) -> None:
    """A copy of the weight for each sample."""
    w, _ = node.inputs
    samples, size = w.type.dims[0], node.output.type.size
    params = PER_SAMPLE.pack(y=lowering.operand(node.output), w=lowering.operand(w), samples=samples, size=size)
    lowering.step("per_sample", params, scaled(node.output.type, 1), elements=size)

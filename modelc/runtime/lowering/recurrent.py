"""Lowering of recurrent layers."""

from __future__ import annotations

from functools import partial

import numpy as np

from modelc.graph.graph import Node
from modelc.kernels.layout import ABSENT
from modelc.kernels.layouts_recurrent import (
    PER_SAMPLE,
    RECURRENT,
    TILE_ROWS,
    WIDTH,
    Cell,
    blocks_of_units,
    pack_recurrent,
    pack_recurrent_bias,
)
from modelc.kernels.schedule import Step
from modelc.ops.fused import Fused
from modelc.ops.recurrent import GATES, Recurrent
from modelc.runtime.lowering.context import Lowering, scaled
from modelc.runtime.lowering.elementwise import activation_code


def lower_recurrent(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A whole sequence in one step; threads share the samples."""
    op = node.op
    assert isinstance(op, Recurrent)
    x, kernel, *rest = node.inputs
    assert op.kept >= min(2, x.type.dims[0]), "the kernel reads what the step before left while it writes"
    units = kernel.type.dims[0]
    kind = Cell[op.kind.upper()]
    size = blocks_of_units(units) * GATES[op.kind] * WIDTH
    bias = mask = ABSENT
    if op.bias:
        bias = lowering.constant(rest.pop(0), partial(pack_recurrent_bias, units=units), size)
    if op.masked:
        mask = lowering.operand(rest.pop(0))
    h, c = (*map(lowering.operand, rest), ABSENT, ABSENT)[:2]
    code, p = activation_code(op.activation)
    gate_code, gate_p = activation_code(op.recurrent_activation)
    params = RECURRENT.pack(
        y=lowering.operand(node.output), x=lowering.operand(x),
        weights=lowering.constant(kernel, partial(pack_recurrent, kind=kind), units * size), bias=bias, mask=mask,
        h=h, c=c, table=lowering.table(np.zeros(1, np.int64)), steps=x.type.dims[0], kept=op.kept, size=units,
        kind=int(kind), backward=int(op.backward), code=code, p=p, gate_code=gate_code, gate_p=gate_p,
    )  # fmt: skip
    lowering.steps.append(Step("recurrent", params, scaled(x.type, 1), tile=TILE_ROWS))


def lower_per_sample(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A copy."""
    w, _ = node.inputs
    samples, size = w.type.dims[0], node.output.type.size
    params = PER_SAMPLE.pack(y=lowering.operand(node.output), w=lowering.operand(w), samples=samples, size=size)
    lowering.step("per_sample", params, scaled(node.output.type, 1), elements=size)

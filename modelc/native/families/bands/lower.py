"""Lowering of convolutions that are done in bands of lines."""

from __future__ import annotations

from modelc.graph.graph import Node, Value
from modelc.graph.sizes import likely
from modelc.graph.types import ITEM_BYTES
from modelc.native.code.layout import ABSENT
from modelc.native.engine.schedule import Step
from modelc.native.families.bands.params import BANDS
from modelc.native.families.conv.lower import apply_activation, convolution_step, epilogue
from modelc.native.families.conv.params import CONV
from modelc.native.families.conv.steps import GRAIN
from modelc.native.families.elementwise.lower import activation_code
from modelc.native.lowering.context import Lowering, at, scaled
from modelc.native.lowering.rules import lowers
from modelc.native.ops.bands import Bands
from modelc.native.ops.fused import Fused
from modelc.native.ops.residual_sum import ResidualSum
from modelc.native.target import LANES
from modelc.ops.conv import Conv

_PARTS = 4
"""The most parts that threads take of a sample whose lines are expanded: each part expands some of another's again."""

_ABSENT = [0] * CONV.size
"""The parameters of a convolution that there is not, which are not read."""


@lowers(Bands)
def lower_bands(lowering: Lowering, node: Node) -> None:
    """A step over bands, whose parameters have those of each convolution after its own."""
    op, x, work = node.op, node.inputs[0], node.inputs[-1]
    assert isinstance(op, Bands)
    read, written = lowering.operand(x), lowering.operand(node.output)
    types = op.types(*(value.type for value in node.inputs))
    values = [x, *(Value(type, node.layer) for type in types)]
    steps: list[Step] = []
    for i, (stage, others) in enumerate(zip(op.stages, op.operands_of(node.inputs), strict=True)):
        fused, residual = _parts(stage), ABSENT
        if isinstance(stage, ResidualSum):
            *others, last = others
            residual = lowering.operand(last)
        one = Node(fused, (values[i], *others), values[i + 1])
        ends = read if i == 0 else ABSENT, written if i + 1 == len(types) else ABSENT
        steps.append(convolution_step(lowering, one, fused, *ends, residual))
    place = int(op.expand is not None)  # of the depthwise one
    depthwise, conv = steps[place], op.depthwise.base
    assert isinstance(conv, Conv)
    height, width, _ = values[place].type.dims
    window = op.operands_of(node.inputs)[place][0].type.dims[0]
    lines = types[place].dims[0]
    bands = -(-lines // op.lines)
    expand_code, expand_p = activation_code(epilogue(op.expand)[1])
    code, p = activation_code(epilogue(op.depthwise)[1])
    memory, area = op.memory, lowering.operand(work)
    params = BANDS.pack(
        x=read, y=written, leases=area, areas=at(area, memory.leases // ITEM_BYTES),
        slots=memory.slots, area=memory.area, middle=memory.middle, bands=bands, lines=op.lines,
        x_sample=x.type.size, x_line=x.type.size // x.type.dims[0],
        y_sample=node.output.type.size, y_line=node.output.type.size // lines,
        expands=place, projects=int(op.project is not None), in_pairs=int(depthwise.kernel == "depthwise_3x3"),
        height=height, width=width, ring=op.ring, top=conv.padding[0][0], stride=conv.strides[0],
        dilation=conv.dilation[0], reach=(window - 1) * conv.dilation[0] + 1,
        expand_code=expand_code, expand_p=expand_p, code=code, p=p,
    )  # fmt: skip
    params += depthwise.params
    params += steps[0].params if place else _ABSENT
    params += steps[-1].params if op.project is not None else _ABSENT
    cost = likely(node.macs) // LANES // likely(bands)
    grain = max(1, GRAIN // max(1, cost), -(-likely(bands) // _PARTS) if place else 1)
    lowering.steps.append(Step("bands", params, scaled(x.type, 1), times=bands, grain=grain))
    if op.project is not None:
        apply_activation(lowering, node, _parts(op.project))


def _parts(stage: Fused | ResidualSum) -> Fused:
    """The convolution of a stage with its bias and activation."""
    return stage.fused if isinstance(stage, ResidualSum) else stage

"""Lowering of Winograd's convolutions."""

from __future__ import annotations

from functools import partial

from modelc.graph.graph import Node
from modelc.graph.types import ITEM_BYTES
from modelc.native.families.conv.lower import apply_activation, bias_of, epilogue
from modelc.native.families.move.params import FILL
from modelc.native.families.winograd.pack import pack_winograd, winograd_elements
from modelc.native.families.winograd.steps import winograd_step
from modelc.native.lowering.context import Lowering, scaled
from modelc.native.lowering.rules import lowers, lowers_fused
from modelc.native.ops.fused import Fused
from modelc.native.ops.winograd import Winograd, WorkArea


@lowers(WorkArea)
def lower_work_area(lowering: Lowering, node: Node) -> None:
    """Leases that nobody has."""
    assert isinstance(node.op, WorkArea)
    fill = FILL.pack(y=lowering.operand(node.output), bits=0)
    lowering.step("fill", fill, node.op.memory.leases // ITEM_BYTES)


@lowers_fused(Winograd)
def lower_winograd(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A step over blocks of tiles."""
    op = fused.base if fused else node.op
    assert isinstance(op, Winograd)
    x, kernel, work = node.inputs[:3]
    memory = op.memory
    pack = partial(pack_winograd, outputs=memory.outputs)
    elements = winograd_elements(memory.channels, memory.filters, memory.outputs)
    height, width, _ = x.type.dims
    y_height, y_width, _ = node.output.type.dims
    (top, _), (left, _) = op.conv.padding
    lowering.steps.append(
        winograd_step(
            x=lowering.operand(x), y=lowering.operand(node.output), weights=lowering.constant(kernel, pack, elements),
            bias=bias_of(lowering, node, fused, memory.filters), work=lowering.operand(work), memory=memory,
            batch=scaled(x.type, 1), size=(height, width), y_size=(y_height, y_width), pads=(top, left),
            epilogue=epilogue(fused)[0],
        )
    )  # fmt: skip
    apply_activation(lowering, node, fused)

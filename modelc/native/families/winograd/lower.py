"""Lowering of Winograd's convolutions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from numpy.typing import NDArray

from modelc.graph.graph import Node
from modelc.native.families.conv.lower import apply_activation, bias_of, epilogue
from modelc.native.families.winograd.pack import winograd_elements, winograd_pieces
from modelc.native.families.winograd.steps import Two, winograd_step
from modelc.native.families.winograd.transforms import Form
from modelc.native.lowering.context import Lowering, front, scaled
from modelc.native.lowering.rules import lowers_fused
from modelc.native.ops.fused import Fused
from modelc.native.ops.winograd import Winograd


@lowers_fused(Winograd)
def lower_winograd(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A step over blocks of tiles."""
    op = fused.base if fused else node.op
    assert isinstance(op, Winograd)
    x, kernel, work = node.inputs[:3]
    memory, turned = op.memory, op.turned
    if op.packed:
        weights = lowering.operand(node.inputs[3])
    else:
        elements = winograd_elements(memory.form, memory.channels, memory.filters)
        weights = lowering.constant(kernel, partial(_pack, form=memory.form), elements)

    def plane(values: tuple[int, ...], fill: int) -> Two:
        """What is said of the last two axes of an image, or of a line as an image of one, as the form has them."""
        height, width = front(values, 2, fill)
        return (width, height) if turned else (height, width)

    def strides(dims: tuple[int, ...]) -> Two:
        *_, width, channels = dims
        return plane((width * channels, channels), 0)

    lowering.steps.append(
        winograd_step(
            x=lowering.operand(x), y=lowering.operand(node.output), weights=weights,
            bias=bias_of(lowering, node, fused, memory.filters), work=lowering.operand(work), memory=memory,
            batch=scaled(x.type, 1), size=plane(x.type.dims[:-1], 1), y_size=plane(node.output.type.dims[:-1], 1),
            x_strides=strides(x.type.dims), y_strides=strides(node.output.type.dims),
            pads=plane(tuple(low for low, _ in op.conv.padding), 0), epilogue=epilogue(fused)[0],
        )
    )  # fmt: skip
    apply_activation(lowering, node, fused)


def _pack(kernel: NDArray[Any], form: Form) -> Iterator[NDArray[Any]]:
    """A kernel whose window has one axis with several taps is that of a row, along whichever axis they are."""
    return winograd_pieces(kernel.reshape(*form.window, *kernel.shape[-2:]), form)

"""Lowering of the gradients of convolutions and matrix products by their kernels."""

from __future__ import annotations

import itertools
from typing import Any

from modelc.graph.graph import Node
from modelc.native.families.conv.params import DEPTHWISE_GRADIENT
from modelc.native.families.conv.steps_gradient import conv_gradient_step
from modelc.native.lowering.context import Lowering, scaled, strides_of
from modelc.native.lowering.rules import lowers
from modelc.native.ops.partial import PartialKernelGradient
from modelc.native.target import LANES
from modelc.ops.conv import ConvKernelGradient
from modelc.ops.matmul import MatMulKernelGradient


@lowers(MatMulKernelGradient)
def lower_matmul_kernel_gradient(lowering: Lowering, node: Node) -> None:
    """The gradient of a convolution without a window, of one line with all rows."""
    x, dy = node.inputs
    features, units = node.output.type.dims
    rows = scaled(x.type, x.type.size // features)
    lowering.steps.append(
        conv_gradient_step(
            x=lowering.operand(x), dy=lowering.operand(dy), y=lowering.operand(node.output),
            table=lowering.words((0,)), taps=1, channels=features, filters=units,
            extents=(1, 1, 1, rows), x_strides=(0, 0, 0, features), dy_strides=(0, 0, 0, units),
        )
    )  # fmt: skip


@lowers(ConvKernelGradient, PartialKernelGradient)
def lower_conv_kernel_gradient(lowering: Lowering, node: Node) -> None:
    """A product over all pixels; of a depthwise convolution channel by channel."""
    op, parts = (node.op.of, node.op.parts) if isinstance(node.op, PartialKernelGradient) else (node.op, 1)
    assert isinstance(op, ConvKernelGradient)
    x, dy = node.inputs
    channels, filters = x.type.dims[-1], dy.type.dims[-1]
    steps = strides_of(x.type.dims)[:-1]
    taps = itertools.product(*map(range, op.window))
    offsets = [sum(k * d * step for k, d, step in zip(tap, op.dilation, steps, strict=True)) for tap in taps]
    loops = [(scaled(x.type, 1), x.type.size, dy.type.size)]
    strides = zip(dy.type.dims, (s * k for s, k in zip(steps, op.strides, strict=True)), strides_of(dy.type.dims),
                  strict=False)  # fmt: skip
    for extent, x_stride, dy_stride in strides:
        outer = loops[-1]
        if (outer[1], outer[2]) == (x_stride * extent, dy_stride * extent):
            loops[-1] = (outer[0] * extent, x_stride, dy_stride)
        else:
            loops.append((extent, x_stride, dy_stride))
    # A batch that could not be merged with the axis after it is the first of the four.
    missing = [(1, 0, 0)] * (4 - len(loops))
    loops = [loops[0], *missing, *loops[1:]] if len(loops) > 1 else [*missing, *loops]
    extents, x_strides, dy_strides = (tuple(loop[i] for loop in loops) for i in range(3))
    common: dict[str, Any] = {
        "x": lowering.operand(x), "dy": lowering.operand(dy), "y": lowering.operand(node.output),
        "table": lowering.words(offsets), "taps": len(offsets),
        "extents": extents, "x_strides": x_strides, "dy_strides": dy_strides, "parts": parts,
    }  # fmt: skip
    if op.groups == channels == filters:
        vectors = -(-channels // LANES)
        pixels = dy.type.size // filters // parts
        lowering.step(
            "depthwise_gradient", DEPTHWISE_GRADIENT.pack(**common, channels=channels), parts * vectors,
            elements=pixels * len(offsets) * LANES, over_batch=x.type.batched,
        )  # fmt: skip
        return
    lowering.steps.append(
        conv_gradient_step(**common, channels=channels // op.groups, filters=filters // op.groups, groups=op.groups)
    )

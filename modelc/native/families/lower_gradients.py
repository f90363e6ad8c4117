"""Lowering of the ops that are gradients of others."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from modelc.graph.graph import Node
from modelc.native.code.layout import ABSENT
from modelc.native.engine.schedule import Step
from modelc.native.families.gradient_params import (
    ADAPTIVE_MAX_GRADIENT,
    ADD_ROWS,
    BATCH_SIZE,
    DEPTHWISE_GRADIENT,
    DRAWN,
    GROUP,
    POOL_GRADIENT,
    RANDOM,
    SPARSEMAX_GRADIENT,
    WIDE,
    Draw,
    conv_gradient_step,
)
from modelc.native.lowering.context import Lowering, front, scaled, strides_of
from modelc.native.lowering.rules import lowers
from modelc.native.ops.partial import PartialKernelGradient
from modelc.ops.adaptive_pool import AdaptiveMaxPoolGradient
from modelc.ops.conv import ConvKernelGradient
from modelc.ops.gather import AddRows
from modelc.ops.matmul import MatMulKernelGradient
from modelc.ops.pool import AveragePoolGradient, MaxPoolGradient
from modelc.ops.random import Random
from modelc.ops.reduce import BatchSize
from modelc.ops.softmax import SparsemaxGradient


@lowers(MatMulKernelGradient)
def lower_matmul_kernel_gradient(lowering: Lowering, node: Node) -> None:
    """The gradient of a convolution without a window, of one line with all rows."""
    x, dy = node.inputs
    features, units = node.output.type.dims
    rows = scaled(x.type, x.type.size // features)
    lowering.steps.append(
        conv_gradient_step(
            x=lowering.operand(x), dy=lowering.operand(dy), y=lowering.operand(node.output),
            table=lowering.table(np.zeros(1, np.int64)), taps=1, channels=features, filters=units,
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
        "table": lowering.table(np.array(offsets, np.int64)), "taps": len(offsets),
        "extents": extents, "x_strides": x_strides, "dy_strides": dy_strides, "parts": parts,
    }  # fmt: skip
    if op.groups == channels == filters:
        vectors = -(-channels // WIDE)
        pixels = dy.type.size // filters // parts
        lowering.step(
            "depthwise_gradient", DEPTHWISE_GRADIENT.pack(**common, channels=channels), parts * vectors,
            elements=pixels * len(offsets) * WIDE, over_batch=x.type.batched,
        )  # fmt: skip
        return
    lowering.steps.append(
        conv_gradient_step(**common, channels=channels // op.groups, filters=filters // op.groups, groups=op.groups)
    )


@lowers(AveragePoolGradient, MaxPoolGradient)
def lower_pool_gradient(lowering: Lowering, node: Node) -> None:
    """Windows that slide over the gradient."""
    op = node.op
    assert isinstance(op, MaxPoolGradient | AveragePoolGradient)
    pool, dy, dx = op.pool, node.inputs[-1], node.output
    *spatial, channels = dx.type.dims
    *out, _ = dy.type.dims
    x, y = (lowering.operand(v) for v in node.inputs[:2]) if isinstance(op, MaxPoolGradient) else (ABSENT, ABSENT)
    params = POOL_GRADIENT.pack(
        dx=lowering.operand(dx), x=x, y=y, dy=lowering.operand(dy), size=front(spatial, 3, 1), out=front(out, 3, 1),
        window=front(pool.size, 3, 1), stride=front(pool.strides, 3, 1),
        pad=front([low for low, _ in pool.padding], 3, 0),
        x_strides=(dx.type.size, *front(strides_of(dx.type.dims)[:-1], 3, 0)),
        y_strides=(dy.type.size, *front(strides_of(dy.type.dims)[:-1], 3, 0)), channels=channels,
    )  # fmt: skip
    kernel = "max_pool_gradient" if isinstance(op, MaxPoolGradient) else "average_pool_gradient"
    groups = -(-channels // GROUP)
    lowering.step(kernel, params, scaled(dx.type, groups), elements=dx.type.size // groups)


@lowers(AdaptiveMaxPoolGradient)
def lower_adaptive_max_gradient(lowering: Lowering, node: Node) -> None:
    """Window by window along one axis."""
    assert isinstance(node.op, AdaptiveMaxPoolGradient)
    pool, (x, y, dy) = node.op.pool, node.inputs
    shape = [1 if d is None else d for d in x.type.shape]
    size, channels = shape[pool.axis], strides_of(shape)[pool.axis]
    params = ADAPTIVE_MAX_GRADIENT.pack(
        dx=lowering.operand(node.output), x=lowering.operand(x), y=lowering.operand(y), dy=lowering.operand(dy),
        size=size, out=pool.size, channels=channels,
    )  # fmt: skip
    before, vectors = x.type.size // (size * channels), -(-channels // WIDE)
    lowering.step("adaptive_max_gradient", params, scaled(x.type, before * vectors), elements=size * WIDE)


@lowers(SparsemaxGradient)
def lower_sparsemax_gradient(lowering: Lowering, node: Node) -> None:
    """Each line along one axis by itself."""
    assert isinstance(node.op, SparsemaxGradient)
    x, dz = node.inputs
    shape = [1 if d is None else d for d in x.type.shape]
    n, inner = shape[node.op.axis], strides_of(shape)[node.op.axis]
    params = SPARSEMAX_GRADIENT.pack(
        dx=lowering.operand(node.output), x=lowering.operand(x), dz=lowering.operand(dz), n=n, inner=inner
    )
    lowering.step("sparsemax_gradient", params, scaled(x.type, x.type.size // n), elements=n * 8)


@lowers(AddRows)
def lower_add_rows(lowering: Lowering, node: Node) -> None:
    """A loop over the indices for each vector of the width."""
    indices, dy = node.inputs
    rows, width = node.output.type.dims
    params = ADD_ROWS.pack(
        y=lowering.operand(node.output), indices=lowering.operand(indices), dy=lowering.operand(dy), rows=rows,
        width=width, count=scaled(indices.type, indices.type.size),
    )  # fmt: skip
    lowering.step("add_rows", params, -(-width // WIDE), elements=rows + indices.type.size)


@lowers(BatchSize)
def lower_batch_size(lowering: Lowering, node: Node) -> None:
    """One number."""
    lowering.step("batch_size", BATCH_SIZE.pack(y=lowering.operand(node.output)), 1)


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

"""Lowering of matrix products, convolutions and transposed convolutions: all run on the one tiled kernel."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.graph import Node, Value
from modelc.kernels.layout import ABSENT, Operand
from modelc.kernels.layouts_basic import UNARY
from modelc.kernels.layouts_conv import (
    Epilogue,
    Window,
    blocks_of,
    conv_step,
    depthwise_step,
    pack_bias,
    pack_depthwise,
    pack_kernel,
    window,
)
from modelc.kernels.target import host
from modelc.ops.conv import Conv
from modelc.ops.elementwise import Unary
from modelc.ops.fused import Fused
from modelc.runtime.lowering.context import Lowering, Pack, front, scaled, strides_of
from modelc.runtime.lowering.elementwise import activation_code

Array = NDArray[Any]
Extents = tuple[int, int, int, int]


def lower_matmul(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A convolution without a window over all rows."""
    x, kernel = node.inputs[:2]
    features, units = kernel.type.dims
    rows = scaled(x.type, x.type.size // features)
    contract(
        lowering, node, fused,
        x=lowering.operand(x), y=lowering.operand(node.output), kernel=kernel, window=Window((0,), features),
        extents=(rows, 1, 1, 1), x_strides=(features, 0, 0, 0), y_strides=(units, 0, 0, 0),
    )  # fmt: skip
    apply_activation(lowering, node, fused)


def lower_conv(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A convolution whose padding is an op of its own."""
    op = fused.base if fused else node.op
    assert isinstance(op, Conv)
    x, kernel = node.inputs[:2]
    *_, channels = x.type.dims
    steps = strides_of(x.type.dims)[:-1]
    *spatial, filters = node.output.type.dims
    taps = kernel.type.dims[:-2]
    dilated = tuple(s * d for s, d in zip(steps, op.dilation, strict=True))
    extents: Any = (scaled(x.type, 1), *front(spatial, 3, 1))
    x_strides: Any = (x.type.size, *front([s * k for s, k in zip(steps, op.strides, strict=True)], 3, 0))
    y_strides: Any = (node.output.type.size, *front(strides_of((*spatial, filters))[:-1], 3, 0))
    if op.groups == channels == filters and op.groups > 1:
        row = taps[-1] if op.dilation[-1] == 1 else 1
        _depthwise(
            lowering, node, fused,
            taps=window(taps, dilated, 1), row=row, extents=extents, x_strides=x_strides, y_strides=y_strides,
        )  # fmt: skip
        return
    contract(
        lowering, node, fused,
        x=lowering.operand(x), y=lowering.operand(node.output), kernel=kernel,
        window=window(taps, dilated, channels // op.groups), extents=extents, x_strides=x_strides,
        y_strides=y_strides, groups=op.groups, group_stride=channels // op.groups,
    )  # fmt: skip
    apply_activation(lowering, node, fused)


def _depthwise(
    lowering: Lowering,
    node: Node,
    fused: Fused | None,
    *,
    taps: Window,
    row: int,
    extents: Extents,
    x_strides: Extents,
    y_strides: Extents,
) -> None:
    x, kernel = node.inputs[:2]
    channels = x.type.dims[-1]
    # A run of taps that lie next to each other would be one segment; here every tap is its own.
    offsets = [o + i for o in taps.offsets for i in range(taps.length)]
    bias = ABSENT
    if fused and fused.bias:
        bias = lowering.constant(node.inputs[-1], pack_bias, blocks_of(channels).total * host().lanes)
    count = kernel.type.size // channels
    weights = lowering.constant(kernel, _pack_grouped_as_depthwise, count * blocks_of(channels).total * host().lanes)
    lowering.steps.append(
        depthwise_step(
            x=lowering.operand(x), y=lowering.operand(node.output), weights=weights, bias=bias,
            table=lowering.table(np.array(offsets, np.int64)), taps=count, row=row, channels=channels,
            extents=extents, x_strides=x_strides, y_strides=y_strides, epilogue=epilogue(fused)[0],
        )
    )  # fmt: skip
    apply_activation(lowering, node, fused)


def _pack_grouped_as_depthwise(kernel: Array) -> Array:
    """(*window, 1, C) → the depthwise layout."""
    return pack_depthwise(np.ascontiguousarray(kernel.reshape(*kernel.shape[:-2], kernel.shape[-1], 1)))


def contract(
    lowering: Lowering,
    node: Node,
    fused: Fused | None,
    *,
    x: Operand,
    y: Operand,
    kernel: Value,
    window: Window,
    extents: Extents,
    x_strides: Extents,
    y_strides: Extents,
    groups: int = 1,
    group_stride: int = 0,
    select: Pack | None = None,
) -> None:
    """Add the step of a convolution. `select` takes from the kernel what the step uses, as (*taps, C, Q)."""
    filters = node.output.type.dims[-1]
    vectors = blocks_of(filters // groups).total * host().lanes
    depth = len(window.offsets) * window.length

    def pack(array: Array) -> Array:
        if not depth:
            return np.zeros(0, np.float32)
        return pack_kernel(np.ascontiguousarray(select(array) if select else array), groups)

    bias = ABSENT
    if fused and fused.bias:
        bias = lowering.constant(node.inputs[-1], partial(pack_bias, groups=groups), groups * vectors)
    lowering.steps.append(
        conv_step(
            x=x, y=y, weights=lowering.constant(kernel, pack, groups * depth * vectors), bias=bias,
            table=lowering.table(np.array(window.offsets or (0,), np.int64)), window=window,
            channels=filters // groups, extents=extents, x_strides=x_strides, y_strides=y_strides,
            groups=groups, group_stride=group_stride, epilogue=epilogue(fused)[0],
        )
    )  # fmt: skip


def epilogue(fused: Fused | None) -> tuple[Epilogue, Unary | None]:
    """What the tile applies as it is stored, and what is left for a step of its own."""
    activation = fused.activation if fused else None
    if activation is None:
        return Epilogue(), None
    parameters = activation.parameters
    match activation.kind:
        case "relu" if parameters[0] == 0 and parameters[2] == 0:
            return Epilogue.clip(0.0, parameters[1]), None
        case "relu6":
            return Epilogue.clip(0.0, 6.0), None
        case "hard_tanh":
            return Epilogue.clip(-1.0, 1.0), None
        case "leaky_relu":
            return Epilogue.leaky(parameters[0]), None
        case _:
            return Epilogue(), activation


def apply_activation(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """Apply the activation that the tile could not, to the node's output where it lies."""
    _, activation = epilogue(fused)
    if activation is None:
        return
    y = lowering.operand(node.output)
    code, p = activation_code(activation)
    size = node.output.type.size
    lowering.step("unary", UNARY.pack(y=y, x=y, code=code, p=p), scaled(node.output.type, size))

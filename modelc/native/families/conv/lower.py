"""Lowering of matrix products, convolutions and transposed convolutions: all run on the one tiled kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.graph import Node
from modelc.graph.sizes import no_pads
from modelc.graph.types import TensorType
from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine.schedule import Step
from modelc.native.families.conv.pack import blocks_of, kernel_pieces, pack_bias, pack_depthwise
from modelc.native.families.conv.params import NO_EDGES, Edges, Epilogue, Window, window
from modelc.native.families.conv.steps import conv_step, depthwise_step
from modelc.native.families.elementwise.lower import activation_code
from modelc.native.families.elementwise.params import UNARY
from modelc.native.lowering.context import Lowering, at, front, scaled, strides_of
from modelc.native.lowering.rules import lowers_fused
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed import PackedConv, is_depthwise
from modelc.native.ops.packed_contract import PackedContract
from modelc.native.ops.winograd import Winograd
from modelc.native.target import host
from modelc.ops.conv import Conv, ConvTranspose
from modelc.ops.elementwise import Unary
from modelc.ops.matmul import MatMul

Array = NDArray[Any]
Extents = tuple[int, int, int, int]


@lowers_fused(MatMul)
def lower_matmul(lowering: Lowering, node: Node, fused: Fused | None, residual: Operand = ABSENT) -> None:
    """A convolution without a window over all rows."""
    x, kernel = node.inputs[:2]
    features, units = kernel.type.dims
    rows = scaled(x.type, x.type.size // features)
    lowering.steps.append(
        contract(
            lowering, node, fused,
            x=lowering.operand(x), y=lowering.operand(node.output), window=Window((0,), features),
            extents=(rows, 1, 1, 1), x_strides=(features, 0, 0, 0), y_strides=(units, 0, 0, 0), residual=residual,
        )
    )  # fmt: skip
    apply_activation(lowering, node, fused)


@lowers_fused(Conv)
def lower_conv(lowering: Lowering, node: Node, fused: Fused | None, residual: Operand = ABSENT) -> None:
    """A convolution whose padding is an op of its own, or left out of its sums by its kernel."""
    x, y = lowering.operand(node.inputs[0]), lowering.operand(node.output)
    lowering.steps.append(convolution_step(lowering, node, fused, x, y, residual))
    apply_activation(lowering, node, fused)


def convolution_step(
    lowering: Lowering, node: Node, fused: Fused | None, x_operand: Operand, y: Operand, residual: Operand = ABSENT
) -> Step:
    """The step of a convolution of what lies at `x_operand`, but for an activation that its kernel does not apply."""
    op, dims, packed = convolution(node, fused)
    assert isinstance(op, Conv)
    x = node.inputs[0]
    *_, channels = x.type.dims
    steps = strides_of(x.type.dims)[:-1]
    *spatial, filters = node.output.type.dims
    taps = dims[:-2]
    dilated = tuple(s * d for s, d in zip(steps, op.dilation, strict=True))
    strides = [s * k for s, k in zip(steps, op.strides, strict=True)]
    common: dict[str, Any] = {
        "x": x_operand, "y": y, "extents": (scaled(x.type, 1), *front(spatial, 3, 1)),
        "x_strides": (x.type.size, *front(strides, 3, 0)),
        "y_strides": (node.output.type.size, *front(strides_of((*spatial, filters))[:-1], 3, 0)),
        "packed": 0 if packed else None,
    }  # fmt: skip
    if is_depthwise(op, dims):
        row = taps[-1] if op.dilation[-1] == 1 else 1
        return depthwise(
            lowering, node, fused, taps=window(taps, dilated, 1), row=row, edges=_edges(op, x.type),
            select=_pack_grouped_as_depthwise, **common,
        )  # fmt: skip
    return contract(
        lowering, node, fused,
        window=window(taps, dilated, channels // op.groups), groups=op.groups, group_stride=channels // op.groups,
        residual=residual, **common,
    )  # fmt: skip


def _edges(conv: Conv, x: TensorType) -> Edges:
    """The zeros around the image that its convolution does not read."""
    if no_pads(conv.padding):
        return NO_EDGES
    *spatial, channels = x.dims
    height, width = front(spatial, 2, 1)
    top, left = front([low for low, _ in conv.padding], 2, 0)
    stride, dilation = (front(values, 2, 1)[0] for values in (conv.strides, conv.dilation))
    return Edges((height, width), (top, left), width * channels, stride, dilation)


def convolution(node: Node, fused: Fused | None) -> tuple[Conv | ConvTranspose, tuple[int, ...], bool]:
    """The convolution of a node, the shape of its kernel, and whether that is packed in the call."""
    op = fused.base if fused else node.op
    if isinstance(op, PackedConv):
        return op.conv, op.kernel, True
    assert isinstance(op, Conv | ConvTranspose)
    return op, node.inputs[1].type.dims, False


def depthwise(
    lowering: Lowering,
    node: Node,
    fused: Fused | None,
    *,
    x: Operand,
    y: Operand,
    taps: Window,
    row: int,
    extents: Extents,
    x_strides: Extents,
    y_strides: Extents,
    select: Callable[[Array], Array],
    packed: int | None,
    edges: Edges = NO_EDGES,
) -> Step:
    """The step of a depthwise convolution, its kernel packed in the call from element `packed` on, or by `select`.

    `taps` is the window as that of one channel.
    """
    kernel = node.inputs[1]
    channels = node.output.type.dims[-1]
    # A run of taps that lie next to each other would be one segment; here every tap is its own.
    offsets = [o + i for o in taps.offsets for i in range(taps.length)]
    width = blocks_of(channels).total * host().lanes
    if packed is None:
        weights = lowering.constant(kernel, select, len(offsets) * width)
    else:
        weights = at(lowering.operand(kernel), packed)
    return depthwise_step(
        x=x, y=y, weights=weights, bias=bias_of(lowering, node, fused, channels),
        table=lowering.words(offsets or (0,)), offsets=offsets, row=row, channels=channels,
        extents=extents, x_strides=x_strides, y_strides=y_strides, epilogue=epilogue(fused)[0], edges=edges,
    )  # fmt: skip


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
    window: Window,
    extents: Extents,
    x_strides: Extents,
    y_strides: Extents,
    groups: int = 1,
    group_stride: int = 0,
    residual: Operand = ABSENT,
    select: Callable[[Array], Array] | None = None,
    packed: int | None = None,
) -> Step:
    """The step of a convolution, its kernel packed in the call from element `packed` on, or by lowering.

    `select` takes from a kernel that is not packed what the step uses, as (*taps, C, Q).
    """
    kernel, filters = node.inputs[1], node.output.type.dims[-1]
    vectors = blocks_of(filters // groups).total * host().lanes
    depth = len(window.offsets) * window.length

    def pack(array: Array) -> Iterable[Array]:
        if not depth:
            return ()
        return kernel_pieces(np.ascontiguousarray(select(array) if select else array), groups)

    if packed is None:
        weights = lowering.constant(kernel, pack, groups * depth * vectors)
    else:
        weights = at(lowering.operand(kernel), packed)
    return conv_step(
        x=x, y=y, weights=weights, bias=bias_of(lowering, node, fused, filters, groups),
        table=lowering.words(window.offsets or (0,)), window=window,
        channels=filters // groups, extents=extents, x_strides=x_strides, y_strides=y_strides,
        groups=groups, group_stride=group_stride, epilogue=epilogue(fused)[0], residual=residual,
    )  # fmt: skip


def bias_of(lowering: Lowering, node: Node, fused: Fused | None, channels: int, groups: int = 1) -> Operand:
    """The bias, packed with the weights or in the call, if there is one."""
    op, bias = fused.base if fused else node.op, node.inputs[-1]
    size = groups * blocks_of(channels // groups).total * host().lanes
    if fused and fused.bias:
        return lowering.constant(bias, partial(pack_bias, groups=groups), size)
    if not (isinstance(op, PackedConv | PackedContract | Winograd) and op.bias):
        return ABSENT
    if lowering.is_constant(bias):
        return lowering.constant(bias, lambda array: pack_bias(array[:channels], groups), size)
    return lowering.operand(bias)


def epilogue(fused: Fused | None) -> tuple[Epilogue, Unary | None]:
    """What the tile applies as it is stored, and what is left for a step of its own."""
    activation = fused.activation if fused else None
    if activation is None:
        return Epilogue(), None
    parameters = activation.filled
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

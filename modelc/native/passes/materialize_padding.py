"""Make the zeros around a convolution's input an op of their own, where its kernel checks no bounds.

conv(x, K; padding=p)          →  conv(pad(x, p), K)
conv_transpose(x, K; crop=c)   →  conv_transpose(pad(x, p), K; crop=c + p·strides)
kernel_gradient(x, dy; padding=p)  →  kernel_gradient(pad(x, p), dy)
"""

from __future__ import annotations

from dataclasses import replace

from modelc.graph.graph import Graph, Value
from modelc.graph.sizes import no_pads
from modelc.graph.types import TensorType
from modelc.native.families.conv.params import in_rows
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed import is_depthwise
from modelc.ops.base import Op
from modelc.ops.conv import Conv, ConvKernelGradient, ConvTranspose, Pads
from modelc.ops.shape import Pad
from modelc.passes.rewrite import Rewriter


def materialize_padding(graph: Graph) -> Graph:
    """The graph whose convolutions read nothing outside of their inputs, but for those that leave out zeros."""
    rewriter = Rewriter(graph)
    padded: dict[tuple[Value, Pads], Value] = {}
    for node in graph.nodes:
        fused = node.op if isinstance(node.op, Fused) else None
        op = fused.base if fused else node.op
        if not isinstance(op, Conv | ConvKernelGradient | ConvTranspose):
            rewriter.keep(node)
            continue
        x, *others = rewriter.operands(node)
        if isinstance(op, Conv) and leaves_out_zeros(op, others[0].type, node.output.type):
            rewriter.keep(node)
            continue
        op, pads = _explicit(op, x, others, node.output)
        if no_pads(pads):
            rewriter.keep(node)
            continue
        if (x, pads) not in padded:
            padded[x, pads] = rewriter.emit(Pad(((0, 0), *pads, (0, 0))), x, layer=node.layer)
        op = replace(fused, base=op) if fused else op
        rewriter.replace(node.output, rewriter.emit(op, padded[x, pads], *others, layer=node.layer))
    return rewriter.graph_out()


def leaves_out_zeros(conv: Conv, kernel: TensorType, output: TensorType) -> bool:
    """Whether the kernel of a convolution knows by itself where its image ends."""
    if not is_depthwise(conv, kernel.dims) or kernel.rank > 4 or conv.dilation[-1] > 1:
        return False
    taps, width = kernel.dims[-3], output.dims[-2]
    return in_rows(taps, conv.strides[-1], width) and all(pad < taps for pad in conv.padding[-1])


def _explicit(
    op: Conv | ConvKernelGradient | ConvTranspose, x: Value, others: list[Value], output: Value
) -> tuple[Op, Pads]:
    """The op on a padded input, and what that is padded by."""
    if not isinstance(op, ConvTranspose):
        return replace(op, padding=((0, 0),) * len(op.padding)), op.padding
    return explicit_transpose(op, x.type, others[0].type, output.type)


def explicit_transpose(
    op: ConvTranspose, x: TensorType, kernel: TensorType, output: TensorType
) -> tuple[ConvTranspose, Pads]:
    """The transposed convolution on a padded input, and what that is padded by."""
    pads = tuple(
        _reach(size, out, window, stride, dilation, low)
        for size, out, window, stride, dilation, (low, _) in zip(
            x.dims, output.dims, kernel.dims, op.strides, op.dilation, op.crop, strict=False
        )
    )
    crop = tuple(
        (low + before * s, high + after * s)
        for (low, high), (before, after), s in zip(op.crop, pads, op.strides, strict=True)
    )
    return replace(op, crop=crop), pads


def _reach(size: int, out: int, window: int, stride: int, dilation: int, crop: int) -> tuple[int, int]:
    """How far a transposed convolution reads before and after an axis.

    Output o reads the inputs (o + crop - t·dilation) / stride, for the taps t for which that is whole.
    """
    read = [
        (o + crop - t * dilation) // stride
        for i in range(min(stride, out))
        for o in (i, out - 1 - i)
        for t in range(window)
        if (o + crop - t * dilation) % stride == 0
    ]
    return max(0, -min(read, default=0)), max(0, max(read, default=0) - (size - 1))

"""Do a depthwise convolution of a large image with the convolutions of single pixels before and after it.

depthwise(conv(x, K), D)           →  Bands(x, K, D)
conv(depthwise(x, D), L)           →  Bands(x, D, L)
conv(depthwise(conv(x, K), D), L)  →  Bands(x, K, D, L)

What lies between them, which is often several times as large as x, is then in memory for some lines at a time, in
working memory of each thread that stays in its cache. The depthwise convolution, which multiplies little of what it
reads, does not wait for memory then. What is added to the last one, and their activations, come along.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import likely, no_pads
from modelc.graph.types import TensorType
from modelc.native.engine.cpus import thread_count
from modelc.native.families.bands.params import MOST_ROWS, BandMemory
from modelc.native.ops.bands import Bands
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed import is_depthwise
from modelc.native.ops.residual_sum import ResidualSum
from modelc.native.ops.work_area import ALL_BYTES, WorkArea
from modelc.native.passes.materialize_padding import leaves_out_zeros
from modelc.ops.conv import Conv
from modelc.passes.rewrite import Rewriter, rewrite

_LARGE = 3 << 19
"""The bytes of a sample between two convolutions from which on it is worth it: what lies in a cache anyhow is not."""
_NEAR = 256 << 10
"""The bytes of working memory that stay in the second-level cache beside what is read and written."""
_MOST = 448 << 10
"""The most bytes of working memory, where few lines take more than that."""
_WEIGHTS = 128 << 10
"""The most bytes of the weights of a convolution of single pixels, which are read again for every band."""
_LINES = 2
"""The fewest lines of a band: as many as are done at a time (`kernel_depthwise_3x3.py`)."""


def in_bands(graph: Graph) -> Graph:
    """The graph in which such convolutions are one op."""
    return rewrite(graph, _rule)


def _rule(rewriter: Rewriter, node: Node) -> Value | None:
    if node.output in rewriter.constants or not node.output.type.batched:
        return None
    stage = node.op if isinstance(node.op, Fused | ResidualSum) else Fused(node.op)
    x, *others = rewriter.operands(node)
    before = rewriter.producer(x)
    if before is None or not rewriter.sole_use(node.inputs[0]) or not _constant(rewriter, stage, others):
        return None
    if isinstance(stage, Fused) and _is_depthwise(stage, others, node.output.type):
        expand = _fused(before)
        if expand is None or not _is_of_pixels(expand, before.inputs):
            return None
        return _emit(rewriter, before.inputs, (expand, before.inputs[1:]), (stage, others), None, node)
    if not _is_of_pixels(stage, (x, *others)):
        return None
    if isinstance(before.op, Bands):
        op, first, inner = before.op, before.inputs, before.op.operands_of(before.inputs)
        if op.project is not None or op.expand is None:
            return None
        return _emit(rewriter, first, (op.expand, inner[0]), (op.depthwise, inner[1]), (stage, others), node)
    depthwise = _fused(before)
    if depthwise is None or not _is_depthwise(depthwise, before.inputs[1:], before.output.type):
        return None
    return _emit(rewriter, before.inputs, None, (depthwise, before.inputs[1:]), (stage, others), node)


def _fused(node: Node) -> Fused | None:
    """The convolution of a node with what is fused to it, if it is one."""
    fused = node.op if isinstance(node.op, Fused) else Fused(node.op)
    return fused if isinstance(fused.base, Conv) else None


def _conv(stage: Fused | ResidualSum) -> Conv | None:
    fused = stage.fused if isinstance(stage, ResidualSum) else stage
    return fused.base if isinstance(fused.base, Conv) else None


def _constant(rewriter: Rewriter, stage: Fused | ResidualSum, others: Sequence[Value]) -> bool:
    """Whether the weights of a convolution are known beforehand."""
    weights = others[:-1] if isinstance(stage, ResidualSum) else others
    return _conv(stage) is not None and all(value in rewriter.constants for value in weights)


def _is_depthwise(stage: Fused, others: Sequence[Value], y: TensorType) -> bool:
    """Whether it is a depthwise convolution of an image that a kernel can do some lines of."""
    conv, kernel = _conv(stage), others[0].type
    if conv is None or kernel.rank != 4 or not is_depthwise(conv, kernel.dims) or kernel.dims[0] > MOST_ROWS:
        return False
    return leaves_out_zeros(conv, kernel, y)


def _is_of_pixels(stage: Fused | ResidualSum, operands: Sequence[Value]) -> bool:
    """Whether it is a convolution of single pixels, whose weights stay in the cache."""
    conv, kernel = _conv(stage), operands[1].type
    if conv is None or kernel.rank != 4 or kernel.dims[:2] != (1, 1) or conv.groups > 1 or not no_pads(conv.padding):
        return False
    return set(conv.strides) == {1} and kernel.bytes <= _WEIGHTS


Stage = tuple[Fused, Sequence[Value]]


def _emit(
    rewriter: Rewriter,
    first: Sequence[Value],
    expand: Stage | None,
    depthwise: Stage,
    project: tuple[Fused | ResidualSum, Sequence[Value]] | None,
    node: Node,
) -> Value | None:
    """The op of these convolutions with what each takes besides; None where it gains nothing."""
    x = first[0]
    seen = expand[0].infer(x.type, *(value.type for value in expand[1])) if expand else x.type
    made = depthwise[0].infer(seen, *(value.type for value in depthwise[1]))
    between = (seen.bytes if expand else 0) + (made.bytes if project else 0)
    if likely(between) < _LARGE:
        return None
    conv, window = _conv(depthwise[0]), depthwise[1][0].type.dims[0]
    assert conv is not None
    found = _bands(conv, window, seen if expand else None, made, kept=project is not None)
    if found is None:
        return None
    lines, ring, memory = found
    work = rewriter.emit(WorkArea(memory), x, layer=node.layer)
    op = Bands(
        depthwise[0], lines, memory, expand=expand[0] if expand else None, ring=ring,
        project=project[0] if project else None,
    )  # fmt: skip
    others = [*(expand[1] if expand else ()), *depthwise[1], *(project[1] if project else ())]
    return rewriter.emit(op, x, *others, work, layer=node.layer)


def _bands(
    conv: Conv, window: int, seen: TensorType | None, made: TensorType, *, kept: bool
) -> tuple[int, int, BandMemory] | None:
    """The lines of a band, those that are kept of what is expanded, and the memory; None where that is too much.

    seen: what is expanded, if anything. made: the depthwise outputs, of which a band is kept if `kept`.
    """
    height, width, channels = made.dims
    best: tuple[int, int, BandMemory] | None = None
    for lines in range(_LINES, max(_LINES, likely(height)) + 1, _LINES):
        ring = (lines - 1) * conv.strides[0] + (window - 1) * conv.dilation[0] + 1 if seen else 0
        one = BandMemory(ring * math.prod(seen.dims[1:]) if seen else 0, lines * width * channels if kept else 0, 1)
        area = likely(one.area)
        if area > (_NEAR if best else _MOST):
            break
        slots = max(1, min(thread_count(), ALL_BYTES // max(1, area)))
        best = lines, ring, BandMemory(one.kept, one.made, slots)
    return best

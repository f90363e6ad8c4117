"""Lowering of ops that combine many elements: pooling, reductions, normalizations, softmax."""

from __future__ import annotations

import math
from typing import Any

from modelc.graph.graph import Node
from modelc.graph.types import TensorType
from modelc.native.code.layout import ABSENT
from modelc.native.families.basic_params import (
    NORMALIZE,
    POOL,
    REDUCE,
    SOFTMAX,
    Normalization,
    Pooling,
    Reduction,
    blocks,
)
from modelc.native.families.basic_params import Softmax as SoftmaxKind
from modelc.native.lowering.context import Lowering, front, scaled, strides_of
from modelc.native.lowering.rules import lowers
from modelc.native.passes.regular_axes import View, regular_view
from modelc.ops.normalize import Normalize
from modelc.ops.pool import Pool
from modelc.ops.reduce import Reduce
from modelc.ops.softmax import Softmax


@lowers(Pool)
def lower_pool(lowering: Lowering, node: Node) -> None:
    """A window that slides."""
    op = node.op
    assert isinstance(op, Pool)
    (x,) = node.inputs
    *spatial, channels = x.type.dims
    *out, _ = node.output.type.dims
    params = POOL.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), size=front(spatial, 3, 1), out=front(out, 3, 1),
        window=front(op.size, 3, 1), stride=front(op.strides, 3, 1), pad=front([low for low, _ in op.padding], 3, 0),
        x_strides=(x.type.size, *front(strides_of(x.type.dims)[:-1], 3, 0)),
        y_strides=(node.output.type.size, *front(strides_of(node.output.type.dims)[:-1], 3, 0)),
        channels=channels, kind=int(Pooling.MAX if op.kind == "max" else Pooling.AVERAGE),
    )  # fmt: skip
    rows = math.prod(out[:-1])
    lowering.step("pool", params, scaled(x.type, rows), elements=out[-1] * channels * math.prod(op.size))


@lowers(Reduce)
def lower_reduce(lowering: Lowering, node: Node) -> None:
    """Sums, means and extremes along axes."""
    assert isinstance(node.op, Reduce)
    (x,) = node.inputs
    seen = regular_view(x.type, node.op.axes)
    params = REDUCE.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), r1=seen.r1, k=seen.k, r2=seen.r2,
        kind=int(Reduction[node.op.kind.upper()]),
    )  # fmt: skip
    _over(lowering, "reduce", params, seen)


@lowers(Normalize)
def lower_normalize(lowering: Lowering, node: Node) -> None:
    """Division by a sample's own statistics."""
    assert isinstance(node.op, Normalize)
    (x,) = node.inputs
    seen = regular_view(x.type, node.op.axes)
    params = NORMALIZE.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), scale=ABSENT, shift=ABSENT, r1=seen.r1, k=seen.k,
        r2=seen.r2, kind=int(Normalization[node.op.kind.upper()]), epsilon=float(node.op.epsilon),
    )  # fmt: skip
    _over(lowering, "normalize", params, seen)


def _over(lowering: Lowering, kernel: str, params: list[int], seen: View) -> None:
    times = blocks(seen.k, seen.r2)
    elements = abs(seen.r1) * seen.r2 * min(seen.k, 64)
    lowering.step(kernel, params, seen.a, times=times, elements=elements, over_batch=seen.r1 < 0)


@lowers(Softmax)
def lower_softmax(lowering: Lowering, node: Node) -> None:
    """A distribution along one axis."""
    assert isinstance(node.op, Softmax)
    (x,) = node.inputs
    outer, n, inner = _around(x.type, node.op.axis)
    params = SOFTMAX.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), n=n, inner=inner,
        kind=int(SoftmaxKind[node.op.kind.upper()]),
    )  # fmt: skip
    times = 1 if inner == 1 else blocks(inner, 1)
    lowering.step("softmax", params, scaled(x.type, outer), times=times, elements=n * min(inner, 64), grain=1024)


def _around(type: TensorType, axis: int) -> tuple[int, int, int]:
    """The elements before, along and after an axis, per sample."""
    dims: list[Any] = [1 if d is None else d for d in type.shape]
    return math.prod(dims[:axis]), dims[axis], math.prod(dims[axis + 1 :])

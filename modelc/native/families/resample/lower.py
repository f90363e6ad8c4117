"""Lowering of resampling, and of picking along an axis by a table."""

from __future__ import annotations

import numpy as np

from modelc.graph.graph import Node
from modelc.native.code.layout import ABSENT
from modelc.native.families.resample.params import RESAMPLE
from modelc.native.lowering.context import Computed, Lowering, scaled, strides_of
from modelc.native.lowering.rules import lowers
from modelc.ops.adaptive_pool import AdaptivePool
from modelc.ops.places import count_of, listed
from modelc.ops.resample import LinearGradient, Resample
from modelc.ops.take import AddAt, Take


@lowers(Take)
def lower_take(lowering: Lowering, node: Node) -> None:
    """The largest of one element each, by a table."""
    assert isinstance(node.op, Take)
    (x,) = node.inputs
    shape = [1 if d is None else d for d in x.type.shape]
    size, channels = shape[node.op.axis], strides_of(shape)[node.op.axis]
    count = count_of(node.op.indices)
    (indices,), _ = lowering.computed(node, _places)
    params = RESAMPLE.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), weights=ABSENT,
        indices=indices, size=size, out=count, taps=1, channels=channels,
    )  # fmt: skip
    rows = x.type.size // (size * channels) * count
    lowering.step("resample", params, scaled(x.type, rows), elements=channels)


@lowers(AdaptivePool, AddAt, LinearGradient, Resample)
def lower_resample(lowering: Lowering, node: Node) -> None:
    """Weighted sums, or the largest, along one axis, by tables."""
    assert isinstance(node.op, Resample | AdaptivePool | LinearGradient | AddAt)
    (x,) = node.inputs
    shape = [1 if d is None else d for d in x.type.shape]
    size = shape[node.op.axis]
    (indices, *weights), (taps,) = lowering.computed(node, _tables)
    largest = isinstance(node.op, AdaptivePool) and node.op.kind == "max"
    channels = strides_of(shape)[node.op.axis]
    before = x.type.size // (size * channels)
    params = RESAMPLE.pack(
        y=lowering.operand(node.output), x=lowering.operand(x),
        weights=ABSENT if largest else weights[0], indices=indices, size=size, out=node.op.size, taps=taps,
        channels=channels,
    )  # fmt: skip
    lowering.step("resample", params, scaled(x.type, before * node.op.size), elements=channels * taps)


def _places(node: Node) -> Computed:
    """The places that are taken, as int32."""
    assert isinstance(node.op, Take)
    return Computed([listed(node.op.indices).astype(np.int32)])


def _tables(node: Node) -> Computed:
    """The indices and weights of every output along the axis, and how many there are of each."""
    assert isinstance(node.op, Resample | AdaptivePool | LinearGradient | AddAt)
    size = node.inputs[0].type.shape[node.op.axis]
    indices, weights = node.op.table(1 if size is None else size)
    return Computed([indices, weights], [indices.shape[1]])

"""Lowering of ops that move elements: transposes, padding, slices, repeats and copies."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from modelc.graph.graph import Node, Value
from modelc.graph.sizes import likely, no_pads
from modelc.graph.types import ITEM_BYTES
from modelc.native.families.move.params import COPY, COPY_LOOPS, FILL, PAD, PADDED_AXES
from modelc.native.lowering.context import GRAIN, Lowering, front, scaled, strides_of
from modelc.native.lowering.rules import lowers
from modelc.native.ops.fused import Copy
from modelc.native.ops.work_area import WorkArea
from modelc.native.target import LANES
from modelc.ops.concat import Concat
from modelc.ops.recurrent import Unbatch
from modelc.ops.shape import Broadcast, Pad, Repeat, Slice, Transpose


@lowers(WorkArea)
def lower_work_area(lowering: Lowering, node: Node) -> None:
    """Leases that no thread has."""
    assert isinstance(node.op, WorkArea)
    fill = FILL.pack(y=lowering.operand(node.output), bits=0)
    lowering.step("fill", fill, node.op.memory.leases // ITEM_BYTES)


@lowers(Transpose)
def lower_transpose(lowering: Lowering, node: Node) -> None:
    """A copy that reads along other strides."""
    assert isinstance(node.op, Transpose)
    (x,) = node.inputs
    strides = strides_of([1 if d is None else d for d in x.type.shape])
    copy(lowering, node, [strides[axis] for axis in node.op.perm])


@lowers(Slice)
def lower_slice(lowering: Lowering, node: Node) -> None:
    """A copy that starts and steps elsewhere."""
    assert isinstance(node.op, Slice)
    (x,) = node.inputs
    strides = strides_of([1 if d is None else d for d in x.type.shape])
    start = sum(first * stride for first, stride in zip(node.op.starts, strides, strict=True))
    copy(lowering, node, [s * step for s, step in zip(strides, node.op.steps, strict=True)], start)


@lowers(Repeat)
def lower_repeat(lowering: Lowering, node: Node) -> None:
    """A copy with one more axis, along which the stride of the input is 0."""
    assert isinstance(node.op, Repeat)
    (x,) = node.inputs
    shape = [1 if d is None else d for d in x.type.shape]
    strides = list(strides_of(shape))
    after = node.op.axis + 1
    dims = [*shape[:after], node.op.times, *shape[after:]]
    copy(lowering, node, [*strides[:after], 0, *strides[after:]], dims=dims)


@lowers(Broadcast)
def lower_broadcast(lowering: Lowering, node: Node) -> None:
    """A copy whose strides are 0 along the axes that are repeated."""
    assert isinstance(node.op, Broadcast)
    x, y = node.inputs[0].type, node.output.type
    shape = [1 if d is None else d for d in x.shape]
    strides = front([0 if d == 1 else stride for d, stride in zip(x.shape, strides_of(shape), strict=True)], y.rank, 0)
    copy(lowering, node, strides)


@lowers(Concat)
def lower_concat(lowering: Lowering, node: Node) -> None:
    """A strided copy of each operand to its place."""
    assert isinstance(node.op, Concat)
    axis, y = node.op.axis, node.output.type
    y_strides = strides_of([1 if d is None else d for d in y.shape])
    start = 0
    for x in node.inputs:
        shape = [1 if d is None else d for d in x.type.shape]
        copy(lowering, node, strides_of(shape), dims=shape, source=x, y_start=start, y_strides=y_strides)
        start += shape[axis] * y_strides[axis]


@lowers(Copy, Unbatch)
def lower_copy(lowering: Lowering, node: Node) -> None:
    """The elements as they are."""
    copy(lowering, node, strides_of([1 if d is None else d for d in node.output.type.shape]))


def copy(
    lowering: Lowering,
    node: Node,
    x_strides: Sequence[int],
    x_start: int = 0,
    dims: Sequence[int] | None = None,
    *,
    source: Value | None = None,
    y_start: int = 0,
    y_strides: Sequence[int] | None = None,
) -> None:
    """Copy `dims` elements of `source`, the first operand unless said, along these strides.

    The output is contiguous unless its strides are given.
    """
    output = node.output.type
    extents = list(dims or [1 if d is None else d for d in output.shape])
    y_strides = strides_of(extents) if y_strides is None else y_strides
    loops: list[tuple[int, int, int]] = []
    for axis, loop in enumerate(zip(extents, x_strides, y_strides, strict=True)):
        extent, x_stride, y_stride = loop
        if axis == 0 and output.batched:
            loops.append((-1, x_stride, y_stride))
        elif loops and loops[-1][0] > 0 and loops[-1][1] == x_stride * extent and loops[-1][2] == y_stride * extent:
            loops[-1] = (loops[-1][0] * extent, x_stride, y_stride)
        elif extent != 1:
            loops.append(loop)
    if not loops or loops[-1][0] < 0:
        loops.append((1, 1, 1))
    params = COPY.pack(
        y=lowering.operand(node.output), x=lowering.operand(node.inputs[0] if source is None else source),
        dims=front([d for d, _, _ in loops], COPY_LOOPS, 1),
        x_start=x_start, x_strides=front([s for _, s, _ in loops], COPY_LOOPS, 0),
        y_start=y_start, y_strides=front([s for _, _, s in loops], COPY_LOOPS, 0),
    )  # fmt: skip
    rows = 1
    for d, _, _ in loops[:-1]:
        rows *= abs(d)
    # Transposes move tiles of as many rows and columns as a vector has lanes: a thread gets whole ones.
    grain = max(LANES, GRAIN // max(1, likely(loops[-1][0])))
    lowering.step("copy", params, scaled(output, rows), elements=1, grain=grain)


@lowers(Pad)
def lower_pad(lowering: Lowering, node: Node) -> None:
    """Border and interior in one pass over the output; axes without padding are merged."""
    assert isinstance(node.op, Pad)
    (x,) = node.inputs
    pads = list(node.op.pads[1:] if x.type.batched else node.op.pads)
    sizes = list(x.type.dims)
    channels = 1
    while pads and no_pads(pads[-1:]):
        pads.pop()
        channels *= sizes.pop()
    out = [size + sum(pad) for size, pad in zip(sizes, pads, strict=True)]
    params = PAD.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), size=front(sizes, PADDED_AXES, 1),
        out=front(out, PADDED_AXES, 1), pad=front([low for low, _ in pads], PADDED_AXES, 0), channels=channels,
        bits=struct.unpack("<i", struct.pack("<f", node.op.value))[0],
    )  # fmt: skip
    rows = 1
    for size in front(out, PADDED_AXES, 1)[:-1]:
        rows *= size
    lowering.step("pad", params, scaled(x.type, rows), elements=channels * (out[-1] if out else 1))

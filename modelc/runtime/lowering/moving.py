"""Lowering of ops that move elements: transposes, padding, slices, repeats, copies, look-ups and resampling."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from modelc.graph.graph import Node
from modelc.kernels.layouts_basic import COPY, GATHER, PAD, RESAMPLE
from modelc.ops.fused import Fused
from modelc.ops.resample import Resample
from modelc.ops.shape import Pad, Repeat, Slice, Transpose
from modelc.runtime.lowering.context import Lowering, front, scaled, strides_of

TILE = 16
"""Rows of a transpose that are moved together."""


def lower_transpose(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A copy that reads along other strides."""
    assert isinstance(node.op, Transpose)
    (x,) = node.inputs
    strides = strides_of([1 if d is None else d for d in x.type.shape])
    _copy(lowering, node, [strides[axis] for axis in node.op.perm])


def lower_slice(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A copy that starts and steps elsewhere."""
    assert isinstance(node.op, Slice)
    (x,) = node.inputs
    strides = strides_of([1 if d is None else d for d in x.type.shape])
    start = sum(first * stride for first, stride in zip(node.op.starts, strides, strict=True))
    _copy(lowering, node, [s * step for s, step in zip(strides, node.op.steps, strict=True)], start)


def lower_repeat(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A copy with one more axis, along which the stride of the input is 0."""
    assert isinstance(node.op, Repeat)
    (x,) = node.inputs
    shape = [1 if d is None else d for d in x.type.shape]
    strides = list(strides_of(shape))
    after = node.op.axis + 1
    dims = [*shape[:after], node.op.times, *shape[after:]]
    _copy(lowering, node, [*strides[:after], 0, *strides[after:]], dims=dims)


def lower_copy(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """The elements as they are."""
    _copy(lowering, node, strides_of([1 if d is None else d for d in node.output.type.shape]))


def _copy(
    lowering: Lowering, node: Node, x_strides: Sequence[int], x_start: int = 0, dims: Sequence[int] | None = None
) -> None:
    """Copy to a contiguous output of extents `dims`, along these strides of the input."""
    output = node.output.type
    extents = list(dims or [1 if d is None else d for d in output.shape])
    y_strides = strides_of(extents)
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
        y=lowering.operand(node.output), x=lowering.operand(node.inputs[0]),
        dims=front([d for d, _, _ in loops], 8, 1), x_start=x_start, x_strides=front([s for _, s, _ in loops], 8, 0),
        y_start=0, y_strides=front([s for _, _, s in loops], 8, 0),
    )  # fmt: skip
    rows = 1
    for d, _, _ in loops[:-1]:
        rows *= abs(d)
    # Transposes are fastest where a thread gets rows by the tile.
    grain = max(TILE, 8192 // max(1, loops[-1][0]))
    lowering.step("copy", params, scaled(output, rows), elements=1, grain=grain)


def lower_pad(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """Border and interior in one pass over the output; axes without padding are merged."""
    assert isinstance(node.op, Pad)
    (x,) = node.inputs
    pads = list(node.op.pads[1:] if x.type.batched else node.op.pads)
    sizes = list(x.type.dims)
    channels = 1
    while pads and not any(pads[-1]):
        pads.pop()
        channels *= sizes.pop()
    out = [size + sum(pad) for size, pad in zip(sizes, pads, strict=True)]
    params = PAD.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), size=front(sizes, 4, 1), out=front(out, 4, 1),
        pad=front([low for low, _ in pads], 4, 0), channels=channels,
        bits=struct.unpack("<i", struct.pack("<f", node.op.value))[0],
    )  # fmt: skip
    rows = 1
    for size in front(out, 4, 1)[:-1]:
        rows *= size
    lowering.step("pad", params, scaled(x.type, rows), elements=channels * (out[-1] if out else 1))


def lower_gather(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """Rows of a table."""
    indices, table = node.inputs
    rows, width = table.type.dims
    params = GATHER.pack(
        y=lowering.operand(node.output), table=lowering.operand(table), indices=lowering.operand(indices),
        rows=rows, width=width,
    )  # fmt: skip
    lowering.step("gather", params, scaled(indices.type, indices.type.size), elements=width)


def lower_resample(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """Weighted sums along one axis, by tables."""
    assert isinstance(node.op, Resample)
    (x,) = node.inputs
    axis = node.op.axis
    size = x.type.dims[axis - 1]
    indices, weights = node.op.table(size)
    channels = strides_of(x.type.dims)[axis - 1]
    before = x.type.size // (size * channels)
    params = RESAMPLE.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), weights=lowering.table(weights),
        indices=lowering.table(indices), size=size, out=node.op.size, taps=indices.shape[1], channels=channels,
    )  # fmt: skip
    lowering.step("resample", params, scaled(x.type, before * node.op.size), elements=channels * indices.shape[1])

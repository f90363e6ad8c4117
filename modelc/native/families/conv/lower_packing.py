"""Lowering of the packing of operands that are no constants: copies into the order that the tiles read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from modelc.graph.graph import Node
from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.conv.phases import phase_places
from modelc.native.families.move.lower import copy
from modelc.native.families.move.params import FILL
from modelc.native.lowering.context import Lowering, scaled, strides_of
from modelc.native.lowering.rules import lowers
from modelc.native.ops.packed import PackBias, PackKernel, is_depthwise
from modelc.native.ops.packed_contract import Pack
from modelc.native.passes.pack_operands import loops_over, strides_by_letter
from modelc.native.target import host
from modelc.ops.conv import Conv


class Axis(NamedTuple):
    """An extent, and the elements from one to the next in what is packed."""

    extent: int
    stride: int


@lowers(Pack)
def lower_pack(lowering: Lowering, node: Node) -> None:
    """Operand b of a contraction."""
    assert isinstance(node.op, Pack)
    op, (b,) = node.op.contract, node.inputs
    strides = strides_by_letter(op.b, b.type)
    sizes = {c: 1 if d is None else d for c, d in zip(op.b, b.type.shape, strict=True)}
    groups, sums = ([Axis(sizes[c], strides[c]) for c in part] for part in (op.groups, op.sums))
    along = loops_over(op.columns, strides, {}, sizes)
    columns = Axis(math.prod(sizes[c] for c in op.columns), along[0].a if along else 0)
    _clear(lowering, node, _padded(columns.extent) != columns.extent)
    _pack(lowering, node, groups, sums, columns)


@lowers(PackKernel)
def lower_pack_kernel(lowering: Lowering, node: Node) -> None:
    """The kernel of a convolution, or the taps of each phase of a transposed one."""
    assert isinstance(node.op, PackKernel)
    conv, (kernel,) = node.op.conv, node.inputs
    *window, first, last = kernel.type.dims
    *steps, first_step, _ = strides_of(kernel.type.dims)
    depthwise = is_depthwise(conv, kernel.type.dims)
    # A depthwise kernel has a row of channels for each tap, and nothing to sum there.
    if isinstance(conv, Conv):
        inner = [] if depthwise else [Axis(first, first_step)]
        columns = Axis(last, 1) if depthwise else Axis(last // conv.groups, 1)
        groups = [] if depthwise else [Axis(conv.groups, columns.extent)]
    else:
        inner = [] if depthwise else [Axis(last // conv.groups, 1)]
        columns = Axis(last, 1) if depthwise else Axis(first, first_step)
        groups = [] if depthwise else [Axis(conv.groups, last // conv.groups)]
    _clear(lowering, node, _padded(columns.extent) != columns.extent)
    pack = _pack_rows if depthwise else _pack
    if isinstance(conv, Conv):
        taps = [Axis(*axis) for axis in zip(window, steps, strict=True)]
        pack(lowering, node, groups, [*taps, *inner], columns)
        return
    for place in phase_places(conv, kernel.type.dims, _padded(columns.extent)).values():
        if not all(place.taps):
            continue
        taps = [
            Axis(len(t), (t[1] - t[0]) * step if len(t) > 1 else 0) for t, step in zip(place.taps, steps, strict=True)
        ]
        start = sum(t[0] * step for t, step in zip(place.taps, steps, strict=True))
        pack(lowering, node, groups, [*taps, *inner], columns, start, place.offset)


@lowers(PackBias)
def lower_pack_bias(lowering: Lowering, node: Node) -> None:
    """One row for each group."""
    assert isinstance(node.op, PackBias)
    (bias,) = node.inputs
    channels = bias.type.size // node.op.groups
    _clear(lowering, node, _padded(channels) != channels)
    _pack_rows(lowering, node, [], [Axis(node.op.groups, channels)], Axis(channels, 1))


def _padded(columns: int) -> int:
    """Columns filled up to whole vectors."""
    return blocks_of(columns).total * host().lanes


def _clear(lowering: Lowering, node: Node, needed: bool) -> None:
    """Zeros in all of the output, where a copy does not reach."""
    if needed:
        size = scaled(node.output.type, node.output.type.size)
        lowering.step("fill", FILL.pack(y=lowering.operand(node.output), bits=0), size)


def _pack(
    lowering: Lowering,
    node: Node,
    groups: Sequence[Axis],
    sums: Sequence[Axis],
    columns: Axis,
    x_start: int = 0,
    y_start: int = 0,
) -> None:
    """A copy of all whole blocks of columns, `[group][block][sums][columns]`, and one of the rest."""
    depth = math.prod(axis.extent for axis in sums)
    padded = _padded(columns.extent)
    width = blocks_of(columns.extent).vectors * host().lanes
    whole, rest = divmod(columns.extent, width)

    def pack(first: int, blocks: int, count: int, row: int) -> None:
        """Copy `count` columns each to `blocks` blocks of `row` columns."""
        axes = [*groups, Axis(blocks, width * columns.stride), *sums, Axis(count, columns.stride)]
        outer = [s * depth * padded for s in strides_of([axis.extent for axis in groups])]
        lines = [s * row for s in strides_of([axis.extent for axis in sums])]
        copy(
            lowering, node, [axis.stride for axis in axes], x_start + first * width * columns.stride,
            [axis.extent for axis in axes], y_start=y_start + first * width * depth,
            y_strides=[*outer, depth * width, *lines, 1],
        )  # fmt: skip

    if whole:
        pack(0, whole, width, width)
    if rest:
        pack(whole, 1, rest, padded - whole * width)


def _pack_rows(
    lowering: Lowering,
    node: Node,
    groups: Sequence[Axis],
    rows: Sequence[Axis],
    columns: Axis,
    x_start: int = 0,
    y_start: int = 0,
) -> None:
    """A copy of rows, each to whole vectors."""
    padded = _padded(columns.extent)
    axes = [*groups, *rows, columns]
    lines = [s * padded for s in strides_of([axis.extent for axis in axes[:-1]])]
    copy(
        lowering, node, [axis.stride for axis in axes], x_start, [axis.extent for axis in axes], y_start=y_start,
        y_strides=[*lines, 1],
    )  # fmt: skip

"""Lowering of transposed convolutions: one convolution with stride 1 for each phase of the strides, see `phases`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.graph import Node
from modelc.native.code.layout import ABSENT
from modelc.native.families.conv.lower import Extents, apply_activation, contract, convolution, depthwise, lower_conv
from modelc.native.families.conv.pack import blocks_of, pack_depthwise
from modelc.native.families.conv.phases import Phase, phase_places, phases_of, window_of
from modelc.native.families.conv.steps import conv_step
from modelc.native.families.move.params import FILL
from modelc.native.lowering.context import Lowering, at, front, scaled, strides_of
from modelc.native.lowering.rules import lowers, lowers_fused
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed import PackedConv, is_depthwise
from modelc.native.ops.packed_overlap import PackedOverlap
from modelc.native.target import host
from modelc.ops.conv import ConvTranspose

Array = NDArray[Any]


@lowers_fused(PackedConv)
def lower_packed_conv(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """Either of the two whose kernel may be packed."""
    transposed = isinstance(convolution(node, fused)[0], ConvTranspose)
    (lower_conv_transpose if transposed else lower_conv)(lowering, node, fused)


@lowers_fused(ConvTranspose)
def lower_conv_transpose(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A step for each phase: it writes every stride-th output."""
    op, dims, packed = convolution(node, fused)
    assert isinstance(op, ConvTranspose)
    x = node.inputs[0]
    *spatial, filters = node.output.type.dims
    channels = x.type.dims[-1]
    x_steps = strides_of(x.type.dims)[:-1]
    y_steps = strides_of((*spatial, filters))[:-1]
    x_strides: Extents = (x.type.size, *front(x_steps, 3, 0))  # pyright: ignore[reportAssignmentType]
    strided = [step * stride for step, stride in zip(y_steps, op.strides, strict=True)]
    y_strides: Extents = (node.output.type.size, *front(strided, 3, 0))  # pyright: ignore[reportAssignmentType]
    by_channel = is_depthwise(op, dims)
    columns = channels if by_channel else filters // op.groups
    places = phase_places(op, dims, blocks_of(columns).total * host().lanes)
    axes = [
        phases_of(taps, stride, dilation, low, size)
        for taps, stride, dilation, (low, _), size in zip(dims, op.strides, op.dilation, op.crop, spatial, strict=False)
    ]
    for phases in itertools.product(*axes):
        place = places[tuple(p.output for p in phases)]
        common: dict[str, Any] = {
            "x": at(lowering.operand(x), sum(p.input * step for p, step in zip(phases, x_steps, strict=True))),
            "y": at(
                lowering.operand(node.output), sum(p.output * step for p, step in zip(phases, y_steps, strict=True))
            ),
            "extents": (scaled(x.type, 1), *front([p.count for p in phases], 3, 1)),
            "x_strides": x_strides, "y_strides": y_strides, "packed": place.offset if packed else None,
        }  # fmt: skip
        if by_channel:
            row = len(phases[-1].taps) if phases[-1].step == 1 else 1
            step = depthwise(
                lowering, node, fused,
                taps=window_of(phases, x_steps, 1), row=row, select=partial(_depthwise_taps_of, phases), **common,
            )  # fmt: skip
        else:
            step = contract(
                lowering, node, fused,
                window=window_of(phases, x_steps, channels // op.groups), groups=op.groups,
                group_stride=channels // op.groups, select=partial(_taps_of, phases, op.groups), **common,
            )  # fmt: skip
        lowering.steps.append(step)
    apply_activation(lowering, node, fused)


@lowers(PackedOverlap)
def lower_overlapped(lowering: Lowering, node: Node) -> None:
    """Zeros, to which a step for each phase of the other axes adds runs: in turn those that do not meet each other."""
    op = node.op
    assert isinstance(op, PackedOverlap)
    x, packed = node.inputs
    rows, kernel = op.rows, op.rows_kernel
    *spatial, filters = node.output.type.dims
    *_, width, channels = x.type.dims
    columns, stride = kernel[-2], op.conv.strides[-1]
    turns = -(-columns // (stride * filters))
    size = scaled(x.type, node.output.type.size)
    lowering.step("fill", FILL.pack(y=lowering.operand(node.output), bits=0), size)
    x_steps = strides_of(x.type.dims)[:-1]
    y_steps = strides_of((*spatial, filters))[:-1]
    strided = [step * s for step, s in zip(y_steps, rows.strides, strict=True)]
    places = phase_places(rows, kernel, blocks_of(columns).total * host().lanes)
    axes = [
        phases_of(taps, s, dilation, low, extent)
        for taps, s, dilation, (low, _), extent in zip(
            kernel, rows.strides, rows.dilation, rows.crop, (*spatial[:-1], width), strict=False
        )
    ]
    for phases in itertools.product(*axes):
        taps = window_of(phases, x_steps, channels)
        if not taps.offsets:
            continue
        x_start = sum(p.input * step for p, step in zip(phases, x_steps, strict=True))
        y_start = sum(p.output * step for p, step in zip(phases, y_steps, strict=True))
        weights = at(lowering.operand(packed), places[tuple(p.output for p in phases)].offset)
        for turn in range(min(turns, width)):
            counts = [*(p.count for p in phases[:-1]), -(-(width - turn) // turns)]
            x_strides: Extents = (x.type.size, *front([*x_steps[:-1], turns * channels], 3, 0))  # pyright: ignore[reportAssignmentType]
            y_strides: Extents = (node.output.type.size, *front([*strided[:-1], turns * stride * filters], 3, 0))  # pyright: ignore[reportAssignmentType]
            extents: Extents = (scaled(x.type, 1), *front(counts, 3, 1))  # pyright: ignore[reportAssignmentType]
            y = at(lowering.operand(node.output), y_start + turn * stride * filters)
            lowering.steps.append(
                conv_step(
                    x=at(lowering.operand(x), x_start + turn * channels), y=y, residual=y,
                    weights=weights, bias=ABSENT, table=lowering.words(taps.offsets), window=taps,
                    channels=columns, extents=extents, x_strides=x_strides, y_strides=y_strides,
                )
            )  # fmt: skip


def _taps_of(phases: Sequence[Phase], groups: int, kernel: Array) -> Array:
    """The taps of these phases in a kernel (*window, Q/groups, C), as (*taps, C/groups, Q)."""
    taken = kernel[np.ix_(*(p.taps for p in phases))]
    *taps, filters, channels = taken.shape
    apart = taken.reshape(*taps, filters, groups, channels // groups)
    return np.moveaxis(apart, -3, -1).swapaxes(-3, -2).reshape(*taps, channels // groups, groups * filters)


def _depthwise_taps_of(phases: Sequence[Phase], kernel: Array) -> Array:
    """The taps of these phases in a kernel (*window, 1, C), in the depthwise layout."""
    taken = kernel[np.ix_(*(p.taps for p in phases))]
    return pack_depthwise(np.ascontiguousarray(taken.swapaxes(-1, -2)))

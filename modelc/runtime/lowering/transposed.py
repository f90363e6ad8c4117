"""Lowering of transposed convolutions: one convolution with stride 1 for each phase of the strides, see `phases`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.graph import Node
from modelc.kernels.layouts_conv import blocks_of, pack_depthwise
from modelc.kernels.target import host
from modelc.ops.conv import ConvTranspose
from modelc.ops.fused import Fused
from modelc.ops.packed import is_depthwise
from modelc.runtime.lowering.context import Lowering, at, front, scaled, strides_of
from modelc.runtime.lowering.contractions import Extents, apply_activation, contract, convolution, depthwise, lower_conv
from modelc.runtime.lowering.phases import Phase, phase_places, phases_of, window_of

Array = NDArray[Any]


def lower_packed_conv(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """Either of the two whose kernel may be packed."""
    transposed = isinstance(convolution(node, fused)[0], ConvTranspose)
    (lower_conv_transpose if transposed else lower_conv)(lowering, node, fused)


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
            depthwise(
                lowering, node, fused,
                taps=window_of(phases, x_steps, 1), row=row, select=partial(_depthwise_taps_of, phases), **common,
            )  # fmt: skip
            continue
        contract(
            lowering, node, fused,
            window=window_of(phases, x_steps, channels // op.groups), groups=op.groups,
            group_stride=channels // op.groups, select=partial(_taps_of, phases, op.groups), **common,
        )  # fmt: skip
    apply_activation(lowering, node, fused)


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

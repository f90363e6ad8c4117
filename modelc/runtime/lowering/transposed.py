"""Lowering of transposed convolutions: one convolution with stride 1 for each phase of the strides.

Output o is the sum over the taps t with ``o + crop = i·stride + t·dilation``. The outputs with the same remainder
of (o + crop) by the stride use the same taps, at inputs that move on by one from each of these outputs to the next.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.graph import Node
from modelc.kernels.layouts_conv import Window, window
from modelc.ops.conv import ConvTranspose
from modelc.ops.fused import Fused
from modelc.runtime.lowering.context import Lowering, at, front, scaled, strides_of
from modelc.runtime.lowering.contractions import Extents, apply_activation, contract

Array = NDArray[Any]


def lower_conv_transpose(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A step for each phase: it writes every stride-th output."""
    op = fused.base if fused else node.op
    assert isinstance(op, ConvTranspose)
    x, kernel = node.inputs[:2]
    *spatial, filters = node.output.type.dims
    x_steps = strides_of(x.type.dims)[:-1]
    y_steps = strides_of((*spatial, filters))[:-1]
    x_strides: Extents = (x.type.size, *front(x_steps, 3, 0))  # pyright: ignore[reportAssignmentType]
    strided = [step * stride for step, stride in zip(y_steps, op.strides, strict=True)]
    y_strides: Extents = (node.output.type.size, *front(strided, 3, 0))  # pyright: ignore[reportAssignmentType]
    axes = [
        _phases(taps, stride, dilation, low, size)
        for taps, stride, dilation, (low, _), size in zip(
            kernel.type.dims, op.strides, op.dilation, op.crop, spatial, strict=False
        )
    ]
    for phases in itertools.product(*axes):
        contract(
            lowering, node, fused,
            x=at(lowering.operand(x), sum(p.input * step for p, step in zip(phases, x_steps, strict=True))),
            y=at(lowering.operand(node.output), sum(p.output * step for p, step in zip(phases, y_steps, strict=True))),
            kernel=kernel, window=_window(phases, x_steps, x.type.dims[-1]),
            extents=(scaled(x.type, 1), *front([p.count for p in phases], 3, 1)),  # pyright: ignore[reportArgumentType]
            x_strides=x_strides, y_strides=y_strides, select=partial(_taps_of, phases),
        )  # fmt: skip
    apply_activation(lowering, node, fused)


@dataclass(frozen=True)
class _Phase:
    """Along one axis, the outputs ``output + j·stride`` for j < count.

    The m-th of `taps` multiplies the input at ``input + j + m·step``.
    """

    output: int
    count: int
    taps: tuple[int, ...]
    input: int
    step: int


def _phases(window: int, stride: int, dilation: int, crop: int, size: int) -> list[_Phase]:
    """The phases of one axis; one without taps holds outputs that no input reaches."""
    step = dilation // math.gcd(stride, dilation)
    phases: list[_Phase] = []
    for output in range(min(stride, size)):
        # From the last tap to the first, the input moves forward.
        taps = tuple(t for t in reversed(range(window)) if (output + crop - t * dilation) % stride == 0)
        first = (output + crop - taps[0] * dilation) // stride if taps else 0
        phases.append(_Phase(output, -(-(size - output) // stride), taps, first, step))
    return phases


def _window(phases: Sequence[_Phase], steps: Sequence[int], channels: int) -> Window:
    """What one output of these phases reads."""
    counts = tuple(len(p.taps) for p in phases)
    if 0 in counts:
        return Window((), channels)
    return window(counts, tuple(p.step * step for p, step in zip(phases, steps, strict=True)), channels)


def _taps_of(phases: Sequence[_Phase], kernel: Array) -> Array:
    """The taps of these phases in a kernel (*window, Q, C), as (*taps, C, Q)."""
    return np.swapaxes(kernel[np.ix_(*(p.taps for p in phases))], -1, -2)

"""The phases of a transposed convolution: the outputs with one remainder by the strides, which use the same taps.

Output o is the sum over the taps t with ``o + crop = i·stride + t·dilation``. The outputs with the same remainder
of (o + crop) by the stride use the same taps, at inputs that move on by one from each of these outputs to the next.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from modelc.native.families.conv.params import Window, window
from modelc.native.ops.packed import is_depthwise
from modelc.ops.conv import ConvTranspose


@dataclass(frozen=True)
class Phase:
    """Along one axis, the outputs ``output + j·stride`` for j < count.

    The m-th of `taps` multiplies the input at ``input + j + m·step``.
    """

    output: int
    count: int
    taps: tuple[int, ...]
    input: int
    step: int


def phases_of(window: int, stride: int, dilation: int, crop: int, size: int) -> list[Phase]:
    """The phases of one axis; one without taps holds outputs that no input reaches."""
    step = dilation // math.gcd(stride, dilation)
    phases: list[Phase] = []
    for output in range(min(stride, size)):
        # From the last tap to the first, the input moves forward.
        taps = tuple(t for t in reversed(range(window)) if (output + crop - t * dilation) % stride == 0)
        first = (output + crop - taps[0] * dilation) // stride if taps else 0
        phases.append(Phase(output, -(-(size - output) // stride), taps, first, step))
    return phases


def window_of(phases: Sequence[Phase], steps: Sequence[int], channels: int) -> Window:
    """What one output of these phases reads."""
    counts = tuple(len(p.taps) for p in phases)
    if 0 in counts:
        return Window((), channels)
    return window(counts, tuple(p.step * step for p, step in zip(phases, steps, strict=True)), channels)


class Place(NamedTuple):
    """The taps of a phase along every axis, and where they begin in the packed kernel."""

    taps: tuple[tuple[int, ...], ...]
    offset: int


def phase_places(conv: ConvTranspose, kernel: Sequence[int], padded: int) -> dict[tuple[int, ...], Place]:
    """By the first output of each phase its place in a packed kernel, whose columns are filled up to `padded`.

    Every tap is of one phase, so all together are as large as the kernel.
    """
    *sizes, _, channels = kernel
    rows = 1 if is_depthwise(conv, tuple(kernel)) else channels
    axes = [
        phases_of(taps, stride, dilation, low, stride)
        for taps, stride, dilation, (low, _) in zip(sizes, conv.strides, conv.dilation, conv.crop, strict=True)
    ]
    places: dict[tuple[int, ...], Place] = {}
    offset = 0
    for phases in itertools.product(*axes):
        taps = tuple(p.taps for p in phases)
        places[tuple(p.output for p in phases)] = Place(taps, offset)
        offset += math.prod(map(len, taps)) * rows * padded
    return places

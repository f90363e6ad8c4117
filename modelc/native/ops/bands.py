"""A depthwise convolution and those of single pixels around it, in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TypeVar

from modelc.graph.types import TensorType
from modelc.native.families.bands.params import BandMemory
from modelc.native.ops.base import NativeOp
from modelc.native.ops.fused import Fused
from modelc.native.ops.residual_sum import ResidualSum
from modelc.ops.base import Array

_T = TypeVar("_T")


@dataclass(frozen=True)
class Bands(NativeOp):
    """``project(depthwise(expand(x)))``, band by band: what lies between them is in memory for a few lines at a time.

    Operands: x; of each convolution that there is, in this order, what it takes besides; the work area. `lines` are
    those of a band of depthwise outputs, `ring` those that are kept of what is expanded.
    """

    depthwise: Fused
    lines: int
    memory: BandMemory
    expand: Fused | None = None
    ring: int = 0
    project: Fused | ResidualSum | None = None

    @property
    def name(self) -> str:
        """`Conv+bias+relu6, Conv+bias+relu6, Conv+bias in bands`."""
        return ", ".join(stage.name for stage in self.stages) + " in bands"

    @property
    def stages(self) -> tuple[Fused | ResidualSum, ...]:
        """The convolutions that there are, in order."""
        return tuple(stage for stage in (self.expand, self.depthwise, self.project) if stage is not None)

    @property
    def _counts(self) -> list[int]:
        """How many operands each convolution takes besides what it convolves."""
        counts: list[int] = []
        for stage in self.stages:
            fused = stage.fused if isinstance(stage, ResidualSum) else stage
            counts.append(1 + int(fused.bias) + int(stage is not fused))
        return counts

    def operands_of(self, operands: Sequence[_T]) -> list[tuple[_T, ...]]:
        """What each convolution takes besides what it convolves."""
        ends = accumulate(self._counts, initial=1)
        return [tuple(operands[start:end]) for start, end in pairwise(ends)]

    def overwrites(self, output: int) -> tuple[int, ...]:
        """The residual, each element of which is read where the sum is written. x is not: bands read the same lines."""
        return (sum(self._counts),) if isinstance(self.project, ResidualSum) else ()

    def types(self, *operands: TensorType) -> list[TensorType]:
        """What each convolution gives."""
        found: list[TensorType] = []
        x = operands[0]
        for stage, others in zip(self.stages, self.operands_of(operands), strict=True):
            x = stage.infer(x, *others)
            found.append(x)
        return found

    def infer(self, *operands: TensorType) -> TensorType:
        """What the last one gives."""
        return self.types(*operands)[-1]

    def compute(self, *operands: Array) -> Array:
        """The definitions, one after the other."""
        x = operands[0]
        for stage, others in zip(self.stages, self.operands_of(operands), strict=True):
            x = stage.compute(x, *others)
        return x

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of all."""
        types = self.types(*operands)
        before = (operands[0], *types[:-1])
        stages = zip(self.stages, types, before, self.operands_of(operands), strict=True)
        return sum(stage.macs(y, x, *others) for stage, y, x, others in stages)

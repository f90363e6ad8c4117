"""Recurrences whose steps threads share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelc.graph.types import TensorType
from modelc.native.families.recurrent.pack import blocks_of_units
from modelc.native.ops.base import NativeOp
from modelc.native.ops.packed_recurrent import PackedRecurrent, recurrence_of
from modelc.native.target import LANES
from modelc.ops.base import Array
from modelc.ops.recurrent import GATES, Recurrent

_CHUNK = 32768
"""The multiply-adds of a sample that are worth handing to a thread, some 2 µs: the kernel is read from a cache."""


@dataclass(frozen=True)
class StepCounter(NativeOp):
    """Memory for the number of steps that are done: any → (N, 2), of which the first sample's is an int64.

    It has a batch so that calls of parts of the batch have one each.
    """

    @property
    def name(self) -> str:
        """`StepCounter`."""
        return "StepCounter"

    def infer(self, *operands: TensorType) -> TensorType:
        """Any → (N, 2)."""
        return TensorType((None, 2))

    def compute(self, *operands: Array) -> Array:
        """No step is done."""
        return np.zeros((len(operands[0]), 2), np.float32)


@dataclass(frozen=True)
class SharedRecurrent(NativeOp):
    """A recurrence of so many `units`, step by step: the operands of `base`, and a `StepCounter`'s output → y."""

    base: Recurrent | PackedRecurrent
    units: int

    @property
    def blocks(self) -> int:
        """What a step can be cut into: vectors of units."""
        return blocks_of_units(self.units)

    @property
    def grain(self) -> int:
        """The blocks that are worth handing to a thread."""
        return max(1, _CHUNK // (GATES[recurrence_of(self.base).kind] * LANES * self.units))

    @property
    def name(self) -> str:
        """As that of the recurrence."""
        return self.base.name

    def infer(self, *operands: TensorType) -> TensorType:
        """That of the recurrence."""
        return self.base.infer(*operands[:-1])

    def compute(self, *operands: Array) -> Array:
        """The recurrence."""
        return self.base.compute(*operands[:-1])

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of the recurrence."""
        return self.base.macs(output, *operands[:-1])

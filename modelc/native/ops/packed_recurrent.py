"""A recurrence whose recurrent kernel is no constant: what its compiled code reads is made anew at every call."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelc.graph.types import TensorType
from modelc.native.families.recurrent.pack import blocks_of_units
from modelc.native.ops.base import NativeOp
from modelc.native.target import LANES
from modelc.ops.base import Array
from modelc.ops.recurrent import GATES, Recurrent
from modelc.ops.recurrent_backward import RecurrentBackward


@dataclass(frozen=True)
class PackedRecurrent(NativeOp):
    """A `Recurrent` whose kernel, and bias where it has one, are packed: in blocks of units, filled up with zeros.

    Kernel: one row of (blocks, U, G·16); where a GRU resets before the product, first the gates z and r of all blocks,
    then their candidates. Bias: (blocks, G·16).
    """

    recurrent: Recurrent
    units: int

    @property
    def name(self) -> str:
        """As that of the recurrence."""
        return self.recurrent.name

    def infer(self, *operands: TensorType) -> TensorType:
        """x, packed kernel, ... → (N, kept, P·U)."""
        x, _, *rest = operands
        return self.recurrent.infer(x, TensorType((self.units, GATES[self.recurrent.kind] * self.units)), *rest)

    def compute(self, *operands: Array) -> Array:
        """The recurrence with what was packed."""
        x, packed, *rest = operands
        units, gates, blocks = self.units, GATES[self.recurrent.kind], blocks_of_units(self.units)
        flat, kernels, start = packed.reshape(-1), list[Array](), 0
        for count in (2, 1) if self.recurrent.kind == "gru_reset_before" else (gates,):
            size = blocks * units * count * LANES
            apart = flat[start : start + size].reshape(blocks, units, count, LANES).transpose(1, 2, 0, 3)
            kernels.append(apart.reshape(units, count, -1)[:, :, :units].reshape(units, -1))
            start += size
        if self.recurrent.bias:
            apart = rest[0].reshape(blocks, gates, LANES).transpose(1, 0, 2)
            rest[0] = apart.reshape(gates, -1)[:, :units].reshape(-1)
        return self.recurrent.compute(x, np.concatenate(kernels, axis=1), *rest)

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of the recurrence."""
        kernel = TensorType((self.units, GATES[self.recurrent.kind] * self.units))
        return self.recurrent.macs(output, operands[0], kernel)


def recurrence_of(op: Recurrent | PackedRecurrent) -> Recurrent:
    """The recurrence, whether its kernel is packed or not."""
    return op.recurrent if isinstance(op, PackedRecurrent) else op


@dataclass(frozen=True)
class PackedRecurrentBackward(NativeOp):
    """A `RecurrentBackward` whose kernel is packed: the columns of its transpose, filled up with zeros."""

    backward: RecurrentBackward
    units: int

    @property
    def name(self) -> str:
        """As that of what it is."""
        return self.backward.name

    def infer(self, *operands: TensorType) -> TensorType:
        """a, packed kernel, ... → (N, T + 1, W·U)."""
        a, _, *rest = operands
        return self.backward.infer(a, TensorType((self.units, GATES[self.backward.kind] * self.units)), *rest)

    def compute(self, *operands: Array) -> Array:
        """The same with what was packed."""
        a, packed, *rest = operands
        return self.backward.compute(a, packed[:, : self.units].T, *rest)

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """The recurrent kernel once for every step."""
        a = operands[0]
        return a.dims[0] * GATES[self.backward.kind] * self.units**2 if a.batched else 0

"""Memory that a kernel works in, as a value of the graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelc.graph.types import ITEM_BYTES, TensorType
from modelc.native.ops.base import NativeOp
from modelc.native.target import LEASE_BYTES
from modelc.ops.base import Array

ALL_BYTES = 64 << 20
"""The size of all areas, at the most: where there are more threads, some wait until others are done with theirs."""


class WorkMemory:
    """An area for each of `slots` threads that may be at work, and before them their leases (`code/leases.py`)."""

    slots: int

    @property
    def area(self) -> int:
        """Bytes of an area."""
        raise NotImplementedError

    @property
    def leases(self) -> int:
        """Bytes of all leases, which come first."""
        return self.slots * LEASE_BYTES

    @property
    def elements(self) -> int:
        """The size of all, in elements."""
        return (self.leases + self.slots * self.area) // ITEM_BYTES


@dataclass(frozen=True)
class WorkArea(NativeOp):
    """Memory that the kernel of one op works in, as a value, so that it is planned like all other memory.

    It takes the input of that op only to be made in the call, as that is.
    """

    memory: WorkMemory

    @property
    def name(self) -> str:
        """`WorkArea`."""
        return "WorkArea"

    def infer(self, *operands: TensorType) -> TensorType:
        """Any → (elements,)."""
        return TensorType((self.memory.elements,))

    def compute(self, *operands: Array) -> Array:
        """Zeros, though only the leases are that when it is compiled: nothing else is read before it is written."""
        return np.zeros(self.memory.elements, np.float32)

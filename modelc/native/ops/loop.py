"""Loops over steps of this target: as one op for the passes, and as the ops in a row that are lowered."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.graph.types import TensorType
from modelc.native.ops.base import NativeOp
from modelc.ops.base import Array
from modelc.ops.scan import Scan


@dataclass(frozen=True)
class NativeScan(Scan, NativeOp):
    """A `Scan` whose body has been through the passes of this target."""


@dataclass(frozen=True)
class _Effect(NativeOp):
    """An op that stands in a flat graph only, see `flatten_loops`: it has an effect rather than a value."""

    def infer(self, *operands: TensorType) -> TensorType:
        """Of flat graphs no types are inferred."""
        raise NotImplementedError

    def compute(self, *operands: Array) -> Array:
        """Flat graphs are not interpreted: `NativeScan` is the definition."""
        raise NotImplementedError


@dataclass(frozen=True)
class BeginLoop(_Effect):
    """Before the first step. Operands: those of the loop, of which the first states come after `scanned` ones. Outputs:
    the number of steps done, 0, the states, and memory for what the steps give."""

    scanned: int
    carried: int


@dataclass(frozen=True)
class TakePart(_Effect):
    """The part of a step. Operands: (N, steps, ...), and the number of steps done."""

    steps: int
    backward: bool


@dataclass(frozen=True)
class PutPart(_Effect):
    """Writes what a step gives to its place among all steps. Operands: it, the number of steps done, all steps."""

    steps: int
    backward: bool


@dataclass(frozen=True)
class SetState(_Effect):
    """Writes the state after a step over that before it. Operands: both in this order."""


@dataclass(frozen=True)
class Turn(_Effect):
    """After a step: back to what follows the `BeginLoop` if there is another one. Operands: the number of steps done,
    and all that the loop reads and writes, which is needed up to here."""

    steps: int

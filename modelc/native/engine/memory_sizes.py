"""What a call of a plan allocates, in bytes; what a plan is made by is in `native/passes/memory.py`."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.native.target import CACHE_LINE

ALIGNMENT = CACHE_LINE
"""The bytes that values begin at multiples of. The widest vector is no longer than a cache line."""


@dataclass(frozen=True)
class MemorySizes:
    """What a call allocates, in bytes."""

    arena_bytes: int
    """The size per sample of the arena's part for values with a batch."""
    result_bytes: int
    """The size per sample of all results that have a batch."""
    work_bytes: int
    """The size of the arena's part that threads work in, which comes first: it depends on how many they are."""
    fixed_bytes: int
    """The size of this part and of that for values without a batch, which comes next."""
    fixed_result_bytes: int
    """The size of all results without a batch."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """All of these, in order."""
        return self.arena_bytes, self.result_bytes, self.work_bytes, self.fixed_bytes, self.fixed_result_bytes

    def arena_size(self, batch_size: int) -> int:
        """The bytes of the whole arena."""
        return self.fixed_bytes + self.arena_bytes * batch_size

    def allocated_bytes(self, batch_size: int) -> int:
        """All that one call allocates: the arena and the arrays that it returns."""
        return self.arena_size(batch_size) + self.fixed_result_bytes + self.result_bytes * batch_size

    def activation_bytes(self, batch_size: int) -> int:
        """What a call allocates on any machine: all but what threads work in."""
        return self.allocated_bytes(batch_size) - self.work_bytes


def aligned(size: int) -> int:
    """`size` rounded up to whole cache lines."""
    return -(-size // ALIGNMENT) * ALIGNMENT

"""What a call of a plan allocates, in bytes; what a plan is made by is in `native/passes/memory.py`."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.native.target import CACHE_LINE

ALIGNMENT = CACHE_LINE
"""The bytes that values begin at multiples of. The widest vector is no longer than a cache line."""


@dataclass(slots=True)
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
    slice: int
    """The most samples that go through the graph at once, see `native/passes/slices.py`; 0 for all of a batch."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """All of these, in order."""
        return (
            self.arena_bytes,
            self.result_bytes,
            self.work_bytes,
            self.fixed_bytes,
            self.fixed_result_bytes,
            self.slice,
        )

    def at_once(self, batch_size: int) -> int:
        """The samples of a batch that go through the graph at once."""
        return min(self.slice, batch_size) if self.slice else batch_size

    def areas(self, batch_size: int, threads: int) -> int:
        """The arenas of a call on so many threads, each of which may walk the graph for a slice of its own."""
        return max(1, min(threads, batch_size // max(1, self.at_once(batch_size))))

    def arena_size(self, batch_size: int, threads: int = 1) -> int:
        """The bytes of the whole arena."""
        if self.slice == 0:
            return self.fixed_bytes + self.arena_bytes * batch_size
        one = self.fixed_bytes + self.arena_bytes * self.at_once(batch_size)
        return one * self.areas(batch_size, threads)

    def allocated_bytes(self, batch_size: int, threads: int = 1) -> int:
        """All that one call allocates: the arena and the arrays that it returns."""
        return self.arena_size(batch_size, threads) + self.fixed_result_bytes + self.result_bytes * batch_size

    def activation_bytes(self, batch_size: int) -> int:
        """What a call allocates on one thread of any machine: all but what threads work in."""
        return self.allocated_bytes(batch_size) - self.work_bytes


def aligned(size: int) -> int:
    """`size` rounded up to whole cache lines."""
    return -(-size // ALIGNMENT) * ALIGNMENT

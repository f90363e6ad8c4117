"""The parts that a batch is split into, and those of them that one of several processes computes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from modelc.data.batches import Batch


class Split(NamedTuple):
    """Into how many parts batches are split, and which of them are this process's own."""

    parts: int
    own: range

    def bounds(self, part: int, samples: int) -> tuple[int, int]:
        """The first sample of a part of a batch, and the one after its last: parts are as even as can be, some empty
        where the batch has fewer samples than parts."""
        return part * samples // self.parts, (part + 1) * samples // self.parts

    def sizes(self, samples: int) -> list[int]:
        """The numbers of the samples of all parts."""
        bounds = (self.bounds(part, samples) for part in range(self.parts))
        return [stop - start for start, stop in bounds]

    def spans(self, samples: int) -> list[tuple[int, slice]]:
        """The own parts that are not empty, with their samples."""
        spans = ((part, slice(*self.bounds(part, samples))) for part in self.own)
        return [(part, span) for part, span in spans if span.start < span.stop]


class Share(NamedTuple):
    """What a process has of a batch."""

    samples: int
    """The number of samples of the whole batch."""
    parts: list[tuple[int, Batch]]
    """Its own parts, each with its number, without those that are empty."""


def shared_out(count: int, processes: int) -> list[range]:
    """The parts of each process: consecutive ones, as evenly as can be."""
    return [range(i * count // processes, (i + 1) * count // processes) for i in range(processes)]

"""What gives samples: a source of parts, each of which can be read by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from modelc.bulk.chunk import Chunk


class SamplePart(Protocol):
    """Some samples that are not read yet. A part can be pickled, and read in another process with the same files."""

    @property
    def names(self) -> Sequence[str]:
        """What its samples are called, as far as that is known before they are read."""
        ...

    def read(self) -> Chunk:
        """The samples. What is wrong with one of them is told in the chunk; raises what is wrong with the file."""
        ...


class SampleSource(Protocol):
    """All samples of a run."""

    @property
    def count(self) -> int | None:
        """How many there are; None where that is not known before they are read."""
        ...

    @property
    def is_named(self) -> bool:
        """Whether samples have names of their own, and not only numbers in an array."""
        ...

    @property
    def is_held(self) -> bool:
        """Whether parts hold the values of their samples, and not only where these are to be read."""
        ...

    @property
    def arrays(self) -> Sequence[NDArray[Any]] | None:
        """For each input the array of all samples, where there is one: its shape tells the sizes of outputs."""
        ...

    def parts(self, size: int) -> Iterator[SamplePart]:
        """The samples in order, at most `size` in a part."""
        ...


@dataclass(frozen=True)
class Joined:
    """The samples of several sources, one after the other."""

    sources: Sequence[SampleSource]

    @property
    def count(self) -> int | None:
        """The number of all."""
        counts = [source.count for source in self.sources]
        return None if None in counts else sum(count or 0 for count in counts)

    @property
    def is_named(self) -> bool:
        """Samples of several files are told apart by their names."""
        return True

    @property
    def is_held(self) -> bool:
        """Whether parts of any of them hold values."""
        return any(source.is_held for source in self.sources)

    @property
    def arrays(self) -> None:
        """None: there are several."""
        return

    def parts(self, size: int) -> Iterator[SamplePart]:
        """The parts of each source."""
        for source in self.sources:
            yield from source.parts(size)

"""`Chunk`: some samples as a model takes them, with what they are called and which of them could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from numpy.typing import NDArray

from modelc.errors import ModelcError

Array = NDArray[Any]
Rows = Array | list[Array]
"""Values of several samples: one array, or an array for each where their sizes differ."""


@dataclass(frozen=True)
class BadSample:
    """A sample that cannot be read or run, and why."""

    name: str
    error: ModelcError

    @property
    def named(self) -> ModelcError:
        """The error, its message beginning with the name of the sample."""
        return self.error if self.error.message.startswith(self.name) else self.error.about(self.name)


@dataclass(frozen=True)
class Chunk:
    """Samples, in the order of their source."""

    inputs: tuple[Rows, ...]
    """For each input of the model its values."""
    names: Sequence[str]
    """What each sample is called in messages and results: `cat.jpg`, `rows.csv:17`, `x.npy[3]`."""
    bad: tuple[BadSample, ...] = ()
    """Those that could not be read, which are not among the inputs."""

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Numbered(Sequence[str]):
    """Names that differ by a number, each made when it is asked for."""

    before: str
    numbers: Sequence[int]
    after: str = ""

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Numbered: ...
    def __getitem__(self, index: int | slice) -> str | Numbered:
        """One name, or some."""
        if isinstance(index, slice):
            return Numbered(self.before, self.numbers[index], self.after)
        return f"{self.before}{self.numbers[index]}{self.after}"

    def __iter__(self) -> Iterator[str]:
        """All names, faster than one by one."""
        return (f"{self.before}{number}{self.after}" for number in self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)

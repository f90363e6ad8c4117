"""Places along an axis by a rule, which may hold sizes that are free: a list of them would hold for one size only."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


class PlaceRule(ABC):
    """Which places are taken, in order."""

    @property
    @abstractmethod
    def count(self) -> int:
        """How many."""

    @abstractmethod
    def listed(self) -> Integers:
        """All of them, where the sizes are plain numbers."""


Places = tuple[int, ...] | PlaceRule


def count_of(places: Places) -> int:
    """How many places are taken."""
    return places.count if isinstance(places, PlaceRule) else len(places)


def listed(places: Places) -> Integers:
    """The places as an array."""
    return places.listed() if isinstance(places, PlaceRule) else np.array(places, np.int64)


@dataclass(frozen=True)
class Stepped(PlaceRule):
    """``start + step·i`` for 0 ≤ i < amount; the step may be negative."""

    start: int
    step: int
    amount: int

    @classmethod
    def reversed(cls, size: int) -> Stepped:
        """All of an axis of this size, the last one first."""
        return cls(size - 1, -1, size)

    @property
    def count(self) -> int:
        """`amount`."""
        return self.amount

    def listed(self) -> Integers:
        """`np.arange`."""
        return self.start + self.step * np.arange(self.amount, dtype=np.int64)


@dataclass(frozen=True)
class Rolled(PlaceRule):
    """``(i - by) mod size`` for 0 ≤ i < size: all of an axis, moved on by so many places."""

    size: int
    by: int

    @property
    def count(self) -> int:
        """`size`."""
        return self.size

    def listed(self) -> Integers:
        """Of `np.arange`."""
        return (np.arange(self.size, dtype=np.int64) - self.by) % self.size


@dataclass(frozen=True)
class AtShare(PlaceRule):
    """The place at ``share·(size - 1)``, in float64 as NumPy has it, rounded down, or up if `after`."""

    size: int
    share: float
    after: bool = False

    @property
    def count(self) -> int:
        """1."""
        return 1

    def listed(self) -> Integers:
        """One place."""
        at = self.share * (self.size - 1)
        return np.array([math.ceil(at) if self.after else math.floor(at)], np.int64)


@dataclass(frozen=True)
class Tiled(PlaceRule):
    """All of an axis, so many times."""

    size: int
    times: int

    @property
    def count(self) -> int:
        """`size` times `times`."""
        return self.size * self.times

    def listed(self) -> Integers:
        """`np.tile`."""
        return np.tile(np.arange(self.size, dtype=np.int64), self.times)


@dataclass(frozen=True)
class Extended(PlaceRule):
    """All of an axis, and before and after it places of its own, as `np.pad` chooses them in this mode."""

    size: int
    before: int
    after: int
    mode: Literal["edge", "reflect", "symmetric", "wrap"]

    @property
    def count(self) -> int:
        """`size` and what is added."""
        return self.before + self.size + self.after

    def listed(self) -> Integers:
        """`np.pad`."""
        return np.pad(np.arange(self.size, dtype=np.int64), (self.before, self.after), mode=self.mode)


@dataclass(frozen=True)
class Framed(PlaceRule):
    """``i·stride + k·dilation`` for every frame i < frames and its elements k < length."""

    frames: int
    length: int
    stride: int
    dilation: int

    @property
    def count(self) -> int:
        """`frames` times `length`."""
        return self.frames * self.length

    def listed(self) -> Integers:
        """Frame by frame."""
        starts = self.stride * np.arange(self.frames, dtype=np.int64)[:, None]
        return (starts + self.dilation * np.arange(self.length, dtype=np.int64)).ravel()

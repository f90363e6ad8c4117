"""The variants of a sweep: combinations of its choices, all of them or some that are drawn."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from modelc.errors import InputError
from modelc.sweeps.choices import MOST, Choice, ChosenValue, Interval


@dataclass(frozen=True)
class SweepVariant:
    """One combination."""

    number: int
    """Its number in the sweep, from 1."""
    paths: tuple[str, ...]
    options: tuple[ChosenValue, ...]
    """What it has at these places of the spec."""

    @property
    def settings(self) -> list[str]:
        """Its settings as `--set` of other commands takes them."""
        return [f"{path}={option.text}" for path, option in zip(self.paths, self.options, strict=True)]

    @property
    def values(self) -> dict[str, Any]:
        """Its values as plain data, by place."""
        return {path: option.value for path, option in zip(self.paths, self.options, strict=True)}

    @property
    def named(self) -> str:
        """It in messages: `variant 3 (vars.width=32 training.seed=1)`."""
        return f"variant {self.number} ({' '.join(self.settings)})"


def variants_of(choices: Sequence[Choice], samples: int | None = None, seed: int = 0) -> list[SweepVariant]:
    """All combinations, the last choice changing fastest; or so many of them, drawn by the seed, none twice.

    The first draws are the same however many there are. Raises `InputError` for more combinations than a sweep may
    have, for more samples than there are combinations, and for intervals without `samples`.
    """
    paths = tuple(choice.path for choice in choices)
    drawn = _all(choices) if samples is None else _drawn(choices, samples, seed)
    return [SweepVariant(number, paths, options) for number, options in enumerate(drawn, 1)]


def _count(choices: Sequence[Choice]) -> int | None:
    """The number of combinations; None for infinitely many."""
    sizes = [None if isinstance(choice.options, Interval) else len(choice.options) for choice in choices]
    return None if None in sizes else math.prod(size or 0 for size in sizes)


def _all(choices: Sequence[Choice]) -> Iterator[tuple[ChosenValue, ...]]:
    count = _count(choices)
    if count is None:
        interval = next(choice.path for choice in choices if isinstance(choice.options, Interval))
        message = f"`{interval}` may be any number of an interval: how many variants are to be drawn?"
        raise InputError(message, "give --samples N (in Python: samples=N)")
    if count > MOST:
        help = "give --samples N to draw some of them (in Python: samples=N)"
        raise InputError(f"there are {count:,} combinations, more than the {MOST:,} that a sweep may have", help)
    return itertools.product(*(choice.options for choice in choices if not isinstance(choice.options, Interval)))


def _drawn(choices: Sequence[Choice], samples: int, seed: int) -> Iterator[tuple[ChosenValue, ...]]:
    count = _count(choices)
    if count is not None and samples > count:
        raise InputError(f"{samples:,} samples are asked for, and there are {count:,} combinations")
    if samples > MOST:
        raise InputError(f"{samples:,} samples are asked for, a sweep may have {MOST:,}")
    source = random.Random(seed)
    seen = set[tuple[str, ...]]()
    # Enough to find all combinations, but for a chance below 10⁻³⁸ of missing one.
    draws = 100 * samples + 10_000
    for _ in range(draws):
        if len(seen) == samples:
            return
        options = tuple(_draw(choice, source.random()) for choice in choices)
        key = tuple(option.text for option in options)
        if key not in seen:
            seen.add(key)
            yield options
    if len(seen) < samples:
        message = f"{samples:,} samples are asked for, and {draws:,} draws gave {len(seen):,} different ones"
        raise InputError(message)


def _draw(choice: Choice, share: float) -> ChosenValue:
    if isinstance(choice.options, Interval):
        return choice.options.at(share)
    return choice.options[int(share * len(choice.options))]

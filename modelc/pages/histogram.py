"""`Histogram`: how the values of a weight are distributed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 40
_BLOCK = 1 << 20
"""The values that are counted at a time, which bounds the memory of it."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """The counts of a weight's values in bins of equal width from the least to the largest finite one."""

    counts: tuple[int, ...]
    least: float
    largest: float
    mean: float
    deviation: float
    """The standard deviation, of all finite values."""
    zeros: int
    not_finite: int
    """The number of values that are infinite or not a number; all else is about the others."""

    @property
    def size(self) -> int:
        """The number of all values."""
        return sum(self.counts) + self.not_finite


def histogram(array: NDArray[Any], bins: int = BINS) -> Histogram | None:
    """The histogram of an array; None where it has no finite value."""
    flat = np.asarray(array, np.float32).reshape(-1)
    finite = flat if bool(np.isfinite(flat).all()) else flat[np.isfinite(flat)]
    if not finite.size:
        return None
    least, largest = float(finite.min()), float(finite.max())
    mean = float(finite.mean(dtype=np.float64))
    counts = np.zeros(bins, np.int64)
    squares, zeros = 0.0, 0
    for start in range(0, finite.size, _BLOCK):
        block = finite[start : start + _BLOCK].astype(np.float64)
        zeros += int(np.count_nonzero(block == 0))
        squares += float(np.square(block - mean).sum())
        if largest > least:
            at = ((block - least) * (bins / (largest - least))).astype(np.int64)
            counts += np.bincount(np.minimum(at, bins - 1), minlength=bins)
        else:
            counts[bins // 2] += block.size
    return Histogram(
        tuple(counts.tolist()), least, largest, mean, float(np.sqrt(squares / finite.size)), zeros,
        int(flat.size - finite.size),
    )  # fmt: skip

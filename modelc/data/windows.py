"""Windows of a series: Keras's `timeseries_dataset_from_array`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelc.config.arguments import require_count
from modelc.errors import InputError
from modelc.graph.inputs import as_array

Array = NDArray[Any]


class Windows:
    """Batches of windows of a series, and their targets where there are some: what `fit` takes as `x`.

    Nothing is copied but the batch that is asked for. It can be gone through again and again.
    """

    def __init__(
        self, data: Array, targets: Array | None, starts: Array, steps: Array, batch_size: int | None, seed: int | None
    ) -> None:
        self._data, self._targets = data, targets
        self._starts, self._steps = starts, steps
        self._batch_size, self._seed = batch_size, seed
        self._passes = 0

    def __len__(self) -> int:
        """The number of batches."""
        return -(-len(self._starts) // (self._batch_size or 1))

    def __iter__(self) -> Iterator[Any]:
        starts = self._starts
        if self._seed is not None:
            starts = starts[np.random.default_rng([self._seed, self._passes]).permutation(len(starts))]
        self._passes += 1
        for first in range(0, len(starts), self._batch_size or 1):
            some = starts[first : first + self._batch_size] if self._batch_size is not None else starts[first]
            windows = self._data[some[..., None] + self._steps]
            yield windows if self._targets is None else (windows, self._targets[some])


def timeseries_dataset_from_array(
    data: ArrayLike,
    targets: ArrayLike | None,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    batch_size: int | None = 128,
    shuffle: bool = False,
    seed: int | None = None,
    start_index: int | None = None,
    end_index: int | None = None,
) -> Windows:
    """Windows of a series, in batches.

    Window i is ``data[s], data[s + r], …, data[s + (L - 1)·r]`` with ``s = start_index + i·sequence_stride``,
    ``r = sampling_rate`` and ``L = sequence_length``, and its target is ``targets[s]``; what comes from `end_index` on
    is not used. data: (steps, …) → (batch, L, …). Without a `batch_size` it gives single windows. With `shuffle` each
    pass mixes all windows anew, where Keras mixes neighbouring batches. Raises `InputError` for indices and
    lengths that the series does not have.
    """
    series = as_array(data, "`data`")
    wanted = None if targets is None else as_array(targets, "`targets`")
    count = len(series) if series.ndim else 0
    for name, value in (
        ("sequence_length", sequence_length), ("sequence_stride", sequence_stride), ("sampling_rate", sampling_rate),
        *([] if batch_size is None else [("batch_size", batch_size)]),
    ):  # fmt: skip
        require_count(name, value)
    for name, value in (("sampling_rate", sampling_rate), ("sequence_stride", sequence_stride)):
        if value >= count:
            raise InputError(f"`{name}` must be less than the {count} steps of the data, found {value}")
    first, end = start_index or 0, count if end_index is None else end_index
    if not 0 <= first < end <= count:
        raise InputError(
            f"the data has {count} steps, found the part from {first} to {end}",
            "0 ≤ start_index < end_index ≤ the number of steps",
        )
    windows = end - first - (sequence_length - 1) * sampling_rate
    if wanted is not None:
        windows = min(windows, len(wanted) - first)
    if windows < 1:
        raise InputError(
            f"{end - first} steps hold no window of {sequence_length}"
            + (f" with a step of {sampling_rate}" if sampling_rate > 1 else "")
            + ("" if wanted is None else f" that has one of {len(wanted)} targets")
        )
    if shuffle and seed is None:
        seed = int(np.random.randint(10**6))
    starts = first + np.arange(0, windows, sequence_stride)
    steps = np.arange(sequence_length) * sampling_rate
    return Windows(series, wanted, starts, steps, batch_size, seed if shuffle else None)

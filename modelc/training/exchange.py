"""`Exchange`: what training needs of the processes that it is shared out to, however they reach each other.

All processes, which have ranks from 0 on, make the same calls in the same order. Messages are arrays whose sizes both
sides know, and bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from modelc.errors import LostWorkerError

Array = NDArray[Any]

LARGEST = 1 << 31
"""The most bytes of a message that one process may tell the others."""


class Exchange(Protocol):
    """Processes that train together."""

    @property
    def rank(self) -> int:
        """The number of this process. The one of rank 0 prints, writes files and calls the callbacks."""
        ...

    @property
    def size(self) -> int:
        """How many processes there are."""
        ...

    @property
    def computing(self) -> range:
        """The ranks of those that compute gradients."""
        ...

    @property
    def bucket_bytes(self) -> int:
        """The bytes of gradients that are sent at a time."""
        ...

    def swap(self, sends: Sequence[Array], receives: Sequence[Array]) -> None:
        """Send to each process its array, and receive one from each: arrays of no elements are left out, as is that of
        the process itself.

        Raises `LostWorkerError` where a process is gone, does not answer in time, or failed.
        """
        ...

    def fail(self, message: str) -> None:
        """Tell the others that this process cannot go on, so that they stop as well."""
        ...


class Alone:
    """The one process that there is."""

    rank = 0
    size = 1
    computing = range(1)
    bucket_bytes = 1 << 21

    def swap(self, sends: Sequence[Array], receives: Sequence[Array]) -> None:
        """Nothing: there are no others."""

    def fail(self, message: str) -> None:
        """Nothing: there are no others."""


_NONE = np.empty(0, np.uint8)


def gathered(exchange: Exchange, own: Array, sizes: Sequence[int]) -> list[Array]:
    """The arrays of all processes, of so many elements along the first axis, in the order of ranks, on each of them."""
    made = [np.empty((size, *own.shape[1:]), own.dtype) for size in sizes]
    made[exchange.rank] = own
    exchange.swap([own] * exchange.size, made)
    return made


def broadcast(exchange: Exchange, data: bytes | None, root: int = 0) -> bytes:
    """What the process of rank `root` has to say, on all of them; the others give None.

    Raises `LostWorkerError` for a message that is too large to be meant.
    """
    if exchange.size == 1:
        return data or b""
    if data is not None:
        for array in (np.array([len(data)], np.int64), np.frombuffer(data, np.uint8)):
            exchange.swap([array] * exchange.size, [_NONE] * exchange.size)
        return data
    length = np.zeros(1, np.int64)
    exchange.swap([_NONE] * exchange.size, [length if rank == root else _NONE for rank in range(exchange.size)])
    if not 0 <= length[0] <= LARGEST:
        raise LostWorkerError(f"rank {root} announced a message of {length[0]} bytes")
    told = np.empty(int(length[0]), np.uint8)
    exchange.swap([_NONE] * exchange.size, [told if rank == root else _NONE for rank in range(exchange.size)])
    return told.tobytes()

"""`Sending`: sums of buckets that go to the other processes while the rest of the backward pass is computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.training.bucket_sums import Bucket, BucketSum

Array = NDArray[Any]


class Sending:
    """The buckets of one step.

    A thread of its own ends the sums of a bucket, in their order. With the last one, when there is nothing left to
    compute meanwhile, goes what is known of the parts by then.
    """

    def __init__(self, buckets: Sequence[Bucket], sums: Sequence[BucketSum], thread: ThreadPoolExecutor | None) -> None:
        """Without a `thread` there are no other processes, and nothing to send."""
        self.buckets = buckets
        self._sums = sums
        self._thread = thread if len(buckets) > 1 else None
        self._sent: list[Callable[[], Array]] = []
        self._flats: list[Array] = []
        self._leaf = self._next = 0
        self._last = False

    def begin(self, leaf: int, *, last: bool) -> list[Array]:
        """The arrays that come next are those of a leaf, the last one that this process has or not: where to write
        them, in the order of their numbers."""
        self._leaf, self._next, self._last = leaf, 0, last
        self._flats = [np.empty(bucket.size, np.float32) for bucket in self.buckets]
        return _in_order(self.buckets, self._flats)

    @property
    def in_stages(self) -> bool:
        """Whether it is of use to be told of arrays while others are computed."""
        return self._last and self._thread is not None

    def put(self) -> None:
        """Take the next bucket, whose arrays are written; after all of them, nothing."""
        at = self._next
        if at == len(self.buckets):
            return
        self._sums[at].put(self._leaf, self._flats[at])
        if self._last:
            self._send(at)
        self._next += 1

    def put_rest(self) -> None:
        """Take all buckets that were not taken yet."""
        for _ in range(self._next, len(self.buckets)):
            self.put()

    def finish(self, rows: Array) -> tuple[list[Array], Array]:
        """The sums over all parts of all processes, in the order of their numbers, and the rows of all parts, of which
        `rows` are the own ones."""
        for at in range(len(self._sent), len(self.buckets)):
            self._send(at)  # those of a process that has no part of the batch
        flats = [ended() for ended in self._sent]
        last, known = self._sums[-1].finish_with_rows(self.buckets[-1].size, rows)
        return _in_order(self.buckets, [*flats, last]), known

    def _send(self, at: int) -> None:
        if at + 1 == len(self.buckets):
            return
        finish, size = self._sums[at].finish, self.buckets[at].size
        self._sent.append(partial(finish, size) if self._thread is None else self._thread.submit(finish, size).result)


def _in_order(buckets: Sequence[Bucket], flats: Sequence[Array]) -> list[Array]:
    """The arrays in these flat ones, in the order of their numbers."""
    views: dict[int, Array] = {}
    for bucket, flat in zip(buckets, flats, strict=True):
        views |= bucket.views(flat)
    return [views[i] for i in range(len(views))]

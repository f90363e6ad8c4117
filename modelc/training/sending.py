"""`Sending`: sums of buckets that go to the other processes while the rest of the backward pass is computed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from numpy.typing import NDArray

from modelc.training.bucket_sums import Bucket, BucketSum

Array = NDArray[Any]


class Sending:
    """The buckets of one step. A thread of its own ends the sums of a bucket, in their order."""

    def __init__(self, buckets: Sequence[Bucket], sums: Sequence[BucketSum], thread: ThreadPoolExecutor | None) -> None:
        """Without a `thread` there are no other processes, and nothing to send."""
        self.buckets = buckets
        self._sums = sums
        self._thread = thread if len(buckets) > 1 else None  # a sum that is all there is has nothing to wait beside
        self._sent: list[Future[Array]] = []
        self._leaf = self._next = 0
        self._last = False

    def begin(self, leaf: int, *, last: bool) -> None:
        """The arrays that come next are those of a leaf, the last one that this process has or not."""
        self._leaf, self._next, self._last = leaf, 0, last

    @property
    def in_stages(self) -> bool:
        """Whether it is of use to be told of arrays while others are computed."""
        return self._last and self._thread is not None

    def put(self, arrays: Sequence[Array]) -> None:
        """Take the next bucket, whose arrays are there; after all of them, nothing."""
        if self._next == len(self.buckets):
            return
        bucket, sum = self.buckets[self._next], self._sums[self._next]
        sum.put(self._leaf, bucket.flat(arrays))
        if self._last:
            self._send(self._next)
        self._next += 1

    def finish(self) -> dict[int, Array]:
        """The sums over all parts of all processes, by the numbers of arrays."""
        for at in range(len(self._sent), len(self.buckets)):
            self._send(at)  # those of a process that has no part of the batch
        whole: dict[int, Array] = {}
        for bucket, sent in zip(self.buckets, self._sent, strict=True):
            whole |= bucket.split(sent.result())
        return whole

    def _send(self, at: int) -> None:
        size = self.buckets[at].size
        if self._thread is not None:
            self._sent.append(self._thread.submit(self._sums[at].finish, size))
            return
        done: Future[Array] = Future()
        done.set_result(self._sums[at].finish(size))
        self._sent.append(done)

"""Independent tasks on a cluster: some in flight and no more, each done once, whatever becomes of the workers."""

from __future__ import annotations

import itertools
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from modelc.cluster.package import distributed
from modelc.errors import LostWorkerError, ModelcError

T = TypeVar("T")

_PER_THREAD = 2
"""The tasks in flight for each thread of the workers: one that runs, and one whose data is on its way."""
_LEAST = 4
_LOOK_SECONDS = 5.0
"""How often the workers are counted, of which there may be more or fewer than before."""
_GROUP_SECONDS = 0.5
"""What tasks that travel as one take together: the messages of one take some 10 ms of CPU time on all sides."""
_ATTEMPTS = 5
"""How often a task is handed out whose workers have died under it. Dask itself tries each time three workers."""
_AGAIN = "run the same command again: it goes on from here"


@dataclass(frozen=True)
class Ended(Generic[T]):
    """A task that has ended."""

    task: T
    result: Any
    error: Exception | None = None
    """What the task has raised."""

    def value(self) -> Any:
        """The result. Raises what the task has raised."""
        if self.error is not None:
            raise self.error
        return self.result


def run_tasks(
    client: Any,
    function: Callable[[T], Any],
    tasks: Iterable[T],
    *,
    together: int = 1,
    total: int | None = None,
) -> Iterator[Ended[T]]:
    """The results of `function` for each task, as they come.

    A task is taken from `tasks` only when there is room for it on the workers. Up to `together` short tasks travel as
    one, so that the messages of Dask take a small part of their time; with `total`, the number of tasks, fewer do
    towards the end, where all workers are to end at the same time. Tasks of a worker that is lost are done by another
    one. What is still in flight is cancelled where the caller stops asking. Raises `ModelcError` where the scheduler is
    lost.
    """
    run, numbers, waiting = uuid.uuid4().hex[:12], itertools.count(), iter(tasks)
    alone: deque[T] = deque()
    running: dict[str, _Group[T]] = {}
    completed = distributed.as_completed(loop=client.loop)
    room, size = _Room(client), _GroupSize(together, total)

    def submit(tasks: Sequence[T], attempt: int = 1) -> None:
        key = f"modelc-{run}-{next(numbers)}"
        future = client.submit(_run_group, function, tasks, key=key, pure=False)
        running[key] = _Group(tasks, attempt, future)
        completed.add(future)

    def submit_more() -> None:
        places = room.size()
        while len(running) < places:
            some = [alone.popleft()] if alone else list(itertools.islice(waiting, size.next(places)))
            if not some:
                return
            submit(some)

    try:
        submit_more()
        for future in completed:
            group = running.pop(future.key)
            error = _error_of(future)
            if isinstance(error, distributed.KilledWorker) and len(group.tasks) == 1:
                if group.attempt < _ATTEMPTS:
                    submit(group.tasks, group.attempt + 1)
                    continue
                error = LostWorkerError(
                    f"{group.attempt} times, the workers died that were given it",
                    "it may need more memory than they have: give a smaller --batch-size, or larger workers",
                )
            results: list[Any] = []
            if error is None:
                results, seconds = future.result()
                size.learn(seconds / len(group.tasks))
            future.release()
            if error is not None and len(group.tasks) == 1:
                yield Ended(group.tasks[0], None, error)
            for task, result in zip(group.tasks, results, strict=False):
                yield Ended(task, result)
            if len(group.tasks) > 1:
                alone.extend(group.tasks[len(results) :])
            submit_more()
    finally:
        if running:
            client.cancel([group.future for group in running.values()], force=True)


@dataclass(frozen=True)
class _Group(Generic[T]):
    """Tasks that travel as one."""

    tasks: Sequence[T]
    attempt: int
    future: Any


def _run_group(function: Callable[[T], Any], tasks: Sequence[T]) -> tuple[list[Any], float]:
    """On a worker: the results of tasks, and the seconds that they took.

    A task that raises something ends the group; it is done again by itself then, as those after it are, so that its
    error is that of one task.
    """
    start = time.perf_counter()
    if len(tasks) == 1:
        return [function(tasks[0])], time.perf_counter() - start
    results: list[Any] = []
    for task in tasks:
        try:
            results.append(function(task))
        except Exception:
            break
    return results, time.perf_counter() - start


class _GroupSize:
    """How many tasks travel as one."""

    def __init__(self, most: int, total: int | None) -> None:
        self._most, self._left = most, total
        self._seconds = float("inf")

    def learn(self, seconds: float) -> None:
        """Note what a task took."""
        self._seconds = max(seconds, 1e-9)

    def next(self, places: int) -> int:
        """The number for the next group, where so many groups are in flight at once."""
        size = max(1, min(self._most, int(_GROUP_SECONDS / self._seconds)))
        if self._left is not None:
            size = max(1, min(size, self._left // places))
            self._left -= size
        return size


def _error_of(future: Any) -> Exception | None:
    """What a task has raised; None for a result. Waits for a result whose worker is lost to be made again."""
    try:
        error = future.exception()
    except (distributed.CommClosedError, OSError, TimeoutError) as lost:
        raise ModelcError(f"the scheduler is lost: {lost}", _AGAIN) from None
    if future.cancelled():
        raise ModelcError("the scheduler is lost, or has cancelled a task", _AGAIN)
    return error if isinstance(error, Exception) else None


class _Room:
    """How many tasks may be in flight."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._size, self._looked = 0, float("-inf")

    def size(self) -> int:
        """Two for each thread of the workers that are there now."""
        if time.monotonic() - self._looked > _LOOK_SECONDS:
            self._size = max(_LEAST, _PER_THREAD * sum(self._client.nthreads().values()))
            self._looked = time.monotonic()
        return self._size

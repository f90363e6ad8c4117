"""Independent tasks on a cluster: some in flight and no more, each done once, whatever becomes of the workers."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
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


def run_tasks(client: Any, function: Callable[[T], Any], tasks: Iterable[T]) -> Iterator[Ended[T]]:
    """The results of `function` for each task, as they come.

    A task is taken from `tasks` only when there is room for it on the workers. Tasks of a worker that is lost are done
    by another one. What is still in flight is cancelled where the caller stops asking. Raises `ModelcError` where the
    scheduler is lost.
    """
    run, numbers, waiting = uuid.uuid4().hex[:12], itertools.count(), iter(tasks)
    running: dict[str, tuple[T, int, Any]] = {}
    completed = distributed.as_completed(loop=client.loop)
    room = _Room(client)

    def submit(task: T, attempt: int) -> None:
        key = f"modelc-{run}-{next(numbers)}"
        future = client.submit(function, task, key=key, pure=False)
        running[key] = task, attempt, future
        completed.add(future)

    try:
        for task in itertools.islice(waiting, room.size()):
            submit(task, 1)
        for future in completed:
            task, attempt, _ = running.pop(future.key)
            error = _error_of(future)
            if isinstance(error, distributed.KilledWorker):
                if attempt < _ATTEMPTS:
                    submit(task, attempt + 1)
                    continue
                error = LostWorkerError(
                    f"{attempt} times, the workers died that were given it",
                    "it may need more memory than they have: give a smaller --batch-size, or larger workers",
                )
            yield Ended(task, None if error is not None else future.result(), error)
            future.release()
            for task in itertools.islice(waiting, max(0, room.size() - len(running))):
                submit(task, 1)
    finally:
        if running:
            client.cancel([future for _, _, future in running.values()], force=True)


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

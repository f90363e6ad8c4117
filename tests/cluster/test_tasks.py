"""Tasks on a cluster: how many are in flight, and what becomes of a model on a worker."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest

from modelc.cluster import tasks as cluster_tasks
from modelc.cluster.artifacts import Artifact, model_of, on_workers
from modelc.cluster.connecting import connected
from modelc.cluster.tasks import run_tasks
from modelc.errors import InputError, LostWorkerError

T = TypeVar("T")


class _Counted(Generic[T]):
    """Tasks, and how many of them were taken so far."""

    def __init__(self, tasks: Iterable[T]) -> None:
        self._tasks = tasks
        self.taken = 0

    def __iter__(self) -> Iterator[T]:
        for task in self._tasks:
            self.taken += 1
            yield task


def test_no_more_are_taken_than_there_is_room_for(client: Any) -> None:
    tasks, found = _Counted(range(40)), list[int]()
    for ended in run_tasks(client, abs, tasks):
        found.append(ended.value())
        assert tasks.taken - len(found) < 4  # two for each of two threads, one of which has ended
    assert sorted(found) == list(range(40))


def test_what_a_task_raises_is_its_own(client: Any) -> None:
    outcomes = {ended.task: ended for ended in run_tasks(client, int, ["1", "x", "3"])}
    assert (outcomes["1"].value(), outcomes["3"].value()) == (1, 3)
    with pytest.raises(ValueError, match="invalid literal"):
        outcomes["x"].value()


@pytest.mark.parametrize("total", [None, 300])
def test_short_tasks_travel_together(client: Any, total: int | None) -> None:
    tasks, found, most = _Counted(range(300)), list[int](), 0
    for ended in run_tasks(client, abs, tasks, together=16, total=total):
        most = max(most, tasks.taken - len(found))
        found.append(ended.value())
    assert sorted(found) == list(range(300))
    assert 16 < most <= 4 * 16  # more than single ones, and two groups for each of two threads


def test_long_tasks_travel_alone(client: Any) -> None:
    tasks, found = _Counted([0.3] * 12), 0
    for _ in run_tasks(client, time.sleep, tasks, together=16, total=12):
        assert tasks.taken - found <= 4
        found += 1
    assert found == 12


def _reciprocal(number: int) -> float:
    return 1 / number


def test_an_error_among_tasks_that_travel_together_is_that_of_one(client: Any) -> None:
    numbers = [*range(1, 60), 0, *range(-1, -60, -1), 0, 60]
    ended = list(run_tasks(client, _reciprocal, numbers, together=16))
    assert sorted(one.task for one in ended) == sorted(numbers)
    assert all(one.result == 1 / one.task and one.error is None for one in ended if one.task)
    assert [type(one.error) for one in ended if not one.task] == [ZeroDivisionError] * 2


def _end_or_return(number: int) -> int:
    if number == 70:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.slow
def test_a_task_that_ends_its_workers_is_told_from_those_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_tasks, "_ATTEMPTS", 1)
    with connected("local:2") as client:
        ended = list(run_tasks(client, _end_or_return, range(100), together=16, total=100))
    assert sorted(one.task for one in ended) == list(range(100))
    assert all(one.result == one.task for one in ended if one.task != 70)
    assert [type(one.error) for one in ended if one.task == 70] == [LostWorkerError]


def test_who_stops_asking_leaves_nothing_behind(client: Any) -> None:
    for _ in run_tasks(client, time.sleep, [0.01] * 100):
        break
    end = time.monotonic() + 10
    while any(client.processing().values()) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(client.processing().values())


def _identity(digest: str) -> tuple[int, float]:
    model = model_of(digest)
    return id(model), float(model.get_weights()[0][0, 0])


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_worker_loads_a_model_once(client: Any, artifact: Path, everywhere: bool) -> None:
    made = Artifact.at(artifact)
    with on_workers(client, made, everywhere=everywhere):
        found = [client.run(_identity, made.digest) for _ in range(3)]
    assert found[0] == found[1] == found[2]
    # Nothing stays behind.
    assert all(isinstance(one, KeyError) for one in client.run(_identity, made.digest, on_error="return").values())


def test_a_model_that_has_changed_is_not_used(client: Any, artifact: Path) -> None:
    made = Artifact.at(artifact)
    with on_workers(client, made):
        artifact.write_bytes(b"another")
        with pytest.raises(InputError, match="the model has changed"):
            client.run(_identity, made.digest)

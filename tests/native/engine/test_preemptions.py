"""How often a thread loses its core."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from modelc.native.engine.preemptions import Preemptions
from modelc.system import cpus


class System:
    """What the system says of each thread."""

    def __init__(self) -> None:
        self.used: dict[int, tuple[int, float]] = {}

    def getrusage(self, who: int) -> Any:
        assert who == 1
        count, seconds = self.used.get(threading.get_ident(), (0, 0.0))
        return SimpleNamespace(ru_nivcsw=count, ru_utime=seconds / 4, ru_stime=3 * seconds / 4)

    def run(self, seconds: float, preempted: int = 0) -> None:
        """The calling thread runs for so long and loses its core so often."""
        count, before = self.used.get(threading.get_ident(), (0, 0.0))
        self.used[threading.get_ident()] = count + preempted, before + seconds


@pytest.fixture(name="system")
def _system(monkeypatch: pytest.MonkeyPatch) -> System:
    system = System()
    monkeypatch.setattr(cpus, "resource", SimpleNamespace(RUSAGE_THREAD=1, getrusage=system.getrusage))
    return system


def test_many_for_the_time_are_frequent(system: System) -> None:
    counted = Preemptions()
    system.run(1.0, preempted=1000)
    assert not counted.are_frequent(), "what was before the first question does not count"
    system.run(0.05, preempted=12)
    assert counted.are_frequent()
    system.run(0.05, preempted=3)
    assert not counted.are_frequent()


def test_one_is_no_accident_only_if_another_one_follows_soon(system: System) -> None:
    counted = Preemptions()
    counted.start()
    system.run(0.002, preempted=1)
    assert not counted.are_frequent()
    system.run(0.002, preempted=1)
    assert counted.are_frequent()
    system.run(0.002, preempted=1)
    assert not counted.are_frequent()
    system.run(0.05)
    assert not counted.are_frequent()
    system.run(0.002, preempted=1)
    assert not counted.are_frequent()


def test_what_was_before_the_start_does_not_count(system: System) -> None:
    counted = Preemptions()
    counted.start()
    system.run(1.0)
    counted.start()
    system.run(0.02, preempted=5)
    assert counted.are_frequent()


def test_threads_are_counted_by_themselves(system: System) -> None:
    counted = Preemptions()
    counted.start()

    def other() -> None:
        counted.start()
        system.run(0.03, preempted=30)
        found.append(counted.are_frequent())

    found: list[bool] = []
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    system.run(0.03)
    assert found == [True] and not counted.are_frequent()


def test_a_system_that_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (None, SimpleNamespace()):
        monkeypatch.setattr(cpus, "resource", module)
        counted = Preemptions()
        counted.start()
        assert not counted.are_frequent()

"""How times of calls are kept and told."""

from __future__ import annotations

import statistics

import numpy as np
import pytest

from modelc.bench import latency as latency_module
from modelc.bench.latency import LEAST_CALLS, Latency, Stopwatch


def _ticking(monkeypatch: pytest.MonkeyPatch, times: list[float]) -> None:
    """Calls that take these times, by a clock that is read around each."""
    now, readings = 100.0, [100.0]
    for taken in times:
        readings += [now, now + taken]
        now += taken
    clock = iter(readings)
    monkeypatch.setattr(latency_module.time, "perf_counter", lambda: next(clock))


def test_percentiles_are_those_of_all_times(monkeypatch: pytest.MonkeyPatch) -> None:
    times = np.random.default_rng(0).permutation(101).astype(float) + 1
    _ticking(monkeypatch, times.tolist())
    watch = Stopwatch()
    watch.run(lambda: None, sum(times))
    found = watch.latency
    assert found.calls == 101
    assert found.min == pytest.approx(1)
    assert found.mean == pytest.approx(statistics.mean(times))
    assert found.p50 == pytest.approx(statistics.median(times), rel=0.02)
    assert (found.p90, found.p99) == pytest.approx((91, 100), rel=0.02)


def test_long_calls_are_measured_some_times(monkeypatch: pytest.MonkeyPatch) -> None:
    _ticking(monkeypatch, [50.0] * 10)
    watch = Stopwatch()
    watch.run(lambda: None, 1.0)
    assert watch.calls == LEAST_CALLS
    watch.run(lambda: None, 1.0)
    assert watch.calls == 2 * LEAST_CALLS


def test_an_even_part_of_many_times_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency_module, "_KEPT", 64)
    times = [1.0 + i % 10 for i in range(10_000)]
    _ticking(monkeypatch, times)
    watch = Stopwatch()
    watch.run(lambda: None, sum(times))
    found = watch.latency
    assert (found.calls, found.min) == (10_000, pytest.approx(1))
    assert found.mean == pytest.approx(5.5)
    assert 3 <= found.p50 <= 8


def test_one_call() -> None:
    assert Latency.of(np.array([2.0]), 1, 2.0) == Latency(1, 2, 2, 2, 2, 2)

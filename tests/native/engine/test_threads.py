"""Walking a plan with several threads: every unit once, in step order, whoever is busy, asleep or forked."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from modelc.errors import SpecError
from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine import threads as threads_module
from modelc.native.engine.cpus import thread_count
from modelc.native.engine.executor import Executor
from modelc.native.engine.schedule import CHUNKS_PER_THREAD, SLOT_DONE, SLOT_LIVE, SLOT_TICKET, TICKETS, Step
from modelc.native.engine.threads import Team, team, team_of
from modelc.native.engine.timing import _TimedExecutor
from modelc.native.families.elementwise.codes import UNARY_CODES
from modelc.native.families.elementwise.params import UNARY
from modelc.native.families.loop.params import STATE
from modelc.system import cpus as cpus_of_system
from tests.native.families.conv_case import ConvCase, expected_conv, run_conv


def _dense_chain(width: int, depth: int) -> tuple[list[Step], list[np.ndarray], np.ndarray]:
    """`depth` matrix products, each of the one before: out of order or twice over, the numbers would be others."""
    from modelc.native.families.conv.pack import pack_kernel
    from modelc.native.families.conv.params import window
    from modelc.native.families.conv.steps import conv_step

    rng = np.random.default_rng(1)
    kernels = [rng.standard_normal((width, width), np.float32) / width**0.5 for _ in range(depth)]
    rows = 64
    values = np.zeros((depth + 1, rows, width), np.float32)
    values[0] = rng.standard_normal((rows, width))
    offsets = np.zeros(1, np.int64)
    steps = [
        conv_step(
            x=Operand(0, values[0].nbytes * i, 0), y=Operand(0, values[0].nbytes * (i + 1), 0),
            weights=Operand(2 + i, 0, 0), bias=ABSENT, table=Operand(1, 0, 0),
            window=window((1,), (width,), width), channels=width, extents=(rows, 1, 1, 1),
            x_strides=(width, 0, 0, 0), y_strides=(width, 0, 0, 0),
        )._replace(grain=1)
        for i in range(depth)
    ]  # fmt: skip
    expected = values[0].astype(np.float64)
    for kernel in kernels:
        expected = expected @ kernel
    return steps, [values, offsets, *(pack_kernel(k) for k in kernels)], expected


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_steps_run_in_order_with_any_number_of_threads(size: int) -> None:
    steps, arrays, expected = _dense_chain(48, 30)
    executor = Executor.of(steps, workers=Team(size))
    addresses = [a.ctypes.data for a in arrays]
    executor.run(1, addresses, parallel=False)
    alone = arrays[0].copy()
    np.testing.assert_allclose(alone[-1], expected, atol=1e-3)
    for _ in range(50):
        arrays[0][1:] = np.nan
        executor.run(1, addresses)
        assert arrays[0].tobytes() == alone.tobytes()


def test_workers_help_after_they_have_slept() -> None:
    workers = Team(2)
    steps, arrays, _ = _dense_chain(256, 20)
    executor = Executor.of(steps, workers=workers)
    executor.run(1, [a.ctypes.data for a in arrays], parallel=False)
    alone = arrays[0].copy()
    for _ in range(5):
        assert _asleep(workers)
        arrays[0][1:] = np.nan
        executor.run(1, [a.ctypes.data for a in arrays])
        assert arrays[0].tobytes() == alone.tobytes()


def _asleep(workers: Team) -> bool:
    """Whether the workers sleep, after some time to fall asleep."""
    deadline = time.monotonic() + 10
    while not workers._asleep and time.monotonic() < deadline:
        time.sleep(0.001)
    return bool(workers._asleep)


def test_a_small_call_wakes_nobody_unless_it_is_one_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Team(2)
    steps, arrays, expected = _dense_chain(48, 3)
    executor = Executor.of(steps, workers=workers)
    assert _asleep(workers)
    executor.run(1, [a.ctypes.data for a in arrays], waking=False)
    np.testing.assert_allclose(arrays[0][-1], expected, atol=1e-3)
    woken: list[bool] = []
    monkeypatch.setattr(workers, "_judge", lambda times: woken.append(True))
    time.sleep(0.001)
    executor.run(1, [a.ctypes.data for a in arrays], waking=False)
    assert not woken
    monkeypatch.setattr(threads_module, "_CLOSELY", 60.0)
    executor.run(1, [a.ctypes.data for a in arrays], waking=False)
    assert woken


def test_after_the_caller_lost_its_core_often_calls_run_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Team(2)
    steps, arrays, expected = _dense_chain(48, 3)
    executor = Executor.of(steps, workers=workers)
    shared: list[int] = []
    judge = workers._judge
    monkeypatch.setattr(workers, "_judge", lambda times: (shared.append(times), judge(times)))
    monkeypatch.setattr(threads_module, "_LONG", 0.0)
    clock = [100.0]
    monkeypatch.setattr(threads_module.time, "monotonic", lambda: clock.__setitem__(0, clock[0] + 1e-6) or clock[0])

    def run(lost: bool) -> int:
        """How many calls were shared with the workers so far, after one more; it may lose its core."""
        monkeypatch.setattr(workers._preemptions, "are_frequent", lambda: lost)
        executor.run(1, [a.ctypes.data for a in arrays])
        return len(shared)

    assert [run(False), run(True), run(True)] == [1, 2, 2]
    clock[0] += 0.006  # 5 ms are over
    assert [run(True), run(True)] == [3, 3]
    clock[0] += 0.006  # 10 ms are not
    assert run(True) == 3
    clock[0] += 0.006
    assert [run(False), run(False), run(True), run(False)] == [4, 5, 6, 6]
    np.testing.assert_allclose(arrays[0][-1], expected, atol=1e-3)


def test_once_is_an_accident() -> None:
    """Calls run alone after one that was held up twice, or after two in a row; a worker that came late once is asked
    again."""
    workers = Team(2)

    def pauses_after(*times: int) -> bool:
        workers.resume()
        for one in times:
            workers._judge(one)
        return workers._is_pausing()

    found = {times: pauses_after(*times) for times in ((0,), (1,), (1, 0, 1), (2,), (1, 1), (1, 0, 2))}
    assert found == {(0,): False, (1,): False, (1, 0, 1): False, (2,): True, (1, 1): True, (1, 0, 2): True}


def test_calls_that_are_shorter_though_they_are_held_up_go_on_with_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What such a call takes alone is known after the first pause, and measured again now and then."""
    workers = Team(2)
    clock, takes, shared = [100.0], {"alone": 0.07, "shared": 0.05}, list[str]()
    monkeypatch.setattr(threads_module.time, "monotonic", lambda: clock[0])
    executor = Executor.of([], workers=workers)

    def walk(address: int) -> None:
        is_shared = bool(workers._words[workers._live])
        shared.append("shared" if is_shared else "alone")
        clock[0] += takes[shared[-1]]
        workers._words[workers._held_up] = 1 if is_shared else 0

    monkeypatch.setattr(workers, "_walk", walk)

    def run(calls: int, batch: int = 1) -> list[str]:
        shared.clear()
        for _ in range(calls):
            executor.run(batch, [])
        return [*shared]

    assert run(3) == ["shared", "shared", "alone"]
    found = run(40)
    assert found.count("alone") == 2  # 0.07 · 0.98^12 is no gain any more, and a second time is one
    takes["alone"] = 0.055
    run(20)
    found = run(100)
    assert found.count("alone") > 50  # the pauses become longer, as little is gained
    workers.resume()
    assert run(3, batch=2) == ["shared", "shared", "alone"]  # another batch size takes another time


def test_calls_from_several_threads_do_not_disturb_each_other() -> None:
    workers = Team(3)
    cases = [ConvCase(batch=2, size=(1, 9, 9), inputs=16, kernel=(1, 3, 3), outputs=40, seed=s) for s in range(4)]
    alone = [run_conv(case, workers).tobytes() for case in cases]
    np.testing.assert_allclose(run_conv(cases[0], workers), expected_conv(cases[0]), atol=2e-5)
    wrong: list[int] = []

    def call(index: int) -> None:
        for _ in range(40):
            if run_conv(cases[index], workers, parallel=True).tobytes() != alone[index]:
                wrong.append(index)

    callers = [threading.Thread(target=call, args=(i,)) for i in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert not wrong


def test_a_team_without_workers_at_work_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Team, "_serve", lambda self: None)  # workers that never come
    case = ConvCase(size=(1, 9, 9), inputs=16, kernel=(1, 3, 3), outputs=40)
    workers = Team(4)
    np.testing.assert_allclose(run_conv(case, workers, parallel=True), expected_conv(case), atol=2e-5)
    base = workers._live - SLOT_LIVE
    assert not workers._words[base + SLOT_TICKET] & TICKETS >> 1  # the bit that is set while chunks are left
    assert workers._words[base + SLOT_DONE] > 1
    assert workers._words[workers._live] == 0


def test_the_team_is_one_for_the_process() -> None:
    assert team() is team()
    assert team().size == thread_count()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_makes_its_own_team(tmp_path: Path) -> None:
    code = """
import os
from modelc.native.engine import threads
from tests.native.families.conv_case import ConvCase, run_conv
case = ConvCase(size=(1, 9, 9), inputs=16, kernel=(1, 3, 3), outputs=40)
parent = threads.team()
before = run_conv(case, parent, parallel=True).tobytes()
child = os.fork()
if child == 0:
    mine = threads.team()
    os._exit(0 if mine is not parent and run_conv(case, mine, parallel=True).tobytes() == before else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), run_conv(case, parent, parallel=True).tobytes() == before)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "MODELC_NUM_THREADS": "3"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "0 True", done.stderr


@pytest.fixture
def cpus(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    for name in ("MODELC_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    yield 8


@pytest.mark.parametrize(("text", "expected"), [("max 100000", 8), ("150000 100000", 2), ("50000 100000", 1), ("", 8)])
def test_the_cgroup_quota_bounds_the_count(
    cpus: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, expected: int
) -> None:
    (tmp_path / "cpu.max").write_text(text)
    quota = cpus_of_system._quota
    monkeypatch.setattr(cpus_of_system, "_quota", lambda: quota(tmp_path / "cpu.max"))
    assert thread_count() == expected


def test_the_count_may_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_NUM_THREADS", "5")
    assert thread_count() == 5
    for wrong in ("0", "-1", "two"):
        monkeypatch.setenv("MODELC_NUM_THREADS", wrong)
        with pytest.raises(SpecError, match="MODELC_NUM_THREADS"):
            thread_count()


@pytest.mark.parametrize(
    ("text", "expected"), [("3", 3), ("3,1", 3), (" 2 ", 2), ("64", 8), ("0", 8), ("many", 8), ("", 8)]
)
def test_the_count_is_at_most_that_of_openmp(
    cpus: int, monkeypatch: pytest.MonkeyPatch, text: str, expected: int
) -> None:
    monkeypatch.setattr(cpus_of_system, "_quota", lambda: 8)
    monkeypatch.setenv("OMP_NUM_THREADS", text)
    assert thread_count() == expected
    monkeypatch.setenv("MODELC_NUM_THREADS", "5")
    assert thread_count() == 5


def test_an_executor_refuses_steps_that_cannot_be_walked() -> None:
    with pytest.raises(KeyError):
        Executor.of([Step("no_such_kernel", [], 1)])
    with pytest.raises(ValueError, match="at least 1"):
        Executor.of([Step("conv", [], 1, grain=0)])


def test_an_empty_plan_and_an_empty_batch_do_nothing() -> None:
    assert Executor.of([], workers=Team(1)).run(1, []) == 0
    found = run_conv(ConvCase(batch=0, size=(1, 2, 2), outputs=3), Team(2), parallel=True)
    assert found.shape == (0, 1, 2, 2, 3)


def test_calls_may_have_another_team_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads_module, "_team", None)
    with team_of(3) as three:
        assert (team(), three.size) == (three, 3)
        with team_of(1) as one:
            assert (team(), one.size) == (one, 1)
        with team_of(3) as same:
            assert same is three
        assert team() is three
        steps, arrays, expected = _dense_chain(48, 30)
        Executor.of(steps).run(1, [a.ctypes.data for a in arrays])
        np.testing.assert_allclose(arrays[0][-1], expected, atol=1e-3)
    assert team().size == thread_count()
    with team_of(3) as again:
        assert again is three  # threads live as long as the process
    with pytest.raises(ValueError, match="broken"), team_of(3):
        raise ValueError("broken")
    assert team().size == thread_count()


@pytest.mark.parametrize("units", [2, 3, 7, 9, 41, 64])
@pytest.mark.parametrize("grain", [1, 3])
def test_each_thread_has_as_many_chunks_and_each_unit_is_in_one(units: int, grain: int) -> None:
    x, y = np.arange(units, dtype=np.float32), np.zeros(units, np.float32)
    operands = {"y": Operand(0, 0, 0), "x": Operand(1, 0, 0)}
    params = UNARY.pack(**operands, code=UNARY_CODES["square"], p=(0.0, 0.0, 0.0))
    timed = _TimedExecutor(Executor.of([Step("unary", params, units, grain=grain)]), [len(params)])
    with team_of(2) as two:
        two.resume()
        timed.run(1, [y.ctypes.data, x.ctypes.data])
    np.testing.assert_array_equal(y, x * x)
    most = min(2 * CHUNKS_PER_THREAD, -(-units // grain)) if units > grain else 1
    assert timed.count == (most - most % 2 if most > 2 else most)


def test_a_walk_of_the_whole_batch_reads_no_words_behind_its_own() -> None:
    """Behind those of a call in slices are strides; a step from array to array that finds others there goes astray."""
    x, y = np.arange(12, dtype=np.float32).reshape(3, 4), np.zeros((3, 4), np.float32)
    params = STATE.pack(y=Operand(1, 0, 0), x=Operand(0, 0, 0), size=4)
    executor = Executor.of([Step("set_state", params, -1)], workers=Team(1))
    words = executor.job(3, 0, 2).head[:]
    words.extend([id(x), id(y), 4096, 4096])
    executor.share(words)
    np.testing.assert_array_equal(y, x)
    assert list(words[-4:]) == [x.ctypes.data, y.ctypes.data, 4096, 4096]

"""When steps ran: each as often as its plan says, in order, on threads of the team, in the time that it takes."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from modelc.errors import InputError
from modelc.language.load import load_definition
from modelc.model.build import build
from modelc.native.engine import timing as timing_module
from modelc.native.engine.peaks import fma_peak, read_rate
from modelc.native.engine.plan import Plan
from modelc.native.engine.program import NativeProgram
from modelc.native.engine.threads import team_of
from modelc.native.engine.timing import TickClock, TimedPlan, thread_names
from modelc.native.target import host

CONVOLUTIONS = """
modelc: 1
input: {shape: [64, 64, 32]}
layers:
  - {type: Conv2D, filters: 64, kernel_size: 3, activation: relu}
  - {type: MaxPooling2D}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 10}
"""

LOOP = """
modelc: 1
input: {shape: [time, 8]}
layers:
  - {type: LSTM, units: 8, activation: softmax}
  - {type: Dense, units: 3}
"""
"""An activation along the units makes it a loop over steps of kernels."""


def _plan(text: str, *shape: int) -> tuple[Plan, np.ndarray, np.ndarray]:
    model = build(load_definition(text))
    x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    assert isinstance(model.program, NativeProgram)
    return model.program.plan_for([x]), x, model(x)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_timed_call_gives_the_same_bits_and_tells_each_step_once(threads: int) -> None:
    plan, x, expected = _plan(CONVOLUTIONS, 1, 64, 64, 32)
    with team_of(threads):
        timed = TimedPlan(plan, TickClock())
        for _ in range(20):
            (y,), call = timed.run([x])
            assert y.tobytes() == expected.tobytes()
            assert call.steps[call.turns()].tolist() == list(range(len(plan.lowered.steps)))
            assert (call.begins <= call.ends).all()
            assert len(set(call.threads.tolist())) <= threads
            assert threading.get_ident() in call.threads
            assert all(name == "MainThread" or name.startswith("modelc-") for name in _names(call.threads))


def _names(threads: np.ndarray) -> set[str]:
    known = thread_names()
    return {known[thread] for thread in threads.tolist()}


def test_steps_follow_each_other_within_the_call() -> None:
    plan, x, _ = _plan(CONVOLUTIONS, 1, 64, 64, 32)
    with team_of(1):
        _, call = TimedPlan(plan, TickClock()).run([x])
    assert call.begin <= call.begins[0]
    assert call.ends[-1] <= call.end
    assert (call.begins[1:] >= call.ends[:-1]).all()


@pytest.mark.parametrize("steps", [1, 7, 2000])
def test_loops_go_round_as_often_as_there_are_steps(steps: int) -> None:
    """2000 turns are more events than there is room for at first."""
    plan, x, expected = _plan(LOOP, 1, steps, 8)
    (y,), call = TimedPlan(plan, TickClock()).run([x])
    assert y.tobytes() == expected.tobytes()
    kernels = [step.kernel for step in plan.lowered.steps]
    turns = np.bincount(call.steps[call.turns()], minlength=len(kernels))
    last = kernels.index("turn")
    first = last - plan.lowered.steps[last].back
    assert 0 < first < last < len(kernels) - 1
    assert turns[first : last + 1].tolist() == [steps] * (last + 1 - first)
    assert [*turns[:first], *turns[last + 1 :]] == [1] * (len(kernels) - (last + 1 - first))


def test_too_many_steps_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing_module, "MOST_EVENTS", 5000)
    plan, x, _ = _plan(LOOP, 1, 1000, 8)
    with pytest.raises(InputError, match="5,000 can be timed") as error:
        TimedPlan(plan, TickClock()).run([x])
    assert error.value.diagnostics[0].help is not None


def test_the_clock_is_that_of_the_system() -> None:
    clock = TickClock()
    ratios: list[float] = []
    for _ in range(5):
        begin, ticks = time.perf_counter(), clock.now()
        time.sleep(0.05)
        ticks, end = clock.now() - ticks, time.perf_counter()
        ratios.append(ticks * clock.seconds_per_tick() / (end - begin))
    assert min(abs(ratio - 1) for ratio in ratios) < 0.01


def test_the_times_of_steps_are_those_of_their_work() -> None:
    """The convolution has 64·62²·9·32 multiply-adds, the last layer 10·64; and all the time is in the steps."""
    plan, x, _ = _plan(CONVOLUTIONS, 1, 64, 64, 32)
    clock = TickClock()
    with team_of(1):
        timed = TimedPlan(plan, clock)
        calls = [timed.run([x])[1] for _ in range(30)]
    taken = np.min([call.ends - call.begins for call in calls], axis=0)
    layers = [node.layer for node in plan.lowered.nodes]
    assert taken[[layer == "conv2d" for layer in layers]].sum() > 100 * taken[layers.index("dense")]
    shares = [(call.ends - call.begins).sum() / (call.end - call.begin) for call in calls]
    # Other processes take their time from any part of a call, but hardly from that outside of the steps in every one.
    assert 0.7 < max(shares) <= 1.0


def test_peaks_are_what_a_core_can_do() -> None:
    with team_of(1):
        peak, rate = fma_peak(), read_rate()
    # One vector instruction in a cycle at 0.5 GHz, and four at 6 GHz.
    assert 2 * host().lanes * 0.5e9 < peak < 4 * 2 * host().lanes * 6e9
    # To copy is to read and to write.
    source, target = np.zeros(1 << 24), np.zeros(1 << 24)
    seconds: list[float] = []
    for _ in range(5):
        begin = time.perf_counter()
        np.copyto(target, source)
        seconds.append(time.perf_counter() - begin)
    assert source.nbytes / min(seconds) < 1.2 * rate < 1e12

"""Where the time of a model goes: the steps of its plan, as they run in whole calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.bench.latency import LEAST_CALLS
from modelc.bench.work import Work, number_of, work_of
from modelc.graph.types import Shape
from modelc.native.engine.peaks import fma_peak, read_rate
from modelc.native.engine.plan import Plan
from modelc.native.engine.timing import TickClock, TimedCall, TimedPlan

Array = NDArray[Any]

_AT_ONCE = 100
"""Timed calls that are looked into together."""
_MANY_EVENTS = 1 << 17
"""The same, where they have many steps."""
_MOST_CALLS = 10_000


@dataclass(frozen=True)
class StepTime:
    """A step of a plan, and the time that it takes in a call."""

    layer: str
    """The path of the layer that the step belongs to."""
    op: str
    kernel: str
    shape: Shape
    """What the op gives."""
    seconds: float
    """The median over the calls; for all turns."""
    turns: int
    """How often the step runs in a call: more than once in a loop, and for a batch that goes through in slices."""
    threads: float
    """How many threads were at work on it, on average."""
    work: Work | None
    """What the op of the step does, at the step which takes most of its time; None at its other steps."""
    op_seconds: float
    """The time of all steps of the op."""


@dataclass(frozen=True)
class Profile:
    """The steps of a plan with their times, and what the machine can do at most.

    Of a step the median of the calls counts. A whole call is the fastest one, whose parts add up: on a busy machine
    another process takes its time from any step.
    """

    steps: tuple[StepTime, ...]
    """In the order of the plan."""
    calls: int
    seconds: float
    """The time of a call whose steps are timed."""
    inside_seconds: float
    """The part of it that is spent in steps."""
    between_seconds: float
    """The part of it between steps: to hand them to the threads."""
    around_seconds: float
    """The part of it before the first step and after the last one."""
    untimed_seconds: float
    """The time of a call whose steps are not timed: of the fastest one, in turns with the others."""
    fma_peak: float
    """Floating-point operations a second of all threads, in a loop of nothing but multiply-adds."""
    read_rate: float
    """Bytes a second that all threads read from memory."""

    @cached_property
    def steps_seconds(self) -> float:
        """The times of all steps together."""
        return sum(step.seconds for step in self.steps)

    def bound(self, step: StepTime) -> tuple[float, str] | None:
        """The share of what the machine can do that an op reaches, and whether `FMA` or `memory` limits it."""
        if step.work is None or step.op_seconds <= 0:
            return None
        fma, memory = 2 * step.work.macs / self.fma_peak, step.work.bytes / self.read_rate
        least = max(fma, memory)
        return (least / step.op_seconds, "FMA" if fma >= memory else "memory") if least else None


def profile(plan: Plan, inputs: Sequence[Array], batch_size: int, seconds: float) -> Profile:
    """Time the steps of a plan for about so many seconds, in calls that follow one another closely."""
    clock = TickClock()
    timed = TimedPlan(plan, clock)
    timed.run(inputs)
    plan.run(inputs)
    times: list[_Times] = []
    untimed: list[int] = []
    end = time.perf_counter() + seconds
    while len(times) < LEAST_CALLS or (time.perf_counter() < end and len(times) < _MOST_CALLS):
        calls: list[TimedCall] = []
        while len(calls) < LEAST_CALLS or (time.perf_counter() < end and len(calls) < _AT_ONCE):
            calls.append(timed.run(inputs)[1])
            untimed.append(_ticks(clock, lambda: plan.run(inputs)))
            if sum(len(call.events) for call in calls) > _MANY_EVENTS:
                break
        # What is worked out of them takes the caches from the next call.
        times += [_Times.of(call, len(plan.lowered.steps)) for call in calls]
    unit = clock.seconds_per_tick()
    fastest = min(times, key=lambda one: one.call)
    return Profile(
        _steps(plan, batch_size, times, unit), len(times), fastest.call * unit, int(fastest.taken.sum()) * unit,
        fastest.between * unit, fastest.around * unit, min(untimed) * unit, fma_peak(), read_rate(),
    )  # fmt: skip


def _ticks(clock: TickClock, call: Callable[[], Any]) -> int:
    begin = clock.now()
    call()
    return clock.now() - begin


@dataclass(frozen=True)
class _Times:
    """What the steps of one call took, in ticks."""

    call: int
    around: int
    between: int
    taken: NDArray[np.int64]
    """Of each step, from the begin of its first chunk to the end of its last, added up for all turns."""
    busy: NDArray[np.int64]
    """Of each step, the time of all its chunks, whatever thread did them."""
    turns: NDArray[np.int64]

    @classmethod
    def of(cls, call: TimedCall, count: int) -> _Times:
        taken, busy, turns = (np.zeros(count, np.int64) for _ in range(3))
        firsts = call.turns()
        if not len(firsts):
            return cls(call.end - call.begin, call.end - call.begin, 0, taken, busy, turns)
        begins, ends = np.minimum.reduceat(call.begins, firsts), np.maximum.reduceat(call.ends, firsts)
        steps = call.steps[firsts]
        np.add.at(taken, steps, ends - begins)
        np.add.at(busy, call.steps, call.ends - call.begins)
        np.add.at(turns, steps, 1)
        span = int(ends.max() - begins.min())
        return cls(call.end - call.begin, call.end - call.begin - span, span - int(taken.sum()), taken, busy, turns)


def _steps(plan: Plan, batch_size: int, times: Sequence[_Times], unit: float) -> tuple[StepTime, ...]:
    taken = np.median([one.taken for one in times], axis=0) * unit
    busy = np.sum([one.busy for one in times], axis=0) / np.maximum(np.sum([one.taken for one in times], axis=0), 1)
    turns = times[-1].turns
    nodes = plan.lowered.nodes
    of_node: dict[int, list[int]] = {}
    for i, node in enumerate(nodes):
        of_node.setdefault(id(node), []).append(i)
    steps: list[StepTime] = []
    for i, (node, step) in enumerate(zip(nodes, plan.lowered.steps, strict=True)):
        same = of_node[id(node)]
        main = max(same, key=lambda one: taken[one])
        whole = plan.memory.at_once(batch_size) < batch_size or any(plan.lowered.steps[one].back for one in same)
        times_done = 1 if whole else int(turns[i])  # its slices, or the turns of its own loop, are its work together
        work = work_of(node, plan.values, batch_size, times_done) if i == main else None
        steps.append(StepTime(
            node.layer, node.op.name, step.kernel, shape_of(node.output.type.shape, plan.values), float(taken[i]),
            int(turns[i]), float(busy[i]), work, float(sum(taken[one] for one in same)),
        ))  # fmt: skip
    return tuple(steps)


def shape_of(shape: Shape, values: Mapping[str, int]) -> Shape:
    """A shape where the symbols of sizes have these values; None for the batch."""
    return tuple(None if size is None else number_of(size, values) for size in shape)

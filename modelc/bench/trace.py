"""A trace: when each step of some calls ran and on which threads, as a file for Perfetto (https://ui.perfetto.dev).

The format is Chrome's "Trace Event Format", JSON with complete events (`ph: X`): the call, in it its steps by the names
of their layers, and of steps that were shared the chunks that each thread did. Times are in microseconds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc import __version__
from modelc.bench.steps import shape_of
from modelc.files.atomic import replacing
from modelc.files.kinds import TRACE_HEAD, Kind
from modelc.native.engine.plan import Plan
from modelc.native.engine.timing import TickClock, TimedCall, TimedPlan, thread_names

Array = NDArray[Any]
Path = str | os.PathLike[str]

_CALLS = 3
_WARM_UP = 2
_MANY = 200_000
"""Events after which no further call is traced."""
_PROCESS = 1


def write_trace(path: Path, plan: Plan, inputs: Sequence[Array], model: str, *, force: bool = False) -> int:
    """Trace some calls of a plan, and write the file; their number."""
    clock = TickClock()
    timed = TimedPlan(plan, clock)
    for _ in range(_WARM_UP):
        timed.run(inputs)
    calls: list[TimedCall] = []
    while len(calls) < _CALLS and sum(len(call.events) for call in calls) < _MANY:
        calls.append(timed.run(inputs)[1])
    with replacing(path, Kind.TRACE, force=force) as temporary, open(temporary, "w", encoding="utf-8") as file:
        about = {"version": __version__, "model": model}
        file.write(f'{TRACE_HEAD}, {json.dumps(about)[1:]}, "displayTimeUnit": "ms", "traceEvents": [')
        separator = "\n"
        for event in _events(calls, plan, clock.seconds_per_tick() * 1e9):
            file.write(separator + json.dumps(event, ensure_ascii=False))
            separator = ",\n"
        file.write("\n]}\n")
    return len(calls)


def _events(calls: Sequence[TimedCall], plan: Plan, unit: float) -> Iterator[dict[str, Any]]:
    """All events; `unit` is the number of nanoseconds in a tick."""
    start = calls[0].begin
    places = _Threads()

    def complete(name: str, kind: str, thread: int, begin: int, end: int, **about: Any) -> dict[str, Any]:
        # Ends are rounded, not durations: what lies in something else does so after rounding.
        first, last = round((begin - start) * unit), round((end - start) * unit)
        return {
            "ph": "X", "name": name, "cat": kind, "pid": _PROCESS, "tid": thread, "ts": first / 1000,
            "dur": (last - first) / 1000, "args": about,
        }  # fmt: skip

    steps = [
        (node.layer or node.op.name, step.kernel, node.op.name, [*shape_of(node.output.type.shape, plan.values)])
        for node, step in zip(plan.lowered.nodes, plan.lowered.steps, strict=True)
    ]
    for number, call in enumerate(calls, 1):
        main = places.number(int(call.threads[0])) if len(call.events) else 1
        yield complete(f"call {number}", "call", main, call.begin, call.end)
        turns = np.zeros(len(steps), np.int64)
        before = call.begin
        for step, chunks in _turns(call):
            layer, kernel, op, shape = steps[step]
            turns[step] += 1
            # Where the clocks of two cores differ a little, steps do not overlap for that.
            begin = max(before, int(call.begins[chunks].min()))
            before = end = max(begin, int(call.ends[chunks].max()))
            yield complete(
                layer, "step", main, begin, end, step=step, kernel=kernel, op=op, shape=shape, turn=int(turns[step])
            )
            if chunks.stop - chunks.start == 1 and places.number(int(call.threads[chunks.start])) == main:
                continue
            for i in range(chunks.start, chunks.stop):
                first = max(begin, int(call.begins[i]))
                last = min(end, max(first, int(call.ends[i])))
                yield complete(
                    kernel, "chunk", places.number(int(call.threads[i])), first, last, step=step, layer=layer
                )
    yield from places.named()


def _turns(call: TimedCall) -> Iterator[tuple[int, slice]]:
    """Each run of a step with its chunks."""
    firsts = call.turns().tolist()
    for first, after in zip(firsts, [*firsts[1:], len(call.events)], strict=True):
        yield int(call.steps[first]), slice(first, after)


class _Threads:
    """Small numbers for threads, in the order in which they occur."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}

    def number(self, thread: int) -> int:
        """That of a thread."""
        return self._numbers.setdefault(thread, len(self._numbers) + 1)

    def named(self) -> Iterator[dict[str, Any]]:
        """The events that say what they are called."""
        names = thread_names()
        yield {"ph": "M", "name": "process_name", "pid": _PROCESS, "tid": 0, "args": {"name": "modelc"}}
        for thread, number in self._numbers.items():
            name = names.get(thread, f"thread {number}")
            yield {"ph": "M", "name": "thread_name", "pid": _PROCESS, "tid": number, "args": {"name": name}}

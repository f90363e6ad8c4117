"""Measure a model. What would take memory that a prediction does not is loaded after its memory was measured."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard, cast

from numpy.typing import NDArray

from modelc.bench.benchmark import Benchmark, InputShape
from modelc.bench.latency import Stopwatch
from modelc.bench.peers.compare import compare
from modelc.bench.peers.names import require_peers
from modelc.bench.samples import chosen_sizes, random_samples
from modelc.config.arguments import kind_of, require_count
from modelc.errors import Diagnostic, InputError, SpecError
from modelc.files.atomic import require_replaceable
from modelc.files.kinds import Kind
from modelc.files.outputs import check_output
from modelc.graph.feeding import check_batch
from modelc.native.engine.threads import Team, team, team_of
from modelc.native.environment import MAX_THREADS
from modelc.native.target import host
from modelc.system.peak_memory import peak_memory
from modelc.weights.variable import assign_together

if TYPE_CHECKING:
    from modelc.bench.steps import Profile
    from modelc.graph.graph import Graph
    from modelc.graph.program import Program
    from modelc.native.engine.plan import Plan
    from modelc.weights.variable import Variable

Array = NDArray[Any]

MOST_SECONDS = 3600.0
_WARM_UP = 2
"""Calls after the first one that are not measured either."""


class Measured(Protocol):
    """A model that can be measured."""

    @property
    def name(self) -> str:
        """The name of the model."""
        ...

    @property
    def graph(self) -> Graph:
        """The traced graph."""
        ...

    @property
    def variables_by_path(self) -> Mapping[str, Variable]:
        """All variables by path."""
        ...

    @property
    def program(self) -> Program:
        """The compiled graph."""
        ...

    @property
    def whole_program(self) -> Program:
        """The same with its steps."""
        ...

    def __call__(self, x: Any) -> Any:
        """The outputs for one batch."""
        ...


@dataclass(frozen=True)
class Conditions:
    """How a model is measured."""

    batch_size: int | None = None
    """None for the one that the model fixes, else 1."""
    threads: int | None = None
    """None for those of the process."""
    seconds: float = 2.0
    """How long calls are repeated for each thing that is measured."""
    sizes: Mapping[str, int] | None = None
    """Free sizes by name; None for their `max`."""
    profile: bool = False
    """Whether steps are timed."""
    trace: str | os.PathLike[str] | None = None
    """The file that a trace of some calls is written to."""
    force: bool = False
    """Whether the trace may replace a file of another kind."""
    compare: Mapping[str, str | os.PathLike[str] | None] | None = None
    """Other runtimes by name, with the file of the same model that each is to load."""

    def __post_init__(self) -> None:
        """Raise `SpecError` for what no condition can be."""
        if self.batch_size is not None:
            require_count("batch_size", self.batch_size)
        if self.threads is not None:
            require_count("threads", self.threads)
            if self.threads > MAX_THREADS:
                raise _refused(f"`threads` must be at most {MAX_THREADS}, found {self.threads}")
        seconds: Any = self.seconds
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise _refused(f"`seconds` must be a number, found {kind_of(seconds)}", "E203")
        if not (math.isfinite(seconds) and 0 < seconds <= MOST_SECONDS):
            raise _refused(f"`seconds` must be more than 0 and at most {MOST_SECONDS:.0f}, found {seconds}")


def _refused(message: str, code: str = "E204") -> SpecError:
    return SpecError(Diagnostic(code, message, None, "bench"))


def measure(model: Measured, face: Graph, conditions: Conditions) -> Benchmark:
    """Call a model on random samples, and say how long that takes. `face` has the model's inputs and outputs, and need
    not be its traced graph: a model that starts from a plan that is kept is measured so.

    A stateful model has its states again afterwards. Raises `InputError` where the conditions do not fit the model.
    """
    sizes = chosen_sizes(face, conditions.sizes or {})
    batch_size = conditions.batch_size or face.batch_size or 1
    check_batch(batch_size, face)
    program = model.program
    if (conditions.profile or conditions.trace is not None) and not _is_native(program):
        raise InputError("steps are those of native code: this backend has none", 'use backend="native"')
    require_peers(conditions.compare or {})
    if conditions.trace is not None:
        require_replaceable(conditions.trace)
        check_output(conditions.trace, Kind.TRACE, force=conditions.force)
    is_float = all(value.type.dtype == "float32" for value in face.inputs)
    arrays = random_samples(face if is_float else model.graph, batch_size, sizes)  # in which tables are looked up
    x = arrays[0] if len(arrays) == 1 else arrays
    states = [model.variables_by_path[weight.path] for weight in face.weights if weight.state]
    before = [(variable, variable.value) for variable in states]
    try:
        with _threads(conditions.threads, program) as workers:
            begin = time.perf_counter()
            model(x)
            first = time.perf_counter() - begin
            for _ in range(_WARM_UP):
                model(x)
            watch = Stopwatch()
            watch.run(lambda: model(x), conditions.seconds)
            peak = peak_memory()  # before anything else is measured
            inputs = [*arrays, *(variable.value for variable in states)]
            call_memory = program.plan_for(inputs).bytes(batch_size) if _is_native(program) else None
            steps = _steps(model, inputs, batch_size, conditions)
            files = {name: file for name, file in (conditions.compare or {}).items() if file is not None}
            count = workers.size if workers is not None else 1
            peers = compare(
                files, lambda: model(x), face.input_names, arrays, _listed(model(x)), count, conditions.seconds
            )
    finally:
        if before:
            assign_together(before)
    return Benchmark(
        model.name, "native" if _is_native(program) else "reference", host().cpu, count, batch_size, sizes,
        _shapes(face, arrays), first, watch.latency, call_memory, peak, steps, peers,
    )  # fmt: skip


class _Native(Protocol):
    """A program that runs native code."""

    def plan_for(self, inputs: Sequence[Array]) -> Plan:
        """The plan that runs these inputs."""
        ...


def _is_native(program: object) -> TypeGuard[_Native]:
    return hasattr(program, "plan_for")


def _steps(model: Measured, inputs: Sequence[Array], batch_size: int, conditions: Conditions) -> Profile | None:
    """The times of the steps, and a trace of them, as far as they are wanted."""
    if not conditions.profile and conditions.trace is None:
        return None
    from modelc.bench.steps import profile
    from modelc.bench.trace import write_trace

    program = model.whole_program
    assert _is_native(program)
    plan = program.plan_for(inputs)
    found = profile(plan, inputs, batch_size, conditions.seconds) if conditions.profile else None
    if conditions.trace is not None:
        write_trace(conditions.trace, plan, inputs, model.name, force=conditions.force)
    return found


def _threads(count: int | None, program: object) -> AbstractContextManager[Team | None]:
    """The threads that calls are shared between; None for a backend that has none."""
    if not _is_native(program):
        return nullcontext()
    return nullcontext(team()) if count is None else team_of(count)


def _listed(outputs: Any) -> list[Array]:
    """What a model returns as a list of arrays."""
    if isinstance(outputs, dict):
        return list(cast("dict[str, Array]", outputs).values())
    return cast("list[Array]", outputs) if isinstance(outputs, list) else [outputs]


def _shapes(graph: Graph, arrays: Sequence[Array]) -> list[InputShape]:
    return [
        InputShape(name, array.shape, value.type.dtype)
        for name, array, value in zip(graph.input_names, arrays, graph.inputs, strict=True)
    ]

"""`Plan`: a graph of given sizes, lowered: its steps, where its values lie, and one native call that runs it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.graph import resources
from modelc.graph.graph import Graph
from modelc.graph.program import ShortCall
from modelc.graph.resources import memory_told, require_free_memory, require_memory
from modelc.native.engine.amounts import BatchAmount, amount_at
from modelc.native.engine.buffers import Block
from modelc.native.engine.constant_blocks import ConstantBlock
from modelc.native.engine.executor import Executor, Job, Slices
from modelc.native.engine.memory_sizes import MemorySizes
from modelc.native.engine.short_call import SMALL_ARENA, short_call
from modelc.system.memory_limits import Limit
from modelc.weights.variable import generation

if TYPE_CHECKING:
    from modelc.native.lowering.lower import Lowered

Array = NDArray[Any]

KEPT_ARENAS = 4
"""Arenas that are kept for later calls: as many as calls are likely to overlap."""

PARALLEL_WORK = 200_000
"""Multiply-adds and elements per call from which on it is shared with the worker threads."""

WAKING_WORK = 4_000_000
"""The same from which on workers that sleep are woken: the caller has done a third of this until one is there."""

GROWTH = 1 << 22
"""The bytes up to which an arena for calls of any sizes is made a quarter larger than needed, as the next may be."""

_SHARE = 8
"""The part of all memory that the arenas of several threads may take together."""

_BLOCKS = 3
"""The buffers in front of those of arrays: the arena, the shared constants and the plan's own."""

_ONLY_ARRAYS = frozenset({np.ndarray})

_empty = np.empty

_SMALLER = "run smaller batches: predict(x, batch_size=…)"

_DTYPES: dict[str, np.dtype[Any]] = {name: np.dtype(name) for name in ("float32", "int32")}


class PlanForm:
    """What all plans of an optimized graph have in common, whatever its sizes are."""

    def __init__(self, graph: Graph, lowered: Lowered | None, shared: ConstantBlock, arenas: list[Block]) -> None:
        """`lowered` are its steps, unless the plan was read from the cache."""
        self.graph = graph
        self._lowered = lowered
        self.shared = shared
        self.arenas = arenas
        self.batched = next((i for i, value in enumerate(graph.inputs) if value.type.batched), 0)
        """The input that says how many samples there are."""
        self.grows = graph.free_sizes is not None
        """Whether calls of larger sizes may come."""
        self.are_batched = [value.type.batched for value in graph.results]
        """Of each result, whether its first axis is the batch."""
        self.dtypes = [_DTYPES[value.type.dtype] for value in graph.results]

    @property
    def lowered(self) -> Lowered:
        """The steps. Raises `LookupError` for a plan that was read from the cache, which keeps their words alone."""
        if self._lowered is None:
            raise LookupError("a plan that was read from the cache has no steps")
        return self._lowered


class Stages(NamedTuple):
    """What is to be told while a plan runs."""

    results: Sequence[Sequence[int]]
    """The numbers of the results of each stage, which is over once they are whole."""
    ready: Callable[[list[Array]], None]
    """Called after each stage, and at the end, with all results, of which some are not there yet."""


class _Call(NamedTuple):
    """What calls on so many samples have in common."""

    samples: int
    shapes: list[tuple[int, ...]]
    """Those of the arrays that are returned."""
    arena: int
    """The bytes of the arena."""
    job: Job
    parallel: bool
    waking: bool
    limit: Limit | None
    """The limit of memory that they keep within."""


class Plan:
    """Runs a graph whose sizes, but for the batch, are known. Calls may overlap: each has its own arena and results."""

    def __init__(
        self,
        form: PlanForm,
        executor: Executor,
        memory: MemorySizes,
        work: BatchAmount,
        around: BatchAmount,
        results: Sequence[tuple[int, ...]],
        own: ConstantBlock,
        extra_work: float = 0.0,
        values: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        """`results` are the shapes of the results at the plan's sizes, without the batch.

        A call takes the operations `work`, and beside the arena the bytes `around`. Kernels read the form's shared
        constants, which are those of all plans of a program, and the plan's `own`. `values` gives those of the symbols
        in the form's sizes.
        """
        self._values = values
        self.memory = memory
        self.extra_work = extra_work
        """What is computed again to need less memory, as a share of what is to be computed."""
        self.work = work
        self._form = form
        self.around = around
        """The bytes of a call beside the arena."""
        self._executor = executor
        self._results = results
        self._own = own
        self._follows_weights = own.follows_weights
        """Whether both blocks of constants change with the weights."""
        self._call: _Call | None = None
        """That of the last one."""

    def walked_by(self, executor: Executor) -> Plan:
        """The same plan with other steps, which do the same."""
        made = copy(self)
        made._executor, made._call = executor, None
        return made

    @property
    def graph(self) -> Graph:
        """The plan's graph; with free sizes, where a plan for all of them is what it was made of."""
        return self._form.graph

    @property
    def values(self) -> Mapping[str, int]:
        """The values of the symbols in the sizes of its graph, by name."""
        return self._values()

    @property
    def lowered(self) -> Lowered:
        """Its steps; see `PlanForm.lowered`."""
        return self._form.lowered

    @property
    def constants(self) -> tuple[ConstantBlock, ConstantBlock]:
        """The plan's own constants, and those that all plans of a program share."""
        return self._own, self._form.shared

    def bytes(self, batch_size: int) -> int:
        """All that a call on so many samples needs: its inputs, the arena and its results."""
        return amount_at(self.around, batch_size) + self.memory.arena_size(batch_size)

    def plan_for(self, inputs: Sequence[Array]) -> Plan:
        """The plan that runs these inputs, as of a program: the plan itself."""
        return self

    def run(self, inputs: Sequence[Array], stages: Stages | None = None, into: Sequence[Array] = ()) -> list[Array]:
        """The graph's results for one batch; in `stages`, if there are some. The last ones are written `into` these
        arrays, which are of their types, and else into new ones."""
        form = self._form
        samples = len(inputs[form.batched])
        call = self._call
        if call is None or call.samples != samples or call.limit is not resources.memory_limit():
            call = self._call = self._for(samples, inputs)
        if self._follows_weights:
            shared, own = self._constants()
        else:
            shared, own = form.shared.current(), self._own.current()
        try:
            shapes = call.shapes[: len(call.shapes) - len(into)] if into else call.shapes
            results = [*map(_empty, shapes, form.dtypes), *into]
            if samples == 0:
                return results
            try:
                arena = form.arenas.pop()
            except IndexError:
                arena = None
            if arena is None or arena.size < call.arena:
                arena = None  # so that both are not there at once
                arena = self._new_arena(samples, call.arena)
        except MemoryError:  # without a context, which every call would pay for
            with memory_told(f"a batch of {samples}", self.memory.allocated_bytes(samples), _SMALLER):
                raise
        arrays = [*inputs, *results]
        if not _ONLY_ARRAYS.issuperset(map(type, arrays)):  # what is behind the head of others is no address
            arrays = [*map(np.asarray, arrays)]
        addresses = arena.address, shared.address, own.address, *map(id, arrays)
        if stages is None:
            error = self._executor.walk(call.job, addresses, parallel=call.parallel, waking=call.waking)
        else:
            error = self._walk_stages(call, addresses, results, stages)
        if len(form.arenas) < KEPT_ARENAS:
            form.arenas.append(arena)
        if error:
            raise InputError("an index is outside of the table that it looks up: see `input_dim` of the Embedding")
        return results

    def short_call(self, x: Array) -> ShortCall | None:
        """The shortest way to run arrays like this one, see `Program`; None where that would keep too much memory."""
        samples, began = len(x), generation()
        call = self._for(samples, [x])
        if samples == 0 or call.job.tail or call.arena > SMALL_ARENA:
            return None
        share = partial(self._executor.share, waking=call.waking) if call.parallel else None
        result = np.empty(call.shapes[0], self._form.dtypes[0])
        return short_call(call.job, share, call.arena, self._constants(), began, x, result)

    def _walk_stages(self, call: _Call, addresses: Sequence[int], results: list[Array], stages: Stages) -> int:
        """Walk the plan up to where the results of each stage are whole, and tell of them; the error code."""
        done = 0
        for end in (*self._ends(call, stages), len(self.lowered.steps)):
            if end > done:
                # What is walked in slices of the batch is walked at once.
                rows = None if call.job.tail else range(done, end)
                error = self._executor.walk(
                    call.job, addresses, parallel=call.parallel, waking=call.waking, rows=rows
                )  # fmt: skip
                if error:
                    return error
                done = end
            stages.ready(results)
        return 0

    def _ends(self, call: _Call, stages: Stages) -> list[int]:
        """After how many steps each stage is over: a loop is not left before its end."""
        steps, ends = self.lowered.steps, self.lowered.ends
        if call.job.tail:
            return [len(steps)] * len(stages.results)
        loops = [range(at - step.back, at) for at, step in enumerate(steps) if step.back]
        found = accumulate((max(ends[result] for result in stage) for stage in stages.results), max)
        return [max([end, *(loop.stop + 1 for loop in loops if end - 1 in loop)]) for end in found]

    def _for(self, samples: int, inputs: Sequence[Array]) -> _Call:
        """What calls on so many samples, such as on these, have in common.

        Raises `ResourceError` where they need too much memory.
        """
        form, limit, memory = self._form, resources.memory_limit(), self.memory
        require_memory(memory.allocated_bytes(samples), f"a batch of {samples} needs", _SMALLER)
        shapes = [
            (samples, *dims) if is_batched else dims
            for dims, is_batched in zip(self._results, form.are_batched, strict=True)
        ]
        work = amount_at(self.work, samples)
        parallel, waking = work >= PARALLEL_WORK, work >= WAKING_WORK
        slices = None
        size = memory.arena_size(samples)
        if memory.slice and memory.slice < samples:
            slices, size = self._slices(samples, inputs, shapes, self._executor.threads if parallel else 1, limit)
        job = self._executor.job(samples, _BLOCKS, len(inputs) + len(shapes), slices)
        return _Call(samples, shapes, size, job, parallel, waking, limit)

    def _slices(
        self,
        samples: int,
        inputs: Sequence[Array],
        shapes: Sequence[tuple[int, ...]],
        threads: int,
        limit: Limit | None,
    ) -> tuple[Slices, int]:
        """How the samples are cut into slices for so many threads, or for one, and the bytes of the arena then."""
        memory = self.memory
        if limit is not None and memory.arena_size(samples, threads) > limit.bytes // _SHARE:
            threads = 1
        returned = (dtype.itemsize * math.prod(s) for s, dtype in zip(shapes, self._form.dtypes, strict=True))
        strides = tuple(n // samples for n in (*(array.nbytes for array in inputs), *returned))
        areas, size = memory.areas(samples, threads), memory.arena_size(samples, threads)
        return Slices(memory.at_once(samples), strides, areas, size // areas), size

    def _constants(self) -> tuple[Block, Block]:
        """The constants for one state of the weights."""
        while True:
            before = generation()
            shared, own = self._form.shared.current(), self._own.current()
            if generation() == before:
                return shared, own

    def _new_arena(self, samples: int, size: int) -> Block:
        """An arena of at least this size, for a call on so many samples."""
        require_free_memory(self.memory.allocated_bytes(samples), f"a batch of {samples} needs", _SMALLER)
        return Block.of(size + size // 4 if self._form.grows and size <= GROWTH else size)

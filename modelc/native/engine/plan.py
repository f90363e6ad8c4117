"""`Plan`: a graph of given sizes, lowered: its steps, where its values lie, and one native call that runs it."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.graph.graph import Graph, Value, Weight
from modelc.graph.program import OnCompile
from modelc.graph.resources import memory_told, require_free_memory, require_memory
from modelc.graph.types import Shape
from modelc.native.engine.amounts import BatchAmount, call_bytes, operations
from modelc.native.engine.buffers import Block, address_of
from modelc.native.engine.constants import Constants, FixedConstants
from modelc.native.engine.executor import Executor
from modelc.native.engine.room import Room
from modelc.native.lowering.lower import Lowered, lower
from modelc.native.passes.loops_over_steps import flatten_loops
from modelc.native.passes.memory import MemorySizes, plan_memory
from modelc.weights.variable import Variable, generation

Array = NDArray[Any]

KEPT_ARENAS = 4
"""Arenas that are kept for later calls: as many as calls are likely to overlap."""

PARALLEL_WORK = 200_000
"""Multiply-adds and elements per call from which on it is shared with the worker threads."""

WAKING_WORK = 4_000_000
"""The same from which on workers that sleep are woken: the caller has done a third of this until one is there."""

_SMALL = 1 << 16
"""Elements of a result without a batch up to which its address is remembered, and with it the array."""

_SMALLER = "run smaller batches: predict(x, batch_size=…)"

_DTYPES: dict[str, type[Any]] = {"float32": np.float32, "int32": np.int32}


class Plan:
    """Runs a graph whose sizes, but for the batch, are known. Calls may overlap: each has its own arena and results."""

    def __init__(
        self,
        graph: Graph,
        lowered: Lowered,
        executor: Executor,
        memory: MemorySizes,
        work: BatchAmount,
        around: BatchAmount,
        results: Sequence[Shape],
        shared: Constants,
        own: Constants | FixedConstants,
        arenas: list[Block],
        extra_work: float = 0.0,
    ) -> None:
        """`graph` is optimized, `lowered` its steps, and `results` the shapes of its results at the plan's sizes.

        A call takes the operations `work`, and beside the arena the bytes `around`. Kernels read `shared` constants,
        which are those of all plans of a program, and the plan's `own`. Memory is taken from `arenas` and given back.
        """
        self.graph = graph
        """The plan's graph; with free sizes, where a plan for all of them is what it was made of."""
        self.lowered = lowered
        self.memory = memory
        self.extra_work = extra_work
        """What is computed again to need less memory, as a share of what is to be computed."""
        self.work = work
        self._around = around
        self._executor = executor
        self._shared = shared
        self._own = own
        self._arenas = arenas
        self._known: dict[int, tuple[Array, int]] = {}
        """Small results of the last call and their addresses by identity: a step of training reads what the one before
        wrote, and to find an address takes longer than many a step."""
        self._batched = next((i for i, value in enumerate(graph.inputs) if value.type.batched), 0)
        types = [value.type.with_shape(shape) for value, shape in zip(graph.results, results, strict=True)]
        self._results = [(type.dims, _DTYPES[type.dtype], type.batched) for type in types]
        self._remembered = [i for i, type in enumerate(types) if not type.batched and type.size <= _SMALL]

    @classmethod
    def of(
        cls,
        graph: Graph,
        weights: Sequence[tuple[Weight, Variable]],
        shared: Constants,
        arenas: list[Block],
        varying: AbstractSet[Value] = frozenset(),
        *,
        on_compile: OnCompile | None = None,
        room: Room | None = None,
    ) -> Plan:
        """The plan of an optimized graph without free sizes.

        Its constants are put among the `shared` ones, those that depend on `varying` values are the plan's own.
        """
        fitted, again = (graph, 0.0) if room is None else room.fitted(graph)
        flat = flatten_loops(fitted)
        memory = plan_memory(flat)
        placed = Constants(weights)
        lowered = lower(flat, memory, shared, placed, varying)
        own = placed if placed.follows_weights else FixedConstants(placed.current())
        executor = Executor(lowered.steps, on_compile=on_compile)
        shapes = [value.type.shape for value in fitted.results]
        amounts = operations(fitted), call_bytes(fitted)
        return cls(fitted, lowered, executor, memory, *amounts, shapes, shared, own, arenas, again)

    def bytes(self, batch_size: int) -> int:
        """All that a call on so many samples needs: its inputs, the arena and its results."""
        return self._around.at(batch_size) + self.memory.arena_size(batch_size)

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The graph's results for one batch."""
        batch = len(inputs[self._batched])
        needed = self.memory.allocated_bytes(batch)
        require_memory(needed, f"a batch of {batch} needs", _SMALLER)
        shared, own = self._constants()
        try:
            results = [np.empty((batch, *dims) if batched else dims, dtype) for dims, dtype, batched in self._results]
            if batch == 0:
                return results
            arena = self._take_arena(batch)
        except MemoryError:  # without a context, which every call would pay for
            with memory_told(f"a batch of {batch}", needed, _SMALLER):
                raise
        buffers = [arena.address, shared.address, own.address, *self._addresses(inputs), *map(address_of, results)]
        amount = self.work.at(batch)
        error = self._executor.run(batch, buffers, parallel=amount >= PARALLEL_WORK, waking=amount >= WAKING_WORK)
        self._remember(results, buffers[-len(results) :])
        if len(self._arenas) < KEPT_ARENAS:
            self._arenas.append(arena)
        if error:
            raise InputError("an index is outside of the table that it looks up: see `input_dim` of the Embedding")
        return results

    def _constants(self) -> tuple[Block, Block]:
        """The constants for one state of the weights."""
        if not self._own.follows_weights:
            return self._shared.current(), self._own.current()
        while True:
            before = generation()
            shared, own = self._shared.current(), self._own.current()
            if generation() == before:
                return shared, own

    def _addresses(self, arrays: Sequence[Array]) -> list[int]:
        known = self._known
        found = [known.get(id(array)) for array in arrays]
        return [address_of(a) if entry is None else entry[1] for a, entry in zip(arrays, found, strict=True)]

    def _remember(self, results: Sequence[Array], addresses: Sequence[int]) -> None:
        if self._remembered:
            self._known = {id(results[i]): (results[i], addresses[i]) for i in self._remembered}

    def _take_arena(self, batch: int) -> Block:
        """Memory for one call; that of an earlier one where it is large enough."""
        size = self.memory.arena_size(batch)
        try:
            arena = self._arenas.pop()
        except IndexError:
            arena = None
        if arena is not None and arena.size >= size:
            return arena
        del arena  # so that both are not there at once
        require_free_memory(self.memory.allocated_bytes(batch), f"a batch of {batch} needs", _SMALLER)
        return Block.of(size)

"""`Plan`: a graph of given sizes, lowered: its steps, where its values lie, and one native call that runs it."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError, ResourceError
from modelc.graph.graph import Graph, Value, Weight
from modelc.graph.program import OnCompile
from modelc.graph.resources import memory_told, require_free_memory, require_memory
from modelc.native.engine.buffers import Block, address_of
from modelc.native.engine.constants import Constants
from modelc.native.engine.executor import Executor
from modelc.native.lowering.lower import lower
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.recompute import least_arena, recompute, work
from modelc.text.amounts import format_bytes
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


@dataclass(frozen=True, slots=True)
class Room:
    """The memory that a call on a batch may have for all arrays: its inputs, what it computes and its results."""

    batch_size: int
    bytes: int


class Plan:
    """Runs a graph whose sizes, but for the batch, are known. Calls may overlap: each has its own arena and results."""

    def __init__(
        self,
        graph: Graph,
        weights: Sequence[tuple[Weight, Variable]],
        shared: Constants,
        arenas: list[Block],
        varying: AbstractSet[Value] = frozenset(),
        *,
        on_compile: OnCompile | None = None,
        room: Room | None = None,
    ) -> None:
        """`graph` is optimized; its constants are put among the `shared` ones, those that depend on `varying` values
        are the plan's own. Memory is taken from `arenas` and given back to them."""
        self.graph = graph
        self.extra_work = 0.0
        """What is computed again to need less memory, as a share of what is to be computed."""
        if room is not None:
            self._fit(room)
        self.memory = plan_memory(self.graph)
        self._shared = shared
        self._own = Constants(weights)
        self.lowered = lower(self.graph, self.memory, shared, self._own, varying)
        self._executor = Executor(self.lowered.steps, on_compile=on_compile)
        self._arenas = arenas
        self._known: dict[int, tuple[Array, int]] = {}
        """Small results of the last call and their addresses by identity: a step of training reads what the one before
        wrote, and to find an address takes longer than many a step."""
        self.work = Work.of(self.graph)
        self._batched = next((i for i, value in enumerate(self.graph.inputs) if value.type.batched), 0)
        self._results = [
            (value.type.dims, _DTYPES[value.type.dtype], value.type.batched) for value in self.graph.results
        ]
        types = [value.type for value in self.graph.results]
        self._remembered = [i for i, type in enumerate(types) if not type.batched and type.size <= _SMALL]

    def _fit(self, room: Room) -> None:
        """Compute some values again where they would need too much memory. Raises `ResourceError` where it won't do."""
        around = call_bytes(self.graph, room.batch_size)
        fitted = recompute(self.graph, room.batch_size, room.bytes - around)
        if fitted is None:
            least = around + least_arena(self.graph, room.batch_size, max(0, room.bytes - around))
            raise ResourceError(
                f"a step on a batch of {room.batch_size} needs at least {format_bytes(least)} of memory, "
                f"{format_bytes(around)} of it for weights and samples, and the limit is {format_bytes(room.bytes)}",
                "make batches smaller; `gradient_accumulation_steps` of the optimizer adds up several",
            )
        whole = work(self.graph, room.batch_size)
        self.graph, self.extra_work = fitted, work(fitted, room.batch_size) / whole - 1 if whole else 0.0

    def bytes(self, batch_size: int) -> int:
        """All that a call on so many samples needs: its inputs, the arena and its results."""
        return call_bytes(self.graph, batch_size) + self.memory.arena_size(batch_size)

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The graph's results for one batch."""
        batch = len(inputs[self._batched])
        needed = self.memory.activation_bytes(batch)
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
        amount = self.work.with_batch(batch)
        error = self._executor.run(batch, buffers, parallel=amount >= PARALLEL_WORK, waking=amount >= WAKING_WORK)
        self._remember(results, buffers[-len(results) :])
        if len(self._arenas) < KEPT_ARENAS:
            self._arenas.append(arena)
        if error:
            raise InputError("an index is outside of the table that it looks up: see `input_dim` of the Embedding")
        return results

    def _constants(self) -> tuple[Block, Block]:
        """The constants for one state of the weights."""
        while True:
            before = generation()
            shared, own = self._shared.current(), self._own.current()
            if not self._own.follows_weights or generation() == before:
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
        require_free_memory(self.memory.activation_bytes(batch), f"a batch of {batch} needs", _SMALLER)
        return Block.of(size)


def call_bytes(graph: Graph, batch_size: int) -> int:
    """The bytes of what goes into a call on so many samples, and of its results.

    Weights count twice: as they are, and as the kernels read them.
    """
    types = [value.type for value in (*graph.inputs, *graph.results)]
    weights = 2 * sum(weight.value.type.bytes for weight in graph.weights)
    return weights + sum(type.bytes * (batch_size if type.batched else 1) for type in types)


class Work(NamedTuple):
    """Multiply-adds and elements written, of a call and of each of its samples."""

    fixed: int
    per_sample: int

    @classmethod
    def of(cls, graph: Graph) -> Work:
        """That of all nodes that are computed in a call."""
        nodes = [node for node in graph.nodes if node.output not in graph.constants]
        types = [node.output.type for node in nodes]
        macs = sum(node.op.macs(node.output.type, *(v.type for v in node.inputs)) for node in nodes)
        fixed, batched = (
            sum(type.size for type in types if type.batched == is_batched) for is_batched in (False, True)
        )
        return cls(fixed, macs + batched)

    def with_batch(self, batch: int) -> int:
        """That of a call with so many samples."""
        return self.fixed + self.per_sample * batch

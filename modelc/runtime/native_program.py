"""`NativeProgram`: a graph compiled to a plan of native kernels."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.graph.graph import Graph, Value
from modelc.graph.interpret import run_nodes
from modelc.passes.memory import plan_memory
from modelc.passes.pipeline import optimize
from modelc.runtime.buffers import Block, address_of
from modelc.runtime.executor import Executor
from modelc.runtime.lowering.lower import lower
from modelc.runtime.program import OnCompile
from modelc.runtime.resources import require_memory
from modelc.variables import Variable, generation, snapshot

Array = NDArray[Any]

KEPT_ARENAS = 4
"""Arenas that are kept for later calls: as many as calls are likely to overlap."""

PARALLEL_WORK = 200_000
"""Multiply-adds and elements per call from which on the worker threads are worth waking."""

_DTYPES: dict[str, type[Any]] = {"float32": np.float32, "int32": np.int32}


@dataclass(frozen=True)
class _Constants:
    """One snapshot of the packed weights; a call keeps the one that it began with."""

    block: Block
    generation: int
    versions: tuple[int, ...]


class NativeProgram:
    """Runs a graph by one native call per batch over one arena.

    Calls may overlap: each has its own arena and results, and the snapshot of the weights that it began with.
    """

    def __init__(
        self,
        graph: Graph,
        variables: Mapping[str, Variable],
        on_compile: OnCompile | None = None,
    ) -> None:
        self.graph = optimize(graph)
        self.memory = plan_memory(self.graph)
        self.lowered = lower(self.graph, self.memory)
        self._variables = [(weight, variables[weight.path]) for weight in self.graph.weights]
        self._executor = Executor(self.lowered.steps, on_compile=on_compile)
        self._lock = threading.Lock()
        self._arenas: list[Block] = []
        self._constants = self._pack()
        self._work = _work(self.graph)
        self._batched = next((i for i, value in enumerate(self.graph.inputs) if value.type.batched), 0)
        self._results = [
            (value.type.dims, _DTYPES[value.type.dtype], value.type.batched) for value in self.graph.results
        ]

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The graph's results for one batch."""
        batch = len(inputs[self._batched])
        help = "run smaller batches: predict(x, batch_size=…)"
        require_memory(self.memory.activation_bytes(batch), f"a batch of {batch} needs", help)
        constants = self._current()
        results = [np.empty((batch, *dims) if batched else dims, dtype) for dims, dtype, batched in self._results]
        if batch == 0:
            return results
        arena = self._take_arena(self.memory.arena_size(batch))
        buffers = [arena.address, constants.block.address, *map(address_of, inputs), *map(address_of, results)]
        error = self._executor.run(batch, buffers, parallel=self._work * batch >= PARALLEL_WORK)
        if len(self._arenas) < KEPT_ARENAS:
            self._arenas.append(arena)
        if error:
            raise InputError("an index is outside of the table that it looks up: see `input_dim` of the Embedding")
        return results

    def _take_arena(self, size: int) -> Block:
        """Memory for one call; that of an earlier one where it is large enough."""
        try:
            arena = self._arenas.pop()
        except IndexError:
            return Block.of(size)
        return arena if arena.size >= size else Block.of(size)

    def _current(self) -> _Constants:
        constants = self._constants
        if constants.generation == generation() or not self._variables:
            return constants
        with self._lock:
            now = generation()
            if self._versions() != self._constants.versions:
                self._constants = self._pack()
            elif self._constants.generation != now:
                self._constants = replace(self._constants, generation=now)
            return self._constants

    def _versions(self) -> tuple[int, ...]:
        return tuple(variable.version for _, variable in self._variables)

    def _pack(self) -> _Constants:
        """Compute all that depends on weights alone, and lay it out as the kernels read it."""
        seen, versions = generation(), self._versions()
        block = Block.of(self.lowered.constant_bytes)
        graph = self.graph
        arrays = snapshot({weight.path: variable for weight, variable in self._variables})
        environment: dict[Value, Array] = {weight.value: arrays[weight.path] for weight, _ in self._variables}
        nodes = [node for node in graph.nodes if node.output in graph.constants]
        run_nodes(nodes, environment, keep=[packed.value for packed in self.lowered.packed])
        for packed in self.lowered.packed:
            block.write(packed.offset, packed.pack(environment[packed.value]))
        for table in self.lowered.tables:
            block.write(table.offset, table.data)
        return _Constants(block, seen, versions)


def _work(graph: Graph) -> int:
    """Multiply-adds and elements written, per sample."""
    nodes = [node for node in graph.nodes if node.output not in graph.constants]
    return sum(node.op.macs(node.output.type, *(v.type for v in node.inputs)) + node.output.type.size for node in nodes)

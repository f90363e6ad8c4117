"""`CPlan`: the plan of a graph for the machine of a C library, and the constants that it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from modelc.graph.graph import Graph, Value
from modelc.native.compiler.catalog import family_of
from modelc.native.engine.amounts import BatchAmount, operations
from modelc.native.engine.constants import Constants
from modelc.native.engine.memory_sizes import MemorySizes
from modelc.native.engine.schedule import Step
from modelc.native.lowering.lower import lower
from modelc.native.passes.loops_over_steps import flatten_loops
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import optimize
from modelc.native.target import Target, as_if_on
from modelc.weights.variable import Variable


@dataclass(frozen=True)
class CPlan:
    """A plan that nothing of this process is in: no address, no array object."""

    target: Target
    steps: tuple[Step, ...]
    memory: MemorySizes
    inputs: tuple[Value, ...]
    results: tuple[Value, ...]
    tables: bytes
    """Constants that no weight changes, which belong to the code."""
    weights: memoryview
    """The weights as the kernels read them: where they were packed, and not copied."""
    work: BatchAmount
    """The operations of a call."""

    @property
    def families(self) -> frozenset[str]:
        """The families of kernels that the steps call."""
        return frozenset(family_of(step.kernel) for step in self.steps)

    @property
    def digest(self) -> bytes:
        """What tells plans apart that read weights in different ways, whatever these weights are."""
        digest = sha256(f"{self.target} {len(self.weights)}".encode())
        for step in self.steps:
            digest.update(repr((step.kernel, tuple(step.params), *step[2:])).encode())
        digest.update(self.tables)
        return digest.digest()


def c_plan(graph: Graph, variables: Mapping[str, Variable], target: Target, threads: int = 1) -> CPlan:
    """The plan of a graph without free sizes, before any pass, with the weights that the variables have."""
    weights = [(weight, variables[weight.path]) for weight in graph.weights]
    with as_if_on(target, threads):
        optimized = optimize(graph)
        flat = flatten_loops(optimized)
        memory = plan_memory(flat)
        shared, own = Constants(weights), Constants(weights)
        lowered = lower(flat, memory, shared, own)
        packed, tables = shared.current(), own.current()
    return CPlan(
        target,
        lowered.steps,
        memory,
        optimized.inputs,
        optimized.results,
        bytes(tables.bytes),
        packed.bytes,
        operations(optimized),
    )

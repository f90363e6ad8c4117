"""`NativeProgram`: a graph compiled to native kernels: one plan, or where sizes are free one for each that occurs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from modelc.graph.bind import BoundGraph
from modelc.graph.free import FreeGraph, Retrace
from modelc.graph.graph import Graph
from modelc.graph.program import OnCompile
from modelc.native.engine.buffers import Block
from modelc.native.engine.constants import Constants
from modelc.native.engine.plan import Plan, Room
from modelc.native.passes.pipeline import optimize
from modelc.system.forks import ForkSafeLock
from modelc.weights.variable import Variable

Array = NDArray[Any]

KEPT_PLANS = 64
"""Plans for different sizes that are kept, those last used."""


class NativeProgram:
    """Runs a graph by one native call per batch. Several threads may use it.

    Where the graph has free sizes, it is optimized once, and a plan is made for each that a call brings: no kernel is
    compiled for it, and the weights are packed once for all of them. `retrace` gives the graph for sizes for which it
    does not hold.
    """

    def __init__(
        self,
        graph: Graph,
        variables: Mapping[str, Variable],
        on_compile: OnCompile | None = None,
        *,
        room: Room | None = None,
        arenas: list[Block] | None = None,
        retrace: Retrace | None = None,
    ) -> None:
        """Programs that are given the same list of `arenas` share them, where they do not run at the same time."""
        self._weights = [(weight, variables[weight.path]) for weight in graph.weights]
        self._shared = Constants(self._weights)
        self._arenas: list[Block] = [] if arenas is None else arenas
        self._room = room
        self._on_compile = on_compile
        self._lock = ForkSafeLock()
        self._plans: OrderedDict[tuple[int, ...], Plan] = OrderedDict()
        self._free = None if graph.free_sizes is None else FreeGraph(graph, retrace, optimize)
        free = self._free
        bound = BoundGraph(optimize(graph), frozenset()) if free is None else free.at(free.hints)
        self._first = self._plan(bound)
        self._first_key = None if free is None else free.key_at(free.hints)
        self.largest = self._first
        """The plan so far that needs the most memory for a sample."""
        self._shared.current()

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The graph's results for one batch. Raises `InputError` where the inputs' sizes contradict each other."""
        return self._first.run(inputs) if self._free is None else self._plan_for(self._free, inputs).run(inputs)

    def _plan_for(self, free: FreeGraph, inputs: Sequence[Array]) -> Plan:
        key = free.key(inputs)
        if key == self._first_key:
            return self._first
        with self._lock:
            plan = self._plans.get(key)
            if plan is not None:
                self._plans.move_to_end(key)
                return plan
        plan = self._plan(free.bound(inputs))
        with self._lock:
            self._plans[key] = plan
            self.largest = max(self.largest, plan, key=lambda made: made.bytes(1))
            while len(self._plans) > KEPT_PLANS:
                self._plans.popitem(last=False)
        return plan

    def _plan(self, bound: BoundGraph) -> Plan:
        return Plan(
            bound.graph, self._weights, self._shared, self._arenas, bound.made,
            on_compile=self._on_compile, room=self._room,
        )  # fmt: skip

    @property
    def plan(self) -> Plan:
        """Its plan; where sizes are free, that for the sizes which the graph was traced for."""
        return self._first

"""`NativeProgram`: a graph compiled to native kernels: one plan, or where sizes are free one for each that occurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from numpy.typing import NDArray

from modelc.graph.bind import BoundGraph
from modelc.graph.free import FreeGraph, Retrace
from modelc.graph.free_sizes import OpenSizes
from modelc.graph.graph import Graph
from modelc.graph.program import OnCompile, ShortCall
from modelc.native.engine.buffers import Block
from modelc.native.engine.constants import Constants, NewBlock
from modelc.native.engine.free_plan import FreePlan
from modelc.native.engine.free_plans import FreePlans
from modelc.native.engine.open_plan import OpenPlan
from modelc.native.engine.plan import Plan, Stages
from modelc.native.engine.planning import plan_of
from modelc.native.engine.room import Room
from modelc.native.passes.pipeline import optimize
from modelc.weights.variable import Variable

Array = NDArray[Any]


class NativeProgram:
    """Runs a graph by one native call per batch. Several threads may use it.

    Where the graph has free sizes, it is optimized once, mostly lowered once as well, and a plan is made for each size
    that a call brings: no kernel is compiled for it, and the weights are packed once for all of them. `retrace` gives
    the graph for sizes for which it does not hold.
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
        packed: bool = True,
        first_block: NewBlock | None = None,
    ) -> None:
        """Programs that are given the same list of `arenas` share them, where they do not run at the same time.

        Weights are `packed` for the kernels at once, or at the first call; at first into what
        `first_block` makes, if it is given.
        """
        self._weights = [(weight, variables[weight.path]) for weight in graph.weights]
        self._shared = Constants(self._weights, first_block or Block.of)
        self._arenas: list[Block] = [] if arenas is None else arenas
        self._on_compile = on_compile
        if graph.free_sizes is None:
            self._plans = None
            self.plan = self._fixed(BoundGraph(optimize(graph)), room)
            """Its plan; where sizes are free, that for the sizes which the graph was traced for."""
        else:
            free = FreeGraph(graph, retrace, optimize)
            # What is computed again to need less memory is chosen for given sizes.
            self._plans = FreePlans(free, partial(self._fixed, room=room), self._free if room is None else None)
            self.plan = self._plans.first
        if packed:
            self._shared.current()

    @property
    def kept(self) -> Plan | OpenPlan | None:
        """What can be kept of it for another process, if there is such a plan."""
        return self.plan if self._plans is None else self._plans.numbers

    @property
    def largest(self) -> Plan:
        """The plan so far that needs the most memory for a sample."""
        return self.plan if self._plans is None else self._plans.largest

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The graph's results for one batch. Raises `InputError` where the inputs' sizes contradict each other."""
        return self.plan_for(inputs).run(inputs)

    def short_call(self, x: Array) -> ShortCall | None:
        """The shortest way to run arrays like this one, see `Program`."""
        return self.plan_for([x]).short_call(x)

    def run_into(self, inputs: Sequence[Array], into: Sequence[Array], stages: Stages | None = None) -> list[Array]:
        """As `run`, with the last results written `into` these arrays; in `stages`, telling what is there by then."""
        return self.plan_for(inputs).run(inputs, stages, into)

    def plan_for(self, inputs: Sequence[Array]) -> Plan:
        """The plan that runs these inputs. Raises as `run` does."""
        return self.plan if self._plans is None else self._plans.for_inputs(inputs)

    def _fixed(self, bound: BoundGraph, room: Room | None) -> Plan:
        return plan_of(
            bound.graph, self._weights, self._shared, self._arenas, bound.made, on_compile=self._on_compile, room=room
        )

    def _free(self, made: BoundGraph, sizes: OpenSizes) -> FreePlan:
        return FreePlan(made, sizes, self._weights, self._shared, self._arenas, self._on_compile)

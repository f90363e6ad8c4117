"""`FreePlans`: the plans of a graph with free sizes, one for each that occurs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from modelc.graph.bind import BoundGraph
from modelc.graph.free import FreeGraph, PreparedGraph
from modelc.graph.free_sizes import OpenSizes, SizeNeededError
from modelc.native.engine.free_plan import FreePlan
from modelc.native.engine.open_plan import OpenPlan
from modelc.native.engine.plan import Plan
from modelc.native.engine.recent_plans import RecentPlans

Array = NDArray[Any]

KEPT_FREE_PLANS = 8
"""Plans for any sizes that are kept, each for those that its facts hold for."""

_AT_ONCE, _SERVED = 3, 8
"""How many of them are made without more ado, and how many sizes are to be served by them for each further one: it
takes some times as long to make one as to make a plan for one size."""


class FreePlans:
    """Gives the plan for the sizes of a call. Several threads may use it.

    Plans for any sizes are made where that can be, and those for given sizes of them. A graph in which something is
    needed as a plain number is bound and lowered for each.
    """

    def __init__(
        self,
        graph: FreeGraph,
        fixed: Callable[[BoundGraph], Plan],
        free: Callable[[BoundGraph, OpenSizes], FreePlan] | None,
    ) -> None:
        """`fixed` makes a plan of a graph for given sizes, `free` one for any of a graph in a scope of its own."""
        self._graph = graph
        self._fixed = fixed
        self._free = free
        self._plans = RecentPlans()
        self._open: list[FreePlan] = []
        self._opened = self._served = 0
        """How many plans for any sizes were made, and how many sizes they served."""
        self._closed: set[PreparedGraph] = set()
        """The graphs that a plan for any sizes cannot be made of."""
        self._first_key = graph.key_at(graph.hints)
        self.first = self._made(graph.hints)

    def for_inputs(self, inputs: Sequence[Array]) -> Plan:
        """The plan for these inputs. Raises `InputError` where their sizes contradict each other."""
        key = self._graph.key(inputs)
        if key == self._first_key:
            return self.first
        plan = self._plans.find(key)
        if plan is not None:
            return plan
        for free in self._open:
            plan = free.at(key)
            if plan is not None:
                self._served += 1
                break
        else:
            plan = self._made(self._graph.sizes(inputs))
        self._plans.keep(key, plan)
        return plan

    @property
    def numbers(self) -> OpenPlan | None:
        """The plan for any sizes that serves the first ones, where it needs nothing but numbers for a call."""
        some = [free.numbers for free in self._open if free.at(self._first_key) is not None]
        return some[0] if some else None

    @property
    def largest(self) -> Plan:
        """The plan so far that needs the most memory for a sample."""
        largest = self._plans.largest
        return self.first if largest is None or largest.bytes(1) < self.first.bytes(1) else largest

    def _made(self, sizes: Mapping[str, int]) -> Plan:
        """The plan for sizes by name that no plan for any sizes serves yet."""
        values = self._graph.values(sizes)
        made = self._graph.made_for(sizes)
        further = None if any(free.holds(values) for free in self._open) else self._further(made, values)
        plan = None if further is None else further.at(self._graph.key_at(sizes))
        self._served += plan is not None
        return self._fixed(made.binder.bound(values)) if plan is None else plan

    def _further(self, made: PreparedGraph, values: Mapping[str, int]) -> FreePlan | None:
        """A further plan for any sizes that holds for these, where there can be one and it is worth it."""
        if self._free is None or made in self._closed or self._opened >= _AT_ONCE + self._served // _SERVED:
            return None
        scope = OpenSizes.of(made.sizes, values)
        try:
            free = self._free(made.binder.scoped(scope), scope)
        except SizeNeededError:
            self._closed = {*self._closed, made}
            return None
        self._opened += 1
        self._open = [free, *self._open][:KEPT_FREE_PLANS]
        return free

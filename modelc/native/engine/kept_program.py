"""`KeptProgram`: runs a plan for any sizes that was read from the cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import NDArray

from modelc.graph.free import free_axes
from modelc.graph.graph import Graph
from modelc.graph.program import ShortCall
from modelc.native.engine.open_plan import OpenPlan
from modelc.native.engine.plan import Plan
from modelc.native.engine.recent_plans import RecentPlans

Array = NDArray[Any]
PlanFor = Callable[[Sequence[Array]], Plan]


class KeptProgram:
    """Gives the plan for the sizes of each call. Several threads may use it."""

    def __init__(self, face: Graph, open_plan: OpenPlan, otherwise: PlanFor) -> None:
        """`face` has the graph's inputs; `otherwise` gives the plans for sizes that the plan does not serve."""
        self._axes = [(i, axis) for i, axis, _ in free_axes(face)]
        self._open = open_plan
        self._otherwise = otherwise
        self._plans = RecentPlans()

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The graph's results for one batch. Raises `InputError` where the inputs' sizes contradict each other."""
        return self.plan_for(inputs).run(inputs)

    def short_call(self, x: Array) -> ShortCall | None:
        """The shortest way to run arrays like this one, see `Program`."""
        return self.plan_for([x]).short_call(x)

    def plan_for(self, inputs: Sequence[Array]) -> Plan:
        """The plan that runs these inputs. Raises as `run` does."""
        key = tuple([inputs[i].shape[axis] for i, axis in self._axes])
        plan = self._plans.find(key)
        if plan is None:
            plan = self._open.at(key) or self._otherwise(inputs)
            self._plans.keep(key, plan)
        return plan

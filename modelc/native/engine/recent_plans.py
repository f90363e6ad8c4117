"""`RecentPlans`: the plans for the sizes of the last calls."""

from __future__ import annotations

from modelc.native.engine.plan import Plan
from modelc.system.forks import ForkSafeLock

KEPT_PLANS = 64
"""Plans for different sizes that are kept, those last made."""


class RecentPlans:
    """Plans by what tells their sizes apart. Several threads may use it."""

    def __init__(self) -> None:
        self._lock = ForkSafeLock()
        self._plans: dict[tuple[int, ...], Plan] = {}
        self.find = self._plans.get
        """The plan for these sizes, if it is kept; part of every call."""
        self._large: Plan | None = None
        """The one of those that are no longer kept which needs the most memory for a sample."""

    def __len__(self) -> int:
        return len(self._plans)

    def keep(self, key: tuple[int, ...], plan: Plan) -> None:
        """Keep a plan, and no longer the one that was made first where there are too many."""
        self._plans[key] = plan
        if len(self._plans) > KEPT_PLANS:
            with self._lock:
                while len(self._plans) > KEPT_PLANS:
                    left = self._plans.pop(next(iter(self._plans)))
                    if self._large is None or left.bytes(1) > self._large.bytes(1):
                        self._large = left

    @property
    def largest(self) -> Plan | None:
        """The plan so far that needs the most memory for a sample."""
        with self._lock:  # no other thread leaves one out meanwhile
            some = [*self._plans.values(), *([] if self._large is None else [self._large])]
            return max(some, key=lambda plan: plan.bytes(1), default=None)

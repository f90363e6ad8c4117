"""`Kept`: a plan that was read from the cache; the rest of its model is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from modelc.graph.graph import Graph
from modelc.graph.program import Program
from modelc.native.engine.plan import Plan
from modelc.system.forks import cached_property
from modelc.weights.variable import generation

if TYPE_CHECKING:
    from modelc.model.built import BuiltGraph
    from modelc.native.engine.kept_program import PlanFor
    from modelc.native.engine.open_plan import OpenPlan


class Kept:
    """A plan that was read from the cache, and what makes the model that it is of."""

    def __init__(
        self,
        face: Graph,
        plan: Plan | OpenPlan,
        build: Callable[[], BuiltGraph],
        archive: Callable[[], bytes | None] = lambda: None,
    ) -> None:
        """`build` makes the model, `archive` gives the bytes of its file, or None where these cannot be had."""
        self.face = face
        """The inputs and outputs of the model's graph."""
        self.plan = plan
        self._build, self._archive = build, archive
        self._generation = generation()
        self._outdated = False

    @cached_property
    def traced(self) -> BuiltGraph:
        """The traced model with its weights."""
        return self._build()

    def archive(self) -> bytes | None:
        """The bytes of the file, which hold the model as it is: None once it was traced, from when on it may change,
        and where they cannot be had."""
        return None if "traced" in vars(self) else self._archive()

    def program(self, otherwise: PlanFor) -> Program:
        """What runs the plan; `otherwise` gives plans for sizes that it does not serve."""
        if isinstance(self.plan, Plan):
            return self.plan
        from modelc.native.engine.kept_program import KeptProgram  # deferred: of models with free sizes alone

        return KeptProgram(self.face, self.plan, otherwise)

    def leave(self) -> None:
        """Have the model compiled as if nothing were kept."""
        self._outdated = True

    def is_outdated(self) -> bool:
        """Whether a weight was changed, so that the plan holds old ones. It is asked in every call."""
        if self._outdated or self._generation == generation():
            return self._outdated
        now = generation()
        known: BuiltGraph | None = vars(self).get("traced")
        if known is not None and any(variable.version for variable in known.variables.values()):
            self._outdated = True
        else:
            self._generation = now
        return self._outdated


def plan_name(made_by: str, precision: str | None, *held: str) -> str:
    """The name of the plan of a model, by what plans are made by and by the digests of what its file holds."""
    return f"{digest_of(made_by, precision or '', *held)}.plan"


def digest_of(*parts: str) -> str:
    """What tells some texts from others, as part of the name of a file."""
    return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:40]

"""The first load of a file: the model is traced and compiled, and its plan is kept in the cache."""

from __future__ import annotations

from typing import Any

from modelc.files.held import HeldFile
from modelc.graph.program import OnCompile
from modelc.model.artifact import read_held
from modelc.model.build import built_graph
from modelc.model.built import BuiltGraph
from modelc.model.model import Model
from modelc.native.engine.open_plan import OpenPlan
from modelc.native.engine.plan import Plan
from modelc.native.engine.plan_cache import PlanCache
from modelc.native.engine.plan_draft import PlanDraft


def traced(file: HeldFile, precision: str | None) -> BuiltGraph:
    """The traced model in a `.modelc` file. A weight is read when it is asked for.

    Raises `FileFormatError` where the file is damaged, was modified, or has another format.
    """
    definition, weights = read_held(file)
    asked: Any = precision
    return built_graph(definition, weights=weights, precision=asked)


def compiled(built: BuiltGraph, plans: PlanCache, name: str, on_compile: OnCompile | None) -> tuple[Model, bool]:
    """The compiled model, and whether its plan is in the cache now, by this name."""
    draft = PlanDraft(plans, name)
    try:
        model = Model.from_traced(built, on_compile=on_compile, into=draft.block)
        plan = _plan_of(model)
        return model, plan is not None and plans.limit > 0 and draft.keep(plan, model.graph)
    finally:
        draft.close()


def _plan_of(model: Model) -> Plan | OpenPlan | None:
    """The plan of a model that can be kept: one for all calls, without states that change with them."""
    program: Any = model.program
    graph = model.graph
    changing = graph.updates or any(weight.state for weight in graph.weights)
    return None if changing or model.backend != "native" else program.kept

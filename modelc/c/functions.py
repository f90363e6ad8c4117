"""Graphs → functions of a library: which arrays a caller gives, and which lie in the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from numpy.typing import NDArray

from modelc.c.interface import Argument, CFunction, KeptState, Number, Origin
from modelc.c.names import different, identifier
from modelc.c.plan import c_plan
from modelc.graph.graph import Graph, Value
from modelc.native.target import Target
from modelc.weights.variable import Variable

Array = NDArray[Any]


class Feed(NamedTuple):
    """What an input or a result of a graph is: an array of a kind of parameters, one of the state, or a number."""

    kind: str = ""
    """The parameter: `x`, `y`, `labels`, …; several of one kind are told apart by their labels."""
    label: str = ""
    """What the model calls the array."""
    path: str | None = None
    """That of an array of the state."""
    number: Number | None = None


def function(
    name: str,
    graph: Graph,
    variables: Mapping[str, Variable],
    target: Target,
    state: KeptState,
    inputs: Sequence[Feed],
    results: Sequence[Feed],
    threads: int = 1,
) -> CFunction:
    """The function that runs a graph without free sizes, before any pass; `results` are its outputs, then updates."""
    plan = c_plan(graph, variables, target, threads)
    feeds, values = [*inputs, *results], [*plan.inputs, *plan.results]
    arguments = _arguments(feeds, values, len(inputs))
    given = iter(range(len(arguments)))
    sources = tuple(
        Origin(kept=state.offsets[feed.path]) if feed.path is not None
        else Origin(number=feed.number) if feed.number is not None
        else Origin(argument=next(given))
        for feed in feeds
    )  # fmt: skip
    return CFunction(name, plan, arguments, sources, state)


def layer_states(graph: Graph, variables: Mapping[str, Variable]) -> dict[str, Array]:
    """What stateful layers keep, by path."""
    return {weight.path: variables[weight.path].value for weight in graph.weights if weight.state}


def prediction(
    graph: Graph, variables: Mapping[str, Variable], target: Target, state: KeptState, threads: int = 1
) -> CFunction:
    """`NAME_run`: the outputs of a model's graph. Weights that are in the state are read there."""
    kept = [weight for weight in graph.weights if weight.path in state.offsets]
    lifted = replace(
        graph,
        inputs=(*graph.inputs, *(weight.value for weight in kept)),
        input_dtypes=(*graph.input_dtypes, *(weight.value.type.dtype for weight in kept)),
        input_names=(*graph.input_names, *(weight.path for weight in kept)),
        weights=tuple(weight for weight in graph.weights if weight.path not in state.offsets),
    )
    inputs = [Feed("x", label) for label in graph.input_names]
    results = [Feed("y", label) for label in graph.output_keys or graph.output_names]
    return function(
        "run", lifted, variables, target, state,
        [*inputs, *(Feed(path=weight.path) for weight in kept)],
        [*results, *(Feed(path=path) for path in graph.updates)], threads,
    )  # fmt: skip


def _arguments(feeds: Sequence[Feed], values: Sequence[Value], inputs: int) -> tuple[Argument, ...]:
    """Parameters for the arrays that a caller gives: `x` for one of a kind, `x_image` and `x_text` for several."""
    given = [i for i, feed in enumerate(feeds) if feed.kind]
    kinds = [feeds[i].kind for i in given]
    names = [
        kind if kinds.count(kind) == 1 else f"{kind}_{identifier(feeds[i].label, 'n')}"
        for i, kind in zip(given, kinds, strict=True)
    ]
    return tuple(
        Argument(name, feeds[i].kind, feeds[i].label, values[i], i >= inputs)
        for i, name in zip(given, different(names), strict=True)
    )

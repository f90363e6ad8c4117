"""`ReferenceProgram`: a graph that is run by the interpreter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from modelc.graph.free import FreeGraph, Retrace
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.program import ShortCall
from modelc.weights.variable import Variable, snapshot

Array = NDArray[Any]


class ReferenceProgram:
    """The NumPy definitions of the ops, one after the other: slow, and right."""

    def __init__(self, graph: Graph, variables: Mapping[str, Variable], retrace: Retrace | None = None) -> None:
        self._graph = graph
        self._free = None if graph.free_sizes is None else FreeGraph(graph, retrace, lambda made: made)
        self._variables = variables

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The graph's results for one batch."""
        graph = self._graph if self._free is None else self._free.bound(inputs).graph
        return interpret(graph, inputs, snapshot(self._variables))

    def short_call(self, x: Array) -> ShortCall | None:
        """None."""

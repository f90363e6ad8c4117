"""The reference interpreter: runs a graph through the NumPy definitions of its ops.

It is the test oracle for kernels and passes, and evaluates the parts of a graph that depend only on weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from modelc.graph.graph import Graph, Node, Value
from modelc.ops.base import Array


def interpret(graph: Graph, inputs: Sequence[Array], weights: Mapping[str, Array]) -> list[Array]:
    """The graph's results (outputs, then updates) for these inputs and these weights by path."""
    environment: dict[Value, Array] = dict(zip(graph.inputs, inputs, strict=True))
    environment.update((weight.value, weights[weight.path]) for weight in graph.weights)
    # What is not finite flows through, as in compiled code; NumPy's warnings about it, some of them spurious, do not.
    with np.errstate(all="ignore"):
        run_nodes(graph.nodes, environment, keep=graph.results)
    return [environment[value] for value in graph.results]


def run_nodes(
    nodes: Sequence[Node],
    environment: dict[Value, Array],
    keep: Iterable[Value] = (),
    made: Callable[[Value, Array], None] = lambda value, array: None,
) -> None:
    """Evaluate `nodes` into `environment`, dropping each value after its last use unless it is in `keep`.

    `made` is told of each value when it is computed.
    """
    kept = set(keep)
    last_use = {value: i for i, node in enumerate(nodes) for value in node.inputs}
    for i, node in enumerate(nodes):
        for value, array in zip(
            node.outputs, node.op.compute_all(*(environment[value] for value in node.inputs)), strict=True
        ):
            environment[value] = array
            made(value, array)
        for value in {*node.inputs, *node.outputs}:
            if last_use.get(value, i) == i and value not in kept:
                del environment[value]

"""What passes make computes the same, by the definitions and compiled."""

from __future__ import annotations

import numpy as np

from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.verify import verify
from modelc.native.engine.program import NativeProgram
from modelc.native.passes.pipeline import optimize

BATCH = 3


def arrays_for(graph: Graph, batch: int = BATCH) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.standard_normal([batch if d is None else d for d in v.type.shape]) for v in graph.inputs]


def check(graph: Graph, made: Graph) -> None:
    """Both graphs have the same results, in float64."""
    verify(made)
    arrays = arrays_for(graph)
    for want, got in zip(interpret(graph, arrays, {}), interpret(made, arrays, {}), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-10)


def check_native(graph: Graph) -> None:
    """The optimized graph and the compiled one agree with the graph."""
    check(graph, optimize(graph))
    for batch in (1, BATCH):
        arrays = arrays_for(graph, batch)
        got = NativeProgram(graph, {}).run([np.ascontiguousarray(a, np.float32) for a in arrays])
        for want, y in zip(interpret(graph, arrays, {}), got, strict=True):
            np.testing.assert_allclose(y, want, rtol=1e-4, atol=1e-4 * max(1.0, float(np.abs(want).max(initial=0.0))))

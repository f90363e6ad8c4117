"""Gradients by reverse mode against central differences, in float64 through the reference interpreter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.verify import verify
from modelc.passes.differentiate import differentiate, with_seeds

Array = np.ndarray[Any, Any]

STEP = 1e-6


def gradients(
    graph: Graph, inputs: Sequence[Array], weights: Mapping[str, Array], seeds: Sequence[Array]
) -> tuple[list[Array | None], dict[str, Array]]:
    """The gradients of ``Σ_k Σ outputs[k]·seeds[k]``: per input, None for integers, and per weight."""
    grown, places = with_seeds(graph)
    wanted = [x for x in graph.inputs if x.type.dtype == "float32"]
    made = differentiate(grown, [*wanted, *(w.value for w in graph.weights)], places)
    verify(made)
    results = interpret(made, [*inputs, *seeds], weights)
    found = results[len(graph.outputs) : len(made.outputs)]
    by_input = dict(zip(wanted, found, strict=False))
    by_weight = dict(zip((w.path for w in graph.weights), found[len(wanted) :], strict=True))
    return [by_input.get(x) for x in graph.inputs], by_weight


def check_slopes(
    graph: Graph, inputs: Sequence[Array], weights: Mapping[str, Array], *, tolerance: float = 1e-6
) -> None:
    """Along random directions, one for every float input and every weight, the two derivatives agree."""
    rng = np.random.default_rng(7)
    inputs = [x.astype(np.float64) if x.dtype.kind == "f" else x for x in inputs]
    weights = {path: w.astype(np.float64) for path, w in weights.items()}
    outputs = interpret(graph, inputs, weights)[: len(graph.outputs)]
    pairs = zip(graph.outputs, outputs, strict=True)
    seeds = [rng.standard_normal(y.shape) for value, y in pairs if value.type.dtype == "float32"]

    def loss(inputs: Sequence[Array], weights: Mapping[str, Array]) -> float:
        made = interpret(graph, inputs, weights)
        floats = [y for value, y in zip(graph.outputs, made, strict=False) if value.type.dtype == "float32"]
        return float(sum(np.sum(y * seed) for y, seed in zip(floats, seeds, strict=True)))

    by_input, by_weight = gradients(graph, inputs, weights, seeds)
    for i, (x, dx) in enumerate(zip(inputs, by_input, strict=True)):
        if dx is None:
            continue
        assert dx.shape == x.shape and (dx.dtype == x.dtype or not dx.any()), f"input {i}"  # 0 is a float32
        for _ in range(2):
            d = rng.standard_normal(x.shape)
            ends = [loss([*inputs[:i], x + s * STEP * d, *inputs[i + 1 :]], weights) for s in (1, -1)]
            _agree(float(np.sum(dx * d)), ends, tolerance, f"input {i}")
    for path, w in weights.items():
        dw = by_weight[path]
        assert dw.shape == w.shape and (dw.dtype == w.dtype or not dw.any()), path
        d = rng.standard_normal(w.shape)
        ends = [loss(inputs, {**weights, path: w + s * STEP * d}) for s in (1, -1)]
        _agree(float(np.sum(dw * d)), ends, tolerance, path)


def _agree(slope: float, ends: Sequence[float], tolerance: float, what: str) -> None:
    measured = (ends[0] - ends[1]) / (2 * STEP)
    # What is lost when two numbers of this size are subtracted, beside the error of the difference itself.
    rounding = 4 * np.finfo(float).eps * max(map(abs, ends), default=0) / STEP
    np.testing.assert_allclose(slope, measured, rtol=tolerance, atol=tolerance + rounding, err_msg=what)

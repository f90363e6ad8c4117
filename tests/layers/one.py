"""Running one layer through the reference interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers.base import Layer

Array = np.ndarray[Any, Any]


def trace(layer: Layer, *inputs: TensorType, training: bool = False) -> Graph:
    """The graph of one layer; inputs after the first are its further arguments."""
    g = Builder(training=training)
    operands = [g.input(type) for type in inputs]
    with g.layer("layer"):
        outputs = layer.apply(g, *operands)
    return g.graph("one", outputs, ("layer",) * len(outputs))


def batch_of(x: Array) -> TensorType:
    """The type of x, its first dimension the batch."""
    return TensorType((None, *x.shape[1:]), "int32" if x.dtype == np.int32 else "float32")


def run(layer: Layer, *arrays: Array, training: bool = False, **weights: Array) -> tuple[Array, dict[str, Array]]:
    """The output, and the statistics that the call changes, by the names of their weights."""
    graph = trace(layer, *map(batch_of, arrays), training=training)
    assert {w.name for w in graph.weights} == set(weights)
    y, *updates = interpret(graph, arrays, {f"layer/{name}": np.asarray(w) for name, w in weights.items()})
    return y, {path.removeprefix("layer/"): value for path, value in zip(graph.updates, updates, strict=True)}


def refuse(layer: Layer, *shape: int) -> Mapping[str, str | None]:
    """The message and the help with which the layer refuses samples of this shape."""
    from modelc.errors import ShapeError

    try:
        trace(layer, TensorType((None, *shape)))
    except ShapeError as error:
        return {"message": error.message, "help": error.help, "code": error.code}
    raise AssertionError(f"{layer} takes {shape}")

"""Layers that draw at random in training: their graphs, and what they make of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers.base import Layer

Array = np.ndarray[Any, Any]


def traced(layer: Layer, *shape: int, seed: int = 0, path: str = "layer", training: bool = True) -> Graph:
    """The graph of the layer on samples of this shape; its inputs are the step and the images."""
    g = Builder(training=training, seed=seed)
    g.count_steps()
    x = g.input(TensorType((None, *shape)))
    with g.layer(path):
        (y,) = layer.apply(g, x)
    return g.graph("one", (y,), ("y",))


def run(layer: Layer, x: Array, step: int = 0, **options: Any) -> Array:
    """What the layer makes of x in this step, by the definitions of the ops."""
    return interpret(traced(layer, *x.shape[1:], **options), [np.array(step, np.int32), x], {})[0]

"""Recipes over ops, evaluated by the NumPy definitions of the ops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType

Array = np.ndarray[Any, Any]
Recipe = Callable[[Builder, dict[str, Value]], Mapping[str, Value]]


def evaluate(
    recipe: Recipe, arrays: Mapping[str, Array], batched: bool = True, size: int | None = None
) -> dict[str, Array]:
    """What `recipe` makes of these arrays, by name; `batched` says that their first axis is the batch."""
    g = Builder(batch_size=size)
    inputs: dict[str, Value] = {}
    for name, array in arrays.items():
        shape = (None, *array.shape[1:]) if batched else array.shape
        inputs[name] = g.input(TensorType(shape, "int32" if array.dtype.kind in "iub" else "float32"))
    made = recipe(g, inputs)
    graph = g.graph("recipe", tuple(made.values()), tuple(made))
    given = [a.astype(np.int32) if a.dtype.kind in "iub" else a for a in arrays.values()]
    return dict(zip(made, interpret(graph, given, {}), strict=True))

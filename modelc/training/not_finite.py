"""The origin of a loss that is not finite: the first layer with an output that is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import NotFiniteError
from modelc.graph.graph import Graph, LayerTrace, leaves, prune
from modelc.graph.interpret import interpret

if TYPE_CHECKING:
    from modelc.training.trained_model import TrainedModel

Array = NDArray[Any]


def explain(model: TrainedModel, inputs: Sequence[Array], batch: int, loss: float) -> NotFiniteError:
    """The error for a step whose loss is not finite: the step, and the layer where it first appeared."""
    message = f"the loss of step {batch + 1} is {loss}"
    if not all(np.all(np.isfinite(x)) for x in inputs if x.dtype.kind == "f"):
        return NotFiniteError(f"{message}: the data of this step holds values that are not finite")
    layer = first_not_finite(model, inputs)
    if layer is None:
        where = "all outputs of the model are finite: the loss does not take them, or these labels"
    else:
        bad = [w.name for w in layer.stored if not np.all(np.isfinite(model.arrays[w.path]))]
        cause = f"its weights {', '.join(bad)} are not finite" if bad else "its weights and its inputs are finite"
        where = f"first in the outputs of `{layer.name}` ({layer.type}); {cause}"
    return NotFiniteError(f"{message}, {where}", "a smaller learning rate, or `clipnorm` of the optimizer")


def first_not_finite(model: TrainedModel, inputs: Sequence[Array]) -> LayerTrace | None:
    """The first layer in the order of computation whose output is not finite for these inputs, by its definition."""
    graph: Graph = model.graph
    layers = [record for record in leaves(graph.layers) if record.outputs]
    outputs = tuple(record.outputs[0] for record in layers)
    names = tuple(record.name for record in layers)
    whole = prune(replace(graph, outputs=outputs, output_names=names, updates={}))
    with np.errstate(all="ignore"):
        results = interpret(whole, inputs, model.arrays)
    return next((r for r, y in zip(layers, results, strict=True) if not np.all(np.isfinite(y))), None)

"""The graph of a model for sizes that its first trace does not hold for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from modelc.graph.graph import Graph, prune
from modelc.language.view import trace_spec
from modelc.model.symbol import tensors_by_name

if TYPE_CHECKING:
    from modelc.language.definition import Definition


def retraced(graph: Graph, whole: Definition, sizes: Mapping[str, int]) -> Graph:
    """The graph once more, for these sizes; `whole` is the spec that it is a part of.

    Raises `SpecError` where a layer does not take them.
    """
    new = trace_spec(whole, sizes=sizes)
    known = tensors_by_name(new)
    last = len(new.inputs) - 1
    inputs = tuple(known.get(name, new.inputs[min(i, last)]) for i, name in enumerate(graph.input_names))
    paths = {weight.path for weight in graph.weights}
    cut = replace(
        new,
        name=graph.name,
        inputs=inputs,
        input_names=graph.input_names,
        input_dtypes=graph.input_dtypes,
        outputs=tuple(known[name] for name in graph.output_names),
        output_names=graph.output_names,
        output_keys=graph.output_keys,
        weights=tuple(weight for weight in new.weights if weight.path in paths),
        updates={path: value for path, value in new.updates.items() if path in graph.updates},
        batch_size=graph.batch_size,
    )
    return prune(cut)

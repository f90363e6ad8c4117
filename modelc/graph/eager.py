"""A layer called by itself on an array: traced alone, run through the NumPy definitions of its ops."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.inputs import as_array, as_input, require_numbers
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType, format_shape
from modelc.variables import snapshot
from modelc.weights import make_variables

if TYPE_CHECKING:
    from modelc.layers.base import Layer

Array = NDArray[Any]

_seeds = count()
"""Two layers alike must not begin with the same weights; counting keeps a script's results the same at every run."""


def call_layer(layer: Layer, x: Any) -> Array:
    """The output of a layer for one batch; the first call makes the layer's weights.

    Raises `ShapeError` where `x` does not fit the layer, or the weights that it already has.
    """
    array = as_array(x)
    require_numbers(array)
    if array.ndim == 0:
        raise ShapeError("a layer takes a batch, found a single number", "give it an array: [[1.0, 2.0]]")
    dtype = "float32" if array.dtype.kind == "f" else "int32"
    graph = _trace(layer, TensorType((None, *array.shape[1:]), dtype))
    if not layer.built:
        layer.bind(tuple(make_variables(graph, next(_seeds)).values()))
    require_own_weights(layer, graph)
    values = snapshot(dict(zip((w.path for w in graph.weights), layer.weights, strict=True)))
    return interpret(graph, [as_input(array, graph.inputs[0].type)], values)[0]


def require_own_weights(layer: Layer, graph: Graph) -> None:
    """Raise `ShapeError` unless the layer's weights are as the graph of a layer alone has them."""
    expected = [w.shape for w in graph.weights]
    found = [v.shape for v in layer.weights]
    if expected != found:
        shape = format_shape(graph.inputs[0].type.shape)
        raise ShapeError(
            f"`{layer.label}` has weights of the shapes {found}, and {shape} needs {expected}",
            "make a new layer for inputs of another shape",
        )


def _trace(layer: Layer, type: TensorType) -> Graph:
    builder = Builder()
    x = builder.input(type)
    with builder.layer(layer.name or layer.auto_name()):
        y = layer.call(builder, x)
    return builder.graph(layer.label, (y,), (layer.label,))

"""A layer called by itself on an array: traced alone, run through the NumPy definitions of its ops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from numpy.typing import NDArray

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.inputs import as_array, as_input, require_numbers
from modelc.graph.interpret import interpret
from modelc.graph.sizes import shown
from modelc.graph.types import TensorType, format_shape
from modelc.weights.assign import make_variables
from modelc.weights.variable import snapshot

if TYPE_CHECKING:
    from modelc.layers.base import Layer

Array = NDArray[Any]

_seeds = count()
"""Two layers alike must not begin with the same weights; counting keeps a script's results the same at every run."""


def call_layer(layer: Layer, inputs: Sequence[Any], tensors: Mapping[str, Any]) -> Any:
    """The output of a layer for one batch, or its outputs; the first call makes the layer's weights.

    Raises `ShapeError` where an input does not fit the layer, or the weights that it already has.
    """
    if len(inputs) == 1 and isinstance(inputs[0], list | tuple) and (layer.variadic or len(layer.input_names) > 1):
        inputs = tuple(cast("Sequence[Any]", inputs[0]))
    arrays = [_checked(x) for x in inputs]
    named = {name: _checked(x) for name, x in tensors.items() if x is not None}
    graph = _trace(layer, arrays, named)
    if not layer.built:
        below = tuple(w.path.partition("/")[2] for w in graph.weights)
        layer.bind(tuple(make_variables(graph, next(_seeds)).values()), paths=below)
    require_own_weights(layer, graph)
    values = snapshot(dict(zip((w.path for w in graph.weights), layer.variables, strict=True)))
    given = [as_input(x, v.type) for x, v in zip([*arrays, *named.values()], graph.inputs, strict=True)]
    outputs = interpret(graph, given, values)[: len(graph.outputs)]
    return outputs[0] if len(outputs) == 1 else outputs


def output_shape(layer: Layer, input_shape: Any) -> Any:
    """The shape of a layer's output, or the list of those of several ones, for these input shapes with the batch axis.

    Raises `ShapeError` where the layer does not take them, or they are no shapes.
    """
    given = cast("Sequence[Any]", input_shape) if isinstance(input_shape, list | tuple) else ()
    several = bool(given) and isinstance(given[0], list | tuple)
    shapes = list(map(_as_shape, given)) if several else [_as_shape(input_shape)]
    builder = Builder(batch_size=shapes[0][0])
    inputs = [builder.input(TensorType((None, *shape[1:]))) for shape in shapes]
    with builder.layer(layer.name or layer.auto_name()):
        outputs = layer.apply(builder, *inputs)
    found = [(shapes[0][0], *shown(output.shape)[1:]) for output in outputs]
    return found[0] if len(found) == 1 else found


def _as_shape(given: Any) -> tuple[int | None, ...]:
    sizes = tuple(cast("Sequence[Any]", given)) if isinstance(given, list | tuple) else ()
    if not sizes or not all(size is None or (isinstance(size, int) and size > 0) for size in sizes):
        raise ShapeError(f"{given!r} is no shape", "write all sizes, with None for the batch: (None, 28, 28, 1)")
    if None in sizes[1:]:
        raise ShapeError(f"{given!r} leaves a size free besides the batch", "give a number for each of the others")
    return sizes


def _checked(x: Any) -> Array:
    array = as_array(x)
    require_numbers(array)
    if array.ndim == 0:
        raise ShapeError("a layer takes a batch, found a single number", "give it an array: [[1.0, 2.0]]")
    return array


def require_own_weights(layer: Layer, graph: Graph) -> None:
    """Raise `ShapeError` unless the layer's weights are as the graph of a layer alone has them."""
    expected = [w.shape for w in graph.weights]
    found = [v.shape for v in layer.variables]
    if expected != found:
        shape = format_shape(graph.inputs[0].type.shape)
        raise ShapeError(
            f"`{layer.label}` has weights of the shapes {found}, and {shape} needs {expected}",
            "make a new layer for inputs of another shape",
        )


def _trace(layer: Layer, arrays: Sequence[Array], named: Mapping[str, Array]) -> Graph:
    builder = Builder(batch_size=len(arrays[0]) if arrays else None)
    inputs = [builder.input(_type_of(x)) for x in arrays]
    tensors: dict[str, Any] = {name: builder.input(_type_of(x)) for name, x in named.items()}
    with builder.layer(layer.name or layer.auto_name()):
        outputs = layer.apply(builder, *inputs, **tensors)
    return builder.graph(layer.label, outputs, (layer.label,) * len(outputs))


def _type_of(array: Array) -> TensorType:
    return TensorType((None, *array.shape[1:]), "int32" if array.dtype.kind in "iu" else "float32")

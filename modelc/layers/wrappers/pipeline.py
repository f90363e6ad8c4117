"""Pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, cast

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers import LAYERS
from modelc.layers.base import Layer

_MAX_LAYERS = 256


def _listed(value: Any) -> Any:
    layers = tuple(cast("list[Any]", value)) if isinstance(value, list | tuple) else ()
    if not 0 < len(layers) <= _MAX_LAYERS:
        raise PydanticCustomError("value_type", "expected a list of 1 to {most} layers", {"most": _MAX_LAYERS})
    return layers


class Pipeline(Layer):
    """Applies layers in sequence: ``y = layer_n(…(layer_1(x)))``.

    Weights: those of the layers, under their names.
    """

    keras_takes_dtype = False
    keras_names_layers = True

    holds_layers = True

    differs_in_training = True

    wrapped = ("layers",)

    layers: Annotated[tuple[Annotated[Layer, LAYERS.field()], ...], BeforeValidator(_listed)]
    """The layers in order, each a mapping with `type`."""

    def parts(self) -> Iterator[tuple[str, Layer]]:
        names: set[str] = set()
        for layer in self.layers:
            name = layer.name or layer.auto_name()
            while name in names:
                name += "_"
            names.add(name)
            yield name, layer

    def call(self, g: Builder, x: Tensor) -> Tensor:
        for name, layer in self.parts():
            with g.scope(name):
                outputs = layer.apply(g, x)
            if len(outputs) != 1:
                raise ShapeError(f"the layers of a Pipeline have one output each, {layer.type_name()} has more")
            (x,) = outputs
        return x

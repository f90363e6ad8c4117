"""Which option of a layer says something of one of its weights: `kernel_regularizer` of `dense/kernel`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from modelc.graph.graph import LayerTrace, Weight
from modelc.layers.base import Layer

Kind = Literal["regularizer", "constraint"]


def option_of(layer: Layer, path: str, kind: Kind) -> Any:
    """The regularizer or the constraint of the weight at a path; None where it has none.

    `recurrent_kernel` has that of `recurrent_…`, as in Keras; the weights of layers and cells inside a layer have
    those of the inner ones.
    """
    name = path.rpartition("/")[2]
    for option in (f"{name}_{kind}", f"{name.removesuffix('_kernel')}_{kind}"):
        if option in type(layer).model_fields:
            return getattr(layer, option)
    named = (part for name, part in layer.parts() if f"/{name}/" in f"/{path}")
    return next((found for part in named if (found := option_of(part, path, kind)) is not None), None)


def paired(layers: Iterable[Layer], records: Iterable[LayerTrace]) -> Iterator[tuple[Layer, LayerTrace]]:
    """Every record with its layer; the record of a layer inside of a model has the path, the layer its name."""
    named = {str(layer.name): layer for layer in layers}
    for record in records:
        yield named.get(record.name) or named[record.name.rpartition("/")[2]], record


def trained(layers: Iterable[Layer], records: Iterable[LayerTrace]) -> Iterator[tuple[Layer, Weight]]:
    """The weights that training changes, each with its layer: none of a layer that is frozen, or of a frozen model."""
    for layer, record in paired(layers, records):
        if not layer.trainable:
            continue
        if layer.is_model:
            yield from trained(getattr(layer, "layers", ()), record.inner)
        else:
            yield from ((layer, weight) for weight in record.weights if weight.trainable and not weight.frozen)

"""The option of a layer that belongs to a weight: `kernel_regularizer` for `dense/kernel`."""

from __future__ import annotations

from typing import Any, Literal

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

"""Checks that weights have the same shape in training and at inference."""

from __future__ import annotations

from collections.abc import Iterable

from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import Weight
from modelc.language.definition import Definition


def require_same_weights(spec: Definition, weights: Iterable[Weight]) -> None:
    """Raise `SpecError` at the first layer whose weights have another shape in training than at inference.

    RandomCrop gives smaller images in training only, so a Dense after a Flatten would have two kernels.
    """
    shapes = {weight.path: weight.shape for weight in spec.graph.weights}
    for weight in weights:
        shape = shapes.get(weight.path, weight.shape)
        if shape == weight.shape:
            continue
        layer, _, name = weight.path.partition("/")
        message = f"its weight `{name}` has the shape {shape} at inference, in training it would be {weight.shape}"
        help = "a layer before it gives another shape in training: crop with CenterCrop, or pool globally before it"
        place = next((known.place for known in spec.layers if known.name == layer), None)
        made = Diagnostic("E401", message, help, layer) if place is None else place.diagnostic("E401", message, help)
        raise SpecError(made)

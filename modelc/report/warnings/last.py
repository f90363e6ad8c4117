"""The activation that a model ends with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from modelc.graph.graph import LayerTrace, Value
from modelc.layers.base import Layer
from modelc.report.warnings.inside import all_records

_SAME_ELEMENTS = ("Flatten", "Reshape", "Dropout", "Identity", "Permute", "Cropping1D", "Cropping2D")
"""Layers after which a preceding activation still counts as the last one."""
_WITH_ACTIVATION = ("Dense", "EinsumDense", "Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose")


def makers(records: Iterable[LayerTrace]) -> dict[Value, LayerTrace]:
    """The layer that made each value, that inside of a model where it was one.

    One that returns its input, as Dropout does at inference, made nothing.
    """
    return {value: r for r in all_records(records) for value in r.outputs if value not in r.inputs}


def last_activation(
    record: LayerTrace | None, made: Mapping[Any, LayerTrace], layers: Mapping[str, Layer]
) -> str | None:
    """The name of the activation that gives an output, or None where that cannot be told."""
    while record is not None and record.type in _SAME_ELEMENTS and record.inputs:
        record = made.get(record.input)
    layer = layers.get(record.name) if record is not None else None
    if record is None or layer is None:
        return None
    if record.type == "Softmax":
        return "softmax"
    if record.type in ("ReLU", "LeakyReLU", "ELU", "PReLU"):
        return "relu"
    activation = getattr(layer, "activation", None)
    if record.type == "Activation" and activation == "linear":
        return last_activation(made.get(record.input), made, layers)
    return activation if record.type in (*_WITH_ACTIVATION, "Activation") and isinstance(activation, str) else None

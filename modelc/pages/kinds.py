"""The kinds of layers, with their colours, and the colours of costs. A kind is the folder of the layer type."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from modelc.layers.base import Layer


@dataclass(frozen=True, slots=True)
class LayerKind:
    """What layers have in common, as a legend says it, and the colour of their marks."""

    label: str
    colour: str
    """In the middle between light and dark: it is seen on both."""


KINDS: dict[str, LayerKind] = {
    "input": LayerKind("input", "#64748b"),
    "model": LayerKind("model", "#b45309"),
    "convolution": LayerKind("convolution", "#3b82f6"),
    "core": LayerKind("dense, embedding", "#8b5cf6"),
    "normalization": LayerKind("normalization", "#10b981"),
    "activation": LayerKind("activation", "#f59e0b"),
    "pooling": LayerKind("pooling", "#ef4444"),
    "merging": LayerKind("merging", "#ec4899"),
    "recurrent": LayerKind("recurrent", "#06b6d4"),
    "attention": LayerKind("attention", "#d946ef"),
    "reshaping": LayerKind("reshaping", "#94a3b8"),
    "regularization": LayerKind("regularization", "#78716c"),
    "preprocessing": LayerKind("preprocessing", "#84cc16"),
    "image": LayerKind("images", "#65a30d"),
    "augmentation": LayerKind("augmentation", "#4d7c0f"),
    "operations": LayerKind("operation", "#0f766e"),
    "wrappers": LayerKind("wrapper", "#6366f1"),
    "keras1": LayerKind("Keras 1", "#a16207"),
}
"""By name: `input`, `model`, and the folders of `modelc/layers`."""

CostName = Literal["params", "trainable", "macs", "memory"]
"""The costs of a layer."""
Colours = Literal["kind", "params", "trainable", "macs", "memory"]
"""What layers are coloured by."""
COLOURS: tuple[Colours, ...] = get_args(Colours)

COST_LABELS: dict[CostName, str] = {
    "params": "parameters",
    "trainable": "trainable parameters",
    "macs": "MACs",
    "memory": "output memory",
}

SCALE = ("#60a5fa", "#34d399", "#facc15", "#f97316", "#dc2626")
"""The colours of costs, from the least to the largest one; by their logarithms."""
NOTHING = "#9ca3af"
"""The colour of what costs nothing, or an amount that is not known."""


def kind_of(layer: Layer) -> str:
    """The kind of a layer: the folder that its type is in."""
    if layer.is_model:
        return "model"
    if not layer.required_inputs or layer.type_name() == "InputLayer":
        return "input"
    for cls in type(layer).__mro__:
        folder = cls.__module__.removeprefix("modelc.layers.").partition(".")[0]
        if folder in KINDS:
            return folder
    return "core"


def cost_colour(cost: int | None, least: int, most: int) -> str:
    """The colour of a cost between the least one of a model that is not zero and the largest one."""
    if not cost or cost < 0:
        return NOTHING
    share = 1.0 if most <= least else (math.log(cost) - math.log(least)) / (math.log(most) - math.log(least))
    at = min(max(share, 0.0), 1.0) * (len(SCALE) - 1)
    first = min(int(at), len(SCALE) - 2)
    low, high = (tuple(int(SCALE[i][k : k + 2], 16) for k in (1, 3, 5)) for i in (first, first + 1))
    return "#" + "".join(f"{round(a + (b - a) * (at - first)):02x}" for a, b in zip(low, high, strict=True))

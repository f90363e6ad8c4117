"""The places for weights in a spec: what one module of PyTorch fills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from modelc.graph.graph import LayerTrace, Weight
from modelc.language.definition import Definition
from modelc.language.nested import ModelLayer
from modelc.language.pairing import paired
from modelc.layers.base import Layer
from modelc.pytorch.flattened import FlattenedAxis, flattened_values

Shape = tuple[int, ...]
SlotKind = Literal[
    "linear", "projection in", "projection out", "convolution", "transposed convolution", "depthwise convolution",
    "batch normalization", "normalization", "embedding", "prelu", "lstm", "gru",
    "gru that resets before its matrix", "rnn", "value",
]  # fmt: skip

_BY_LAYER: dict[str, SlotKind] = {
    "Dense": "linear",
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), "convolution"),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), "transposed convolution"),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), "depthwise convolution"),
    "BatchNormalization": "batch normalization",
    **dict.fromkeys(("LayerNormalization", "GroupNormalization", "RMSNormalization"), "normalization"),
    **dict.fromkeys(("Embedding", "ReversibleEmbedding"), "embedding"),
    "PReLU": "prelu",
}
_ATTENTION = ("MultiHeadAttention", "GroupQueryAttention")
_TAKES_FLATTENED = ("linear", "batch normalization", "normalization")
_BY_GATES: dict[int, SlotKind] = {4: "lstm", 3: "gru", 1: "rnn"}


@dataclass(frozen=True, eq=False)
class WeightSlot:
    """Weights of a layer that one module fills."""

    path: str
    """The layer, and the part of it: `conv1`, `attention/query`, `bidirectional/forward_lstm/lstm_cell`."""
    kind: SlotKind
    weights: Mapping[str, Weight]
    """By their roles in the layer: `kernel`, `bias`, `gamma`."""
    layer: Layer
    backward: bool
    """Whether it is the backward direction of a Bidirectional."""
    flattened: FlattenedAxis | None
    """What the last axis of its input was before it was flattened, where PyTorch flattens in another order."""

    @property
    def signature(self) -> tuple[Any, ...]:
        """What decides whether a piece fits: slots of one signature differ in their names alone."""
        shapes = tuple((role, weight.shape) for role, weight in self.weights.items())
        return self.kind, shapes, self.backward, self.projection, self.flattened and self.flattened.sizes

    @property
    def projection(self) -> str | None:
        """`query`, `key` or `value` for one of these in an attention."""
        return self.path.rpartition("/")[2] if self.kind == "projection in" else None

    def described(self) -> str:
        """Its path, as messages show it, with the shape of its largest weight."""
        shape = max((weight.shape for weight in self.weights.values()), key=lambda shape: (len(shape), shape))
        return f"`{self.path}` {list(shape)}"


def slots_of(spec: Definition) -> list[WeightSlot]:
    """The slots of a spec, in the order of its layers."""
    graph = spec.graph
    flattened = flattened_values(graph)
    return list(_slots(spec.layers, graph.layers, "", flattened))


def _slots(
    layers: Iterable[Layer], records: Iterable[LayerTrace], below: str, flattened: Mapping[int, FlattenedAxis]
) -> Iterator[WeightSlot]:
    for layer, record in paired(layers, records, below):
        if isinstance(layer, ModelLayer):
            yield from _slots(layer.layers, record.inner, f"{record.name}/", flattened)
            continue
        flat = flattened.get(id(record.inputs[0])) if record.inputs else None
        groups: dict[str, dict[str, Weight]] = {}
        for weight in record.stored:
            parent, _, role = weight.path.rpartition("/")
            groups.setdefault(parent, {})[role] = weight
        both = layer.type_name() == "Bidirectional"
        for i, (path, weights) in enumerate(groups.items()):
            backward = both and 2 * i >= len(groups)
            yield from _of_group(path, weights, layer, flat, backward=backward)


def _of_group(
    path: str, weights: dict[str, Weight], layer: Layer, flat: FlattenedAxis | None, *, backward: bool
) -> Iterator[WeightSlot]:
    def slot(path: str, kind: SlotKind, weights: dict[str, Weight]) -> WeightSlot:
        return WeightSlot(path, kind, weights, layer, backward, flat if kind in _TAKES_FLATTENED else None)

    owner = _innermost(layer)
    type_name = owner.type_name()
    kernel = weights.get("kernel")
    if "pointwise_kernel" in weights:
        depthwise = {"kernel": weights["depthwise_kernel"]}
        pointwise = {"kernel" if role == "pointwise_kernel" else role: w for role, w in weights.items()}
        del pointwise["depthwise_kernel"]
        yield slot(f"{path}/depthwise", "depthwise convolution", depthwise)
        yield slot(f"{path}/pointwise", "convolution", pointwise)
    elif kernel is not None and "recurrent_kernel" in weights and len(kernel.shape) == 2:
        gates = kernel.shape[1] // weights["recurrent_kernel"].shape[0]
        kind = _BY_GATES.get(gates, "value")
        resets_before = kind == "gru" and not getattr(owner, "reset_after", True)
        yield slot(path, "gru that resets before its matrix" if resets_before else kind, weights)
    elif type_name in _ATTENTION and kernel is not None and len(kernel.shape) == 3:
        last = path.rpartition("/")[2]
        yield slot(path, "projection out" if last == "attention_output" else "projection in", weights)
    elif type_name in _BY_LAYER:
        yield slot(path, _BY_LAYER[type_name], weights)
    else:
        for weight in weights.values():
            yield slot(weight.path, "value", {weight.name: weight})


def _innermost(layer: Layer) -> Layer:
    """The layer whose weights these are: what a wrapper such as TimeDistributed applies."""
    while len(layer.inside) == 1:
        layer = layer.inside[0]
    return layer

"""The entries as a person would write them: an activation in the layer before it, a mean over all positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from modelc.layers.activation.classes import Activation, ReLU
from modelc.layers.options.kernel import KernelOptions
from modelc.layers.reshaping.shape import Flatten, Reshape
from modelc.onnx.read.affine import folded_into
from modelc.onnx.read.operators.reduce import AVERAGES, MAXIMA
from modelc.onnx.read.writing import ReadEntry
from modelc.sources.refs import Ref

_ALL_POSITIONS = (*AVERAGES.values(), *MAXIMA.values())


def tidied_entries(entries: Sequence[ReadEntry], outputs: Sequence[Ref]) -> tuple[list[ReadEntry], dict[Ref, Ref]]:
    """The entries, of which some became part of those before, and the tensors that are now others."""
    counts = Counter(ref.key for entry in entries for ref in entry.inputs)
    counts.update(ref.key for ref in outputs)
    kept: dict[str, ReadEntry] = {}
    renamed: dict[Ref, Ref] = {}
    for entry in entries:
        entry = replace(entry, inputs=tuple(renamed.get(ref, ref) for ref in entry.inputs))
        before = kept.get(entry.inputs[0].key) if len(entry.inputs) == 1 else None
        joined = _joined(before, entry) if before is not None and counts[before.key] == 1 else None
        if before is None or joined is None:
            kept[entry.key] = entry
            continue
        kept[before.key] = joined
        renamed[Ref(entry.key)] = Ref(before.key)
        counts[before.key] = counts[entry.key]
    return list(kept.values()), renamed


def _joined(before: ReadEntry, entry: ReadEntry) -> ReadEntry | None:
    """Two entries as one, where the layer before has an option for what the second one does."""
    changes: dict[str, Any] = {}
    activation = _activation(entry)
    if activation is not None and isinstance(before.layer, KernelOptions) and before.layer.activation == "linear":
        changes = {"activation": activation}
    elif (folded := folded_into(before, entry)) is not None:
        return folded
    elif isinstance(before.layer, Reshape) and isinstance(entry.layer, Reshape | Flatten):
        return replace(entry, key=before.key, inputs=before.inputs)
    elif isinstance(before.layer, _ALL_POSITIONS) and before.layer.keepdims and _drops_ones(entry):
        changes = {"keepdims": False}
    if not changes:
        return None
    return replace(before, layer=before.layer.model_copy(update=changes))


def _activation(entry: ReadEntry) -> str | None:
    """The name of the activation that a layer is."""
    match entry.layer:
        case Activation(activation=str(name)):
            return name
        case ReLU(max_value=None, negative_slope=0, threshold=0):
            return "relu"
        case ReLU(max_value=6, negative_slope=0, threshold=0):
            return "relu6"
        case _:
            return None


def _drops_ones(entry: ReadEntry) -> bool:
    """Whether a layer makes (N, 1, 1, C) to (N, C)."""
    if isinstance(entry.layer, Flatten):
        return True
    return isinstance(entry.layer, Reshape) and len(entry.layer.target_shape) == 1

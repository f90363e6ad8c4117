"""Which weights training changes, and whether there are any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from modelc.errors import Diagnostic
from modelc.graph.graph import LayerTrace, Weight
from modelc.language.pairing import paired
from modelc.layers.base import Layer

if TYPE_CHECKING:
    from modelc.language.definition import Definition


def trained(layers: Iterable[Layer], records: Iterable[LayerTrace], below: str = "") -> Iterator[tuple[Layer, Weight]]:
    """The weights that training changes, each with its layer: none of a layer that is frozen, or of a frozen model.

    `below` is the path of the model that the layers are in, with a slash.
    """
    for layer, record in paired(layers, records, below):
        if not layer.trainable:
            continue
        if layer.is_model:
            yield from trained(getattr(layer, "layers", ()), record.inner, f"{record.name}/")
        else:
            yield from ((layer, weight) for weight in record.weights if weight.trainable and not weight.frozen)


def check_trained(spec: Definition) -> list[Diagnostic]:
    """The mistake of a spec that says how it is trained, and has nothing to train (E207)."""
    if spec.training is None or next(trained(spec.layers, spec.graph.layers), None) is not None:
        return []
    frozen = any(weight.trainable for weight in spec.graph.weights)
    message = "all layers are frozen: training would change nothing" if frozen else "no layer has parameters to train"
    help = "leave the last layer out: `:-1`" if frozen else None
    place = spec.place("freeze") or spec.place("training")
    return [place.diagnostic("E207", message, help) if place else spec.diagnostic("freeze", "E207", message, help)]

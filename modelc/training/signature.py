"""The shapes and types that data must have, derived from a graph and its losses before any weight is initialized."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from modelc.data.columns import Signature
from modelc.graph.graph import Graph
from modelc.language.definition import Definition
from modelc.language.pictures import preprocessing_of
from modelc.losses import LOSSES
from modelc.losses.expected import Expected
from modelc.training.by_output import classes, coerced, per_output

CROSSENTROPY = ("crossentropy", "ce")
"""The words whose meaning depends on the labels."""


def labelled(graph: Graph, loss: Any) -> tuple[str, ...]:
    """The outputs that have a loss."""
    losses = per_output(loss, graph.output_labels, "loss")
    return tuple(name for name, one in zip(graph.output_labels, losses, strict=True) if one is not None)


def signature_of(graph: Graph, loss: Any, definition: Callable[[], Definition]) -> Signature:
    """What data for a graph with these losses must look like. Raises `SpecError` for what is no loss.

    `definition` gives that of the graph; only where data are pictures is it asked what is done to them.
    """
    expected = [
        Expected(value.type, None if one in CROSSENTROPY else coerced(LOSSES, one, "loss"), graph.batch_size)
        for one, value in zip(per_output(loss, graph.output_labels, "loss"), graph.outputs, strict=True)
        if one is not None
    ]
    made = Signature.of(graph, labelled(graph, loss), list(map(classes, expected)), expected)
    return replace(made, pictures=lambda: preprocessing_of(definition()))

"""Checks for callbacks of a spec that monitor a value that is not logged."""

from __future__ import annotations

from typing import Any

from modelc.callbacks.monitor import Monitor
from modelc.errors import Diagnostic, SpecError
from modelc.language.definition import Definition
from modelc.language.training import Training
from modelc.metrics.directions import Direction
from modelc.text.unknown import hint
from modelc.training.measures import Measures
from modelc.training.metric_names import by_type
from modelc.training.signature import labelled


def logged(spec: Definition, training: Training) -> dict[str, Direction | None]:
    """The losses and metrics that an epoch logs, and which way each is better, as far as that is known.

    With `val_` before them, they are those of the validation.
    """
    graph = spec.graph
    measures = Measures(graph.output_labels, by_type(training.metrics), by_type(training.weighted_metrics))
    directions = measures.directions()
    return {name: directions.get(name) for name in measures.names(labelled(graph, training.loss))}


def require_watched(spec: Definition, training: Training, *, validated: bool) -> None:
    """Raise `SpecError` for a callback that watches what no epoch measures: it would never do anything."""
    names = [*logged(spec, training), "learning_rate"]
    known = [*names, *(f"val_{name}" for name in names[:-1])] if validated else names
    place = spec.place("training")
    entries: Any = callbacks.value if place is not None and (callbacks := place.get("callbacks")) else ()
    found: list[Diagnostic] = []
    for i, callback in enumerate(training.callbacks):
        watched = callback.watched if isinstance(callback, Monitor) else None
        if watched is None or watched in known:
            continue
        message = f"{callback.type_name()} monitors `{watched}`, which is not logged"
        help = hint(watched, known, f"an epoch measures {', '.join(known[: len(names) - 1])}")
        if watched.removeprefix("val_") in names and not validated:
            help = "add `validation: 0.2`, or data to validate on, to `training`"
        entry = entries[i] if i < len(entries) else None
        at = (entry.get("monitor") or entry) if entry is not None else None
        found.append(at.diagnostic("E204", message, help) if at else spec.diagnostic("training", "E204", message, help))
    if found:
        raise SpecError(found)

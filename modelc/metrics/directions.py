"""Which way a metric gets better. Each class says it; here it is asked for, and words of Keras are known."""

from __future__ import annotations

from typing import Any, Literal

from modelc.metrics import METRICS

Direction = Literal["up", "down"]

_WORDS: dict[str, Direction] = {"accuracy": "up", "acc": "up", "crossentropy": "down", "ce": "down"}
"""Those whose type depends on the labels."""


def direction_of(metric: Any) -> Direction | None:
    """Whether more (`up`) or less (`down`) of a metric, or of such a word, is better; None where it is not known."""
    if isinstance(metric, str) and metric.lower() in _WORDS:
        return _WORDS[metric.lower()]

    kind: Any = METRICS[metric] if isinstance(metric, str) else metric.__class__
    return kind.direction if kind.__name__ in METRICS else None

"""Which way a metric gets better."""

from __future__ import annotations

from typing import Any, Literal

Direction = Literal["up", "down"]

_DOWN = frozenset({
    "RootMeanSquaredError", "MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError",
    "MeanSquaredLogarithmicError", "LogCoshError", "Hinge", "SquaredHinge", "CategoricalHinge", "KLDivergence",
    "Poisson", "BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy",
})  # fmt: skip
_UNKNOWN = frozenset({"Mean", "Sum", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"})
"""Sums and counts are good or bad as the case may be."""
_WORDS: dict[str, Direction] = {"accuracy": "up", "acc": "up", "crossentropy": "down", "ce": "down"}
"""Those whose type depends on the labels."""


def direction_of(metric: Any) -> Direction | None:
    """Whether more (`up`) or less (`down`) of a metric, or of such a word, is better; None where it is not known."""
    if isinstance(metric, str) and metric.lower() in _WORDS:
        return _WORDS[metric.lower()]
    from modelc.metrics import METRICS

    name = METRICS[metric].__name__ if isinstance(metric, str) else type(metric).__name__
    if name not in METRICS or name in _UNKNOWN:
        return None
    return "down" if name in _DOWN else "up"

"""What training curves show: a panel for each loss and metric, with the values in training and in validation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

TRAIN, VALIDATION = "#1f5fa8", "#d1602a"
"""Colours that are told apart by those who see few, and in grey."""


def panels(history: Mapping[str, Sequence[float]]) -> list[str]:
    """The names without `val_`, the loss first, the learning rate last."""
    names = dict.fromkeys(name.removeprefix("val_") for name, values in history.items() if len(values))
    return sorted(names, key=lambda name: (name != "loss", name == "learning_rate", name))


def epochs_of(count: int, epochs: Sequence[int] | None, most: int) -> list[int]:
    """The epochs, from 1, that so many values belong to.

    Validation that comes every few epochs only cannot be placed without them: it is spread over the run.
    """
    every = [epoch + 1 for epoch in epochs] if epochs is not None and len(epochs) >= count else list(range(1, most + 1))
    step = max(len(every) // max(count, 1), 1)
    return every[step - 1 :: step][:count]


def spans(*series: Sequence[float]) -> bool:
    """Whether positive values differ by more than a factor of 100, so that a linear axis would hide most of them."""
    values = [value for values in series for value in values if math.isfinite(value)]
    return bool(values) and min(values) > 0 and max(values) / min(values) > 100

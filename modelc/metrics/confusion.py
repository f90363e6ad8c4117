"""Metrics of counts: how many predictions above a threshold are right, for labels of 0 and 1."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, cast

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BeforeValidator, Field, PositiveInt

from modelc.config.options import NonNegativeInt, Rate, as_tuple
from modelc.metrics.counting import LOWEST, confusion
from modelc.metrics.directions import Direction
from modelc.metrics.metric import Array, Metric, Totals, masked_weight, quotient

_Thresholds = Annotated[Rate | Annotated[tuple[Rate, ...], Field(min_length=1)] | None, BeforeValidator(as_tuple)]


class _Counts(Metric):
    """Base of metrics that count true and false positives and negatives at thresholds."""

    kinds: ClassVar[tuple[str, ...]] = ()
    """The kinds that are counted."""

    def _thresholds(self) -> tuple[float, ...]:
        given: Any = getattr(self, "thresholds", None)
        if given is None:
            return (LOWEST,) if getattr(self, "top_k", None) is not None else (0.5,)
        return cast("tuple[float, ...]", given) if isinstance(given, tuple) else (given,)

    def measure(self, y_true: Array, y_pred: Array, weight: Array | None, mask: Array | None) -> Totals:
        """The counts of a batch."""
        counts = confusion(
            y_true,
            y_pred,
            self._thresholds(),
            masked_weight(weight, mask),
            top_k=getattr(self, "top_k", None),
            class_id=getattr(self, "class_id", None),
        )
        return {kind: counts[kind] for kind in self.kinds}

    def nothing(self) -> Totals:
        """Counts of 0 at each threshold."""
        return {kind: np.zeros(len(self._thresholds())) for kind in self.kinds}

    def combine(self, totals: Totals) -> ArrayLike:
        """A number for one threshold, an array for several."""
        found = self._rate(totals)
        return found[0] if len(found) == 1 else found

    def _rate(self, totals: Totals) -> Array:
        return totals[self.kinds[0]]


class TruePositives(_Counts):
    """The number of true positives: labels 1 predicted as 1."""

    direction: ClassVar[Direction | None] = None

    kinds = ("true_positives",)

    thresholds: _Thresholds = None
    """The decision threshold: larger predictions count as 1. One number, 0.5 by default, or a list, with one result per
    threshold."""


class TrueNegatives(_Counts):
    """The number of true negatives: labels 0 predicted as 0."""

    direction: ClassVar[Direction | None] = None

    kinds = ("true_negatives",)

    thresholds: _Thresholds = None
    """The decision threshold: larger predictions count as 1. One number, 0.5 by default, or a list, with one result per
    threshold."""


class FalsePositives(_Counts):
    """The number of false positives: labels 0 predicted as 1."""

    direction: ClassVar[Direction | None] = None

    kinds = ("false_positives",)

    thresholds: _Thresholds = None
    """The decision threshold: larger predictions count as 1. One number, 0.5 by default, or a list, with one result per
    threshold."""


class FalseNegatives(_Counts):
    """The number of false negatives: labels 1 predicted as 0."""

    direction: ClassVar[Direction | None] = None

    kinds = ("false_negatives",)

    thresholds: _Thresholds = None
    """The decision threshold: larger predictions count as 1. One number, 0.5 by default, or a list, with one result per
    threshold."""


class Precision(_Counts):
    """Precision: the fraction of predicted positives that are true, ``TP / (TP + FP)``; 0 if nothing is predicted as
    1."""

    kinds = ("true_positives", "false_positives")

    thresholds: _Thresholds = None
    """The decision threshold: larger predictions count as 1. One number or a list, with one result per threshold. By
    default 0.5 or, with `top_k`, none: the largest predictions count as 1 regardless of their value."""
    top_k: PositiveInt | None = None
    """The number of largest predictions per sample that may count as 1; null for no limit."""
    class_id: NonNegativeInt | None = None
    """The index of the only class to count; null for all classes."""

    def _rate(self, totals: Totals) -> Array:
        return _share(totals, "true_positives", "false_positives")


class Recall(_Counts):
    """Recall: the fraction of positives that are predicted as 1, ``TP / (TP + FN)``; 0 if there are none."""

    kinds = ("true_positives", "false_negatives")

    thresholds: _Thresholds = None
    """The decision threshold: larger predictions count as 1. One number or a list, with one result per threshold. By
    default 0.5 or, with `top_k`, none: the largest predictions count as 1 regardless of their value."""
    top_k: PositiveInt | None = None
    """The number of largest predictions of a sample that may count as 1; null for all that are above the threshold."""
    class_id: NonNegativeInt | None = None
    """The index of the only class to count; null for all classes."""

    def _rate(self, totals: Totals) -> Array:
        return _share(totals, "true_positives", "false_negatives")


class _BestUnder(_Counts):
    """The maximum of one rate over all thresholds at which another rate reaches a minimum; 0 if there is no such
    threshold."""

    kinds = ("true_positives", "false_positives", "true_negatives", "false_negatives")
    wanted: ClassVar[str]
    """The option that says how large the other rate is to be."""
    largest: ClassVar[tuple[str, str]]
    """The rate: the first of these as a share of both."""
    other: ClassVar[tuple[str, str]]

    num_thresholds: PositiveInt = 200
    """The number of thresholds tried, evenly spaced from 0 to 1."""
    class_id: NonNegativeInt | None = None
    """The index of the only class to count; null for all classes."""

    def _thresholds(self) -> tuple[float, ...]:
        return even_thresholds(self.num_thresholds)

    def combine(self, totals: Totals) -> ArrayLike:
        """The largest value at the thresholds that will do."""
        enough = _share(totals, *self.other) >= getattr(self, self.wanted)
        return np.max(np.where(enough, _share(totals, *self.largest), 0), initial=0)


class SensitivityAtSpecificity(_BestUnder):
    """The best sensitivity (recall) at a given minimum specificity.

    The maximum of ``TP / (TP + FN)`` over thresholds with ``TN / (TN + FP)`` ≥ `specificity`.
    """

    order: ClassVar[str] = "specificity num_thresholds class_id name dtype"
    wanted, largest, other = (
        "specificity", ("true_positives", "false_negatives"), ("true_negatives", "false_positives"),
    )  # fmt: skip

    specificity: Rate
    """The minimum specificity, between 0 and 1."""


class SpecificityAtSensitivity(_BestUnder):
    """The best specificity at a given minimum sensitivity (recall).

    The maximum of ``TN / (TN + FP)`` over thresholds with ``TP / (TP + FN)`` ≥ `sensitivity`.
    """

    order: ClassVar[str] = "sensitivity num_thresholds class_id name dtype"
    wanted, largest, other = (
        "sensitivity", ("true_negatives", "false_positives"), ("true_positives", "false_negatives"),
    )  # fmt: skip

    sensitivity: Rate
    """The minimum recall, between 0 and 1."""


class PrecisionAtRecall(_BestUnder):
    """The best precision at a given minimum recall.

    The maximum of ``TP / (TP + FP)`` over thresholds with ``TP / (TP + FN)`` ≥ `recall`.
    """

    order: ClassVar[str] = "recall num_thresholds class_id name dtype"
    wanted, largest, other = "recall", ("true_positives", "false_positives"), ("true_positives", "false_negatives")

    recall: Rate
    """The minimum recall, between 0 and 1."""


class RecallAtPrecision(_BestUnder):
    """The best recall at a given minimum precision.

    The maximum of ``TP / (TP + FN)`` over thresholds with ``TP / (TP + FP)`` ≥ `precision`.
    """

    order: ClassVar[str] = "precision num_thresholds class_id name dtype"
    wanted, largest, other = "precision", ("true_positives", "false_negatives"), ("true_positives", "false_positives")

    precision: Rate
    """The minimum precision, between 0 and 1."""


def even_thresholds(count: int) -> tuple[float, ...]:
    """From 0 to 1; 0.5 for one."""
    return (0.5,) if count == 1 else tuple(i / (count - 1) for i in range(count))


def _share(totals: Totals, part: str, rest: str) -> Array:
    return quotient(totals[part], totals[part] + totals[rest])

"""Metrics of counts: how many predictions above a threshold are right, for labels of 0 and 1."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, cast

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BeforeValidator, Field, PositiveInt

from modelc.metrics.counting import LOWEST, confusion
from modelc.metrics.metric import Array, Metric, Totals, masked_weight, quotient
from modelc.options import NonNegativeInt, Rate, as_tuple

_Thresholds = Annotated[Rate | Annotated[tuple[Rate, ...], Field(min_length=1)] | None, BeforeValidator(as_tuple)]


class _Counts(Metric):
    """What counts the four kinds at thresholds."""

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
        """Zeros."""
        return {kind: np.zeros(len(self._thresholds())) for kind in self.kinds}

    def combine(self, totals: Totals) -> ArrayLike:
        """A number for one threshold, an array for several."""
        found = self._rate(totals)
        return found[0] if len(found) == 1 else found

    def _rate(self, totals: Totals) -> Array:
        return totals[self.kinds[0]]


class TruePositives(_Counts):
    """The number of samples that are predicted as 1 and are 1."""

    kinds = ("true_positives",)

    thresholds: _Thresholds = None
    """The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for one result each."""


class TrueNegatives(_Counts):
    """The number of samples that are predicted as 0 and are 0."""

    kinds = ("true_negatives",)

    thresholds: _Thresholds = None
    """The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for one result each."""


class FalsePositives(_Counts):
    """The number of samples that are predicted as 1 and are 0."""

    kinds = ("false_positives",)

    thresholds: _Thresholds = None
    """The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for one result each."""


class FalseNegatives(_Counts):
    """The number of samples that are predicted as 0 and are 1."""

    kinds = ("false_negatives",)

    thresholds: _Thresholds = None
    """The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for one result each."""


class Precision(_Counts):
    """The share of those predicted as 1 that are 1, ``TP / (TP + FP)``; 0 where none is predicted as 1."""

    kinds = ("true_positives", "false_positives")

    thresholds: _Thresholds = None
    """The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for one result each;
    with `top_k` and without this, the largest predictions count whatever they are."""
    top_k: PositiveInt | None = None
    """The number of largest predictions of a sample that may count as 1; null for all that are above the threshold."""
    class_id: NonNegativeInt | None = None
    """The number of the one class that is counted; null for all classes."""

    def _rate(self, totals: Totals) -> Array:
        return _share(totals, "true_positives", "false_positives")


class Recall(_Counts):
    """The share of those that are 1 that are predicted as 1, ``TP / (TP + FN)``; 0 where there are none."""

    kinds = ("true_positives", "false_negatives")

    thresholds: _Thresholds = None
    """The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for one result each;
    with `top_k` and without this, the largest predictions count whatever they are."""
    top_k: PositiveInt | None = None
    """The number of largest predictions of a sample that may count as 1; null for all that are above the threshold."""
    class_id: NonNegativeInt | None = None
    """The number of the one class that is counted; null for all classes."""

    def _rate(self, totals: Totals) -> Array:
        return _share(totals, "true_positives", "false_negatives")


class _BestUnder(_Counts):
    """The largest of one rate over the thresholds at which another one is as large as asked for; 0 if it never is."""

    kinds = ("true_positives", "false_positives", "true_negatives", "false_negatives")
    wanted: ClassVar[str]
    """The option that says how large the other rate is to be."""
    largest: ClassVar[tuple[str, str]]
    """The rate: the first of these as a share of both."""
    other: ClassVar[tuple[str, str]]

    num_thresholds: PositiveInt = 200
    """The number of thresholds that are tried, evenly from 0 to 1."""
    class_id: NonNegativeInt | None = None
    """The number of the one class that is counted; null for all classes."""

    def _thresholds(self) -> tuple[float, ...]:
        return even_thresholds(self.num_thresholds)

    def combine(self, totals: Totals) -> ArrayLike:
        """The largest value at the thresholds that will do."""
        enough = _share(totals, *self.other) >= getattr(self, self.wanted)
        return np.max(np.where(enough, _share(totals, *self.largest), 0), initial=0)


class SensitivityAtSpecificity(_BestUnder):
    """The best recall (sensitivity) among the thresholds with at least a given specificity.

    The largest ``TP / (TP + FN)`` where ``TN / (TN + FP)`` is at least `specificity`.
    """

    order: ClassVar[str] = "specificity num_thresholds class_id name dtype"
    wanted, largest, other = (
        "specificity", ("true_positives", "false_negatives"), ("true_negatives", "false_positives"),
    )  # fmt: skip

    specificity: Rate
    """The specificity that is required at least, between 0 and 1."""


class SpecificityAtSensitivity(_BestUnder):
    """The best specificity among the thresholds with at least a given recall (sensitivity).

    The largest ``TN / (TN + FP)`` where ``TP / (TP + FN)`` is at least `sensitivity`.
    """

    order: ClassVar[str] = "sensitivity num_thresholds class_id name dtype"
    wanted, largest, other = (
        "sensitivity", ("true_negatives", "false_positives"), ("true_positives", "false_negatives"),
    )  # fmt: skip

    sensitivity: Rate
    """The recall that is required at least, between 0 and 1."""


class PrecisionAtRecall(_BestUnder):
    """The best precision among the thresholds with at least a given recall.

    The largest ``TP / (TP + FP)`` where ``TP / (TP + FN)`` is at least `recall`.
    """

    order: ClassVar[str] = "recall num_thresholds class_id name dtype"
    wanted, largest, other = "recall", ("true_positives", "false_positives"), ("true_positives", "false_negatives")

    recall: Rate
    """The recall that is required at least, between 0 and 1."""


class RecallAtPrecision(_BestUnder):
    """The best recall among the thresholds with at least a given precision.

    The largest ``TP / (TP + FN)`` where ``TP / (TP + FP)`` is at least `precision`.
    """

    order: ClassVar[str] = "precision num_thresholds class_id name dtype"
    wanted, largest, other = "precision", ("true_positives", "false_negatives"), ("true_positives", "false_positives")

    precision: Rate
    """The precision that is required at least, between 0 and 1."""


def even_thresholds(count: int) -> tuple[float, ...]:
    """From 0 to 1; 0.5 for one."""
    return (0.5,) if count == 1 else tuple(i / (count - 1) for i in range(count))


def _share(totals: Totals, part: str, rest: str) -> Array:
    return quotient(totals[part], totals[part] + totals[rest])

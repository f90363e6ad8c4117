"""Scores made of sums over a batch: F-scores and the coefficient of determination."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from modelc.config.options import NonNegativeInt, PositiveFloat
from modelc.metrics.metric import EPSILON, Array, Metric, Totals, masked_weight

_SMALL = 1e-9
"""A largest prediction that is not larger stands for no class."""

_Average = Literal["micro", "macro", "weighted"] | None
_Threshold = Annotated[float, Field(gt=0, le=1)] | None


class _FScore(Metric):
    def _beta(self) -> float:
        return 1.0

    def _options(self) -> tuple[_Average, float | None]:
        raise NotImplementedError

    def measure(self, y_true: Array, y_pred: Array, weight: Array | None, mask: Array | None) -> Totals:
        """True and false positives and false negatives, by class; for `micro`, of all."""
        average, threshold = self._options()
        if y_true.ndim != 2 or y_true.shape != y_pred.shape:
            raise ValueError("an F-score takes labels and predictions (N, classes)")
        if threshold is None:
            chosen = (y_pred >= y_pred.max(-1, keepdims=True)) & (np.abs(y_pred) > _SMALL)
        else:
            chosen = y_pred > np.float32(threshold)
        y, p = y_true.astype(np.float64), chosen.astype(np.float64)
        weight = masked_weight(weight, mask)
        axis = None if average == "micro" else 0

        def total(x: Array) -> Array:
            return np.sum(x if weight is None else x * weight.reshape(-1, 1), axis)

        return {
            "true_positives": total(p * y),
            "false_positives": total(p * (1 - y)),
            "false_negatives": total((1 - p) * y),
            "weights": total(y),
        }

    def nothing(self) -> Totals:
        """Sums of 0."""
        names = ("true_positives", "false_positives", "false_negatives", "weights")
        return dict.fromkeys(names, np.float64(0))

    def combine(self, totals: Totals) -> ArrayLike:
        """The scores of the classes, or their average."""
        right, square = totals["true_positives"], self._beta() ** 2
        precision = right / (right + totals["false_positives"] + EPSILON)
        recall = right / (right + totals["false_negatives"] + EPSILON)
        scores = (1 + square) * precision * recall / (square * precision + recall + EPSILON)
        match self._options()[0]:
            case None:
                return scores
            case "weighted":
                weights = totals["weights"]
                return np.sum(scores * weights / (np.sum(weights) + EPSILON))
            case _:
                return np.sum(scores) / np.size(scores)


class FBetaScore(_FScore):
    """F-beta score: the weighted harmonic mean of precision and recall, per class.

    ``(1 + beta²)·P·R / (beta²·P + R)`` with the precision P and the recall R of each class (van Rijsbergen, 1979).
    """

    average: _Average = None
    """The average over classes: `macro`, their mean; `weighted`, their mean weighted by the number of samples; `micro`,
    one score over all classes together; null returns a score per class."""
    beta: PositiveFloat = 1.0
    """The weight of recall relative to precision: 2 weights recall twice as much."""
    threshold: _Threshold = None
    """The decision threshold: larger predictions count as 1; null selects only the class with the largest
    prediction."""
    name: str | None = "fbeta_score"
    """The name of the metric in logs."""

    def _beta(self) -> float:
        return self.beta

    def _options(self) -> tuple[_Average, float | None]:
        return self.average, self.threshold


class F1Score(_FScore):
    """F1 score ``2·P·R / (P + R)`` with precision P and recall R, per class: FBetaScore with beta 1."""

    average: _Average = None
    """The average over classes: `macro`, `weighted` or `micro`, as in FBetaScore; null returns a score per class."""
    threshold: _Threshold = None
    """The threshold above which a class counts as predicted; null for the class with the largest prediction."""
    name: str | None = "f1_score"
    """The name of the metric in logs."""

    def _options(self) -> tuple[_Average, float | None]:
        return self.average, self.threshold


class R2Score(Metric):
    """Coefficient of determination: the fraction of the variance of the labels that the predictions explain.

    ``1 - Σ (y - p)² / Σ (y - ȳ)²`` per output: 1 for exact predictions, 0 for those no better than the mean.
    """

    order: ClassVar[str] = "class_aggregation num_regressors name dtype"

    class_aggregation: Literal["uniform_average", "variance_weighted_average"] | None = "uniform_average"
    """The average over outputs: `uniform_average`, their mean; `variance_weighted_average`, their mean weighted by
    variance; null returns a score per output."""
    num_regressors: NonNegativeInt = 0
    """The number k of regressors in the adjusted score ``1 - (1 - R²)·(n - 1) / (n - k - 1)``; 0 gives R² itself. n
    counts all elements, as in Keras; for n ≤ k + 1, R² is not adjusted."""
    name: str | None = "r2_score"
    """The name of the metric in logs."""

    def measure(self, y_true: Array, y_pred: Array, weight: Array | None, mask: Array | None) -> Totals:
        """Weighted sums of labels, of their squares and of the squared errors, by output."""
        if y_pred.ndim == 2 and y_true.ndim == 1:
            y_true = y_true[:, None]
        if y_true.ndim != 2 or y_true.shape != y_pred.shape:
            raise ValueError("R2Score takes labels and predictions (N, outputs)")
        y, p = y_true.astype(np.float64), y_pred.astype(np.float64)
        given = masked_weight(weight, mask)
        column = np.ones(1) if given is None else given[:, None] if given.ndim == 1 else given
        weights = np.broadcast_to(column, y.shape).astype(np.float64)
        return {
            "sum": np.sum(y * weights, 0),
            "squares": np.sum(y * y * weights, 0),
            "errors": np.sum(np.square(y - p) * weights, 0),
            "count": np.sum(weights, 0),
            "elements": np.float64(y.size),
        }

    def nothing(self) -> Totals:
        """Sums of 0 for each output."""
        return dict.fromkeys(("sum", "squares", "errors", "count", "elements"), np.float64(0))

    def combine(self, totals: Totals) -> ArrayLike:
        """The score of each output, averaged and adjusted."""
        variance = totals["squares"] - np.square(totals["sum"]) / totals["count"]
        scores = 1 - totals["errors"] / variance
        scores = np.where(np.isinf(scores), 0, scores)
        if self.class_aggregation == "uniform_average":
            scores = np.mean(scores)
        elif self.class_aggregation == "variance_weighted_average":
            scores = np.sum(variance * scores) / np.sum(variance)
        freedom = totals["elements"] - self.num_regressors - 1
        if self.num_regressors and freedom > 0:
            return 1 - (1 - scores) * (totals["elements"] - 1) / freedom
        return np.asarray(scores)

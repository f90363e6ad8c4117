"""Weighted means of a value per sample, most of which a loss gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from modelc.metrics.directions import Direction
from modelc.metrics.metric import EPSILON, Array, Metric, Totals, masked_weight, quotient, same_rank


class MeanOf(Metric):
    """``Σ w·value / Σ w``: the weighted mean over samples; a sample's value is the mean over its steps or pixels."""

    is_base = True

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """The value of each sample, or of each step or pixel of it."""
        raise NotImplementedError

    def measure(self, y_true: Array, y_pred: Array, weight: Array | None, mask: Array | None) -> Totals:
        """The sums of the values and of the weights."""
        return mean_totals(self.values(y_true, y_pred), masked_weight(weight, mask))

    def nothing(self) -> Totals:
        """No values, no weights."""
        return {"total": np.float64(0), "count": np.float64(0)}

    def combine(self, totals: Totals) -> ArrayLike:
        """The quotient; 0 before the first batch."""
        return quotient(totals["total"], totals["count"])


def mean_totals(values: Array, weight: Array | None) -> Totals:
    """What a batch of values adds to a weighted mean."""
    values, weight = samplewise(values, weight, np.mean)
    count = (
        np.float64(np.shape(values)[0] if np.ndim(values) else 1)
        if weight is None
        else np.sum(weight, dtype=np.float64)
    )
    return {"total": np.sum(values, dtype=np.float64), "count": count}


def samplewise(values: Array, weight: Array | None, reduce: Callable[..., Any]) -> tuple[Array, Array | None]:
    """Values times weights, and weights, each reduced to one per sample."""
    if weight is not None:
        values, weight = same_rank(values, weight)
        if values.ndim > weight.ndim:
            values = reduce(values, axis=tuple(range(weight.ndim, values.ndim)))
        rank = weight.ndim
        weight = np.broadcast_to(weight, np.shape(values))
        values = values * weight
        if rank > 1:
            weight = reduce(weight, axis=tuple(range(1, rank)))
    if np.ndim(values) > 1:
        values = reduce(values, axis=tuple(range(1, values.ndim)))
    return np.asarray(values), weight


class Mean(MeanOf):
    """The weighted mean of the predictions; labels are ignored."""

    direction: ClassVar[Direction | None] = None

    name: str | None = "mean"
    """The name of the metric in logs."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """The predictions, whose mean is taken."""
        return y_pred


class Sum(Metric):
    """The weighted sum of the predictions; labels are ignored."""

    direction: ClassVar[Direction | None] = None

    name: str | None = "sum"
    """The name of the metric in logs."""

    def measure(self, y_true: Array, y_pred: Array, weight: Array | None, mask: Array | None) -> Totals:
        """The sum of a batch."""
        values, _ = samplewise(y_pred, masked_weight(weight, mask), np.sum)
        return {"total": np.sum(values, dtype=np.float64)}

    def nothing(self) -> Totals:
        """A sum of 0."""
        return {"total": np.float64(0)}

    def combine(self, totals: Totals) -> ArrayLike:
        """The sum over all batches."""
        return totals["total"]


class RootMeanSquaredError(MeanOf):
    """Root mean squared error: the square root of the mean of ``(y - p)²``."""

    direction: ClassVar[Direction | None] = "down"

    name: str | None = "root_mean_squared_error"
    """The name of the metric in logs."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """The squared errors."""
        y, p = same_rank(y_true.astype(np.float32), y_pred)
        return np.square(p - y)

    def combine(self, totals: Totals) -> ArrayLike:
        """The root of the mean."""
        return np.sqrt(super().combine(totals))


class PearsonCorrelation(MeanOf):
    """Pearson correlation of labels and predictions, from -1 to 1.

    The mean of ``mean (y - ȳ)·(p - p̄) / (σ_y·σ_p)`` along `axis`.
    """

    order: ClassVar[str] = "name dtype *"

    name: str | None = "pearson_correlation"
    """The name of the metric in logs."""
    axis: int = -1
    """The axis along which the vectors lie; -1 is the last."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """The correlation of each pair of vectors."""
        y, p = same_rank(y_true.astype(np.float32), y_pred)
        y, p = (x - np.mean(x, self.axis, keepdims=True) for x in (y, p))
        with np.errstate(all="ignore"):
            y, p = (x / np.std(x, self.axis, keepdims=True) for x in (y, p))
        return np.mean(y * p, self.axis)


class ConcordanceCorrelation(MeanOf):
    """Concordance correlation of labels and predictions, from -1 to 1: a correlation that also requires equal means and
    variances.

    The mean of ``2·mean (y - p̄)·(p - p̄) / (σ²_y + σ²_p + (ȳ - p̄)² + 1e-7)`` along `axis` (Lin, 1989).
    """

    order: ClassVar[str] = "name dtype *"

    name: str | None = "concordance_correlation"
    """The name of the metric in logs."""
    axis: int = -1
    """The axis along which the vectors lie; -1 is the last."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """The concordance of each pair of vectors."""
        y, p = same_rank(y_true.astype(np.float32), y_pred)
        y_mean, p_mean = (np.mean(x, self.axis, keepdims=True) for x in (y, p))
        spread = np.var(y, self.axis, keepdims=True) + np.var(p, self.axis, keepdims=True)
        norm = spread + np.square(y_mean - p_mean) + np.float32(EPSILON)
        return np.mean(2 * (y - p_mean) * (p - p_mean) / norm, self.axis)

"""Accuracies: the share of samples whose predictions are right."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import PositiveInt

from modelc.config.options import FiniteFloat
from modelc.metrics.mean import MeanOf
from modelc.metrics.metric import Array, same_rank


class Accuracy(MeanOf):
    """The fraction of predictions that equal their labels."""

    name: str | None = "accuracy"
    """The name of the metric in logs."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[y = p]``."""
        y, p = same_rank(y_true.astype(np.float32), y_pred)
        return (y == p).astype(np.float32)


class BinaryAccuracy(MeanOf):
    """The fraction of predictions on the correct side of a threshold, for labels 0 and 1."""

    order: ClassVar[str] = "name dtype *"

    name: str | None = "binary_accuracy"
    """The name of the metric in logs."""
    threshold: FiniteFloat = 0.5
    """The decision threshold: larger predictions count as 1."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[y = [p > threshold]]``."""
        y, p = same_rank(y_true, y_pred)
        return (y == (p > np.float32(self.threshold))).astype(np.float32)


class CategoricalAccuracy(MeanOf):
    """The fraction of samples whose largest prediction is that of the true class, for one-hot labels."""

    name: str | None = "categorical_accuracy"
    """The name of the metric in logs."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[argmax y = argmax p]``."""
        return (np.argmax(y_true, -1) == np.argmax(y_pred, -1)).astype(np.float32)


class SparseCategoricalAccuracy(MeanOf):
    """The fraction of samples whose largest prediction is that of the true class, for integer labels."""

    name: str | None = "sparse_categorical_accuracy"
    """The name of the metric in logs."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[y = argmax p]``."""
        y = y_true[..., 0] if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1 else y_true
        right = (y == np.argmax(y_pred, -1)).astype(np.float32)
        return right[..., 0] if right.ndim > 1 and right.shape[-1] == 1 else right


class TopKCategoricalAccuracy(MeanOf):
    """The fraction of samples whose true class is among the k largest predictions, for one-hot labels."""

    k: PositiveInt = 5
    """The number of largest predictions that may contain the true class."""
    name: str | None = "top_k_categorical_accuracy"
    """The name of the metric in logs."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[rank of argmax y ≤ k]``."""
        return _in_top(np.argmax(y_true, -1), y_pred, self.k)


class SparseTopKCategoricalAccuracy(MeanOf):
    """The fraction of samples whose true class is among the k largest predictions, for integer labels."""

    order: ClassVar[str] = "k name dtype *"

    k: PositiveInt = 5
    """The number of largest predictions among which the right class must be."""
    name: str | None = "sparse_top_k_categorical_accuracy"
    """The name of the metric in logs."""
    from_sorted_ids: bool = False
    """Whether predictions are class indices, best first, instead of a score per class."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[rank of y ≤ k]``."""
        y = y_true[..., 0] if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1 else y_true
        if self.from_sorted_ids:
            return np.any(y[..., None] == y_pred[..., : self.k], -1).astype(np.float32)
        return _in_top(y.astype(np.int64), y_pred, self.k)


def _in_top(y: Array, p: Array, k: int) -> Array:
    """Whether less than k predictions are larger than that of class y; one that is not a number is larger than none."""
    own = np.take_along_axis(p, y[..., None], -1)
    own = np.where(np.isnan(own), -np.inf, own)
    return (np.sum(p > own, -1) < k).astype(np.float32)

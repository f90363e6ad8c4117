"""Accuracies: the share of samples whose predictions are right."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import PositiveInt

from modelc.metrics.mean import MeanOf
from modelc.metrics.metric import Array, same_rank
from modelc.options import FiniteFloat


class Accuracy(MeanOf):
    """How often predictions are equal to labels."""

    name: str | None = "accuracy"
    """What the metric is called in reports."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[y = p]``."""
        y, p = same_rank(y_true.astype(np.float32), y_pred)
        return (y == p).astype(np.float32)


class BinaryAccuracy(MeanOf):
    """How often predictions lie on the labels' side of a threshold."""

    order: ClassVar[str] = "name dtype *"

    name: str | None = "binary_accuracy"
    """What the metric is called in reports."""
    threshold: FiniteFloat = 0.5
    """What is above it is a 1."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[y = [p > threshold]]``."""
        y, p = same_rank(y_true, y_pred)
        return (y == (p > np.float32(self.threshold))).astype(np.float32)


class CategoricalAccuracy(MeanOf):
    """How often the largest prediction is that of the class with the largest label."""

    name: str | None = "categorical_accuracy"
    """What the metric is called in reports."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[argmax y = argmax p]``."""
        return (np.argmax(y_true, -1) == np.argmax(y_pred, -1)).astype(np.float32)


class SparseCategoricalAccuracy(MeanOf):
    """How often the largest prediction is that of the labelled class."""

    name: str | None = "sparse_categorical_accuracy"
    """What the metric is called in reports."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[y = argmax p]``."""
        y = y_true[..., 0] if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1 else y_true
        right = (y == np.argmax(y_pred, -1)).astype(np.float32)
        return right[..., 0] if right.ndim > 1 and right.shape[-1] == 1 else right


class TopKCategoricalAccuracy(MeanOf):
    """How often less than k predictions are larger than that of the class with the largest label."""

    k: PositiveInt = 5
    """How many guesses there are."""
    name: str | None = "top_k_categorical_accuracy"
    """What the metric is called in reports."""

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """``[rank of argmax y ≤ k]``."""
        return _in_top(np.argmax(y_true, -1), y_pred, self.k)


class SparseTopKCategoricalAccuracy(MeanOf):
    """How often less than k predictions are larger than that of the labelled class."""

    order: ClassVar[str] = "k name dtype *"

    k: PositiveInt = 5
    """How many guesses there are."""
    name: str | None = "sparse_top_k_categorical_accuracy"
    """What the metric is called in reports."""
    from_sorted_ids: bool = False
    """Whether predictions are the numbers of classes, the best first."""

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

"""Counting predictions by label and threshold: true and false positives and negatives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modelc.metrics.metric import EPSILON, Array, Totals, same_rank

KINDS = ("true_positives", "false_positives", "true_negatives", "false_negatives")

LOWEST = -1e10
"""What a prediction becomes that is not among the best k; so that a threshold of it keeps these."""


def evenly_spaced(thresholds: Sequence[float]) -> bool:
    """Whether thresholds are 0, 1/n, …, 1."""
    count = len(thresholds)
    return count >= 3 and np.allclose(thresholds, np.arange(count) / (count - 1), atol=EPSILON)


def confusion(
    y_true: Array,
    y_pred: Array,
    thresholds: Sequence[float],
    weight: Array | None,
    *,
    even: bool | None = None,
    top_k: int | None = None,
    class_id: int | None = None,
    by_label: bool = False,
    label_weight: Array | None = None,
) -> Totals:
    """The weights of the four kinds for every threshold, by name: (thresholds,), or (thresholds, labels) by label.

    A prediction is positive above a threshold, a label where it is not 0. Predictions are (N, ...) like labels, and
    all of their elements count.
    """
    y, p = same_rank(y_true, y_pred)
    if y.shape != p.shape:
        raise ValueError("the shapes differ")
    weights = np.float64(1) if weight is None else _per_element(weight, p)
    if top_k is not None:
        p = _best(p, top_k)
    if class_id is not None:
        if p.ndim < 2:
            raise ValueError("`class_id` needs predictions of several classes")
        y, p = y[..., class_id, None], p[..., class_id, None]
    weights = np.broadcast_to(weights, p.shape)
    if label_weight is not None:
        weights = weights * label_weight
    positive = (y != 0).astype(np.float64)
    above = _thresholds_below(p, thresholds, evenly_spaced(thresholds) if even is None else even)
    columns = p.shape[-1] if by_label else 1
    labels = np.broadcast_to(np.arange(columns), p.shape) if by_label else np.zeros(p.shape, np.int64)

    def summed(amount: Array) -> Array:
        """Per threshold and label: the amounts of the predictions above it."""
        bins = (above * columns + labels).ravel()
        made = np.bincount(bins, amount.ravel(), (len(thresholds) + 1) * columns).reshape(-1, columns)
        return np.cumsum(made[::-1], 0)[::-1]

    # Row 0 holds all predictions, row i + 1 those above threshold i.
    trues, falses = summed(positive * weights), summed((1 - positive) * weights)
    found = (trues[1:], falses[1:], falses[0] - falses[1:], trues[0] - trues[1:])
    order = np.argsort(np.argsort(np.asarray(thresholds, np.float32), kind="stable"), kind="stable")
    return {name: kind[order] if by_label else kind[order, 0] for name, kind in zip(KINDS, found, strict=True)}


def _per_element(weight: Array, p: Array) -> Array:
    """Weights with an axis for classes, where they have none."""
    weight = weight[..., None] if weight.ndim <= p.ndim else weight
    if weight.ndim == p.ndim + 1:
        weight = weight[..., 0]
    return weight.astype(np.float64)


def _best(p: Array, k: int) -> Array:
    """The k largest of each row, the others as `LOWEST`; of equal ones the first."""
    order = np.argsort(-p, -1, kind="stable")
    kept = np.zeros(p.shape, bool)
    np.put_along_axis(kept, order[..., :k], True, -1)
    return np.where(kept, p, np.float32(LOWEST))


def _thresholds_below(p: Array, thresholds: Sequence[float], even: bool) -> Array:
    """How many of the thresholds each prediction lies above."""
    p = np.where(np.isnan(p), -np.inf, p).astype(np.float32)
    if not even:
        return np.searchsorted(np.sort(np.asarray(thresholds, np.float32)), p, "left")
    # The ends may lie a little outside of 0 and 1: then no prediction is below the first.
    last = len(thresholds) - 1
    reached = np.ceil(np.clip(p, 0, 1) * np.float32(last)).astype(np.int64)
    return np.maximum(reached, 1) if thresholds[0] < 0 else reached

"""Losses of margins, for labels -1 and 1, or one-hot ones. Sums and means are over the last axis."""

from __future__ import annotations

from modelc.graph.axes import resolve_axes
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, where
from modelc.losses.loss import Loss


class Hinge(Loss):
    """Hinge loss for binary labels.

    ``mean max(1 - y·p, 0)`` for labels -1 and 1; if all labels of a batch are 0 or 1, they are converted to -1 and 1.
    """

    elementwise = True

    name: str = "hinge"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The mean of the margins missed."""
        missed = missed_margins(y_true.as_float(), y_pred)
        return missed.mean(resolve_axes(-1, missed.rank))


class SquaredHinge(Loss):
    """Squared hinge loss for binary labels.

    ``mean max(1 - y·p, 0)²`` for labels -1 and 1, or 0 and 1, as in Hinge.
    """

    elementwise = True

    name: str = "squared_hinge"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The mean of the margins missed, squared."""
        missed = missed_margins(y_true.as_float(), y_pred).square()
        return missed.mean(resolve_axes(-1, missed.rank))


class CategoricalHinge(Loss):
    """Hinge loss for several classes: the score of the true class must exceed all others by 1.

    ``max(1 + max (1 - y)·p - Σ y·p, 0)`` for one-hot labels y.
    """

    name: str = "categorical_hinge"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """How far the best wrong class comes within a margin of 1 of the right one."""
        y, p = y_true.as_float(), y_pred
        last = resolve_axes(-1, p.rank)
        right = (y * p).sum(last)
        wrong = ((1.0 - y) * p).max(last)
        return (wrong - right + 1.0).maximum(0.0)


def missed_margins(y: Tensor, p: Tensor) -> Tensor:
    """``max(1 - y·p, 0)``, with 2y - 1 for y where all y of the batch are 0 or 1."""
    zeros_and_ones = y.equal(0.0).maximum(y.equal(1.0)).min()
    y = where(zeros_and_ones, 2.0 * y - 1.0, y)
    return (1.0 - y * p).maximum(0.0)

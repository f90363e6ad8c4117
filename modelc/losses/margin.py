"""Losses of margins, for labels -1 and 1, or one-hot ones. Sums and means are over the last axis."""

from __future__ import annotations

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.arithmetic import at_least, multiply, reduce, scale, select, subtract
from modelc.layers.emit import as_float, binary, constant, resolve_axes, unary
from modelc.losses.loss import Loss


class Hinge(Loss):
    """Hinge loss for binary labels.

    ``mean max(1 - y·p, 0)`` for labels -1 and 1; if all labels of a batch are 0 or 1, they are converted to -1 and 1.
    """

    name: str = "hinge"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """The mean of the margins missed."""
        missed = missed_margins(g, as_float(g, y_true), y_pred)
        return reduce(g, "mean", missed, resolve_axes(-1, missed.type.rank))


class SquaredHinge(Loss):
    """Squared hinge loss for binary labels.

    ``mean max(1 - y·p, 0)²`` for labels -1 and 1, or 0 and 1, as in Hinge.
    """

    name: str = "squared_hinge"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """The mean of the margins missed, squared."""
        missed = unary(g, "square", missed_margins(g, as_float(g, y_true), y_pred))
        return reduce(g, "mean", missed, resolve_axes(-1, missed.type.rank))


class CategoricalHinge(Loss):
    """Hinge loss for several classes: the score of the true class must exceed all others by 1.

    ``max(1 + max (1 - y)·p - Σ y·p, 0)`` for one-hot labels y.
    """

    name: str = "categorical_hinge"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """How far the best wrong class comes within a margin of 1 of the right one."""
        y, p = as_float(g, y_true), y_pred
        last = resolve_axes(-1, p.type.rank)
        right = reduce(g, "sum", multiply(g, y, p), last)
        wrong = reduce(g, "max", multiply(g, scale(g, y, -1.0, 1.0), p), last)
        return at_least(g, scale(g, subtract(g, wrong, right), 1.0, 1.0), 0.0)


def missed_margins(g: Builder, y: Value, p: Value) -> Value:
    """``max(1 - y·p, 0)``, with 2y - 1 for y where all y of the batch are 0 or 1."""
    known = [binary(g, "equal", y, constant(g, label)) for label in (0.0, 1.0)]
    zeros_and_ones = reduce(g, "min", binary(g, "maximum", *known))
    y = select(g, zeros_and_ones, scale(g, y, 2.0, -1.0), y)
    return at_least(g, scale(g, multiply(g, y, p), -1.0, 1.0), 0.0)

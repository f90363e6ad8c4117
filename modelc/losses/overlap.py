"""Losses of regions: how much of the labels y and the predictions p overlaps."""

from __future__ import annotations

from typing import ClassVar

from modelc.config.options import AxisOrAxes, FiniteFloat
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.arithmetic import EPSILON, add, divide, multiply, reduce, scale
from modelc.layers.emit import as_float, resolve_axes
from modelc.losses.loss import Loss


class Dice(Loss):
    """Dice loss for segmentation masks: one minus the overlap of labels and predictions.

    ``1 - 2·Σ y·p / (Σ y + Σ p + 1e-7)``, summed over `axis`, by default over the whole batch (Dice, 1945).
    """

    order: ClassVar[str] = "reduction name axis dtype"

    name: str = "dice"
    """The name of the loss in logs."""
    axis: AxisOrAxes | None = None
    """The axes to sum over. By default all axes, including the batch axis: one loss for the whole batch."""

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """One minus twice the overlap as a share of both."""
        y, p = as_float(g, y_true), y_pred
        axes = None if self.axis is None else resolve_axes(self.axis, p.type.rank)
        overlap = reduce(g, "sum", multiply(g, y, p), axes)
        both = add(g, reduce(g, "sum", y, axes), reduce(g, "sum", p, axes))
        return scale(g, divide(g, scale(g, overlap, 2.0), scale(g, both, 1.0, EPSILON)), -1.0, 1.0)


class Tversky(Loss):
    """Tversky loss for segmentation masks: one minus an overlap with separate weights of false negatives and false
    positives.

    ``1 - o / (o + alpha·Σ y·(1 - p) + beta·Σ (1 - y)·p + 1e-7)``, ``o = Σ y·p``, summed over `axis`, by default over
    the whole batch (Salehi et al., 2017).
    """

    order: ClassVar[str] = "alpha beta reduction name axis dtype"

    alpha: FiniteFloat = 0.5
    """The weight of false negatives: positions in the labels that the predictions miss."""
    beta: FiniteFloat = 0.5
    """The weight of false positives: predicted positions that are not in the labels."""
    name: str = "tversky"
    """The name of the loss in logs."""
    axis: AxisOrAxes | None = None
    """The axes to sum over. By default all axes, including the batch axis: one loss for the whole batch."""

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """One minus the overlap as a weighted share."""
        y, p = as_float(g, y_true), y_pred
        axes = None if self.axis is None else resolve_axes(self.axis, p.type.rank)
        overlap = reduce(g, "sum", multiply(g, y, p), axes)
        missed = reduce(g, "sum", multiply(g, scale(g, p, -1.0, 1.0), y), axes)
        invented = reduce(g, "sum", multiply(g, p, scale(g, y, -1.0, 1.0)), axes)
        whole = add(g, overlap, scale(g, missed, self.alpha), scale(g, invented, self.beta, EPSILON))
        return scale(g, divide(g, overlap, whole), -1.0, 1.0)

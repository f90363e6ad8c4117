"""Losses of regions: how much of the labels y and the predictions p overlaps."""

from __future__ import annotations

from typing import ClassVar

from modelc.config.options import AxisOrAxes, FiniteFloat
from modelc.graph.axes import resolve_axes
from modelc.graph.builder import Builder
from modelc.graph.formulas import EPSILON, same_rank
from modelc.graph.tensor import Tensor
from modelc.losses.loss import Loss


class _Region(Loss):
    axis: AxisOrAxes | None = None
    """The axes to sum over. By default all axes, including the batch axis: one loss for the whole batch."""

    def counted(self, g: Builder, y_true: Tensor, y_pred: Tensor, counts: Tensor) -> tuple[Tensor, Tensor | None]:
        """Sums of labels and predictions to which positions that were added give 0."""
        y, p = same_rank(y_true.as_float(), y_pred.as_float())
        values = self.per_sample(
            g, *(x * counts.reshape((*counts.shape, *(1,) * (x.rank - counts.rank))) for x in (y, p))
        )
        summed = range(p.rank) if self.axis is None else resolve_axes(self.axis, p.rank)
        return values, None if any(axis < counts.rank for axis in summed) else counts


class Dice(_Region):
    """Dice loss for segmentation masks: one minus the overlap of labels and predictions.

    ``1 - 2·Σ y·p / (Σ y + Σ p + 1e-7)``, summed over `axis`, by default over the whole batch (Dice, 1945).
    """

    order: ClassVar[str] = "reduction name axis dtype"

    name: str = "dice"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """One minus twice the overlap as a share of both."""
        y, p = y_true.as_float(), y_pred
        axes = None if self.axis is None else resolve_axes(self.axis, p.rank)
        overlap = (y * p).sum(axes)
        both = y.sum(axes) + p.sum(axes)
        return 1.0 - 2.0 * overlap / (both + EPSILON)


class Tversky(_Region):
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

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """One minus the overlap as a weighted share."""
        y, p = y_true.as_float(), y_pred
        axes = None if self.axis is None else resolve_axes(self.axis, p.rank)
        overlap = (y * p).sum(axes)
        missed = ((1.0 - p) * y).sum(axes)
        invented = (p * (1.0 - y)).sum(axes)
        whole = overlap + self.alpha * missed + (self.beta * invented + EPSILON)
        return 1.0 - overlap / whole

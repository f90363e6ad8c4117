"""Means of losses."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import ClassVar, cast

import numpy as np
from numpy.typing import ArrayLike

from modelc.config.options import Rate
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.inputs import as_input
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.losses import LOSSES
from modelc.losses.loss import Loss
from modelc.metrics.directions import Direction
from modelc.metrics.mean import MeanOf, mean_totals
from modelc.metrics.metric import Array, Totals, masked_weight


class _MeanLoss(MeanOf):
    """The mean of a loss; if samples are weighted, without the samples that the loss excludes from its own mean."""

    direction: ClassVar[Direction | None] = "down"
    loss_options: ClassVar[tuple[str, ...]] = ()
    """The options that the loss takes from the metric."""
    loss_name: ClassVar[str] = ""
    """The loss, where it is called otherwise."""

    def _loss(self) -> Loss:
        kind = LOSSES[self.loss_name or type(self).__name__]
        return kind(**{name: getattr(self, name) for name in self.loss_options})

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """The loss of each sample."""
        return losses_of(self._loss(), y_true, y_pred)[0]

    def measure(self, y_true: Array, y_pred: Array, weight: Array | None, mask: Array | None) -> Totals:
        """The sums of the losses and of the weights.

        As in Keras, what an ignored class leaves out counts as a loss of 0 where nothing is weighted or masked.
        """
        losses, counts = losses_of(self._loss(), y_true, y_pred)
        weight = masked_weight(weight, mask)
        if weight is not None and counts is not None:
            weight = masked_weight(weight, counts)
        return mean_totals(losses, weight)


def losses_of(loss: Loss, y_true: Array, y_pred: Array) -> tuple[Array, Array | None]:
    """The losses per sample of arrays, and the mask of those that count, if any: by the NumPy definitions of ops."""
    kind = "int32" if y_true.dtype.kind in "iub" else "float32"
    types = TensorType((None, *y_true.shape[1:]), kind), TensorType((None, *y_pred.shape[1:]))
    graph = _graph(cast(Hashable, loss), *types)  # frozen, as all configs are
    arrays = [as_input(x, t, n) for x, t, n in zip((y_true, y_pred), types, ("labels", "predictions"), strict=True)]
    made = interpret(graph, arrays, {})
    return made[0], made[1] if len(made) > 1 else None


@lru_cache(maxsize=64)
def _graph(loss: Hashable, y_true: TensorType, y_pred: TensorType) -> Graph:
    assert isinstance(loss, Loss)
    g = Builder()
    losses = loss.per_sample(g, g.input(y_true), g.input(y_pred))
    mask = g.masks.of(losses)
    outputs = (losses,) if mask is None else (losses, mask)
    return g.graph("losses", outputs, ("losses", "mask")[: len(outputs)])


class MeanSquaredError(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    aliases = ("mse", "MSE")

    name: str | None = "mean_squared_error"
    """The name of the metric in logs."""


class MeanAbsoluteError(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    aliases = ("mae", "MAE")

    name: str | None = "mean_absolute_error"
    """The name of the metric in logs."""


class MeanAbsolutePercentageError(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    aliases = ("mape", "MAPE")

    name: str | None = "mean_absolute_percentage_error"
    """The name of the metric in logs."""


class MeanSquaredLogarithmicError(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    aliases = ("msle", "MSLE")

    name: str | None = "mean_squared_logarithmic_error"
    """The name of the metric in logs."""


class LogCoshError(_MeanLoss):
    """The mean of the loss LogCosh over all samples."""

    aliases = ("log_cosh",)

    loss_name = "LogCosh"

    name: str | None = "logcosh"
    """The name of the metric in logs."""


class Hinge(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    name: str | None = "hinge"
    """The name of the metric in logs."""


class SquaredHinge(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    name: str | None = "squared_hinge"
    """The name of the metric in logs."""


class CategoricalHinge(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    name: str | None = "categorical_hinge"
    """The name of the metric in logs."""


class KLDivergence(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    name: str | None = "kl_divergence"
    """The name of the metric in logs."""


class Poisson(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    name: str | None = "poisson"
    """The name of the metric in logs."""


class CosineSimilarity(_MeanLoss):
    """The mean cosine similarity of labels and predictions: 1 for the same direction."""

    direction: ClassVar[Direction | None] = "up"

    order: ClassVar[str] = "name dtype *"
    loss_options = ("axis",)

    name: str | None = "cosine_similarity"
    """The name of the metric in logs."""
    axis: int = -1
    """The axis of the classes or the vectors; -1 is the last."""

    def combine(self, totals: Totals) -> ArrayLike:
        """The mean, the other way round."""
        return np.negative(super().combine(totals))


class BinaryCrossentropy(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    aliases = ("bce", "BCE")

    order: ClassVar[str] = "name dtype *"
    loss_options = ("from_logits", "label_smoothing")

    name: str | None = "binary_crossentropy"
    """The name of the metric in logs."""
    from_logits: bool = False
    """Whether the predictions are logits instead of probabilities."""
    label_smoothing: Rate = 0
    """The label smoothing, as in the loss of the same name."""


class CategoricalCrossentropy(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    order: ClassVar[str] = "name dtype *"
    loss_options = ("from_logits", "label_smoothing", "axis")

    name: str | None = "categorical_crossentropy"
    """The name of the metric in logs."""
    from_logits: bool = False
    """Whether the predictions are logits instead of probabilities."""
    label_smoothing: Rate = 0
    """The label smoothing, as in the loss of the same name."""
    axis: int = -1
    """The axis of the classes or the vectors; -1 is the last."""


class SparseCategoricalCrossentropy(_MeanLoss):
    """The mean of the loss of the same name over all samples."""

    order: ClassVar[str] = "name dtype *"
    loss_options = ("from_logits", "ignore_class", "axis")

    name: str | None = "sparse_categorical_crossentropy"
    """The name of the metric in logs."""
    from_logits: bool = False
    """Whether the predictions are logits instead of probabilities."""
    ignore_class: int | None = None
    """A label whose samples are ignored; null for none. As in Keras, they are excluded from the mean only if samples
    are weighted or masked."""
    axis: int = -1
    """The axis of the classes or the vectors; -1 is the last."""

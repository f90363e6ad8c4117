"""`Loss`: the base of all losses, and how the losses of a batch become one number."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Literal

from modelc.config.ordered import ComputeDType, Ordered
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.graph.types import Shape
from modelc.layers.arithmetic import at_least, divide, divide_or_zero, multiply, reduce, reshape, same_rank
from modelc.layers.emit import as_float
from modelc.losses.labels import Classes

Reduction = Literal["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"] | None
"""How the losses of a batch become one number; `none` and None leave them as they are."""

_TINY = 1e-30
"""Less than the share of one step in any mask."""


class Loss(Ordered):
    """Base of all losses: maps labels y (y_true) and predictions p (y_pred) to a loss per sample."""

    order: ClassVar[str] = "* reduction name dtype"

    reduction: Reduction = "sum_over_batch_size"
    """The reduction of the losses per sample to one number: their mean (`sum_over_batch_size`, `mean`), their sum
    (`sum`), their sum divided by the sum of the sample weights (`mean_with_sample_weight`); `none` or null returns the
    losses per sample."""
    name: str = "loss"
    """The name of the loss in logs."""
    dtype: ComputeDType = None
    """No effect: losses are computed in float32."""

    def per_sample(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """The loss of each sample, or of each step or pixel of it: (N, ...), without the axis of the features.

        Labels may lack the last axis of predictions, or have one more, where that is 1. Raises `ShapeError` where
        they do not fit otherwise. What of the result does not count, its mask says.
        """
        y_true, y_pred = same_rank(g, y_true, as_float(g, y_pred))
        return self.call(g, y_true, y_pred)

    def classes(self, predictions: Shape) -> Classes | None:
        """What a label may be for predictions of this shape, where it is the number of a class; else None."""
        return None

    @abstractmethod
    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """The equation of the loss. Labels are as given, float32 or int32; predictions are float32."""

    def emit(self, g: Builder, y_true: Value, y_pred: Value, sample_weight: Value | None = None) -> Value:
        """The loss of a batch: of each sample, weighted, without those that the mask of y_pred leaves out, reduced.

        A scalar, unless there is no reduction. Weights are (N,) or have the shape of the losses, with 1 where one
        weight stands for all.
        """
        values = self.per_sample(g, y_true, y_pred)
        mask = _both(g, g.mask_of(y_pred), g.mask_of(values))
        return weighted_reduction(g, values, self.reduction, sample_weight, mask)


def _both(g: Builder, a: Value | None, b: Value | None) -> Value | None:
    if a is None or b is None:
        return b if a is None else a
    return multiply(g, a, b)


def weighted_reduction(
    g: Builder, values: Value, reduction: Reduction, sample_weight: Value | None, mask: Value | None
) -> Value:
    """Losses times weights, reduced.

    With a mask m, which is 0 or 1, a mean is over what it leaves in: ``Σ m·w·loss / Σ m``. A loss that is a scalar
    already stays as it is.
    """
    weight = _weights(g, sample_weight, mask, mean=reduction in ("mean", "sum_over_batch_size"))
    if weight is not None:
        values, weight = _fitting(g, values, weight)
        values = multiply(g, values, weight)
    if reduction in ("none", None) or values.type.rank == 0:
        return values
    if reduction == "sum":
        return reduce(g, "sum", values)
    if reduction == "mean_with_sample_weight" and weight is not None:
        return divide_or_zero(g, reduce(g, "sum", values), reduce(g, "sum", weight))
    return reduce(g, "mean", values)


def _weights(g: Builder, sample_weight: Value | None, mask: Value | None, *, mean: bool) -> Value | None:
    """Weights and mask in one; for a mean, what is left in weighs as much more as is left out."""
    if sample_weight is not None:
        sample_weight = as_float(g, sample_weight)
    if mask is None:
        return sample_weight
    mask = as_float(g, mask)
    if mean:
        # Where nothing is left in, 0 is divided by a number that is not 0.
        mask = divide(g, mask, at_least(g, reduce(g, "mean", mask), _TINY))
    if sample_weight is None:
        return mask
    mask, sample_weight = _fitting(g, mask, sample_weight)
    return multiply(g, sample_weight, mask)


def _fitting(g: Builder, values: Value, weight: Value) -> tuple[Value, Value]:
    """Values and weights of one rank: a weight per sample counts for all of its steps."""
    values, weight = same_rank(g, values, weight)
    missing = values.type.rank - weight.type.rank
    if weight.type.batched and missing > 0:
        weight = reshape(g, weight, (*weight.type.shape, *(1,) * missing))
    return values, weight

"""`Loss`: the base of all losses, and how the losses of a batch become one number."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Literal

from modelc.config.ordered import ComputeDType, Ordered
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.formulas import same_rank
from modelc.graph.tensor import Tensor, constant
from modelc.graph.types import Shape
from modelc.losses.labels import ClassNumbers
from modelc.text.naming import snake_case

Reduction = Literal["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"] | None
"""How the losses of a batch become one number; `none` and None leave them as they are."""

Amount = Tensor | Literal["samples", "all"]
"""What the loss of a part of a batch counts in the mean of all parts: a scalar, or as many as it has samples; or it is
a summand (`all`)."""

_MEANS = ("mean", "sum_over_batch_size")
_TINY = 1e-30
"""Less than the share of one step in any mask."""


class Loss(Ordered):
    """Base of all losses: maps labels y (y_true) and predictions p (y_pred) to a loss per sample."""

    order: ClassVar[str] = "* reduction name dtype"
    aligned: ClassVar[bool] = True
    """Whether labels lie along predictions, position by position."""
    elementwise: ClassVar[bool] = False
    """Whether a loss is the mean over the last axis of what each element of labels and predictions gives."""

    reduction: Reduction = "sum_over_batch_size"
    """The reduction of the losses per sample to one number: their mean (`sum_over_batch_size`, `mean`), their sum
    (`sum`), their sum divided by the sum of the sample weights (`mean_with_sample_weight`); `none` or null returns the
    losses per sample."""
    name: str = "loss"
    """The name of the loss in logs."""
    dtype: ComputeDType = None
    """No effect: losses are computed in float32."""

    @classmethod
    def lower_case_name(cls) -> str:
        """Keras's: `mean_squared_error`."""
        return snake_case(cls.__name__)

    def per_sample(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The loss of each sample, or of each step or pixel of it: (N, ...), without the axis of the features.

        Labels may lack the last axis of predictions, or have one more, where that is 1. Raises `ShapeError` where
        they do not fit otherwise. What of the result does not count, its mask says.
        """
        y_true, y_pred = same_rank(y_true, y_pred.as_float())
        return self.call(g, y_true, y_pred)

    def classes(self, predictions: Shape) -> ClassNumbers | None:
        """What a label may be for predictions of this shape, where it is the number of a class; else None."""
        return None

    @abstractmethod
    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The equation of the loss. Labels are as given, float32 or int32; predictions are float32."""

    def counted(self, g: Builder, y_true: Tensor, y_pred: Tensor, counts: Tensor) -> tuple[Tensor, Tensor | None]:
        """The losses as `per_sample`, and which of them count, where positions were added to samples.

        `counts` is 1 for the positions that samples have, 0 for others: (N, …), along the first axes of predictions.
        Raises `ShapeError` where the loss is of several positions, and cannot be that of some.
        """
        if counts.rank == y_pred.rank and self.elementwise:
            y_true, y_pred = (x.reshape((*x.shape, 1)) for x in same_rank(y_true, y_pred.as_float()))
        values = self.per_sample(g, y_true, y_pred)
        if counts.rank > values.rank:
            raise ShapeError(
                f"{type(self).__name__} has one value for several positions, some of which were added to samples",
                "give samples of one size, or batches of them",
            )
        return values, counts

    def emit(
        self,
        g: Builder,
        y_true: Tensor,
        y_pred: Tensor,
        sample_weight: Tensor | None = None,
        counts: Tensor | None = None,
    ) -> Tensor:
        """The loss of a batch: of each sample, weighted, without those that the mask of y_pred leaves out, reduced.

        A scalar, unless there is no reduction. Weights are (N,) or have the shape of the losses, with 1 where one
        weight stands for all. `counts` as for `counted`.
        """
        values, mask = self._masked(g, y_true, y_pred, counts)
        return weighted_reduction(values, self.reduction, sample_weight, mask)

    def emit_part(
        self,
        g: Builder,
        y_true: Tensor,
        y_pred: Tensor,
        sample_weight: Tensor | None = None,
        counts: Tensor | None = None,
        *,
        varying: bool = False,
    ) -> tuple[Tensor, Amount]:
        """The loss of a batch as `emit`, and what it counts in that of a larger batch of which this one is a part.

        Where parts may differ in the sizes of their samples (`varying`), it is counted in elements.
        """
        values, mask = self._masked(g, y_true, y_pred, counts)
        loss = weighted_reduction(values, self.reduction, sample_weight, mask)
        amount = _amount(values, self.reduction, sample_weight, mask)
        if amount == "samples" and varying:
            amount = constant(g, 1.0).broadcast_like(values if values.rank else y_pred).sum()
        return loss, amount

    def _masked(
        self, g: Builder, y_true: Tensor, y_pred: Tensor, counts: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        """The losses per sample, and the mask of those that count."""
        if counts is None:
            values, counting = self.per_sample(g, y_true, y_pred), None
        else:
            values, counting = self.counted(g, y_true, y_pred, counts)
        return values, _both(_both(g.masks.of(y_pred), g.masks.of(values)), counting)


def _both(a: Tensor | None, b: Tensor | None) -> Tensor | None:
    if a is None or b is None:
        return b if a is None else a
    return a * b


def weighted_reduction(
    values: Tensor, reduction: Reduction, sample_weight: Tensor | None, mask: Tensor | None
) -> Tensor:
    """Losses times weights, reduced.

    With a mask m, which is 0 or 1, a mean is over what it leaves in: ``Σ m·w·loss / Σ m``. A loss that is a scalar
    already stays as it is.
    """
    values, weight = _weighted(values, reduction, sample_weight, mask)
    if reduction in ("none", None) or values.rank == 0:
        return values
    if reduction == "sum":
        return values.sum()
    if reduction == "mean_with_sample_weight" and weight is not None:
        return values.sum().divide_or_zero(weight.sum())
    return values.mean()


def _amount(values: Tensor, reduction: Reduction, sample_weight: Tensor | None, mask: Tensor | None) -> Amount:
    """What the losses of some samples count in those of more: ``Σ_k a_k·loss_k / Σ_k a_k`` is the loss of all parts.

    Only the loss of a whole batch that is one number, such as Dice over all axes, is not: there it is the mean of those
    of its parts.
    """
    weighted, weight = _weighted(values, reduction, sample_weight, mask)
    if weighted.rank == 0:
        return "samples"
    if reduction == "sum":
        return "all"
    if reduction == "mean_with_sample_weight" and weight is not None:
        return weight.sum()
    if reduction in _MEANS and mask is not None:
        return mask.as_float().sum()
    return "samples"


def _weighted(
    values: Tensor, reduction: Reduction, sample_weight: Tensor | None, mask: Tensor | None
) -> tuple[Tensor, Tensor | None]:
    """Losses times the weights that they have by weights of samples and the mask, and these weights."""
    weight = _weights(sample_weight, mask, mean=reduction in _MEANS)
    if weight is None:
        return values, None
    values, weight = _fitting(values, weight)
    return values * weight, weight


def _weights(sample_weight: Tensor | None, mask: Tensor | None, *, mean: bool) -> Tensor | None:
    """Weights and mask in one; for a mean, what is left in weighs as much more as is left out."""
    if sample_weight is not None:
        sample_weight = sample_weight.as_float()
    if mask is None:
        return sample_weight
    mask = mask.as_float()
    if mean:
        # Where nothing is left in, 0 is divided by a number that is not 0.
        mask = mask / mask.mean().maximum(_TINY)
    if sample_weight is None:
        return mask
    mask, sample_weight = _fitting(mask, sample_weight)
    return sample_weight * mask


def _fitting(values: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Values and weights of one rank: a weight per sample counts for all of its steps."""
    values, weight = same_rank(values, weight)
    missing = values.rank - weight.rank
    if weight.batched and missing > 0:
        weight = weight.under((*weight.shape, *(1,) * missing))
    return values, weight

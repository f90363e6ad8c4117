"""Circle: a loss of embeddings, which compares every sample of a batch with every other."""

from __future__ import annotations

from modelc.config.options import FiniteFloat
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.formulas import truncate
from modelc.graph.tensor import Tensor, where
from modelc.losses.loss import Loss
from modelc.ops.constant import Range

_NEVER = -1e9
"""The logarithm of what does not count in a sum of exponentials."""


class Circle(Loss):
    """Circle loss: ``softplus(L⁺ + L⁻)`` for embeddings p of length 1 and integer class labels y (Sun et al., 2020).

    With the distances ``d = max(1 - p·pᵀ, 0)`` from a sample to the others of the batch and the margin m: ``L⁺ = log Σ
    exp(-gamma·max(m + d, 0)·(m - d))`` over samples of its class and ``L⁻ = log Σ exp(gamma·max(1 + m - d, 0)·(1 - m -
    d))`` over samples of other classes. A sample whose loss is 0 is excluded from the mean. The batch size must be
    fixed.
    """

    gamma: FiniteFloat = 80.0
    """The scale of the similarities; a larger value puts more weight on the hardest pairs."""
    margin: FiniteFloat = 0.4
    """The margin by which samples of the same class must be more similar than samples of different classes."""
    remove_diagonal: bool = True
    """Whether to exclude the comparison of each sample with itself."""
    name: str = "circle"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The loss of each sample against the others."""
        labels, p = self._unbatched(g, y_true, y_pred)
        size = p.dims[0]
        distance = (1.0 - p @ p.transpose((1, 0))).maximum(0.0)
        same = labels.under((size, 1)).equal(labels.under((1, size)))
        other = 1.0 - same
        if self.remove_diagonal:
            numbers = g.emit(Range(size))
            same = same * numbers.under((size, 1)).not_equal(numbers)
        pull = -self.gamma * (distance + self.margin).maximum(0.0) * (self.margin - distance)
        push = self.gamma * (1.0 + self.margin - distance).maximum(0.0) * (1.0 - self.margin - distance)
        both = _log_sum(same, pull) + _log_sum(other, push)
        losses = both.softplus().under((None,))
        g.masks.set(losses, losses.greater(0.0))
        return losses

    def _unbatched(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor]:
        """Labels (N,) and predictions (N, features) in shapes that say what N is."""
        if y_pred.rank != 2 or y_true.type.size != 1:
            raise ShapeError(f"Circle takes a label and a vector per sample, found {y_true.type} and {y_pred.type}")
        if g.batch_size is None:
            raise ShapeError(
                "Circle compares every sample of a batch with every other, and the batch has no fixed size",
                "fix the batch size of the model's inputs",
            )
        labels = truncate(y_true).under((g.batch_size,))
        return labels, y_pred.under((g.batch_size, *y_pred.dims))


def _log_sum(counts: Tensor, x: Tensor) -> Tensor:
    """``log Σ exp(x)`` along the last axis, over what counts."""
    x = where(counts, x, _NEVER)
    most = x.max((1,), keepdims=True)
    total = (x - most).exp().sum((1,), keepdims=True)
    return total.log() + most

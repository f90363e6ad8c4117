"""Circle: a loss of embeddings, which compares every sample of a batch with every other."""

from __future__ import annotations

from modelc.config.options import FiniteFloat
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.arithmetic import add, at_least, multiply, reduce, reshape, scale, select, subtract
from modelc.layers.emit import binary, constant, truncate, unary
from modelc.losses.loss import Loss
from modelc.ops.constant import Range
from modelc.ops.matmul import MatMul
from modelc.ops.shape import Transpose

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

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """The loss of each sample against the others."""
        labels, p = self._unbatched(g, y_true, y_pred)
        size = p.type.dims[0]
        distance = at_least(g, scale(g, g.emit(MatMul(), p, g.emit(Transpose((1, 0)), p)), -1.0, 1.0), 0.0)
        same = binary(g, "equal", reshape(g, labels, (size, 1)), reshape(g, labels, (1, size)))
        other = scale(g, same, -1.0, 1.0)
        if self.remove_diagonal:
            numbers = g.emit(Range(size))
            same = multiply(g, same, binary(g, "not_equal", reshape(g, numbers, (size, 1)), numbers))
        pull = multiply(
            g,
            scale(g, at_least(g, scale(g, distance, 1.0, self.margin), 0.0), -self.gamma),
            scale(g, distance, -1.0, self.margin),
        )
        push = multiply(
            g,
            scale(g, at_least(g, scale(g, distance, -1.0, 1.0 + self.margin), 0.0), self.gamma),
            scale(g, distance, -1.0, 1.0 - self.margin),
        )
        both = add(g, _log_sum(g, same, pull), _log_sum(g, other, push))
        losses = reshape(g, unary(g, "softplus", both), (None,))
        g.set_mask(losses, binary(g, "greater", losses, constant(g, 0.0)))
        return losses

    def _unbatched(self, g: Builder, y_true: Value, y_pred: Value) -> tuple[Value, Value]:
        """Labels (N,) and predictions (N, features) in shapes that say what N is."""
        if y_pred.type.rank != 2 or y_true.type.size != 1:
            raise ShapeError(f"Circle takes a label and a vector per sample, found {y_true.type} and {y_pred.type}")
        if g.batch_size is None:
            raise ShapeError(
                "Circle compares every sample of a batch with every other, and the batch has no fixed size",
                "fix the batch size of the model's inputs",
            )
        labels = reshape(g, truncate(g, y_true), (g.batch_size,))
        return labels, reshape(g, y_pred, (g.batch_size, *y_pred.type.dims))


def _log_sum(g: Builder, counts: Value, x: Value) -> Value:
    """``log Σ exp(x)`` along the last axis, over what counts."""
    x = select(g, counts, x, constant(g, _NEVER))
    most = reduce(g, "max", x, (1,), keep=True)
    total = reduce(g, "sum", unary(g, "exponential", subtract(g, x, most)), (1,), keep=True)
    return add(g, unary(g, "log", total), most)

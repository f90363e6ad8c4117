"""Cross-entropies that count the samples less that are predicted well already."""

from __future__ import annotations

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.arithmetic import add, multiply, power, reduce, require_same_shape, scale
from modelc.layers.emit import as_float, sample_axes, unary
from modelc.losses.loss import Loss
from modelc.losses.probability import binary_crossentropy, shares, smooth_binary, smooth_categorical
from modelc.ops.softmax import Softmax
from modelc.options import FiniteFloat, NonNegativeFloat, Rate


class BinaryFocalCrossentropy(Loss):
    """A cross-entropy of two classes in which samples that are predicted well count less.

    ``mean w·(1 - p_t)^gamma·BinaryCrossentropy``, ``p_t = y·p + (1 - y)·(1 - p)``, w = 1 or, with class balancing,
    ``alpha·y + (1 - alpha)·(1 - y)`` (Lin et al., 2017).
    """

    apply_class_balancing: bool = False
    """Whether the two classes are weighted: class 1 by `alpha`, class 0 by 1 - `alpha`."""
    alpha: FiniteFloat = 0.25
    """The weight of class 1, between 0 and 1, where classes are weighted."""
    gamma: NonNegativeFloat = 2.0
    """The exponent that makes well predicted samples count less: 0 for the plain cross-entropy, 2 is common."""
    from_logits: bool = False
    """Whether the predictions are logits, numbers without bounds, which the loss turns into probabilities by a sigmoid.
    Leave it false for a model that ends with `sigmoid`."""
    label_smoothing: Rate = 0.0
    """The share s by which labels are moved towards 1/2, so that the model gets less sure of itself: ``y·(1 - s) +
    s/2``. 0 leaves them."""
    axis: int = -1
    """The axis over which the mean is taken; -1 is the last."""
    name: str = "binary_focal_crossentropy"
    """The name of the loss in reports and logs."""

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """The mean of the weighted cross-entropies."""
        y = smooth_binary(g, as_float(g, y_true), self.label_smoothing)
        require_same_shape(y, y_pred, type(self).__name__)
        p = unary(g, "sigmoid", y_pred) if self.from_logits else y_pred
        other = scale(g, y, -1.0, 1.0)
        right = add(g, multiply(g, y, p), multiply(g, other, scale(g, p, -1.0, 1.0)))
        focus = power(g, scale(g, right, -1.0, 1.0), self.gamma)
        terms = multiply(g, focus, binary_crossentropy(g, y, p, from_logits=False))
        if self.apply_class_balancing:
            terms = multiply(g, add(g, scale(g, y, self.alpha), scale(g, other, 1 - self.alpha)), terms)
        return reduce(g, "mean", terms, sample_axes(self.axis, y_pred.type.rank))


class CategoricalFocalCrossentropy(Loss):
    """A cross-entropy of several classes, for one-hot labels, in which samples that are predicted well count less.

    ``-Σ alpha·(1 - p)^gamma·y·log(p)`` along `axis`, p scaled to a sum of 1 and kept in [1e-7, 1 - 1e-7]
    (Lin et al., 2017).
    """

    alpha: FiniteFloat = 0.25
    """A factor of the loss, one for all classes."""
    gamma: NonNegativeFloat = 2.0
    """The exponent that makes well predicted samples count less: 0 for the plain cross-entropy, 2 is common."""
    from_logits: bool = False
    """Whether the predictions are logits, numbers without bounds, which the loss turns into probabilities by a softmax.
    Leave it false for a model that ends with `softmax`."""
    label_smoothing: Rate = 0.0
    """The share s by which labels are moved towards 1/n for n classes, so that the model gets less sure of itself:
    ``y·(1 - s) + s/n``. 0 leaves them."""
    axis: int = -1
    """The axis of the predictions along which the classes lie; -1 is the last."""
    name: str = "categorical_focal_crossentropy"
    """The name of the loss in reports and logs."""

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """The sum over the classes."""
        y = smooth_categorical(g, as_float(g, y_true), self.label_smoothing)
        require_same_shape(y, y_pred, type(self).__name__)
        (axis,) = sample_axes(self.axis, y_pred.type.rank)
        p = shares(g, g.emit(Softmax("softmax", axis), y_pred) if self.from_logits else y_pred, axis)
        focus = power(g, scale(g, p, -1.0, 1.0), self.gamma)
        terms = multiply(g, scale(g, focus, -self.alpha), y, unary(g, "log", p))
        return reduce(g, "sum", terms, (axis,))

"""Cross-entropies that count the samples less that are predicted well already."""

from __future__ import annotations

from modelc.config.options import FiniteFloat, NonNegativeFloat, Rate
from modelc.graph.axes import sample_axes
from modelc.graph.builder import Builder
from modelc.graph.formulas import require_same_shape
from modelc.graph.tensor import Tensor
from modelc.losses.loss import Loss
from modelc.losses.probability import binary_crossentropy, shares, smooth_binary, smooth_categorical


class BinaryFocalCrossentropy(Loss):
    """Binary cross-entropy that down-weights well-classified samples.

    ``mean w·(1 - p_t)^gamma·BinaryCrossentropy``, ``p_t = y·p + (1 - y)·(1 - p)``, w = 1 or, with class balancing,
    ``alpha·y + (1 - alpha)·(1 - y)`` (Lin et al., 2017).
    """

    apply_class_balancing: bool = False
    """Whether class 1 is weighted by `alpha` and class 0 by 1 - `alpha`."""
    alpha: FiniteFloat = 0.25
    """The weight of class 1, between 0 and 1, used with `apply_class_balancing`."""
    gamma: NonNegativeFloat = 2.0
    """The focusing exponent: the larger, the less well-classified samples count. 0 gives the plain cross-entropy."""
    from_logits: bool = False
    """Whether the predictions are logits, to which the loss applies a sigmoid. Keep false for a model that ends with
    `sigmoid`."""
    label_smoothing: Rate = 0.0
    """The label smoothing s, which moves labels towards 1/2: ``y·(1 - s) + s/2``; 0 for none."""
    axis: int = -1
    """The axis over which the mean is computed; -1 is the last."""
    name: str = "binary_focal_crossentropy"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The mean of the weighted cross-entropies."""
        y = smooth_binary(y_true.as_float(), self.label_smoothing)
        require_same_shape(y, y_pred, type(self).__name__)
        p = y_pred.sigmoid() if self.from_logits else y_pred
        other = 1.0 - y
        right = y * p + other * (1.0 - p)
        focus = (1.0 - right) ** self.gamma
        terms = focus * binary_crossentropy(y, p, from_logits=False)
        if self.apply_class_balancing:
            terms = (self.alpha * y + other * (1 - self.alpha)) * terms
        return terms.mean(sample_axes(self.axis, y_pred.rank))


class CategoricalFocalCrossentropy(Loss):
    """Categorical cross-entropy for one-hot labels that down-weights well-classified samples.

    ``-Σ alpha·(1 - p)^gamma·y·log(p)`` along `axis`, p normalized to a sum of 1 and clipped to [1e-7, 1 - 1e-7] (Lin et
    al., 2017).
    """

    alpha: FiniteFloat = 0.25
    """A factor of the loss, the same for all classes."""
    gamma: NonNegativeFloat = 2.0
    """The exponent that makes well predicted samples count less: 0 for the plain cross-entropy, 2 is common."""
    from_logits: bool = False
    """Whether the predictions are logits, to which the loss applies a softmax. Keep false for a model that ends with
    `softmax`."""
    label_smoothing: Rate = 0.0
    """The label smoothing s, which moves labels towards 1/n for n classes: ``y·(1 - s) + s/n``; 0 for none."""
    axis: int = -1
    """The class axis of the predictions; -1 is the last."""
    name: str = "categorical_focal_crossentropy"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The sum over the classes."""
        require_same_shape(y_true, y_pred, type(self).__name__)
        (axis,) = sample_axes(self.axis, y_pred.rank)
        y = smooth_categorical(y_true.as_float(), self.label_smoothing)
        p = shares(y_pred.softmax(axis) if self.from_logits else y_pred, axis)
        focus = (1.0 - p) ** self.gamma
        terms = -self.alpha * focus * y * p.log()
        return terms.sum((axis,))

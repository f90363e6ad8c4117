"""Losses of probabilities p, or of what softmax or sigmoid would make probabilities of (logits)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from modelc.config.options import Rate
from modelc.errors import ShapeError
from modelc.graph.axes import resolve_axes, sample_axes
from modelc.graph.builder import Builder
from modelc.graph.formulas import EPSILON, last_axis, move_to_end, require_same_shape, truncate
from modelc.graph.tensor import Tensor, where
from modelc.graph.types import Shape, format_shape
from modelc.layers.preprocessing.encode import one_hot
from modelc.losses.labels import ClassNumbers
from modelc.losses.loss import Loss
from modelc.ops.softmax import Softmax


class KLDivergence(Loss):
    """Kullback-Leibler divergence from the predicted distribution to the labels.

    ``Σ y·log(y / p)``, both clipped to [1e-7, 1] (Kullback and Leibler, 1951).
    """

    aliases = ("kld", "KLD")

    name: str = "kl_divergence"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The sum over the last axis."""
        y, p = (x.clip(EPSILON, 1.0) for x in (y_true.as_float(), y_pred))
        terms = y * (y / p).log()
        return terms.sum(resolve_axes(-1, terms.rank))


class Poisson(Loss):
    """Poisson loss, for predicted counts.

    ``mean p - y·log(p + 1e-7)``: the negative log-likelihood of a Poisson distribution of mean p, without the terms of
    y alone.
    """

    elementwise = True

    name: str = "poisson"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The mean over the last axis."""
        logarithm = (y_pred + EPSILON).log()
        terms = y_pred - y_true.as_float() * logarithm
        return terms.mean(resolve_axes(-1, terms.rank))


class BinaryCrossentropy(Loss):
    """Binary cross-entropy for labels 0 and 1 (one or several per sample) and predicted probabilities p.

    ``mean -y·log(p) - (1 - y)·log(1 - p)`` along `axis`, p clipped to [1e-7, 1 - 1e-7].
    """

    aliases = ("bce", "BCE")

    from_logits: bool = False
    """Whether the predictions are logits, to which the loss applies a sigmoid. Keep false for a model that ends with
    `sigmoid`."""
    label_smoothing: Rate = 0.0
    """The label smoothing s, which moves labels towards 1/2: ``y·(1 - s) + s/2``; 0 for none."""
    axis: int = -1
    """The axis over which the mean is computed; -1 is the last."""
    name: str = "binary_crossentropy"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The mean of the cross-entropies."""
        y = smooth_binary(y_true.as_float(), self.label_smoothing)
        require_same_shape(y, y_pred, type(self).__name__)
        terms = binary_crossentropy(y, y_pred, from_logits=self.from_logits)
        return terms.mean(sample_axes(self.axis, y_pred.rank))


class CategoricalCrossentropy(Loss):
    """Categorical cross-entropy for one-hot labels y and predicted probabilities p.

    ``-Σ y·log(p / Σ p)`` along `axis`, the quotient clipped to [1e-7, 1 - 1e-7].
    """

    from_logits: bool = False
    """Whether the predictions are logits, to which the loss applies a softmax. Keep false for a model that ends with
    `softmax`."""
    label_smoothing: Rate = 0.0
    """The label smoothing s, which moves labels towards 1/n for n classes: ``y·(1 - s) + s/n``; 0 for none."""
    axis: int = -1
    """The class axis of the predictions; -1 is the last."""
    name: str = "categorical_crossentropy"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The sum over the classes."""
        require_same_shape(y_true, y_pred, type(self).__name__)
        (axis,) = sample_axes(self.axis, y_pred.rank)
        y = smooth_categorical(y_true.as_float(), self.label_smoothing)
        return crossentropy(y, y_pred, axis, from_logits=self.from_logits)


class SparseCategoricalCrossentropy(Loss):
    """Categorical cross-entropy for integer labels (class indices 0, 1, 2, …) and predicted probabilities p.

    ``-log(p[y] / Σ p)``, the quotient clipped to [1e-7, 1 - 1e-7].

    The loss of a label outside of the classes is 0.
    """

    order: ClassVar[str] = "from_logits ignore_class reduction axis name dtype"

    from_logits: bool = False
    """Whether the predictions are logits, to which the loss applies a softmax. Keep false for a model that ends with
    `softmax`."""
    ignore_class: int | None = None
    """A label whose samples, or positions in a sample, are ignored, such as 255 in segmentation masks; null for
    none."""
    axis: int = -1
    """The class axis of the predictions; -1 is the last."""
    name: str = "sparse_categorical_crossentropy"
    """The name of the loss in logs."""

    def classes(self, predictions: Shape) -> ClassNumbers | None:
        """One for each prediction of a sample."""
        return ClassNumbers(predictions[-1] or 1, self.ignore_class) if len(predictions) == 2 else None

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The cross-entropy with one-hot labels; where a class is ignored, the mask says where."""
        (axis,) = sample_axes(self.axis, y_pred.rank)
        p = move_to_end(y_pred, axis)
        y = _class_numbers(y_true, p, axis)
        counts = None
        if self.ignore_class is not None:
            counts = y.not_equal(self.ignore_class)
            # Selected before the logarithm, so that a row that does not count may hold anything.
            p = where(last_axis(counts), p, 0.0 if self.from_logits else 1.0)
        labels = one_hot(truncate(y), p.dims[-1])
        losses = crossentropy(labels, p, p.rank - 1, from_logits=self.from_logits)
        if counts is not None:
            losses = where(counts, losses, 0.0)
            g.masks.set(losses, counts)
        return losses


class CategoricalGeneralizedCrossEntropy(Loss):
    """Cross-entropy for integer labels that is robust against wrong labels.

    ``(1 - p[y]^q) / q`` for class indices y (Zhang and Sabuncu, 2018): between the cross-entropy, for q → 0, and the
    absolute error, for q → 1.
    """

    q: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """The exponent, between 0 and 1: near 0 the loss is close to the cross-entropy, at 1 it is the absolute error,
    which is more robust against wrong labels."""
    name: str = "categorical_generalized_cross_entropy"
    """The name of the loss in logs."""

    def classes(self, predictions: Shape) -> ClassNumbers | None:
        """One for each prediction of a sample."""
        return ClassNumbers(predictions[-1] or 1) if len(predictions) == 2 else None

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """A power of the probability of the labelled class."""
        (last,) = sample_axes(-1, y_pred.rank)
        labels = one_hot(truncate(_class_numbers(y_true, y_pred, last)), y_pred.dims[-1])
        probability = (y_pred * labels).sum((last,))
        return probability**self.q * (-1.0 / self.q) + 1.0 / self.q


def smooth_binary(y: Tensor, smoothing: float) -> Tensor:
    """``y·(1 - s) + s/2``."""
    return y * (1.0 - smoothing) + 0.5 * smoothing if smoothing else y


def smooth_categorical(y: Tensor, smoothing: float) -> Tensor:
    """``y·(1 - s) + s/n``, n the extent of the last axis."""
    return y * (1.0 - smoothing) + smoothing / y.dims[-1] if smoothing else y


def binary_crossentropy(y: Tensor, p: Tensor, *, from_logits: bool) -> Tensor:
    """``-y·log(p) - (1 - y)·log(1 - p)``, for each element."""
    other = 1.0 - y
    if from_logits:
        logs = (p.f("log_sigmoid"), (-p).f("log_sigmoid"))
    else:
        p = p.clip(EPSILON, 1.0 - EPSILON)
        logs = (p.log(), (1.0 - p).log())
    return -(y * logs[0] + other * logs[1])


def crossentropy(y: Tensor, p: Tensor, axis: int, *, from_logits: bool) -> Tensor:
    """``-Σ y·log(p)`` along the axis, p scaled to a sum of 1 or made by a softmax."""
    log = p.emit(Softmax("log_softmax", axis)) if from_logits else shares(p, axis).log()
    return -(y * log).sum((axis,))


def shares(p: Tensor, axis: int) -> Tensor:
    """``p / Σ p`` along the axis, kept in [1e-7, 1 - 1e-7]."""
    return (p / p.sum((axis,), keepdims=True)).clip(EPSILON, 1.0 - EPSILON)


def _class_numbers(y: Tensor, p: Tensor, axis: int) -> Tensor:
    """Labels in the shape of p, whose classes stand last, without the classes. Raises `ShapeError`."""
    wanted = p.shape[:-1]
    shape = y.shape
    if len(shape) == p.rank and shape[axis] == 1:
        y = y.under(wanted) if (*shape[:axis], *shape[axis + 1 :]) == wanted else y
    if y.shape != wanted:
        raise ShapeError(
            f"labels that are numbers of classes have the shape {format_shape(wanted)}, found {format_shape(shape)}",
            "for one-hot labels there is CategoricalCrossentropy",
        )
    return y.as_float()

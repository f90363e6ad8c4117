# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The losses, by Keras's names."""

from collections.abc import Sequence
from typing import Any, Literal

from modelc.losses.loss import Loss as Loss


class MeanSquaredError(Loss):
    r"""The mean of the squared differences between labels y and predictions p: ``mean (y - p)²``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_squared_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsoluteError(Loss):
    r"""The mean of the absolute differences between labels y and predictions p: ``mean |y - p|``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_absolute_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsolutePercentageError(Loss):
    r"""The mean of the differences as percentages of the labels: ``100·mean |y - p| / max(|y|, 1e-7)``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_absolute_percentage_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanSquaredLogarithmicError(Loss):
    r"""The mean of the squared differences of logarithms, for values of very different sizes.

    ``mean (log(max(y, 1e-7) + 1) - log(max(p, 1e-7) + 1))²``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_squared_logarithmic_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CosineSimilarity(Loss):
    r"""The negative cosine of the angle between labels and predictions: their lengths do not matter.

    ``-Σ y·p / (‖y‖·‖p‖)`` along `axis`: -1 where they point the same way, 1 where opposite ways.

    Args:
        axis: The axis along which the vectors lie; -1 is the last.
    """

    def __init__(
        self,
        axis: int = -1,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'cosine_similarity',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Huber(Loss):
    r"""Squared for small differences and linear for large ones, so that outliers count less.

    ``mean h``, ``h = (y - p)²/2`` where ``|y - p| ≤ delta``, else ``delta·|y - p| - delta²/2`` (Huber, 1964).

    Args:
        delta: The difference at which the loss goes over from a square to a line.
    """

    def __init__(
        self,
        delta: float = 1.0,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'huber_loss',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def delta(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class LogCosh(Loss):
    r"""The logarithm of the hyperbolic cosine of the difference: squared for small ones, nearly linear for large ones.

    ``mean log cosh(p - y)``, computed as ``d + softplus(-2d) - log 2`` for ``d = p - y``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'log_cosh',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Hinge(Loss):
    r"""The hinge loss of two classes, as support vector machines have it.

    ``mean max(1 - y·p, 0)`` for labels of -1 and 1; where all of a batch are 0 and 1, they are meant for those.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SquaredHinge(Loss):
    r"""The squared hinge loss of two classes.

    ``mean max(1 - y·p, 0)²`` for labels of -1 and 1, or of 0 and 1, as in Hinge.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'squared_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalHinge(Loss):
    r"""The hinge loss of several classes: the right class is to be ahead of all others by 1.

    ``max(1 + max (1 - y)·p - Σ y·p, 0)`` for labels y that are one-hot.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'categorical_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class KLDivergence(Loss):
    r"""The Kullback-Leibler divergence of the predicted distribution from that of the labels.

    ``Σ y·log(y / p)``, both kept in [1e-7, 1] (Kullback and Leibler, 1951).
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'kl_divergence',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Poisson(Loss):
    r"""The loss of predicted counts: that of a Poisson distribution with the prediction as its mean.

    ``mean p - y·log(p + 1e-7)``: the negative logarithm of a Poisson likelihood, but for what y alone makes.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'poisson',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class BinaryCrossentropy(Loss):
    r"""The cross-entropy of two classes, or of several yes-or-no labels: labels of 0 and 1, predictions p from a
    sigmoid.

    ``mean -y·log(p) - (1 - y)·log(1 - p)`` along `axis`, p kept in [1e-7, 1 - 1e-7].

    Args:
        from_logits: Whether the predictions are logits, numbers without bounds, which the loss turns into
            probabilities by a sigmoid. Leave it false for a model that ends with `sigmoid`.
        label_smoothing: The share s by which labels are moved towards 1/2, so that the model gets less sure of
            itself: ``y·(1 - s) + s/2``. 0 leaves them.
        axis: The axis over which the mean is taken; -1 is the last.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'binary_crossentropy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def from_logits(self) -> bool: ...
    @property
    def label_smoothing(self) -> float: ...
    @property
    def axis(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalCrossentropy(Loss):
    r"""The cross-entropy of several classes for one-hot labels y, predictions p from a softmax.

    ``-Σ y·log(p / Σ p)`` along `axis`, the quotient kept in [1e-7, 1 - 1e-7].

    Args:
        from_logits: Whether the predictions are logits, numbers without bounds, which the loss turns into
            probabilities by a softmax. Leave it false for a model that ends with `softmax`.
        label_smoothing: The share s by which labels are moved towards 1/n for n classes, so that the model gets
            less sure of itself: ``y·(1 - s) + s/n``. 0 leaves them.
        axis: The axis of the predictions along which the classes lie; -1 is the last.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'categorical_crossentropy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def from_logits(self) -> bool: ...
    @property
    def label_smoothing(self) -> float: ...
    @property
    def axis(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SparseCategoricalCrossentropy(Loss):
    r"""The cross-entropy of several classes for labels that are the numbers of classes, 0, 1, 2, …, predictions p from a
    softmax.

    ``-log(p[y] / Σ p)`` for labels y that are the numbers of classes, the quotient kept in [1e-7, 1 - 1e-7].

    A label that is the number of no class costs nothing.

    Args:
        from_logits: Whether the predictions are logits, numbers without bounds, which the loss turns into
            probabilities by a softmax. Leave it false for a model that ends with `softmax`.
        ignore_class: A label that means that a sample, or a place of it, does not count, such as 255 in masks of
            segmentation; null for none.
        axis: The axis of the predictions along which the classes lie; -1 is the last.
    """

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        axis: int = -1,
        name: str = 'sparse_categorical_crossentropy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def from_logits(self) -> bool: ...
    @property
    def ignore_class(self) -> int | None: ...
    @property
    def axis(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalGeneralizedCrossEntropy(Loss):
    r"""A cross-entropy that suffers less from wrong labels.

    ``(1 - p[y]^q) / q`` for labels y that are the numbers of classes (Zhang and Sabuncu, 2018): between the
    cross-entropy, for q → 0, and the absolute error, for q → 1.

    Args:
        q: The exponent, between 0 and 1: towards 0 the loss becomes the cross-entropy, at 1 the absolute error,
            which suffers less from wrong labels.
    """

    def __init__(
        self,
        q: float = 0.5,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'categorical_generalized_cross_entropy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def q(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class BinaryFocalCrossentropy(Loss):
    r"""A cross-entropy of two classes in which samples that are predicted well count less.

    ``mean w·(1 - p_t)^gamma·BinaryCrossentropy``, ``p_t = y·p + (1 - y)·(1 - p)``, w = 1 or, with class balancing,
    ``alpha·y + (1 - alpha)·(1 - y)`` (Lin et al., 2017).

    Args:
        apply_class_balancing: Whether the two classes are weighted: class 1 by `alpha`, class 0 by 1 - `alpha`.
        alpha: The weight of class 1, between 0 and 1, where classes are weighted.
        gamma: The exponent that makes well predicted samples count less: 0 for the plain cross-entropy, 2 is
            common.
        from_logits: Whether the predictions are logits, numbers without bounds, which the loss turns into
            probabilities by a sigmoid. Leave it false for a model that ends with `sigmoid`.
        label_smoothing: The share s by which labels are moved towards 1/2, so that the model gets less sure of
            itself: ``y·(1 - s) + s/2``. 0 leaves them.
        axis: The axis over which the mean is taken; -1 is the last.
    """

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'binary_focal_crossentropy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def apply_class_balancing(self) -> bool: ...
    @property
    def alpha(self) -> float: ...
    @property
    def gamma(self) -> float: ...
    @property
    def from_logits(self) -> bool: ...
    @property
    def label_smoothing(self) -> float: ...
    @property
    def axis(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalFocalCrossentropy(Loss):
    r"""A cross-entropy of several classes, for one-hot labels, in which samples that are predicted well count less.

    ``-Σ alpha·(1 - p)^gamma·y·log(p)`` along `axis`, p scaled to a sum of 1 and kept in [1e-7, 1 - 1e-7]
    (Lin et al., 2017).

    Args:
        alpha: A factor of the loss, one for all classes.
        gamma: The exponent that makes well predicted samples count less: 0 for the plain cross-entropy, 2 is
            common.
        from_logits: Whether the predictions are logits, numbers without bounds, which the loss turns into
            probabilities by a softmax. Leave it false for a model that ends with `softmax`.
        label_smoothing: The share s by which labels are moved towards 1/n for n classes, so that the model gets
            less sure of itself: ``y·(1 - s) + s/n``. 0 leaves them.
        axis: The axis of the predictions along which the classes lie; -1 is the last.
    """

    def __init__(
        self,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'categorical_focal_crossentropy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def alpha(self) -> float: ...
    @property
    def gamma(self) -> float: ...
    @property
    def from_logits(self) -> bool: ...
    @property
    def label_smoothing(self) -> float: ...
    @property
    def axis(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Dice(Loss):
    r"""One minus the overlap of labels and predictions, for masks of segmentation.

    ``1 - 2·Σ y·p / (Σ y + Σ p + 1e-7)``, the sums over `axis`, or over all of the batch (Dice, 1945).

    Args:
        axis: The axes that the sums run over; by default all of them, that of the batch too: the whole batch has
            one loss.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'dice',
        axis: int | Sequence[int] | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Tversky(Loss):
    r"""One minus an overlap in which missed and false places have weights of their own, for masks of segmentation.

    ``1 - o / (o + alpha·Σ y·(1 - p) + beta·Σ (1 - y)·p + 1e-7)``, ``o = Σ y·p``, the sums over `axis`, or over all
    of the batch (Salehi et al., 2017).

    Args:
        alpha: The weight of what the labels have and the predictions miss.
        beta: The weight of what the predictions have and the labels do not.
        axis: The axes that the sums run over; by default all of them, that of the batch too: the whole batch has
            one loss.
    """

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'tversky',
        axis: int | Sequence[int] | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def alpha(self) -> float: ...
    @property
    def beta(self) -> float: ...
    @property
    def axis(self) -> int | tuple[int, ...] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Circle(Loss):
    r"""``softplus(L⁺ + L⁻)`` for embeddings p of length 1 and the numbers y of their classes (Sun et al., 2020).

    With the distances ``d = max(1 - p·pᵀ, 0)`` from a sample to the others of the batch, and m the margin:
    ``L⁺ = log Σ exp(-gamma·max(m + d, 0)·(m - d))`` over those of its class and
    ``L⁻ = log Σ exp(gamma·max(1 + m - d, 0)·(1 - m - d))`` over those of other classes. A sample whose loss is 0
    does not count in a mean. The batch must have a fixed size.

    Args:
        gamma: The scale of all similarities: a larger one makes the loss look more at the hardest pairs.
        margin: The margin by which samples of one class are to be closer than samples of different classes.
        remove_diagonal: Whether the comparison of each sample with itself is left out.
    """

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'circle',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def gamma(self) -> float: ...
    @property
    def margin(self) -> float: ...
    @property
    def remove_diagonal(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CTC(Loss):
    r"""``-log P(y | p)``: the probability that labels y are what is left of a path through the predictions' classes
    when repetitions and then blanks, which are class 0, are taken out (Graves et al., 2006).

    Labels are (N, labels) of class numbers, filled up with 0 at the end; predictions are logits (N, steps, classes).
    The graph has some 30 ops for each step.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'ctc',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

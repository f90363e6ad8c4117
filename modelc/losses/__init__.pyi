# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The losses, by Keras's names."""

from collections.abc import Sequence
from typing import Any, Literal

from modelc.config.registry import Registry as Registry
from modelc.losses.loss import Loss

LOSSES: Registry[Loss]


class BinaryCrossentropy(Loss):
    r"""Binary cross-entropy for labels 0 and 1 (one or several per sample) and predicted probabilities p.

    ``mean -y·log(p) - (1 - y)·log(1 - p)`` along `axis`, p clipped to [1e-7, 1 - 1e-7].

    Args:
        from_logits: Whether the predictions are logits, to which the loss applies a sigmoid. Keep false for a
            model that ends with `sigmoid`.
        label_smoothing: The label smoothing s, which moves labels towards 1/2: ``y·(1 - s) + s/2``; 0 for none.
        axis: The axis over which the mean is computed; -1 is the last.
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

class BinaryFocalCrossentropy(Loss):
    r"""Binary cross-entropy that down-weights well-classified samples.

    ``mean w·(1 - p_t)^gamma·BinaryCrossentropy``, ``p_t = y·p + (1 - y)·(1 - p)``, w = 1 or, with class balancing,
    ``alpha·y + (1 - alpha)·(1 - y)`` (Lin et al., 2017).

    Args:
        apply_class_balancing: Whether class 1 is weighted by `alpha` and class 0 by 1 - `alpha`.
        alpha: The weight of class 1, between 0 and 1, used with `apply_class_balancing`.
        gamma: The focusing exponent: the larger, the less well-classified samples count. 0 gives the plain cross-
            entropy.
        from_logits: Whether the predictions are logits, to which the loss applies a sigmoid. Keep false for a
            model that ends with `sigmoid`.
        label_smoothing: The label smoothing s, which moves labels towards 1/2: ``y·(1 - s) + s/2``; 0 for none.
        axis: The axis over which the mean is computed; -1 is the last.
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

class CTC(Loss):
    r"""Connectionist temporal classification: ``-log P(y | p)``, the probability of all paths through the predicted
    classes that become the labels y when repetitions and then blanks (class 0) are removed (Graves et al., 2006).

    Labels are class indices (N, labels), padded with 0 at the end; predictions are logits (N, steps, classes).
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'ctc',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalCrossentropy(Loss):
    r"""Categorical cross-entropy for one-hot labels y and predicted probabilities p.

    ``-Σ y·log(p / Σ p)`` along `axis`, the quotient clipped to [1e-7, 1 - 1e-7].

    Args:
        from_logits: Whether the predictions are logits, to which the loss applies a softmax. Keep false for a
            model that ends with `softmax`.
        label_smoothing: The label smoothing s, which moves labels towards 1/n for n classes: ``y·(1 - s) + s/n``;
            0 for none.
        axis: The class axis of the predictions; -1 is the last.
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

class CategoricalFocalCrossentropy(Loss):
    r"""Categorical cross-entropy for one-hot labels that down-weights well-classified samples.

    ``-Σ alpha·(1 - p)^gamma·y·log(p)`` along `axis`, p normalized to a sum of 1 and clipped to [1e-7, 1 - 1e-7] (Lin et
    al., 2017).

    Args:
        alpha: A factor of the loss, the same for all classes.
        gamma: The exponent that makes well predicted samples count less: 0 for the plain cross-entropy, 2 is
            common.
        from_logits: Whether the predictions are logits, to which the loss applies a softmax. Keep false for a
            model that ends with `softmax`.
        label_smoothing: The label smoothing s, which moves labels towards 1/n for n classes: ``y·(1 - s) + s/n``;
            0 for none.
        axis: The class axis of the predictions; -1 is the last.
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

class CategoricalGeneralizedCrossEntropy(Loss):
    r"""Cross-entropy for integer labels that is robust against wrong labels.

    ``(1 - p[y]^q) / q`` for class indices y (Zhang and Sabuncu, 2018): between the cross-entropy, for q → 0, and the
    absolute error, for q → 1.

    Args:
        q: The exponent, between 0 and 1: near 0 the loss is close to the cross-entropy, at 1 it is the absolute
            error, which is more robust against wrong labels.
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

class CategoricalHinge(Loss):
    r"""Hinge loss for several classes: the score of the true class must exceed all others by 1.

    ``max(1 + max (1 - y)·p - Σ y·p, 0)`` for one-hot labels y.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'categorical_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Circle(Loss):
    r"""Circle loss: ``softplus(L⁺ + L⁻)`` for embeddings p of length 1 and integer class labels y (Sun et al., 2020).

    With the distances ``d = max(1 - p·pᵀ, 0)`` from a sample to the others of the batch and the margin m: ``L⁺ = log Σ
    exp(-gamma·max(m + d, 0)·(m - d))`` over samples of its class and ``L⁻ = log Σ exp(gamma·max(1 + m - d, 0)·(1 - m -
    d))`` over samples of other classes. A sample whose loss is 0 is excluded from the mean. The batch size must be
    fixed.

    Args:
        gamma: The scale of the similarities; a larger value puts more weight on the hardest pairs.
        margin: The margin by which samples of the same class must be more similar than samples of different
            classes.
        remove_diagonal: Whether to exclude the comparison of each sample with itself.
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

class CosineSimilarity(Loss):
    r"""Negative cosine similarity of labels and predictions.

    ``-Σ y·p / (‖y‖·‖p‖)`` along `axis`: -1 for the same direction, 1 for opposite directions.

    Args:
        axis: The axis of the vectors; -1 is the last.
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

class Dice(Loss):
    r"""Dice loss for segmentation masks: one minus the overlap of labels and predictions.

    ``1 - 2·Σ y·p / (Σ y + Σ p + 1e-7)``, summed over `axis`, by default over the whole batch (Dice, 1945).

    Args:
        axis: The axes to sum over. By default all axes, including the batch axis: one loss for the whole batch.
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

class Hinge(Loss):
    r"""Hinge loss for binary labels.

    ``mean max(1 - y·p, 0)`` for labels -1 and 1; if all labels of a batch are 0 or 1, they are converted to -1 and 1.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Huber(Loss):
    r"""Huber loss: quadratic for small errors and linear for large ones, so that outliers count less.

    ``mean h``, ``h = (y - p)²/2`` if ``|y - p| ≤ delta``, else ``delta·|y - p| - delta²/2`` (Huber, 1964).

    Args:
        delta: The absolute error at which the loss changes from quadratic to linear.
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

class KLDivergence(Loss):
    r"""Kullback-Leibler divergence from the predicted distribution to the labels.

    ``Σ y·log(y / p)``, both clipped to [1e-7, 1] (Kullback and Leibler, 1951).
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'kl_divergence',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class LogCosh(Loss):
    r"""Logarithm of the hyperbolic cosine of the error: about quadratic for small errors and linear for large ones.

    ``mean log cosh(p - y)``, computed as ``d + softplus(-2d) - log 2`` with ``d = p - y``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'log_cosh',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsoluteError(Loss):
    r"""Mean absolute error of labels y and predictions p: ``mean |y - p|``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_absolute_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsolutePercentageError(Loss):
    r"""Mean absolute percentage error: ``100·mean |y - p| / max(|y|, 1e-7)``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_absolute_percentage_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanSquaredError(Loss):
    r"""Mean squared error of labels y and predictions p: ``mean (y - p)²``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_squared_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanSquaredLogarithmicError(Loss):
    r"""Mean squared logarithmic error, for values of very different magnitudes.

    ``mean (log(max(y, 1e-7) + 1) - log(max(p, 1e-7) + 1))²``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_squared_logarithmic_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Poisson(Loss):
    r"""Poisson loss, for predicted counts.

    ``mean p - y·log(p + 1e-7)``: the negative log-likelihood of a Poisson distribution of mean p, without the terms of
    y alone.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'poisson',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SparseCategoricalCrossentropy(Loss):
    r"""Categorical cross-entropy for integer labels (class indices 0, 1, 2, …) and predicted probabilities p.

    ``-log(p[y] / Σ p)``, the quotient clipped to [1e-7, 1 - 1e-7].

    The loss of a label outside of the classes is 0.

    Args:
        from_logits: Whether the predictions are logits, to which the loss applies a softmax. Keep false for a
            model that ends with `softmax`.
        ignore_class: A label whose samples, or positions in a sample, are ignored, such as 255 in segmentation
            masks; null for none.
        axis: The class axis of the predictions; -1 is the last.
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

class SquaredHinge(Loss):
    r"""Squared hinge loss for binary labels.

    ``mean max(1 - y·p, 0)²`` for labels -1 and 1, or 0 and 1, as in Hinge.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'squared_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Tversky(Loss):
    r"""Tversky loss for segmentation masks: one minus an overlap with separate weights of false negatives and false
    positives.

    ``1 - o / (o + alpha·Σ y·(1 - p) + beta·Σ (1 - y)·p + 1e-7)``, ``o = Σ y·p``, summed over `axis`, by default over
    the whole batch (Salehi et al., 2017).

    Args:
        alpha: The weight of false negatives: positions in the labels that the predictions miss.
        beta: The weight of false positives: predicted positions that are not in the labels.
        axis: The axes to sum over. By default all axes, including the batch axis: one loss for the whole batch.
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

# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The losses, by Keras's names."""

from collections.abc import Sequence
from typing import Any, Literal

from modelc.losses.loss import Loss as Loss


class MeanSquaredError(Loss):
    r"""``mean (y - p)²``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_squared_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsoluteError(Loss):
    r"""``mean |y - p|``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_absolute_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsolutePercentageError(Loss):
    r"""``100·mean |y - p| / max(|y|, 1e-7)``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_absolute_percentage_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanSquaredLogarithmicError(Loss):
    r"""``mean (log(max(y, 1e-7) + 1) - log(max(p, 1e-7) + 1))²``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'mean_squared_logarithmic_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CosineSimilarity(Loss):
    r"""``-Σ y·p / (‖y‖·‖p‖)`` along `axis`: -1 where they point the same way, 1 where opposite ways.

    Args:
        axis: The axis of the vectors.
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
    r"""``mean h``, ``h = (y - p)²/2`` where ``|y - p| ≤ delta``, else ``delta·|y - p| - delta²/2`` (Huber, 1964).

    Args:
        delta: Where the square becomes a line.
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
    r"""``mean log cosh(p - y)``, computed as ``d + softplus(-2d) - log 2`` for ``d = p - y``.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'log_cosh',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Hinge(Loss):
    r"""``mean max(1 - y·p, 0)`` for labels of -1 and 1; where all of a batch are 0 and 1, they are meant for those.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SquaredHinge(Loss):
    r"""``mean max(1 - y·p, 0)²`` for labels of -1 and 1, or of 0 and 1, as in Hinge.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'squared_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalHinge(Loss):
    r"""``max(1 + max (1 - y)·p - Σ y·p, 0)`` for labels y that are one-hot.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'categorical_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class KLDivergence(Loss):
    r"""``Σ y·log(y / p)``, both kept in [1e-7, 1] (Kullback and Leibler, 1951).
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'kl_divergence',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Poisson(Loss):
    r"""``mean p - y·log(p + 1e-7)``: the negative logarithm of a Poisson likelihood, but for what y alone makes.
    """

    def __init__(
        self,
        reduction: Literal['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none'] | None = 'sum_over_batch_size',
        name: str = 'poisson',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class BinaryCrossentropy(Loss):
    r"""``mean -y·log(p) - (1 - y)·log(1 - p)`` along `axis`, p kept in [1e-7, 1 - 1e-7].

    Args:
        from_logits: Whether p is to be made by a sigmoid of the predictions.
        label_smoothing: How far labels are drawn towards 1/2: ``y·(1 - s) + s/2``.
        axis: The axis of the mean.
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
    r"""``-Σ y·log(p / Σ p)`` along `axis`, the quotient kept in [1e-7, 1 - 1e-7].

    Args:
        from_logits: Whether p is to be made by a softmax of the predictions.
        label_smoothing: How far labels are drawn towards 1 of n classes: ``y·(1 - s) + s/n``.
        axis: The axis of the classes.
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
    r"""``-log(p[y] / Σ p)`` for labels y that are the numbers of classes, the quotient kept in [1e-7, 1 - 1e-7].

    A label that is the number of no class costs nothing.

    Args:
        from_logits: Whether p is to be made by a softmax of the predictions.
        ignore_class: A label whose losses are 0 and are left out of means.
        axis: The axis of the classes.
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
    r"""``(1 - p[y]^q) / q`` for labels y that are the numbers of classes (Zhang and Sabuncu, 2018): between the
    cross-entropy, for q → 0, and the absolute error, for q → 1.

    Args:
        q: The exponent.
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
    r"""``mean w·(1 - p_t)^gamma·BinaryCrossentropy``, ``p_t = y·p + (1 - y)·(1 - p)``, w = 1 or, with class balancing,
    ``alpha·y + (1 - alpha)·(1 - y)`` (Lin et al., 2017).

    Args:
        apply_class_balancing: Whether the classes are weighted by alpha and 1 - alpha.
        alpha: The weight of class 1.
        gamma: How much less well predicted samples count.
        from_logits: Whether p is to be made by a sigmoid of the predictions.
        label_smoothing: How far labels are drawn towards 1/2.
        axis: The axis of the mean.
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
    r"""``-Σ alpha·(1 - p)^gamma·y·log(p)`` along `axis`, p scaled to a sum of 1 and kept in [1e-7, 1 - 1e-7]
    (Lin et al., 2017).

    Args:
        alpha: The factor of all classes.
        gamma: How much less well predicted samples count.
        from_logits: Whether p is to be made by a softmax of the predictions.
        label_smoothing: How far labels are drawn towards 1 of n classes.
        axis: The axis of the classes.
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
    r"""``1 - 2·Σ y·p / (Σ y + Σ p + 1e-7)``, the sums over `axis`, or over all of the batch (Dice, 1945).

    Args:
        axis: The axes of the sums; unless said, all of them, the batch's too: the batch has one loss.
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
    r"""``1 - o / (o + alpha·Σ y·(1 - p) + beta·Σ (1 - y)·p + 1e-7)``, ``o = Σ y·p``, the sums over `axis`, or over all
    of the batch (Salehi et al., 2017).

    Args:
        alpha: The weight of what the labels have and the predictions miss.
        beta: The weight of what the predictions have and the labels do not.
        axis: The axes of the sums; unless said, all of them, the batch's too: the batch has one loss.
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
        gamma: The factor of all similarities.
        margin: How much closer samples of a class are to be.
        remove_diagonal: Whether a sample is not compared with itself.
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

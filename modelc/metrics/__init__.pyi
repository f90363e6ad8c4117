# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The metrics, by Keras's names."""

from collections.abc import Sequence
from typing import Any, Literal

from modelc.metrics.metric import Metric as Metric


class Mean(Metric):
    r"""The mean of predictions; labels play no part.
    """

    def __init__(
        self,
        name: str | None = 'mean',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Sum(Metric):
    r"""The sum of predictions, each times its weight; labels play no part.
    """

    def __init__(
        self,
        name: str | None = 'sum',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class RootMeanSquaredError(Metric):
    r"""The root of the mean of ``(y - p)²``.
    """

    def __init__(
        self,
        name: str | None = 'root_mean_squared_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class PearsonCorrelation(Metric):
    r"""The mean of ``mean (y - ȳ)·(p - p̄) / (σ_y·σ_p)`` along `axis`.

    Args:
        axis: The axis of the vectors.
    """

    def __init__(
        self,
        name: str | None = 'pearson_correlation',
        dtype: Literal['float32'] | None = None,
        axis: int = -1,
    ) -> None: ...
    @property
    def axis(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class ConcordanceCorrelation(Metric):
    r"""The mean of ``2·mean (y - p̄)·(p - p̄) / (σ²_y + σ²_p + (ȳ - p̄)² + 1e-7)`` along `axis` (Lin, 1989).

    Args:
        axis: The axis of the vectors.
    """

    def __init__(
        self,
        name: str | None = 'concordance_correlation',
        dtype: Literal['float32'] | None = None,
        axis: int = -1,
    ) -> None: ...
    @property
    def axis(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanSquaredError(Metric):
    r"""The mean of the loss of that name.
    """

    def __init__(
        self,
        name: str | None = 'mean_squared_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsoluteError(Metric):
    r"""The mean of the loss of that name.
    """

    def __init__(
        self,
        name: str | None = 'mean_absolute_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsolutePercentageError(Metric):
    r"""The mean of the loss of that name.
    """

    def __init__(
        self,
        name: str | None = 'mean_absolute_percentage_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanSquaredLogarithmicError(Metric):
    r"""The mean of the loss of that name.
    """

    def __init__(
        self,
        name: str | None = 'mean_squared_logarithmic_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class CosineSimilarity(Metric):
    r"""The mean of the loss of that name with its sign turned: 1 where vectors point the same way.

    Args:
        axis: The axis of the vectors.
    """

    def __init__(
        self,
        name: str | None = 'cosine_similarity',
        dtype: Literal['float32'] | None = None,
        axis: int = -1,
    ) -> None: ...
    @property
    def axis(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class LogCoshError(Metric):
    r"""The mean of the loss LogCosh.
    """

    def __init__(
        self,
        name: str | None = 'logcosh',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Hinge(Metric):
    r"""The mean of the loss of that name.
    """

    def __init__(
        self,
        name: str | None = 'hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class SquaredHinge(Metric):
    r"""The mean of the loss of that name.
    """

    def __init__(
        self,
        name: str | None = 'squared_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalHinge(Metric):
    r"""The mean of the loss of that name.
    """

    def __init__(
        self,
        name: str | None = 'categorical_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class KLDivergence(Metric):
    r"""The mean of the loss of that name.
    """

    def __init__(
        self,
        name: str | None = 'kl_divergence',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Poisson(Metric):
    r"""The mean of the loss of that name.
    """

    def __init__(
        self,
        name: str | None = 'poisson',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class BinaryCrossentropy(Metric):
    r"""The mean of the loss of that name.

    Args:
        from_logits: As in the loss.
        label_smoothing: As in the loss.
    """

    def __init__(
        self,
        name: str | None = 'binary_crossentropy',
        dtype: Literal['float32'] | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ) -> None: ...
    @property
    def from_logits(self) -> bool: ...
    @property
    def label_smoothing(self) -> float: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalCrossentropy(Metric):
    r"""The mean of the loss of that name.

    Args:
        from_logits: As in the loss.
        label_smoothing: As in the loss.
        axis: The axis of the classes.
    """

    def __init__(
        self,
        name: str | None = 'categorical_crossentropy',
        dtype: Literal['float32'] | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ) -> None: ...
    @property
    def from_logits(self) -> bool: ...
    @property
    def label_smoothing(self) -> float: ...
    @property
    def axis(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class SparseCategoricalCrossentropy(Metric):
    r"""The mean of the loss of that name.

    Args:
        from_logits: As in the loss.
        ignore_class: As in the loss; it leaves samples out of the mean only where samples are weighted or masked,
            as in Keras.
        axis: The axis of the classes.
    """

    def __init__(
        self,
        name: str | None = 'sparse_categorical_crossentropy',
        dtype: Literal['float32'] | None = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ) -> None: ...
    @property
    def from_logits(self) -> bool: ...
    @property
    def ignore_class(self) -> int | None: ...
    @property
    def axis(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Accuracy(Metric):
    r"""How often predictions are equal to labels.
    """

    def __init__(
        self,
        name: str | None = 'accuracy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class BinaryAccuracy(Metric):
    r"""How often predictions lie on the labels' side of a threshold.

    Args:
        threshold: What is above it is a 1.
    """

    def __init__(
        self,
        name: str | None = 'binary_accuracy',
        dtype: Literal['float32'] | None = None,
        threshold: float = 0.5,
    ) -> None: ...
    @property
    def threshold(self) -> float: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalAccuracy(Metric):
    r"""How often the largest prediction is that of the class with the largest label.
    """

    def __init__(
        self,
        name: str | None = 'categorical_accuracy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class SparseCategoricalAccuracy(Metric):
    r"""How often the largest prediction is that of the labelled class.
    """

    def __init__(
        self,
        name: str | None = 'sparse_categorical_accuracy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class TopKCategoricalAccuracy(Metric):
    r"""How often less than k predictions are larger than that of the class with the largest label.

    Args:
        k: How many guesses there are.
    """

    def __init__(
        self,
        k: int = 5,
        name: str | None = 'top_k_categorical_accuracy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def k(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class SparseTopKCategoricalAccuracy(Metric):
    r"""How often less than k predictions are larger than that of the labelled class.

    Args:
        k: How many guesses there are.
        from_sorted_ids: Whether predictions are the numbers of classes, the best first.
    """

    def __init__(
        self,
        k: int = 5,
        name: str | None = 'sparse_top_k_categorical_accuracy',
        dtype: Literal['float32'] | None = None,
        from_sorted_ids: bool = False,
    ) -> None: ...
    @property
    def k(self) -> int: ...
    @property
    def from_sorted_ids(self) -> bool: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class TruePositives(Metric):
    r"""How many are predicted as 1 and are 1.

    Args:
        thresholds: What is above it is a 1: 0.5, a number, or a list of them.
    """

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def thresholds(self) -> float | tuple[float, ...] | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class TrueNegatives(Metric):
    r"""How many are predicted as 0 and are 0.

    Args:
        thresholds: What is above it is a 1: 0.5, a number, or a list of them.
    """

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def thresholds(self) -> float | tuple[float, ...] | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class FalsePositives(Metric):
    r"""How many are predicted as 1 and are 0.

    Args:
        thresholds: What is above it is a 1: 0.5, a number, or a list of them.
    """

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def thresholds(self) -> float | tuple[float, ...] | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class FalseNegatives(Metric):
    r"""How many are predicted as 0 and are 1.

    Args:
        thresholds: What is above it is a 1: 0.5, a number, or a list of them.
    """

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def thresholds(self) -> float | tuple[float, ...] | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Precision(Metric):
    r"""``TP / (TP + FP)``: how many of those predicted as 1 are 1; 0 where there are none.

    Args:
        thresholds: What is above it is a 1: 0.5, a number, or a list of them; with `top_k`, nothing is too low.
        top_k: How many of the largest predictions of a sample may be 1.
        class_id: The one class that counts, of all.
    """

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def thresholds(self) -> float | tuple[float, ...] | None: ...
    @property
    def top_k(self) -> int | None: ...
    @property
    def class_id(self) -> int | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Recall(Metric):
    r"""``TP / (TP + FN)``: how many of those that are 1 are predicted as 1; 0 where there are none.

    Args:
        thresholds: What is above it is a 1: 0.5, a number, or a list of them; with `top_k`, nothing is too low.
        top_k: How many of the largest predictions of a sample may be 1.
        class_id: The one class that counts, of all.
    """

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def thresholds(self) -> float | tuple[float, ...] | None: ...
    @property
    def top_k(self) -> int | None: ...
    @property
    def class_id(self) -> int | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class PrecisionAtRecall(Metric):
    r"""The largest ``TP / (TP + FP)`` where ``TP / (TP + FN)`` is at least `recall`.

    Args:
        recall: The least recall.
        num_thresholds: How many thresholds are tried: evenly from 0 to 1.
        class_id: The one class that counts, of all.
    """

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def recall(self) -> float: ...
    @property
    def num_thresholds(self) -> int: ...
    @property
    def class_id(self) -> int | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class RecallAtPrecision(Metric):
    r"""The largest ``TP / (TP + FN)`` where ``TP / (TP + FP)`` is at least `precision`.

    Args:
        precision: The least precision.
        num_thresholds: How many thresholds are tried: evenly from 0 to 1.
        class_id: The one class that counts, of all.
    """

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def precision(self) -> float: ...
    @property
    def num_thresholds(self) -> int: ...
    @property
    def class_id(self) -> int | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class SensitivityAtSpecificity(Metric):
    r"""The largest ``TP / (TP + FN)`` where ``TN / (TN + FP)`` is at least `specificity`.

    Args:
        specificity: The least specificity.
        num_thresholds: How many thresholds are tried: evenly from 0 to 1.
        class_id: The one class that counts, of all.
    """

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def specificity(self) -> float: ...
    @property
    def num_thresholds(self) -> int: ...
    @property
    def class_id(self) -> int | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class SpecificityAtSensitivity(Metric):
    r"""The largest ``TN / (TN + FP)`` where ``TP / (TP + FN)`` is at least `sensitivity`.

    Args:
        sensitivity: The least sensitivity.
        num_thresholds: How many thresholds are tried: evenly from 0 to 1.
        class_id: The one class that counts, of all.
    """

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def sensitivity(self) -> float: ...
    @property
    def num_thresholds(self) -> int: ...
    @property
    def class_id(self) -> int | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class AUC(Metric):
    r"""The area under a curve, ``Σ (x_i - x_{i+1})·h_i`` over thresholds that rise with i.

    `ROC`: x is the false positive rate ``FP / (FP + TN)``, y the recall ``TP / (TP + FN)`` (Fawcett, 2006). `PR`: x is
    the recall, y the precision ``TP / (TP + FP)``. `PRGAIN`: both as gains over guessing, ``1 - P/N·FN/TP`` and
    ``1 - P/N·FP/TP`` (Flach and Kull, 2015). The height is the mean of y at the two ends (`interpolation`), the
    larger (`majoring`) or the smaller (`minoring`); `interpolation` of `PR` follows Davis and Goadrich (2006).

    Args:
        num_thresholds: How many thresholds there are: evenly from 0 to 1.
        curve: Which curve.
        summation_method: What is between the thresholds.
        thresholds: Thresholds to use between 0 and 1, in place of `num_thresholds`.
        multi_label: Whether there is a curve per label, and the result is their mean.
        num_labels: The number of labels, with `multi_label`.
        label_weights: The weight of each label: in the mean of curves, or of its predictions where there is one
            curve.
        from_logits: Whether probabilities are to be made by a sigmoid of the predictions.
    """

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: Literal['ROC', 'PR', 'PRGAIN'] = 'ROC',
        summation_method: Literal['interpolation', 'majoring', 'minoring'] = 'interpolation',
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Sequence[float] | None = None,
        from_logits: bool = False,
    ) -> None: ...
    @property
    def num_thresholds(self) -> int: ...
    @property
    def curve(self) -> Literal['ROC', 'PR', 'PRGAIN']: ...
    @property
    def summation_method(self) -> Literal['interpolation', 'majoring', 'minoring']: ...
    @property
    def thresholds(self) -> tuple[float, ...] | None: ...
    @property
    def multi_label(self) -> bool: ...
    @property
    def num_labels(self) -> int | None: ...
    @property
    def label_weights(self) -> tuple[float, ...] | None: ...
    @property
    def from_logits(self) -> bool: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class FBetaScore(Metric):
    r"""``(1 + beta²)·P·R / (beta²·P + R)`` of each class, P its precision and R its recall (van Rijsbergen, 1979).

    Args:
        average: None for the scores of the classes, `macro` for their mean, `weighted` for their mean by the
            number of samples, `micro` for the score of all classes together.
        beta: How many times as much recall counts.
        threshold: What is above it is chosen; unless said, the largest of a sample.
    """

    def __init__(
        self,
        average: Literal['micro', 'macro', 'weighted'] | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = 'fbeta_score',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def average(self) -> Literal['micro', 'macro', 'weighted'] | None: ...
    @property
    def beta(self) -> float: ...
    @property
    def threshold(self) -> float | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class F1Score(Metric):
    r"""``2·P·R / (P + R)`` of the precision P and the recall R, for each class: FBetaScore with beta 1.

    Args:
        average: As in FBetaScore.
        threshold: As in FBetaScore.
    """

    def __init__(
        self,
        average: Literal['micro', 'macro', 'weighted'] | None = None,
        threshold: float | None = None,
        name: str | None = 'f1_score',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def average(self) -> Literal['micro', 'macro', 'weighted'] | None: ...
    @property
    def threshold(self) -> float | None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class R2Score(Metric):
    r"""``1 - Σ (y - p)² / Σ (y - ȳ)²`` for each output: how much of the labels' variance is explained.

    Args:
        class_aggregation: How outputs are averaged; None for a score of each.
        num_regressors: k in the adjusted score ``1 - (1 - R²)·(n - 1) / (n - k - 1)``; 0 for R² itself. n counts
            all elements, as in Keras; where n is not above k + 1, R² is not adjusted.
    """

    def __init__(
        self,
        class_aggregation: Literal['uniform_average', 'variance_weighted_average'] | None = 'uniform_average',
        num_regressors: int = 0,
        name: str | None = 'r2_score',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def class_aggregation(self) -> Literal['uniform_average', 'variance_weighted_average'] | None: ...
    @property
    def num_regressors(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class IoU(Metric):
    r"""The mean over some classes of intersection over union (Jaccard, 1901).

    Args:
        num_classes: The number of classes.
        target_class_ids: The classes that count.
        ignore_class: A label that does not count.
        sparse_y_true: Whether labels are the numbers of classes, or else one-hot.
        sparse_y_pred: Whether predictions are the numbers of classes, or else a number for each.
        axis: The axis of the classes.
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None: ...
    @property
    def num_classes(self) -> int: ...
    @property
    def target_class_ids(self) -> tuple[int, ...]: ...
    @property
    def ignore_class(self) -> int | None: ...
    @property
    def sparse_y_true(self) -> bool: ...
    @property
    def sparse_y_pred(self) -> bool: ...
    @property
    def axis(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class BinaryIoU(Metric):
    r"""The mean of intersection over union for the classes 0 and 1, predictions divided by a threshold.

    Args:
        target_class_ids: The classes that count.
        threshold: What is not below it is a 1.
    """

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    @property
    def target_class_ids(self) -> tuple[int, ...]: ...
    @property
    def threshold(self) -> float: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanIoU(Metric):
    r"""The mean over all classes of intersection over union.

    Args:
        num_classes: The number of classes.
        ignore_class: A label that does not count.
        sparse_y_true: Whether labels are the numbers of classes, or else one-hot.
        sparse_y_pred: Whether predictions are the numbers of classes, or else a number for each.
        axis: The axis of the classes.
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None: ...
    @property
    def num_classes(self) -> int: ...
    @property
    def ignore_class(self) -> int | None: ...
    @property
    def sparse_y_true(self) -> bool: ...
    @property
    def sparse_y_pred(self) -> bool: ...
    @property
    def axis(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class OneHotIoU(Metric):
    r"""IoU for one-hot labels.

    Args:
        num_classes: The number of classes.
        target_class_ids: The classes that count.
        ignore_class: A label that does not count.
        sparse_y_pred: Whether predictions are the numbers of classes, or else a number for each.
        axis: The axis of the classes.
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None: ...
    @property
    def num_classes(self) -> int: ...
    @property
    def target_class_ids(self) -> tuple[int, ...]: ...
    @property
    def ignore_class(self) -> int | None: ...
    @property
    def sparse_y_pred(self) -> bool: ...
    @property
    def axis(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class OneHotMeanIoU(Metric):
    r"""MeanIoU for one-hot labels.

    Args:
        num_classes: The number of classes.
        ignore_class: A label that does not count.
        sparse_y_pred: Whether predictions are the numbers of classes, or else a number for each.
        axis: The axis of the classes.
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Literal['float32'] | None = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None: ...
    @property
    def num_classes(self) -> int: ...
    @property
    def ignore_class(self) -> int | None: ...
    @property
    def sparse_y_pred(self) -> bool: ...
    @property
    def axis(self) -> int: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The metrics, by Keras's names."""

from collections.abc import Sequence
from typing import Any, Literal

from modelc.metrics.metric import Metric as Metric


class Mean(Metric):
    r"""The mean of the predictions; labels play no part.
    """

    def __init__(
        self,
        name: str | None = 'mean',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Sum(Metric):
    r"""The sum of the predictions, each times the weight of its sample; labels play no part.
    """

    def __init__(
        self,
        name: str | None = 'sum',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class RootMeanSquaredError(Metric):
    r"""The root of the mean squared difference between labels y and predictions p: the root of the mean of
    ``(y - p)²``.
    """

    def __init__(
        self,
        name: str | None = 'root_mean_squared_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class PearsonCorrelation(Metric):
    r"""The linear correlation of labels and predictions, from -1 to 1.

    The mean of ``mean (y - ȳ)·(p - p̄) / (σ_y·σ_p)`` along `axis`.

    Args:
        axis: The axis along which the vectors lie; -1 is the last.
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
    r"""The agreement of labels and predictions, from -1 to 1: a correlation that also asks for equal means and spreads.

    The mean of ``2·mean (y - p̄)·(p - p̄) / (σ²_y + σ²_p + (ȳ - p̄)² + 1e-7)`` along `axis` (Lin, 1989).

    Args:
        axis: The axis along which the vectors lie; -1 is the last.
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
    r"""The mean over all samples of the loss of the same name.
    """

    def __init__(
        self,
        name: str | None = 'mean_squared_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsoluteError(Metric):
    r"""The mean over all samples of the loss of the same name.
    """

    def __init__(
        self,
        name: str | None = 'mean_absolute_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsolutePercentageError(Metric):
    r"""The mean over all samples of the loss of the same name.
    """

    def __init__(
        self,
        name: str | None = 'mean_absolute_percentage_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanSquaredLogarithmicError(Metric):
    r"""The mean over all samples of the loss of the same name.
    """

    def __init__(
        self,
        name: str | None = 'mean_squared_logarithmic_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class CosineSimilarity(Metric):
    r"""The mean over all samples of the cosine between labels and predictions: 1 where they point the same way.

    Args:
        axis: The axis along which the classes or the vectors lie; -1 is the last.
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
    r"""The mean over all samples of the loss LogCosh.
    """

    def __init__(
        self,
        name: str | None = 'logcosh',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Hinge(Metric):
    r"""The mean over all samples of the loss of the same name.
    """

    def __init__(
        self,
        name: str | None = 'hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class SquaredHinge(Metric):
    r"""The mean over all samples of the loss of the same name.
    """

    def __init__(
        self,
        name: str | None = 'squared_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalHinge(Metric):
    r"""The mean over all samples of the loss of the same name.
    """

    def __init__(
        self,
        name: str | None = 'categorical_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class KLDivergence(Metric):
    r"""The mean over all samples of the loss of the same name.
    """

    def __init__(
        self,
        name: str | None = 'kl_divergence',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Poisson(Metric):
    r"""The mean over all samples of the loss of the same name.
    """

    def __init__(
        self,
        name: str | None = 'poisson',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class BinaryCrossentropy(Metric):
    r"""The mean over all samples of the loss of the same name.

    Args:
        from_logits: Whether the predictions are logits, as in the loss of that name.
        label_smoothing: The share by which labels are moved towards an even distribution, as in the loss of that
            name.
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
    r"""The mean over all samples of the loss of the same name.

    Args:
        from_logits: Whether the predictions are logits, as in the loss of that name.
        label_smoothing: The share by which labels are moved towards an even distribution, as in the loss of that
            name.
        axis: The axis along which the classes or the vectors lie; -1 is the last.
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
    r"""The mean over all samples of the loss of the same name.

    Args:
        from_logits: Whether the predictions are logits, as in the loss of that name.
        ignore_class: A label that means that a sample does not count. As in Keras it leaves samples out of the
            mean only where samples are weighted or masked.
        axis: The axis along which the classes or the vectors lie; -1 is the last.
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
    r"""The share of predictions that are exactly equal to their labels.
    """

    def __init__(
        self,
        name: str | None = 'accuracy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class BinaryAccuracy(Metric):
    r"""The share of predictions on the right side of a threshold, for labels of 0 and 1.

    Args:
        threshold: The threshold: a prediction above it counts as a 1.
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
    r"""The share of samples whose largest prediction is that of the right class, for one-hot labels.
    """

    def __init__(
        self,
        name: str | None = 'categorical_accuracy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class SparseCategoricalAccuracy(Metric):
    r"""The share of samples whose largest prediction is that of the right class, for labels that are the numbers of
    classes.
    """

    def __init__(
        self,
        name: str | None = 'sparse_categorical_accuracy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class TopKCategoricalAccuracy(Metric):
    r"""The share of samples whose right class is among the k largest predictions, for one-hot labels.

    Args:
        k: The number of largest predictions among which the right class must be.
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
    r"""The share of samples whose right class is among the k largest predictions, for labels that are the numbers of
    classes.

    Args:
        k: The number of largest predictions among which the right class must be.
        from_sorted_ids: Whether predictions are the numbers of classes, the best first, instead of a number for
            each class.
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
    r"""The number of samples that are predicted as 1 and are 1.

    Args:
        thresholds: The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for
            one result each.
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
    r"""The number of samples that are predicted as 0 and are 0.

    Args:
        thresholds: The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for
            one result each.
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
    r"""The number of samples that are predicted as 1 and are 0.

    Args:
        thresholds: The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for
            one result each.
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
    r"""The number of samples that are predicted as 0 and are 1.

    Args:
        thresholds: The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for
            one result each.
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
    r"""The share of those predicted as 1 that are 1, ``TP / (TP + FP)``; 0 where none is predicted as 1.

    Args:
        thresholds: The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for
            one result each; with `top_k` and without this, the largest predictions count whatever they are.
        top_k: The number of largest predictions of a sample that may count as 1; null for all that are above the
            threshold.
        class_id: The number of the one class that is counted; null for all classes.
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
    r"""The share of those that are 1 that are predicted as 1, ``TP / (TP + FN)``; 0 where there are none.

    Args:
        thresholds: The threshold: a prediction above it counts as a 1. One number, 0.5 by default, or a list for
            one result each; with `top_k` and without this, the largest predictions count whatever they are.
        top_k: The number of largest predictions of a sample that may count as 1; null for all that are above the
            threshold.
        class_id: The number of the one class that is counted; null for all classes.
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
    r"""The best precision among the thresholds with at least a given recall.

    The largest ``TP / (TP + FP)`` where ``TP / (TP + FN)`` is at least `recall`.

    Args:
        recall: The recall that is required at least, between 0 and 1.
        num_thresholds: The number of thresholds that are tried, evenly from 0 to 1.
        class_id: The number of the one class that is counted; null for all classes.
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
    r"""The best recall among the thresholds with at least a given precision.

    The largest ``TP / (TP + FN)`` where ``TP / (TP + FP)`` is at least `precision`.

    Args:
        precision: The precision that is required at least, between 0 and 1.
        num_thresholds: The number of thresholds that are tried, evenly from 0 to 1.
        class_id: The number of the one class that is counted; null for all classes.
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
    r"""The best recall (sensitivity) among the thresholds with at least a given specificity.

    The largest ``TP / (TP + FN)`` where ``TN / (TN + FP)`` is at least `specificity`.

    Args:
        specificity: The specificity that is required at least, between 0 and 1.
        num_thresholds: The number of thresholds that are tried, evenly from 0 to 1.
        class_id: The number of the one class that is counted; null for all classes.
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
    r"""The best specificity among the thresholds with at least a given recall (sensitivity).

    The largest ``TN / (TN + FP)`` where ``TP / (TP + FN)`` is at least `sensitivity`.

    Args:
        sensitivity: The recall that is required at least, between 0 and 1.
        num_thresholds: The number of thresholds that are tried, evenly from 0 to 1.
        class_id: The number of the one class that is counted; null for all classes.
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
        num_thresholds: The number of thresholds, evenly from 0 to 1; more make the area more exact.
        curve: The curve: `ROC` (recall over the rate of false positives), `PR` (precision over recall) or
            `PRGAIN`.
        summation_method: The height between two thresholds: by interpolation, or the larger (`majoring`) or
            smaller (`minoring`) of the two.
        thresholds: The thresholds to use, between 0 and 1, in place of `num_thresholds`.
        multi_label: Whether every label has a curve of its own, and the result is the mean of their areas.
        num_labels: The number of labels, with `multi_label`.
        label_weights: The weight of each label: in the mean of the areas, or of its predictions where there is
            one curve.
        from_logits: Whether the predictions are logits, numbers without bounds, which become probabilities by a
            sigmoid.
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
    r"""The weighted harmonic mean of precision and recall, for each class.

    ``(1 + beta²)·P·R / (beta²·P + R)`` of each class, P its precision and R its recall (van Rijsbergen, 1979).

    Args:
        average: How the scores of the classes become one: `macro` takes their mean, `weighted` their mean by the
            number of samples, `micro` one score of all classes together; null gives a score for each.
        beta: The weight of recall against precision: 2 makes recall count twice as much.
        threshold: The threshold above which a class counts as predicted; null for the class with the largest
            prediction.
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
        average: How the scores of the classes become one: `macro`, `weighted` or `micro`, as in FBetaScore; null
            gives a score for each.
        threshold: The threshold above which a class counts as predicted; null for the class with the largest
            prediction.
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
    r"""The share of the variance of the labels that the predictions explain: 1 for perfect ones, 0 for those no better
    than the mean.

    ``1 - Σ (y - p)² / Σ (y - ȳ)²`` for each output: how much of the labels' variance is explained.

    Args:
        class_aggregation: How the scores of several outputs become one: their mean (`uniform_average`), a mean by
            variance, or null for a score of each.
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
        target_class_ids: The numbers of the classes whose mean is taken.
        ignore_class: A label that means that a place does not count; null for none.
        sparse_y_true: Whether labels are the numbers of classes; otherwise they are one-hot.
        sparse_y_pred: Whether predictions are the numbers of classes; otherwise there is a number for each class,
            and the largest one counts.
        axis: The axis of the predictions along which the classes lie; -1 is the last.
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
        target_class_ids: The numbers of the classes whose mean is taken.
        threshold: The threshold: a prediction that is not below it counts as a 1.
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
        ignore_class: A label that means that a place does not count; null for none.
        sparse_y_true: Whether labels are the numbers of classes; otherwise they are one-hot.
        sparse_y_pred: Whether predictions are the numbers of classes; otherwise there is a number for each class,
            and the largest one counts.
        axis: The axis of the predictions along which the classes lie; -1 is the last.
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
        target_class_ids: The numbers of the classes whose mean is taken.
        ignore_class: A label that means that a place does not count; null for none.
        sparse_y_pred: Whether predictions are the numbers of classes; otherwise there is a number for each class,
            and the largest one counts.
        axis: The axis of the predictions along which the classes lie; -1 is the last.
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
        ignore_class: A label that means that a place does not count; null for none.
        sparse_y_pred: Whether predictions are the numbers of classes; otherwise there is a number for each class,
            and the largest one counts.
        axis: The axis of the predictions along which the classes lie; -1 is the last.
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

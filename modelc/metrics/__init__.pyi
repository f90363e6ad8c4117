# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The metrics, by Keras's names."""

from collections.abc import Sequence
from typing import Any, Literal

from modelc.config.registry import Registry as Registry
from modelc.metrics.metric import Metric

METRICS: Registry[Metric]


class AUC(Metric):
    r"""Area under a curve, ``Σ (x_i - x_{i+1})·h_i`` over increasing thresholds i.

    `ROC`: x is the false positive rate ``FP / (FP + TN)``, y the recall ``TP / (TP + FN)`` (Fawcett, 2006). `PR`: x is
    the recall, y the precision ``TP / (TP + FP)``. `PRGAIN`: recall gain ``1 - P/N·FN/TP`` and precision gain ``1 -
    P/N·FP/TP`` (Flach and Kull, 2015). The height h is the mean of y at the two ends (`interpolation`), the larger
    (`majoring`) or the smaller (`minoring`); `interpolation` of `PR` follows Davis and Goadrich (2006).

    Args:
        num_thresholds: The number of thresholds, evenly spaced from 0 to 1; more give a more exact area.
        curve: The curve: `ROC` (recall over false positive rate), `PR` (precision over recall) or `PRGAIN`
            (precision gain over recall gain).
        summation_method: The height between two thresholds: their interpolation, the larger (`majoring`) or the
            smaller (`minoring`).
        thresholds: The thresholds, between 0 and 1, instead of `num_thresholds`.
        multi_label: Whether to compute one curve per label and average their areas.
        num_labels: The number of labels, for `multi_label`.
        label_weights: The weight per label: of its area in the mean with `multi_label`, otherwise of its
            predictions.
        from_logits: Whether the predictions are logits, to which a sigmoid is applied.
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

class Accuracy(Metric):
    r"""The fraction of predictions that equal their labels.
    """

    def __init__(
        self,
        name: str | None = 'accuracy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class BinaryAccuracy(Metric):
    r"""The fraction of predictions on the correct side of a threshold, for labels 0 and 1.

    Args:
        threshold: The decision threshold: larger predictions count as 1.
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

class BinaryCrossentropy(Metric):
    r"""The mean of the loss of the same name over all samples.

    Args:
        from_logits: Whether the predictions are logits instead of probabilities.
        label_smoothing: The label smoothing, as in the loss of the same name.
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

class BinaryIoU(Metric):
    r"""Intersection over union for the classes 0 and 1, averaged over some of them, with a threshold on the
    predictions.

    Args:
        target_class_ids: The indices of the classes to average over.
        threshold: The decision threshold: predictions greater or equal count as 1.
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

class CategoricalAccuracy(Metric):
    r"""The fraction of samples whose largest prediction is that of the true class, for one-hot labels.
    """

    def __init__(
        self,
        name: str | None = 'categorical_accuracy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoricalCrossentropy(Metric):
    r"""The mean of the loss of the same name over all samples.

    Args:
        from_logits: Whether the predictions are logits instead of probabilities.
        label_smoothing: The label smoothing, as in the loss of the same name.
        axis: The axis of the classes or the vectors; -1 is the last.
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

class CategoricalHinge(Metric):
    r"""The mean of the loss of the same name over all samples.
    """

    def __init__(
        self,
        name: str | None = 'categorical_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class ConcordanceCorrelation(Metric):
    r"""Concordance correlation of labels and predictions, from -1 to 1: a correlation that also requires equal means and
    variances.

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

class CosineSimilarity(Metric):
    r"""The mean cosine similarity of labels and predictions: 1 for the same direction.

    Args:
        axis: The axis of the classes or the vectors; -1 is the last.
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

class F1Score(Metric):
    r"""F1 score ``2·P·R / (P + R)`` with precision P and recall R, per class: FBetaScore with beta 1.

    Args:
        average: The average over classes: `macro`, `weighted` or `micro`, as in FBetaScore; null returns a score
            per class.
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

class FBetaScore(Metric):
    r"""F-beta score: the weighted harmonic mean of precision and recall, per class.

    ``(1 + beta²)·P·R / (beta²·P + R)`` with the precision P and the recall R of each class (van Rijsbergen, 1979).

    Args:
        average: The average over classes: `macro`, their mean; `weighted`, their mean weighted by the number of
            samples; `micro`, one score over all classes together; null returns a score per class.
        beta: The weight of recall relative to precision: 2 weights recall twice as much.
        threshold: The decision threshold: larger predictions count as 1; null selects only the class with the
            largest prediction.
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

class FalseNegatives(Metric):
    r"""The number of false negatives: labels 1 predicted as 0.

    Args:
        thresholds: The decision threshold: larger predictions count as 1. One number, 0.5 by default, or a list,
            with one result per threshold.
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
    r"""The number of false positives: labels 0 predicted as 1.

    Args:
        thresholds: The decision threshold: larger predictions count as 1. One number, 0.5 by default, or a list,
            with one result per threshold.
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

class Hinge(Metric):
    r"""The mean of the loss of the same name over all samples.
    """

    def __init__(
        self,
        name: str | None = 'hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class IoU(Metric):
    r"""Intersection over union (Jaccard, 1901), averaged over some classes.

    Args:
        num_classes: The number of classes.
        target_class_ids: The indices of the classes to average over.
        ignore_class: A label whose positions are ignored; null for none.
        sparse_y_true: Whether labels are class indices instead of one-hot vectors.
        sparse_y_pred: Whether predictions are class indices instead of a score per class, of which the largest
            counts.
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

class KLDivergence(Metric):
    r"""The mean of the loss of the same name over all samples.
    """

    def __init__(
        self,
        name: str | None = 'kl_divergence',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class LogCoshError(Metric):
    r"""The mean of the loss LogCosh over all samples.
    """

    def __init__(
        self,
        name: str | None = 'logcosh',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Mean(Metric):
    r"""The weighted mean of the predictions; labels are ignored.
    """

    def __init__(
        self,
        name: str | None = 'mean',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsoluteError(Metric):
    r"""The mean of the loss of the same name over all samples.
    """

    def __init__(
        self,
        name: str | None = 'mean_absolute_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanAbsolutePercentageError(Metric):
    r"""The mean of the loss of the same name over all samples.
    """

    def __init__(
        self,
        name: str | None = 'mean_absolute_percentage_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanIoU(Metric):
    r"""Intersection over union, averaged over all classes.

    Args:
        num_classes: The number of classes.
        ignore_class: A label whose positions are ignored; null for none.
        sparse_y_true: Whether labels are class indices instead of one-hot vectors.
        sparse_y_pred: Whether predictions are class indices instead of a score per class, of which the largest
            counts.
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

class MeanSquaredError(Metric):
    r"""The mean of the loss of the same name over all samples.
    """

    def __init__(
        self,
        name: str | None = 'mean_squared_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class MeanSquaredLogarithmicError(Metric):
    r"""The mean of the loss of the same name over all samples.
    """

    def __init__(
        self,
        name: str | None = 'mean_squared_logarithmic_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class OneHotIoU(Metric):
    r"""Intersection over union for one-hot labels, averaged over some classes.

    Args:
        num_classes: The number of classes.
        target_class_ids: The indices of the classes to average over.
        ignore_class: A label whose positions are ignored; null for none.
        sparse_y_pred: Whether predictions are class indices instead of a score per class, of which the largest
            counts.
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
    r"""Intersection over union for one-hot labels, averaged over all classes.

    Args:
        num_classes: The number of classes.
        ignore_class: A label whose positions are ignored; null for none.
        sparse_y_pred: Whether predictions are class indices instead of a score per class, of which the largest
            counts.
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

class PearsonCorrelation(Metric):
    r"""Pearson correlation of labels and predictions, from -1 to 1.

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

class Poisson(Metric):
    r"""The mean of the loss of the same name over all samples.
    """

    def __init__(
        self,
        name: str | None = 'poisson',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Precision(Metric):
    r"""Precision: the fraction of predicted positives that are true, ``TP / (TP + FP)``; 0 if nothing is predicted as
    1.

    Args:
        thresholds: The decision threshold: larger predictions count as 1. One number or a list, with one result
            per threshold. By default 0.5 or, with `top_k`, none: the largest predictions count as 1 regardless of
            their value.
        top_k: The number of largest predictions per sample that may count as 1; null for no limit.
        class_id: The index of the only class to count; null for all classes.
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
    r"""The best precision at a given minimum recall.

    The maximum of ``TP / (TP + FP)`` over thresholds with ``TP / (TP + FN)`` ≥ `recall`.

    Args:
        recall: The minimum recall, between 0 and 1.
        num_thresholds: The number of thresholds tried, evenly spaced from 0 to 1.
        class_id: The index of the only class to count; null for all classes.
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

class R2Score(Metric):
    r"""Coefficient of determination: the fraction of the variance of the labels that the predictions explain.

    ``1 - Σ (y - p)² / Σ (y - ȳ)²`` per output: 1 for exact predictions, 0 for those no better than the mean.

    Args:
        class_aggregation: The average over outputs: `uniform_average`, their mean; `variance_weighted_average`,
            their mean weighted by variance; null returns a score per output.
        num_regressors: The number k of regressors in the adjusted score ``1 - (1 - R²)·(n - 1) / (n - k - 1)``; 0
            gives R² itself. n counts all elements, as in Keras; for n ≤ k + 1, R² is not adjusted.
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

class Recall(Metric):
    r"""Recall: the fraction of positives that are predicted as 1, ``TP / (TP + FN)``; 0 if there are none.

    Args:
        thresholds: The decision threshold: larger predictions count as 1. One number or a list, with one result
            per threshold. By default 0.5 or, with `top_k`, none: the largest predictions count as 1 regardless of
            their value.
        top_k: The number of largest predictions of a sample that may count as 1; null for all that are above the
            threshold.
        class_id: The index of the only class to count; null for all classes.
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

class RecallAtPrecision(Metric):
    r"""The best recall at a given minimum precision.

    The maximum of ``TP / (TP + FN)`` over thresholds with ``TP / (TP + FP)`` ≥ `precision`.

    Args:
        precision: The minimum precision, between 0 and 1.
        num_thresholds: The number of thresholds tried, evenly spaced from 0 to 1.
        class_id: The index of the only class to count; null for all classes.
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

class RootMeanSquaredError(Metric):
    r"""Root mean squared error: the square root of the mean of ``(y - p)²``.
    """

    def __init__(
        self,
        name: str | None = 'root_mean_squared_error',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class SensitivityAtSpecificity(Metric):
    r"""The best sensitivity (recall) at a given minimum specificity.

    The maximum of ``TP / (TP + FN)`` over thresholds with ``TN / (TN + FP)`` ≥ `specificity`.

    Args:
        specificity: The minimum specificity, between 0 and 1.
        num_thresholds: The number of thresholds tried, evenly spaced from 0 to 1.
        class_id: The index of the only class to count; null for all classes.
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

class SparseCategoricalAccuracy(Metric):
    r"""The fraction of samples whose largest prediction is that of the true class, for integer labels.
    """

    def __init__(
        self,
        name: str | None = 'sparse_categorical_accuracy',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class SparseCategoricalCrossentropy(Metric):
    r"""The mean of the loss of the same name over all samples.

    Args:
        from_logits: Whether the predictions are logits instead of probabilities.
        ignore_class: A label whose samples are ignored; null for none. As in Keras, they are excluded from the
            mean only if samples are weighted or masked.
        axis: The axis of the classes or the vectors; -1 is the last.
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

class SparseTopKCategoricalAccuracy(Metric):
    r"""The fraction of samples whose true class is among the k largest predictions, for integer labels.

    Args:
        k: The number of largest predictions among which the right class must be.
        from_sorted_ids: Whether predictions are class indices, best first, instead of a score per class.
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

class SpecificityAtSensitivity(Metric):
    r"""The best specificity at a given minimum sensitivity (recall).

    The maximum of ``TN / (TN + FP)`` over thresholds with ``TP / (TP + FN)`` ≥ `sensitivity`.

    Args:
        sensitivity: The minimum recall, between 0 and 1.
        num_thresholds: The number of thresholds tried, evenly spaced from 0 to 1.
        class_id: The index of the only class to count; null for all classes.
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

class SquaredHinge(Metric):
    r"""The mean of the loss of the same name over all samples.
    """

    def __init__(
        self,
        name: str | None = 'squared_hinge',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class Sum(Metric):
    r"""The weighted sum of the predictions; labels are ignored.
    """

    def __init__(
        self,
        name: str | None = 'sum',
        dtype: Literal['float32'] | None = None,
    ) -> None: ...
    def combine(self, *args: Any, **kwargs: Any) -> Any: ...
    def measure(self, *args: Any, **kwargs: Any) -> Any: ...

class TopKCategoricalAccuracy(Metric):
    r"""The fraction of samples whose true class is among the k largest predictions, for one-hot labels.

    Args:
        k: The number of largest predictions that may contain the true class.
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

class TrueNegatives(Metric):
    r"""The number of true negatives: labels 0 predicted as 0.

    Args:
        thresholds: The decision threshold: larger predictions count as 1. One number, 0.5 by default, or a list,
            with one result per threshold.
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

class TruePositives(Metric):
    r"""The number of true positives: labels 1 predicted as 1.

    Args:
        thresholds: The decision threshold: larger predictions count as 1. One number, 0.5 by default, or a list,
            with one result per threshold.
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

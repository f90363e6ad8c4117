"""The vocabulary of metrics. Names, options and defaults are those of `keras.metrics`."""

from __future__ import annotations

from modelc.config.config import Registry, modules_of, spellings
from modelc.graph.types import Shape
from modelc.losses.registry import kind_of_labels
from modelc.metrics.metric import Metric

_NAMES = modules_of(
    "modelc.metrics",
    {
        "mean": "Mean Sum RootMeanSquaredError PearsonCorrelation ConcordanceCorrelation",
        "of_losses": "MeanSquaredError MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredLogarithmicError "
        "CosineSimilarity LogCoshError Hinge SquaredHinge CategoricalHinge KLDivergence Poisson BinaryCrossentropy "
        "CategoricalCrossentropy SparseCategoricalCrossentropy",
        "accuracy": "Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy TopKCategoricalAccuracy "
        "SparseTopKCategoricalAccuracy",
        "confusion": "TruePositives TrueNegatives FalsePositives FalseNegatives Precision Recall "
        "PrecisionAtRecall RecallAtPrecision SensitivityAtSpecificity SpecificityAtSensitivity",
        "auc": "AUC",
        "score": "FBetaScore F1Score R2Score",
        "iou": "IoU BinaryIoU MeanIoU OneHotIoU OneHotMeanIoU",
    },
)

_SHORT = {
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "bce": "BinaryCrossentropy",
}

METRICS: Registry[Metric] = Registry(
    "metric",
    _NAMES,
    {**spellings(_NAMES, _SHORT), "log_cosh": "LogCoshError"},
)

_BY_LABELS = {
    "accuracy": {
        "binary": "BinaryAccuracy",
        "sparse": "SparseCategoricalAccuracy",
        "categorical": "CategoricalAccuracy",
    },
    "crossentropy": {
        "binary": "BinaryCrossentropy",
        "sparse": "SparseCategoricalCrossentropy",
        "categorical": "CategoricalCrossentropy",
    },
}
_GUESSED = {"accuracy": "accuracy", "acc": "accuracy", "crossentropy": "crossentropy", "ce": "crossentropy"}


def metric_for(name: str, y_true: Shape, y_pred: Shape) -> Metric:
    """The metric that a word means: `accuracy` and `crossentropy`, or `acc` and `ce`, by the shapes of a batch.

    It is called by the word. Raises `PydanticCustomError` for a word that means none.
    """
    family = _GUESSED.get(name.lower())
    if family is None:
        return METRICS.coerce({"type": name, "name": name})
    return METRICS[_BY_LABELS[family][kind_of_labels(y_true, y_pred)]](name=name)

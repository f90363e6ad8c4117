"""The vocabulary of metrics. Names, options and defaults are those of `keras.metrics`."""

from __future__ import annotations

from typing import Annotated

from modelc.config import Registry
from modelc.graph.types import Shape
from modelc.losses.registry import kind_of_labels
from modelc.metrics.metric import Metric
from modelc.naming import snake_case

_MODULES = {
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
}
_NAMES = {name: f"modelc.metrics.{module}" for module, names in _MODULES.items() for name in names.split()}

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
    {
        **{snake_case(name): name for name in _NAMES},
        **_SHORT,
        **{short.upper(): name for short, name in _SHORT.items()},
        "log_cosh": "LogCoshError",
    },
)

MetricField = Annotated[Metric, METRICS.field()]

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

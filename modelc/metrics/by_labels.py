"""The metrics that `accuracy` and `crossentropy` mean for labels and predictions of given shapes."""

from __future__ import annotations

from modelc.graph.types import Shape
from modelc.losses.by_labels import kind_of_labels
from modelc.metrics import METRICS
from modelc.metrics.metric import Metric

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

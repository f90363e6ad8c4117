"""One row or more per metric: its name, its options, and the batches that it is tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.training import loss_cases as draw

Array = np.ndarray[Any, Any]
Draw = Callable[[np.random.Generator], tuple[Array, Array]]


@dataclass(frozen=True)
class MetricCase:
    name: str
    draw: Draw
    options: dict[str, Any] = field(default_factory=dict)
    integers: bool = False
    """Whether weights are integers: Keras makes them so."""
    weights: str = "samples"
    """A weight per sample, or per element of `elements`, or none: what Keras takes for this metric."""

    @property
    def id(self) -> str:
        return "-".join([self.name, *(f"{k}={v}" for k, v in self.options.items()), self.draw.__name__])


def scores(rng: np.random.Generator) -> tuple[Array, Array]:
    """Labels of 0 and 1, and probabilities that lean towards them, in steps of 1/16, some of them at the ends."""
    y = rng.integers(0, 2, 40)
    p = np.clip(np.round((rng.normal(0.35, 0.3, 40) + 0.3 * y) * 16) / 16, 0, 1)
    return y.astype(np.int32), p.astype(np.float32)


def fine_scores(rng: np.random.Generator) -> tuple[Array, Array]:
    y = rng.integers(0, 2, (60, 1))
    return y.astype(np.int32), np.clip(rng.normal(0.35, 0.3, (60, 1)) + 0.3 * y, 0, 1).astype(np.float32)


def label_scores(rng: np.random.Generator) -> tuple[Array, Array]:
    y = rng.integers(0, 2, (30, 3))
    return y.astype(np.int32), np.clip(rng.normal(0.35, 0.3, (30, 3)) + 0.3 * y, 0, 1).astype(np.float32)


def label_logits(rng: np.random.Generator) -> tuple[Array, Array]:
    y, p = label_scores(rng)
    return y, (4 * p - 2).astype(np.float32)


def ranks(rng: np.random.Generator) -> tuple[Array, Array]:
    """Labels and the numbers of classes in an order."""
    return rng.integers(0, 9, 12).astype(np.int32), np.array([rng.permutation(9) for _ in range(12)], np.float32)


def many_classes(rng: np.random.Generator) -> tuple[Array, Array]:
    return np.eye(9, dtype=np.float32)[rng.integers(0, 9, 12)], rng.dirichlet(np.ones(9), 12).astype(np.float32)


def many_class_numbers(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 9, 12).astype(np.int32), rng.dirichlet(np.ones(9), 12).astype(np.float32)


def equals(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 3, 12).astype(np.int32), rng.integers(0, 3, 12).astype(np.float32)


def pictures(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 3, (6, 4)).astype(np.int32), rng.integers(0, 3, (6, 4)).astype(np.float32)


def picture_scores(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 3, (6, 4)).astype(np.int32), rng.uniform(0, 1, (6, 4, 3)).astype(np.float32)


def one_hot_pictures(rng: np.random.Generator) -> tuple[Array, Array]:
    return np.eye(3, dtype=np.float32)[rng.integers(0, 3, (6, 4))], rng.uniform(0, 1, (6, 4, 3)).astype(np.float32)


def one_hot_and_numbers(rng: np.random.Generator) -> tuple[Array, Array]:
    return np.eye(3, dtype=np.float32)[rng.integers(0, 3, (6, 4))], rng.integers(0, 3, (6, 4)).astype(np.float32)


def bit_pictures(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 2, (6, 4)).astype(np.int32), rng.uniform(0, 1, (6, 4)).astype(np.float32)


_UNEVEN = [0.1, 0.7, 0.4]
_EVEN = [0.0, 0.25, 0.5, 0.75, 1.0]
_AT = ("SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall", "RecallAtPrecision")
_WANTED = dict(zip(_AT, ("specificity", "sensitivity", "recall", "precision"), strict=True))

METRIC_CASES = [
    *(MetricCase(name, d) for name in ("Mean", "Sum") for d in (draw.maps, draw.column)),
    *(
        MetricCase(name, d)
        for name in ("MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError", "LogCoshError")
        for d in (draw.numbers, draw.maps, draw.column)
    ),
    MetricCase("MeanAbsolutePercentageError", draw.numbers),
    MetricCase("MeanSquaredLogarithmicError", draw.positive),
    MetricCase("CosineSimilarity", draw.numbers),
    MetricCase("CosineSimilarity", draw.maps, {"axis": 1}),
    MetricCase("Hinge", draw.signs),
    MetricCase("Hinge", draw.bits),
    MetricCase("SquaredHinge", draw.signs),
    MetricCase("CategoricalHinge", draw.one_hot),
    MetricCase("KLDivergence", draw.one_hot),
    MetricCase("Poisson", draw.positive),
    MetricCase("BinaryCrossentropy", draw.bits),
    MetricCase("BinaryCrossentropy", draw.bit_logits, {"from_logits": True, "label_smoothing": 0.1}),
    MetricCase("CategoricalCrossentropy", draw.one_hot),
    MetricCase("CategoricalCrossentropy", draw.one_hot_logits, {"from_logits": True, "label_smoothing": 0.1}),
    MetricCase("CategoricalCrossentropy", draw.one_hot_maps, {"axis": 1}),
    MetricCase("SparseCategoricalCrossentropy", draw.classes),
    MetricCase("SparseCategoricalCrossentropy", draw.class_logits, {"from_logits": True}),
    MetricCase("SparseCategoricalCrossentropy", draw.class_steps, {"ignore_class": 2}, weights="elements"),
    MetricCase("PearsonCorrelation", draw.numbers),
    MetricCase("PearsonCorrelation", draw.maps, {"axis": 1}),
    MetricCase("ConcordanceCorrelation", draw.numbers),
    MetricCase("ConcordanceCorrelation", draw.maps, {"axis": 1}),
    MetricCase("Accuracy", equals),
    MetricCase("Accuracy", pictures),
    MetricCase("BinaryAccuracy", draw.bits),
    MetricCase("BinaryAccuracy", scores, {"threshold": 0.25}),
    MetricCase("CategoricalAccuracy", draw.one_hot),
    MetricCase("CategoricalAccuracy", one_hot_pictures),
    MetricCase("SparseCategoricalAccuracy", draw.classes),
    MetricCase("SparseCategoricalAccuracy", draw.class_column),
    MetricCase("SparseCategoricalAccuracy", picture_scores),
    MetricCase("TopKCategoricalAccuracy", many_classes),
    MetricCase("TopKCategoricalAccuracy", one_hot_pictures, {"k": 2}),
    MetricCase("SparseTopKCategoricalAccuracy", many_class_numbers, {"k": 3}),
    MetricCase("SparseTopKCategoricalAccuracy", picture_scores, {"k": 2}),
    MetricCase("SparseTopKCategoricalAccuracy", ranks, {"k": 4, "from_sorted_ids": True}),
    *(
        MetricCase(name, d, options)
        for name in ("TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives")
        for d, options in (
            (scores, {}),
            (label_scores, {"thresholds": 0.3}),
            (scores, {"thresholds": _UNEVEN}),
            (scores, {"thresholds": _EVEN}),
        )
    ),
    *(
        MetricCase(name, d, options)
        for name in ("Precision", "Recall")
        for d, options in (
            (scores, {}),
            (fine_scores, {"thresholds": _UNEVEN}),
            (label_scores, {"class_id": 1}),
            (many_classes, {"top_k": 2}),
            (many_classes, {"top_k": 3, "class_id": 4}),
            (many_classes, {"top_k": 3, "thresholds": 0.2}),
        )
    ),
    *(
        MetricCase(name, d, {_WANTED[name]: 0.6, **options})
        for name in _AT
        for d, options in (
            (scores, {}),
            (fine_scores, {"num_thresholds": 21}),
            (label_scores, {"num_thresholds": 1, "class_id": 2}),
        )
    ),
    *(
        MetricCase("AUC", d, {"curve": curve, "summation_method": method})
        for curve in ("ROC", "PR", "PRGAIN")
        for method in ("interpolation", "majoring", "minoring")
        for d in (scores, label_scores)
    ),
    MetricCase("AUC", fine_scores, {"num_thresholds": 11}),
    MetricCase("AUC", fine_scores, {"thresholds": _UNEVEN, "curve": "pr"}),
    MetricCase("AUC", label_logits, {"from_logits": True}),
    MetricCase("AUC", label_scores, {"label_weights": [0.5, 1.0, 2.0]}),
    MetricCase("AUC", label_scores, {"multi_label": True}),
    MetricCase("AUC", label_scores, {"multi_label": True, "num_labels": 3, "curve": "PR"}),
    MetricCase("AUC", label_scores, {"multi_label": True, "label_weights": [0.5, 1.0, 2.0], "thresholds": _UNEVEN}),
    *(
        MetricCase("FBetaScore", d, {"average": average, "beta": beta, "threshold": threshold})
        for average, beta in ((None, 1.0), ("micro", 0.5), ("macro", 2.0), ("weighted", 2.0))
        for d, threshold in ((draw.one_hot, None), (label_scores, 0.4))
    ),
    MetricCase("F1Score", draw.one_hot),
    MetricCase("F1Score", label_scores, {"average": "macro", "threshold": 0.4}),
    *(
        MetricCase("R2Score", draw.numbers, {"class_aggregation": aggregation, "num_regressors": regressors})
        for aggregation in (None, "uniform_average", "variance_weighted_average")
        for regressors in (0, 3)
    ),
    *(
        MetricCase(name, d, options, integers=True, weights="elements")
        for name, d, options in (
            ("IoU", pictures, {"num_classes": 3, "target_class_ids": [0, 2]}),
            ("IoU", picture_scores, {"num_classes": 3, "target_class_ids": [1], "sparse_y_pred": False}),
            ("IoU", pictures, {"num_classes": 2, "target_class_ids": [0, 1], "ignore_class": 0}),
            ("BinaryIoU", bit_pictures, {}),
            ("BinaryIoU", bit_pictures, {"target_class_ids": [1], "threshold": 0.3}),
            ("MeanIoU", pictures, {"num_classes": 3}),
            ("MeanIoU", pictures, {"num_classes": 5, "ignore_class": 1}),
            ("OneHotIoU", one_hot_pictures, {"num_classes": 3, "target_class_ids": [0, 2]}),
            ("OneHotMeanIoU", one_hot_pictures, {"num_classes": 3}),
            ("OneHotMeanIoU", one_hot_and_numbers, {"num_classes": 3, "sparse_y_pred": True}),
        )
    ),
]

BATCHES = 3


def batches(case: MetricCase, weighted: bool) -> list[tuple[Array, Array, Array | None]]:
    """Labels, predictions and weights of some batches."""
    rng = np.random.default_rng(len(case.id))
    made: list[tuple[Array, Array, Array | None]] = []
    for _ in range(BATCHES):
        y, p = case.draw(rng)
        shape = p.shape[:2] if case.weights == "elements" else p.shape[:1]
        weight = (
            rng.integers(0, 4, shape).astype(np.int32) if case.integers else rng.uniform(0, 3, shape).astype(np.float32)
        )
        made.append((y, p, weight if weighted else None))
    return made

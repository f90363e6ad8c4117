"""AUC: the area under a curve of two rates over all thresholds."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BeforeValidator, Field, PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import Floats, Rate, as_tuple
from modelc.metrics.confusion import even_thresholds
from modelc.metrics.counting import KINDS, confusion, evenly_spaced
from modelc.metrics.metric import EPSILON, Array, Metric, Totals, masked_weight, quotient


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class AUC(Metric):
    """Area under a curve, ``Σ (x_i - x_{i+1})·h_i`` over increasing thresholds i.

    `ROC`: x is the false positive rate ``FP / (FP + TN)``, y the recall ``TP / (TP + FN)`` (Fawcett, 2006). `PR`: x is
    the recall, y the precision ``TP / (TP + FP)``. `PRGAIN`: recall gain ``1 - P/N·FN/TP`` and precision gain ``1 -
    P/N·FP/TP`` (Flach and Kull, 2015). The height h is the mean of y at the two ends (`interpolation`), the larger
    (`majoring`) or the smaller (`minoring`); `interpolation` of `PR` follows Davis and Goadrich (2006).
    """

    order: ClassVar[str] = "num_thresholds curve summation_method name dtype *"

    num_thresholds: Annotated[int, Field(ge=2)] = 200
    """The number of thresholds, evenly spaced from 0 to 1; more give a more exact area."""
    curve: Annotated[Literal["ROC", "PR", "PRGAIN"], BeforeValidator(_upper)] = "ROC"
    """The curve: `ROC` (recall over false positive rate), `PR` (precision over recall) or `PRGAIN` (precision gain over
    recall gain)."""
    summation_method: Annotated[Literal["interpolation", "majoring", "minoring"], BeforeValidator(_lower)] = (
        "interpolation"
    )
    """The height between two thresholds: their interpolation, the larger (`majoring`) or the smaller (`minoring`)."""
    thresholds: Annotated[tuple[Rate, ...] | None, BeforeValidator(as_tuple)] = None
    """The thresholds, between 0 and 1, instead of `num_thresholds`."""
    multi_label: bool = False
    """Whether to compute one curve per label and average their areas."""
    num_labels: PositiveInt | None = None
    """The number of labels, for `multi_label`."""
    label_weights: Floats | None = None
    """The weight per label: of its area in the mean with `multi_label`, otherwise of its predictions."""
    from_logits: bool = False
    """Whether the predictions are logits, to which a sigmoid is applied."""

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.num_labels is not None and not self.multi_label:
            raise PydanticCustomError("conflict", "`num_labels` goes with `multi_label` only")
        return self

    def _thresholds(self) -> tuple[float, ...]:
        inner = even_thresholds(self.num_thresholds)[1:-1] if self.thresholds is None else sorted(self.thresholds)
        # The ends lie outside, so that all predictions are above the first, none above the last.
        return (-EPSILON, *inner, 1 + EPSILON)

    def measure(self, y_true: Array, y_pred: Array, weight: Array | None, mask: Array | None) -> Totals:
        """The counts of a batch."""
        thresholds = self._thresholds()
        if self.multi_label and (y_pred.ndim != 2 or self.num_labels not in (None, y_pred.shape[-1])):
            raise ValueError(f"`multi_label` needs predictions (N, {self.num_labels or 'labels'})")
        if self.from_logits:
            with np.errstate(over="ignore"):
                y_pred = 1 / (1 + np.exp(-y_pred))
        weights = None if self.label_weights is None or self.multi_label else np.array(self.label_weights)
        return confusion(
            y_true,
            y_pred,
            thresholds,
            masked_weight(weight, mask),
            even=evenly_spaced((0.0, *thresholds[1:-1], 1.0)) or self.thresholds is None,
            by_label=self.multi_label,
            label_weight=weights,
        )

    def nothing(self) -> Totals:
        """Counts of 0 at each threshold."""
        shape = (len(self._thresholds()), 1) if self.multi_label else (len(self._thresholds()),)
        return {kind: np.zeros(shape) for kind in KINDS}

    def combine(self, totals: Totals) -> ArrayLike:
        """The area, or the mean of the areas."""
        tp, fp, tn, fn = (totals[kind] for kind in KINDS)
        if self.curve == "PR" and self.summation_method == "interpolation":
            parts = _interpolated(tp, fp, fn)
        else:
            x, y = self._curve(tp, fp, tn, fn)
            parts = (x[:-1] - x[1:]) * self._heights(y[:-1], y[1:])
        areas = np.sum(parts, 0)
        if not self.multi_label:
            return np.asarray(areas)
        if self.label_weights is None:
            return np.sum(areas) / np.size(areas)
        weights = np.array(self.label_weights)
        return quotient(np.sum(areas * weights), np.sum(weights))

    def _heights(self, left: Array, right: Array) -> Array:
        match self.summation_method:
            case "interpolation":
                return (left + right) / 2
            case "minoring":
                return np.minimum(left, right)
            case "majoring":
                return np.maximum(left, right)

    def _curve(self, tp: Array, fp: Array, tn: Array, fn: Array) -> tuple[Array, Array]:
        match self.curve:
            case "ROC":
                return quotient(fp, fp + tn), quotient(tp, tp + fn)
            case "PR":
                return quotient(tp, tp + fn), quotient(tp, tp + fp)
            case "PRGAIN":
                odds = quotient(tp + fn, tn + fp)
                recall, precision = (1 - odds * quotient(wrong, tp) for wrong in (fn, fp))
                return np.maximum(np.where(tp == 0, 0, recall), 0), np.where(tp == 0, 1, precision)


def _interpolated(tp: Array, fp: Array, fn: Array) -> Array:
    """The areas between thresholds, true positives growing in proportion to positives from each to the next."""
    positives = tp + fp
    grown = tp[:-1] - tp[1:]
    slope = quotient(grown, np.maximum(positives[:-1] - positives[1:], 0))
    intercept = tp[1:] - slope * positives[1:]
    both = (positives[:-1] > 0) & (positives[1:] > 0)
    ratio = np.where(both, quotient(positives[:-1], np.maximum(positives[1:], 0)), 1)
    return quotient(slope * (grown + intercept * np.log(ratio)), np.maximum(tp[1:] + fn[1:], 0))

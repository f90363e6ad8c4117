"""Metrics of regions: the intersection of labels and predictions over their union, by class."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import FiniteFloat, NonNegativeInt, as_tuple
from modelc.metrics.metric import EPSILON, Array, Metric, Totals, masked_weight

_Classes = Annotated[tuple[NonNegativeInt, ...], BeforeValidator(as_tuple), Field(min_length=1)]
_NumClasses = Annotated[int, Field(ge=1, le=1 << 12)]


class _Overlap(Metric):
    """``mean C_ii / (Σ_j C_ij + Σ_j C_ji - C_ii)`` over the classes i that occur, with the confusion matrix C: C_ij is
    the total weight of the elements of class i predicted as class j. Weights are used as given; Keras truncates them to
    integers."""

    @model_validator(mode="after")
    def _classes_exist(self) -> Self:
        given = getattr(self, "target_class_ids", ())
        count = getattr(self, "num_classes", 2)
        if given and max(given) >= count:
            raise PydanticCustomError(
                "conflict",
                "`target_class_ids` (={ids}) must be below `num_classes` (={count})",
                {"ids": list(given), "count": count},
            )
        return self

    def _option(self, name: str, *default: Any) -> Any:
        """An option that not all of these metrics have."""
        return getattr(self, name, *default)

    def measure(self, y_true: Array, y_pred: Array, weight: Array | None, mask: Array | None) -> Totals:
        """The confusion matrix of a batch."""
        axis, ignored, count = self._option("axis", -1), self._option("ignore_class", None), self._option("num_classes")
        y = y_true if self._option("sparse_y_true", True) else np.argmax(y_true, axis)
        p = y_pred if self._option("sparse_y_pred", True) else np.argmax(y_pred, axis)
        y, p = y.astype(np.int64).ravel(), p.astype(np.int64).ravel()
        given = masked_weight(weight, mask)
        weights = np.broadcast_to(np.ones(1) if given is None else given.ravel(), y.shape).astype(np.float64)
        known = (y >= 0) & (y < count) & (p >= 0) & (p < count)
        if ignored is not None:
            known &= y != ignored
        matrix = np.bincount(y[known] * count + p[known], weights[known], count * count)
        return {"matrix": matrix.reshape(count, count)}

    def nothing(self) -> Totals:
        """A matrix of zeros."""
        return {"matrix": np.zeros((self._option("num_classes"),) * 2)}

    def combine(self, totals: Totals) -> ArrayLike:
        """The mean over the classes that count and occur."""
        matrix = totals["matrix"]
        ids = list(self._option("target_class_ids", range(len(matrix))))
        common = np.diag(matrix)
        union = (matrix.sum(0) + matrix.sum(1) - common)[ids]
        occurs = union > 1e-9
        shares = np.where(occurs, common[ids] / (union + EPSILON), 0)
        return np.sum(shares) / (np.sum(occurs) + EPSILON)


class IoU(_Overlap):
    """Intersection over union (Jaccard, 1901), averaged over some classes."""

    order: ClassVar[str] = (
        "num_classes target_class_ids name dtype ignore_class sparse_y_true sparse_y_pred axis"
    )  # fmt: skip

    num_classes: _NumClasses
    """The number of classes."""
    target_class_ids: _Classes
    """The indices of the classes to average over."""
    ignore_class: int | None = None
    """A label whose positions are ignored; null for none."""
    sparse_y_true: bool = True
    """Whether labels are class indices instead of one-hot vectors."""
    sparse_y_pred: bool = True
    """Whether predictions are class indices instead of a score per class, of which the largest counts."""
    axis: int = -1
    """The axis of the predictions along which the classes lie; -1 is the last."""


class BinaryIoU(_Overlap):
    """Intersection over union for the classes 0 and 1, averaged over some of them, with a threshold on the
    predictions."""

    order: ClassVar[str] = "target_class_ids threshold name dtype"
    num_classes: ClassVar[int] = 2

    target_class_ids: _Classes = (0, 1)
    """The indices of the classes to average over."""
    threshold: FiniteFloat = 0.5
    """The decision threshold: predictions greater or equal count as 1."""

    def measure(self, y_true: Array, y_pred: Array, weight: Array | None, mask: Array | None) -> Totals:
        """The confusion matrix of a batch."""
        return super().measure(y_true, (y_pred >= np.float32(self.threshold)).astype(np.float32), weight, mask)


class MeanIoU(_Overlap):
    """Intersection over union, averaged over all classes."""

    order: ClassVar[str] = "num_classes name dtype ignore_class sparse_y_true sparse_y_pred axis"

    num_classes: _NumClasses
    """The number of classes."""
    ignore_class: int | None = None
    """A label whose positions are ignored; null for none."""
    sparse_y_true: bool = True
    """Whether labels are class indices instead of one-hot vectors."""
    sparse_y_pred: bool = True
    """Whether predictions are class indices instead of a score per class, of which the largest counts."""
    axis: int = -1
    """The axis of the predictions along which the classes lie; -1 is the last."""


class OneHotIoU(_Overlap):
    """Intersection over union for one-hot labels, averaged over some classes."""

    order: ClassVar[str] = "num_classes target_class_ids name dtype ignore_class sparse_y_pred axis"
    sparse_y_true: ClassVar[bool] = False

    num_classes: _NumClasses
    """The number of classes."""
    target_class_ids: _Classes
    """The indices of the classes to average over."""
    ignore_class: int | None = None
    """A label whose positions are ignored; null for none."""
    sparse_y_pred: bool = False
    """Whether predictions are class indices instead of a score per class, of which the largest counts."""
    axis: int = -1
    """The axis of the predictions along which the classes lie; -1 is the last."""


class OneHotMeanIoU(_Overlap):
    """Intersection over union for one-hot labels, averaged over all classes."""

    order: ClassVar[str] = "num_classes name dtype ignore_class sparse_y_pred axis"
    sparse_y_true: ClassVar[bool] = False

    num_classes: _NumClasses
    """The number of classes."""
    ignore_class: int | None = None
    """A label whose positions are ignored; null for none."""
    sparse_y_pred: bool = False
    """Whether predictions are class indices instead of a score per class, of which the largest counts."""
    axis: int = -1
    """The axis of the predictions along which the classes lie; -1 is the last."""

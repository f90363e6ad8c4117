"""Labels and weights in the types that a step of training takes: float32 and int32."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.config.arguments import kind_of
from modelc.errors import InputError
from modelc.graph.inputs import require_numbers
from modelc.graph.types import Shape

Array = NDArray[Any]

_INT32 = np.iinfo(np.int32)
_SHOWN = 4
"""The most wrong labels that a message shows."""


def as_label(array: Array) -> Array:
    """Integers and truth values as int32, all else as float32. Raises `InputError` for integers beyond 32 bits."""
    require_numbers(array, "the labels")
    if array.dtype.kind == "f":
        return np.ascontiguousarray(array, np.float32)
    if array.dtype.itemsize >= 4 and array.dtype != np.int32 and array.size:
        low, high = array.min(), array.max()
        if low < _INT32.min or high > _INT32.max:
            raise InputError(f"the labels hold values from {low} to {high}, expected 32-bit integers")
    return np.ascontiguousarray(array, np.int32)


def as_weights(array: Array) -> Array:
    """Sample weights as float32. Raises `InputError` where they are no numbers."""
    require_numbers(array, "the sample weights")
    return np.ascontiguousarray(array, np.float32)


@dataclass(frozen=True, slots=True)
class ClassNumbers:
    """The numbers that the labels of an output may be: those of its classes, one for each sample."""

    count: int
    ignored: int | None = None
    """A number that is none of a class, and means that the sample does not count."""

    def check(self, labels: Array, weights: Array | None, name: str) -> None:
        """Raise `InputError` for a label that is the number of no class; samples of weight 0 may have any.

        A loss would not tell: the probability of a class that there is not is a constant.
        """
        labels = labels.reshape(-1)
        if labels.dtype.kind in "iu" and labels.size and labels.min() >= 0 and labels.max() < self.count:
            return
        if weights is not None and weights.size == labels.size:
            labels = labels[weights.reshape(-1) != 0]
        wrong = ~((labels >= 0) & (labels < self.count) & (labels == np.trunc(labels)))
        if self.ignored is not None:
            wrong &= labels != self.ignored
        if wrong.any():
            found = ", ".join(f"{value:g}" for value in np.unique(labels[wrong])[:_SHOWN].tolist())
            raise InputError(
                f"{name} hold {found}, expected the numbers of {self.count} classes, 0 to {self.count - 1}",
                "count classes from 0, or give the model's last layer as many units as there are classes; "
                "`ignore_class` of the loss, or a sample weight of 0, leaves samples out",
            )


class ClassWeights:
    """The weight of each class → the weight of each sample. False where there are none."""

    def __init__(
        self, weights: Mapping[int, float] | None, outputs: Sequence[str], classes: ClassNumbers | None = None
    ) -> None:
        self._classes = np.zeros(0, np.int64)
        self._weights = np.zeros(0, np.float32)
        if weights is not None and not isinstance(weights, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InputError(f"`class_weight` maps classes to weights, found {kind_of(weights)}")
        if not weights:
            return
        if len(outputs) > 1:
            raise InputError(f"`class_weight` is for models with one output, this one has {len(outputs)}")
        for key, weight in weights.items():
            if isinstance(key, bool) or not isinstance(key, int | np.integer):
                raise InputError(f"`class_weight` maps integers to weights, found {key!r}")
            if isinstance(weight, bool) or not isinstance(weight, int | float | np.number) or not np.isfinite(weight):
                raise InputError(f"`class_weight` has {weight!r} for the class {key}, expected a finite number")
        self._classes = np.array(sorted(weights), np.int64)
        self._weights = np.array([weights[c] for c in sorted(weights)], np.float32)
        if classes is not None:
            self._require(classes.count)

    def __bool__(self) -> bool:
        return len(self._classes) > 0

    def require_fit(self, shape: Shape) -> None:
        """Raise `InputError` where a label of this shape is no class, or has none of a number that has a weight."""
        if self and (len(shape) > 1 or None in shape):
            raise InputError(f"`class_weight` needs one class for each sample, found labels of shape {(None, *shape)}")
        if self and shape and (shape[0] or 0) > 1:
            self._require(shape[0] or 0)

    def _require(self, count: int) -> None:
        """Raise `InputError` where a class that there is not has a weight."""
        wrong = [int(c) for c in self._classes if not 0 <= c < count]
        if wrong:
            raise InputError(f"`class_weight` names the class {wrong[0]}; there are {count}, 0 to {count - 1}")

    def of(self, labels: Array) -> Array:
        """A weight for each sample, by its class: an integer, or the largest of a one-hot row; 1 for other classes."""
        if labels.ndim > 2:
            raise InputError(f"`class_weight` needs one class for each sample, found labels of shape {labels.shape}")
        if labels.ndim == 2:
            labels = labels[:, 0] if labels.shape[1] == 1 else np.argmax(labels, axis=1)
        classes = np.round(labels).astype(np.int64)
        at = np.searchsorted(self._classes, classes).clip(max=len(self._classes) - 1)
        return np.where(self._classes[at] == classes, self._weights[at], np.float32(1))

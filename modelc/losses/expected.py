"""Whether labels and weights have shapes that a loss takes, found out before anything runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from modelc.errors import Diagnostic, InputError, ShapeError
from modelc.graph.builder import Builder
from modelc.graph.sizes import is_free, likely
from modelc.graph.types import TensorType, format_shape
from modelc.losses import LOSSES
from modelc.losses.by_labels import crossentropy_for
from modelc.losses.loss import Loss


@dataclass(frozen=True, slots=True)
class Expected:
    """What the labels of an output are compared with, and by what."""

    prediction: TensorType
    loss: Loss | None = None
    """None for the crossentropy that the shape of the labels asks for."""
    batch_size: int | None = None
    """The size of all batches, where the model fixes it."""

    def require(self, labels: TensorType, weights: TensorType | None, name: str) -> None:
        """Raise `InputError` unless the loss takes labels, and weights of samples, of these types."""
        problem = _problem(replace(self, prediction=_with_sizes(self.prediction, labels)), labels, weights)
        if problem is not None:
            found = f"{name} have the shape {format_shape(labels.shape)}"
            found += "" if weights is None else f", their weights {format_shape(weights.shape)}"
            found += f", the predictions {format_shape(self.prediction.shape)}"
            raise InputError(f"{found}: {problem.message}", problem.help)


def _with_sizes(prediction: TensorType, labels: TensorType) -> TensorType:
    """The type of predictions whose free sizes are those that the labels have."""
    shape = (
        (labels.shape[axis] if axis < labels.rank else likely(size)) if is_free(size) else size
        for axis, size in enumerate(prediction.shape)
    )
    return prediction.with_shape(tuple(shape))


@lru_cache(maxsize=64)
def _problem(expected: Expected, labels: TensorType, weights: TensorType | None) -> Diagnostic | None:
    """What the loss says against these types, as its graph shows."""
    g = Builder(batch_size=expected.batch_size)
    loss = expected.loss or LOSSES[crossentropy_for(labels.shape, expected.prediction.shape)]()
    try:
        y, p = g.input(labels), g.input(expected.prediction)
        loss.emit(g, y, p, None if weights is None else g.input(weights))
    except ShapeError as error:
        return error.diagnostics[0]
    return None

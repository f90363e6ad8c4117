"""Regularizers: the penalties on weights and outputs that training adds to the loss.

Names, options and defaults are those of `keras.regularizers`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Literal

import numpy as np

from modelc.config import Config, Registry
from modelc.errors import ShapeError
from modelc.graph.types import format_shape
from modelc.ops.base import Array
from modelc.options import NonNegativeFloat


class Regularizer(Config):
    """Base of all regularizers: a scalar penalty on a tensor."""

    @abstractmethod
    def __call__(self, w: Array) -> float:
        """The penalty."""


class L1(Regularizer):
    """``l1·Σ|w|``."""

    l1: NonNegativeFloat = 0.01
    """The factor of the sum of absolute values."""

    def __call__(self, w: Array) -> float:
        """``l1·Σ|w|``."""
        return self.l1 * float(np.sum(np.abs(w)))


class L2(Regularizer):
    """``l2·Σ w²``."""

    l2: NonNegativeFloat = 0.01
    """The factor of the sum of squares."""

    def __call__(self, w: Array) -> float:
        """``l2·Σ w²``."""
        return self.l2 * float(np.sum(np.square(w)))


class L1L2(Regularizer):
    """``l1·Σ|w| + l2·Σ w²``."""

    l1: NonNegativeFloat = 0.0
    """The factor of the sum of absolute values."""
    l2: NonNegativeFloat = 0.0
    """The factor of the sum of squares."""

    def __call__(self, w: Array) -> float:
        """``l1·Σ|w| + l2·Σ w²``."""
        return self.l1 * float(np.sum(np.abs(w))) + self.l2 * float(np.sum(np.square(w)))


class OrthogonalRegularizer(Regularizer):
    """``factor · mean over the pairs i < j of |⟨w_i, w_j⟩| / (‖w_i‖·‖w_j‖)``, w_i the rows or columns of a matrix."""

    factor: NonNegativeFloat = 0.01
    """The factor of the mean."""
    mode: Literal["rows", "columns"] = "rows"
    """Which vectors are to become orthogonal to each other."""

    def __call__(self, w: Array) -> float:
        """The penalty; 0 for a single vector. Raises `ShapeError` unless w is a matrix."""
        if w.ndim != 2:
            raise ShapeError(f"an OrthogonalRegularizer takes a matrix, found the shape {format_shape(w.shape)}")
        vectors = w if self.mode == "rows" else w.T
        if len(vectors) < 2:
            return 0.0
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = vectors / np.where(norms == 0, 1, norms)
        cosines = np.abs(unit @ unit.T)[np.triu_indices(len(unit), 1)]
        return self.factor * float(np.mean(cosines))


REGULARIZERS: Registry[Regularizer] = Registry(
    "regularizer",
    dict.fromkeys(("L1", "L2", "L1L2", "OrthogonalRegularizer"), __name__),
    {"l1": "L1", "l2": "L2", "l1_l2": "L1L2", "l1l2": "L1L2", "orthogonal_regularizer": "OrthogonalRegularizer"},
)

RegularizerField = Annotated[Regularizer, REGULARIZERS.field()] | None

"""Regularizers: the penalties on weights and outputs that training adds to the loss.

Names, options and defaults are those of `keras.regularizers`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from modelc.config.base import Config
from modelc.config.options import NonNegativeFloat
from modelc.errors import ShapeError
from modelc.functions.kinds import UnaryKind
from modelc.graph.tensor import constant
from modelc.graph.types import Shape, format_shape
from modelc.ops.base import Array
from modelc.ops.constant import Range
from modelc.ops.normalize import Normalize
from modelc.regularizers import REGULARIZERS
from modelc.text.naming import snake_case

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

_LEAST_NORM = 1e-7
"""`keras.config.epsilon()`."""


class Regularizer(Config):
    """Base of all regularizers: a scalar penalty on a tensor."""

    additive: ClassVar[bool] = True
    """Whether the penalty on several tensors together is the sum of the penalties on them."""

    @classmethod
    def lower_case_name(cls) -> str:
        """Keras's: `orthogonal_regularizer`."""
        return snake_case(cls.__name__)

    @abstractmethod
    def __call__(self, w: Array) -> float:
        """The penalty."""

    @abstractmethod
    def penalty(self, weight: Tensor) -> Tensor:
        """The penalty in ops: a scalar."""


class L1(Regularizer):
    """L1 regularizer, which makes many weights 0: ``l1·Σ|w|``."""

    l1: NonNegativeFloat = 0.01
    """The factor of the L1 penalty, the sum of absolute values."""

    def __call__(self, w: Array) -> float:
        """``l1·Σ|w|``."""
        return self.l1 * float(np.sum(np.abs(w)))

    def penalty(self, weight: Tensor) -> Tensor:
        """``l1·Σ|w|``."""
        return _weighted_sum("abs", weight, self.l1)


class L2(Regularizer):
    """L2 regularizer, which keeps weights small: ``l2·Σ w²``."""

    l2: NonNegativeFloat = 0.01
    """The factor of the L2 penalty, the sum of squares."""

    def __call__(self, w: Array) -> float:
        """``l2·Σ w²``."""
        return self.l2 * float(np.sum(np.square(w)))

    def penalty(self, weight: Tensor) -> Tensor:
        """``l2·Σ w²``."""
        return _weighted_sum("square", weight, self.l2)


class L1L2(Regularizer):
    """Sum of the L1 and the L2 penalty: ``l1·Σ|w| + l2·Σ w²``."""

    aliases = ("l1_l2",)

    l1: NonNegativeFloat = 0.0
    """The factor of the L1 penalty, the sum of absolute values."""
    l2: NonNegativeFloat = 0.0
    """The factor of the L2 penalty, the sum of squares."""

    def __call__(self, w: Array) -> float:
        """``l1·Σ|w| + l2·Σ w²``."""
        return self.l1 * float(np.sum(np.abs(w))) + self.l2 * float(np.sum(np.square(w)))

    def penalty(self, weight: Tensor) -> Tensor:
        """``l1·Σ|w| + l2·Σ w²``."""
        return _weighted_sum("abs", weight, self.l1) + _weighted_sum("square", weight, self.l2)


class OrthogonalRegularizer(Regularizer):
    """Regularizer that makes the rows or columns of a matrix orthogonal to each other.

    ``factor · mean over the pairs i < j of |⟨w_i, w_j⟩| / (‖w_i‖·‖w_j‖)``, with w_i the rows or columns.
    """

    additive = False

    factor: NonNegativeFloat = 0.01
    """The factor of the penalty."""
    mode: Literal["rows", "columns"] = "rows"
    """The vectors made orthogonal: the `rows` or the `columns`."""

    def __call__(self, w: Array) -> float:
        """The penalty; 0 for a single vector. Raises `ShapeError` unless w is a matrix."""
        _require_matrix(w.shape)
        vectors = w if self.mode == "rows" else w.T
        if len(vectors) < 2:
            return 0.0
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = vectors / np.where(norms == 0, 1, norms)
        cosines = np.abs(unit @ unit.T)[np.triu_indices(len(unit), 1)]
        return self.factor * float(np.mean(cosines))

    def penalty(self, weight: Tensor) -> Tensor:
        """The same from the whole matrix of cosines, its diagonal left out: every pair is in it twice."""
        _require_matrix(weight.shape)
        vectors = weight if self.mode == "rows" else weight.transpose((1, 0))
        count = vectors.dims[0]
        if count < 2:
            return constant(weight.g, 0.0)
        # The length that Keras divides by at least, so that a vector of zeros stays one.
        unit = vectors.emit(Normalize("l2", (1,), _LEAST_NORM**2))
        cosines = abs(unit @ unit.transpose((1, 0)))
        numbers = weight.g.emit(Range(count))
        others = numbers.reshape((count, 1)).not_equal(numbers)
        total = (cosines * others).sum((0, 1))
        return total * (self.factor / (count * (count - 1)))


def _weighted_sum(kind: UnaryKind, weight: Tensor, factor: float) -> Tensor:
    """``factor·Σ f(w)``."""
    each = weight.f(kind)
    total = each.sum(tuple(range(each.rank))) if each.rank else each
    return total * factor


def _require_matrix(shape: Shape) -> None:
    if len(shape) != 2:
        raise ShapeError(f"an OrthogonalRegularizer takes a matrix, found the shape {format_shape(shape)}")


RegularizerField = Annotated[Regularizer, REGULARIZERS.field()] | None

"""Constraints: projections of a weight onto a set, applied after each update.

Names, options and defaults are those of `keras.constraints`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from modelc.config.base import Config
from modelc.config.options import AxisOrAxes, NonNegativeFloat, Rate
from modelc.constraints import CONSTRAINTS
from modelc.errors import ShapeError
from modelc.graph.types import Shape, format_shape
from modelc.ops.base import Array
from modelc.text.naming import snake_case

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

_EPSILON = 1e-7
"""`keras.config.epsilon()`: keeps a zero vector at zero."""


class Constraint(Config):
    """Base of all constraints: a projection of a weight."""

    @classmethod
    def lower_case_name(cls) -> str:
        """Keras's: `max_norm`."""
        return snake_case(cls.__name__)

    @abstractmethod
    def __call__(self, w: Array) -> Array:
        """The projected weight, in w's shape and dtype."""

    @abstractmethod
    def project(self, weight: Tensor) -> Tensor:
        """The projected weight in ops."""


class MaxNorm(Constraint):
    """Limits the norm of weight vectors.

    ``w · min(‖w‖, max_value) / (‖w‖ + 1e-7)``, norms along `axis`.
    """

    max_value: NonNegativeFloat = 2.0
    """The maximum norm of a weight vector."""
    axis: AxisOrAxes = 0
    """The axis or axes of a weight vector: 0 for the kernel of a Dense, `[0, 1, 2]` for that of a Conv2D."""

    def __call__(self, w: Array) -> Array:
        """Longer vectors are shortened to `max_value`."""
        norms = _norms(w, self.axis)
        return _rescale(w, norms, np.minimum(norms, self.max_value))

    def project(self, weight: Tensor) -> Tensor:
        """Longer vectors are shortened to `max_value`."""
        norms = _norms_of(weight, self.axis)
        return _rescaled(weight, norms, norms.clip(0.0, self.max_value))


class NonNeg(Constraint):
    """Sets negative weights to 0: ``max(w, 0)``."""

    def __call__(self, w: Array) -> Array:
        """Negative values become 0."""
        return np.maximum(w, 0)

    def project(self, weight: Tensor) -> Tensor:
        """Negative values become 0."""
        return weight.relu()


class UnitNorm(Constraint):
    """Scales weight vectors to norm 1.

    ``w / (‖w‖ + 1e-7)``, norms along `axis`.
    """

    axis: AxisOrAxes = 0
    """The axis or axes of a weight vector: 0 for the kernel of a Dense, `[0, 1, 2]` for that of a Conv2D."""

    def __call__(self, w: Array) -> Array:
        """Every vector gets the norm 1."""
        return _rescale(w, _norms(w, self.axis), 1)

    def project(self, weight: Tensor) -> Tensor:
        """Every vector gets the norm 1."""
        norms = _norms_of(weight, self.axis) + _EPSILON
        return weight / norms


class MinMaxNorm(Constraint):
    """Keeps the norm of weight vectors in a range.

    ``w · (rate·clip(‖w‖, min_value, max_value) + (1 - rate)·‖w‖) / (‖w‖ + 1e-7)``, norms along `axis`.
    """

    min_value: NonNegativeFloat = 0.0
    """The minimum norm of a weight vector."""
    max_value: NonNegativeFloat = 1.0
    """The maximum norm of a weight vector."""
    rate: Rate = 1.0
    """The fraction by which each update moves a norm towards the range; 1 enforces the range fully."""
    axis: AxisOrAxes = 0
    """The axis or axes of a weight vector: 0 for the kernel of a Dense, `[0, 1, 2]` for that of a Conv2D."""

    @model_validator(mode="after")
    def _interval(self) -> Self:
        if self.min_value > self.max_value:
            raise PydanticCustomError(
                "conflict",
                "`min_value` (={low}) must be at most `max_value` (={high})",
                {"low": self.min_value, "high": self.max_value},
            )
        return self

    def __call__(self, w: Array) -> Array:
        """Norms are moved into the interval, by `rate` of the way."""
        norms = _norms(w, self.axis)
        return _rescale(w, norms, self.rate * np.clip(norms, self.min_value, self.max_value) + (1 - self.rate) * norms)

    def project(self, weight: Tensor) -> Tensor:
        """Norms are moved into the interval, by `rate` of the way."""
        norms = _norms_of(weight, self.axis)
        inside = self.rate * norms.clip(self.min_value, self.max_value)
        rest = norms * (1 - self.rate)
        return _rescaled(weight, norms, inside + rest)


def _norms(w: Array, axis: int | tuple[int, ...]) -> Array:
    return np.sqrt(np.sum(np.square(w), axis=_checked_axes(w.shape, axis), keepdims=True))


def _norms_of(weight: Tensor, axis: int | tuple[int, ...]) -> Tensor:
    axes = _checked_axes(weight.shape, axis)
    return weight.square().sum(axes, keepdims=True).sqrt()


def _checked_axes(shape: Shape, axis: int | tuple[int, ...]) -> tuple[int, ...]:
    axes = (axis,) if isinstance(axis, int) else axis
    for a in axes:
        if not -len(shape) <= a < len(shape):
            raise ShapeError(
                f"a weight of the shape {format_shape(shape)} has no axis {a}", "set the constraint's `axis`"
            )
    return axes


def _rescale(w: Array, norms: Array, wanted: Array | float) -> Array:
    return (w * (wanted / (norms + _EPSILON))).astype(w.dtype)


def _rescaled(weight: Tensor, norms: Tensor, wanted: Tensor) -> Tensor:
    factor = wanted / (norms + _EPSILON)
    return weight * factor


ConstraintField = Annotated[Constraint, CONSTRAINTS.field()] | None

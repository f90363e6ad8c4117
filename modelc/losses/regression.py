"""Losses of numbers: how far predictions p are from the labels y. Sums and means are over the last axis."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.arithmetic import EPSILON, add, at_least, divide, multiply, reduce, scale, select, subtract
from modelc.layers.emit import as_float, binary, constant, resolve_axes, sample_axes, unary
from modelc.losses.loss import Loss
from modelc.ops.normalize import Normalize


class _MeanOfEach(Loss):
    """The mean over the last axis of some function of each label and prediction."""

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """The mean of the errors."""
        errors = self._error(g, as_float(g, y_true), y_pred)
        return reduce(g, "mean", errors, resolve_axes(-1, errors.type.rank))

    def _error(self, g: Builder, y: Value, p: Value) -> Value:
        raise NotImplementedError


class MeanSquaredError(_MeanOfEach):
    """Mean squared error of labels y and predictions p: ``mean (y - p)²``."""

    name: str = "mean_squared_error"
    """The name of the loss in logs."""

    def _error(self, g: Builder, y: Value, p: Value) -> Value:
        return unary(g, "square", subtract(g, y, p))


class MeanAbsoluteError(_MeanOfEach):
    """Mean absolute error of labels y and predictions p: ``mean |y - p|``."""

    name: str = "mean_absolute_error"
    """The name of the loss in logs."""

    def _error(self, g: Builder, y: Value, p: Value) -> Value:
        return unary(g, "abs", subtract(g, y, p))


class MeanAbsolutePercentageError(_MeanOfEach):
    """Mean absolute percentage error: ``100·mean |y - p| / max(|y|, 1e-7)``."""

    name: str = "mean_absolute_percentage_error"
    """The name of the loss in logs."""

    def _error(self, g: Builder, y: Value, p: Value) -> Value:
        size = at_least(g, unary(g, "abs", y), EPSILON)
        return scale(g, unary(g, "abs", divide(g, subtract(g, y, p), size)), 100.0)


class MeanSquaredLogarithmicError(_MeanOfEach):
    """Mean squared logarithmic error, for values of very different magnitudes.

    ``mean (log(max(y, 1e-7) + 1) - log(max(p, 1e-7) + 1))²``.
    """

    name: str = "mean_squared_logarithmic_error"
    """The name of the loss in logs."""

    def _error(self, g: Builder, y: Value, p: Value) -> Value:
        logs = [unary(g, "log", scale(g, at_least(g, x, EPSILON), 1.0, 1.0)) for x in (p, y)]
        return unary(g, "square", subtract(g, *logs))


class Huber(_MeanOfEach):
    """Huber loss: quadratic for small errors and linear for large ones, so that outliers count less.

    ``mean h``, ``h = (y - p)²/2`` if ``|y - p| ≤ delta``, else ``delta·|y - p| - delta²/2`` (Huber, 1964).
    """

    delta: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """The absolute error at which the loss changes from quadratic to linear."""
    name: str = "huber_loss"
    """The name of the loss in logs."""

    def _error(self, g: Builder, y: Value, p: Value) -> Value:
        error = subtract(g, p, y)
        size = unary(g, "abs", error)
        line = scale(g, size, self.delta, -0.5 * self.delta**2)
        near = binary(g, "less_equal", size, constant(g, self.delta))
        return select(g, near, scale(g, unary(g, "square", error), 0.5), line)


class LogCosh(_MeanOfEach):
    """Logarithm of the hyperbolic cosine of the error: about quadratic for small errors and linear for large ones.

    ``mean log cosh(p - y)``, computed as ``d + softplus(-2d) - log 2`` with ``d = p - y``.
    """

    name: str = "log_cosh"
    """The name of the loss in logs."""

    def _error(self, g: Builder, y: Value, p: Value) -> Value:
        difference = subtract(g, p, y)
        return scale(g, add(g, difference, unary(g, "softplus", scale(g, difference, -2.0))), 1.0, -math.log(2))


class CosineSimilarity(Loss):
    """Negative cosine similarity of labels and predictions.

    ``-Σ y·p / (‖y‖·‖p‖)`` along `axis`: -1 for the same direction, 1 for opposite directions.
    """

    axis: int = -1
    """The axis of the vectors; -1 is the last."""
    name: str = "cosine_similarity"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """The product of the vectors, each divided by its length, but not by less than 1e-7."""
        axes = sample_axes(self.axis, y_pred.type.rank)
        directions = [g.emit(Normalize("l2", axes, EPSILON**2), as_float(g, x)) for x in (y_true, y_pred)]
        return unary(g, "negative", reduce(g, "sum", multiply(g, *directions), axes))

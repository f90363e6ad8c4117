"""Losses of numbers: how far predictions p are from the labels y. Sums and means are over the last axis."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from modelc.graph.axes import resolve_axes, sample_axes
from modelc.graph.builder import Builder
from modelc.graph.formulas import EPSILON
from modelc.graph.tensor import Tensor, where
from modelc.losses.loss import Loss
from modelc.ops.normalize import Normalize


class _MeanOfEach(Loss):
    """The mean over the last axis of some function of each label and prediction."""

    elementwise = True

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The mean of the errors."""
        errors = self._error(y_true.as_float(), y_pred)
        return errors.mean(resolve_axes(-1, errors.rank))

    def _error(self, y: Tensor, p: Tensor) -> Tensor:
        raise NotImplementedError


class MeanSquaredError(_MeanOfEach):
    """Mean squared error of labels y and predictions p: ``mean (y - p)²``."""

    aliases = ("mse", "MSE")

    name: str = "mean_squared_error"
    """The name of the loss in logs."""

    def _error(self, y: Tensor, p: Tensor) -> Tensor:
        return (y - p).square()


class MeanAbsoluteError(_MeanOfEach):
    """Mean absolute error of labels y and predictions p: ``mean |y - p|``."""

    aliases = ("mae", "MAE")

    name: str = "mean_absolute_error"
    """The name of the loss in logs."""

    def _error(self, y: Tensor, p: Tensor) -> Tensor:
        return abs(y - p)


class MeanAbsolutePercentageError(_MeanOfEach):
    """Mean absolute percentage error: ``100·mean |y - p| / max(|y|, 1e-7)``."""

    aliases = ("mape", "MAPE")

    name: str = "mean_absolute_percentage_error"
    """The name of the loss in logs."""

    def _error(self, y: Tensor, p: Tensor) -> Tensor:
        size = abs(y).maximum(EPSILON)
        return 100.0 * abs((y - p) / size)


class MeanSquaredLogarithmicError(_MeanOfEach):
    """Mean squared logarithmic error, for values of very different magnitudes.

    ``mean (log(max(y, 1e-7) + 1) - log(max(p, 1e-7) + 1))²``.
    """

    aliases = ("msle", "MSLE")

    name: str = "mean_squared_logarithmic_error"
    """The name of the loss in logs."""

    def _error(self, y: Tensor, p: Tensor) -> Tensor:
        log_p, log_y = ((x.maximum(EPSILON) + 1.0).log() for x in (p, y))
        return (log_p - log_y).square()


class Huber(_MeanOfEach):
    """Huber loss: quadratic for small errors and linear for large ones, so that outliers count less.

    ``mean h``, ``h = (y - p)²/2`` if ``|y - p| ≤ delta``, else ``delta·|y - p| - delta²/2`` (Huber, 1964).
    """

    delta: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """The absolute error at which the loss changes from quadratic to linear."""
    name: str = "huber_loss"
    """The name of the loss in logs."""

    def _error(self, y: Tensor, p: Tensor) -> Tensor:
        error = p - y
        size = abs(error)
        line = self.delta * size + -0.5 * self.delta**2
        near = size.less_equal(self.delta)
        return where(near, 0.5 * error.square(), line)


class LogCosh(_MeanOfEach):
    """Logarithm of the hyperbolic cosine of the error: about quadratic for small errors and linear for large ones.

    ``mean log cosh(p - y)``, computed as ``d + softplus(-2d) - log 2`` with ``d = p - y``.
    """

    name: str = "log_cosh"
    """The name of the loss in logs."""

    def _error(self, y: Tensor, p: Tensor) -> Tensor:
        difference = p - y
        return difference + (-2.0 * difference).softplus() - math.log(2)


class CosineSimilarity(Loss):
    """Negative cosine similarity of labels and predictions.

    ``-Σ y·p / (‖y‖·‖p‖)`` along `axis`: -1 for the same direction, 1 for opposite directions.
    """

    axis: int = -1
    """The axis of the vectors; -1 is the last."""
    name: str = "cosine_similarity"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The product of the vectors, each divided by its length, but not by less than 1e-7."""
        axes = sample_axes(self.axis, y_pred.rank)
        a, b = (x.as_float().emit(Normalize("l2", axes, EPSILON**2)) for x in (y_true, y_pred))
        return -(a * b).sum(axes)

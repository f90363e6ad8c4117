"""Learning-rate schedules: the learning rate r as a function of the step s, which counts from 0.

Names, options and defaults are those of `keras.optimizers.schedules`.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Annotated, Self

from pydantic import Field, PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.base import Config
from modelc.config.options import FiniteFloat, Floats, NonNegativeFloat, NonNegativeInt


class Schedule(Config):
    """Base of all schedules."""

    @abstractmethod
    def __call__(self, step: int) -> float:
        """The learning rate of a step."""


class ExponentialDecay(Schedule):
    """Exponential decay: the learning rate r is multiplied by a factor every fixed number of steps s.

    ``r = initial_learning_rate·decay_rate^(s / decay_steps)``.
    """

    initial_learning_rate: NonNegativeFloat
    """The initial learning rate."""
    decay_steps: PositiveInt
    """The number of steps (batches) per multiplication by `decay_rate`."""
    decay_rate: NonNegativeFloat
    """The factor of the learning rate per `decay_steps`: 0.5 halves it."""
    staircase: bool = False
    """Whether the learning rate decreases only every `decay_steps` steps instead of continuously."""
    name: str = "ExponentialDecay"
    """The name of the schedule in saved files."""

    def __call__(self, step: int) -> float:
        """A power of the decay rate."""
        return self.initial_learning_rate * self.decay_rate ** _periods(step, self.decay_steps, self.staircase)


class InverseTimeDecay(Schedule):
    """Inverse time decay: the learning rate r is divided by a linear function of the number of steps s.

    ``r = initial_learning_rate / (1 + decay_rate·s / decay_steps)``.
    """

    initial_learning_rate: NonNegativeFloat
    """The initial learning rate."""
    decay_steps: PositiveInt
    """The number of steps (batches) over which the divisor grows by `decay_rate`."""
    decay_rate: NonNegativeFloat
    """The growth of the divisor, initially 1, per `decay_steps`."""
    staircase: bool = False
    """Whether the learning rate decreases only every `decay_steps` steps instead of continuously."""
    name: str = "InverseTimeDecay"
    """The name of the schedule in saved files."""

    def __call__(self, step: int) -> float:
        """The initial rate over a growing divisor."""
        return self.initial_learning_rate / (1 + self.decay_rate * _periods(step, self.decay_steps, self.staircase))


class PiecewiseConstantDecay(Schedule):
    """Piecewise constant learning rate r, with changes at given steps s.

    ``r = values[i]`` for ``boundaries[i-1] < s ≤ boundaries[i]``: the first value up to and including the first
    boundary, the last value after the last boundary.
    """

    boundaries: Floats
    """The steps (batches) after which the learning rate changes, in ascending order."""
    values: Floats
    """The learning rates of the intervals: one more than there are boundaries."""
    name: str = "PiecewiseConstant"
    """The name of the schedule in saved files."""

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if len(self.values) != len(self.boundaries) + 1:
            raise PydanticCustomError(
                "conflict",
                "`values` must be one more than `boundaries`, found {values} and {boundaries}",
                {"values": len(self.values), "boundaries": len(self.boundaries)},
            )
        if list(self.boundaries) != sorted(set(self.boundaries)):
            raise PydanticCustomError(
                "value", "`boundaries` must ascend, found {found}", {"found": list(self.boundaries)}
            )
        return self

    def __call__(self, step: int) -> float:
        """The value of the interval that contains the step."""
        return self.values[sum(step > boundary for boundary in self.boundaries)]


class PolynomialDecay(Schedule):
    """Polynomial decay: the learning rate r changes to an end value over a fixed number of steps s.

    ``r = (initial_learning_rate - end_learning_rate)·(1 - min(s, n) / n)^power + end_learning_rate``, n = decay_steps;
    with `cycle`, n is the smallest multiple of decay_steps that is not below s.
    """

    initial_learning_rate: NonNegativeFloat
    """The initial learning rate."""
    decay_steps: PositiveInt
    """The number of steps (batches) until the end value is reached."""
    end_learning_rate: NonNegativeFloat = 0.0001
    """The learning rate after `decay_steps`."""
    power: NonNegativeFloat = 1.0
    """The exponent: 1 for linear decay, larger values for a decay that slows down."""
    cycle: bool = False
    """Whether to restart from a higher learning rate each time the end value is reached, with n extended by
    `decay_steps`."""
    name: str = "PolynomialDecay"
    """The name of the schedule in saved files."""

    def __call__(self, step: int) -> float:
        """A power of the remaining fraction of the steps."""
        steps = self.decay_steps * max(1, math.ceil(step / self.decay_steps)) if self.cycle else self.decay_steps
        left = 1 - min(step, steps) / steps
        return (self.initial_learning_rate - self.end_learning_rate) * left**self.power + self.end_learning_rate


class CosineDecay(Schedule):
    """Cosine decay: the learning rate r follows half a cosine over a fixed number of steps s, after an optional linear
    warm-up.

    ``r = top·((1 - alpha)·(1 + cos(π·min(s, n) / n)) / 2 + alpha)``, n = decay_steps (Loshchilov and Hutter, 2017).

    top is the initial learning rate or, if given, `warmup_target`: r then first rises linearly to it over
    `warmup_steps`, and s counts from the end of the warm-up.
    """

    initial_learning_rate: NonNegativeFloat
    """The initial learning rate, at the start of the warm-up or of the cosine."""
    decay_steps: PositiveInt
    """The number of steps (batches) of the cosine, without the warm-up."""
    alpha: FiniteFloat = 0.0
    """The final learning rate as a fraction of the highest one."""
    name: str = "CosineDecay"
    """The name of the schedule in saved files."""
    warmup_target: NonNegativeFloat | None = None
    """The learning rate at the end of the warm-up and the start of the cosine; null for no warm-up."""
    warmup_steps: NonNegativeInt = 0
    """The number of warm-up steps, over which the learning rate changes linearly to `warmup_target`."""

    def __call__(self, step: int) -> float:
        """A linear warm-up, if any, then half a cosine."""
        if self.warmup_target is None:
            return self.initial_learning_rate * _cosine(step / self.decay_steps, 1.0, self.alpha)
        if step < self.warmup_steps:
            rise = self.warmup_target - self.initial_learning_rate
            return rise * step / self.warmup_steps + self.initial_learning_rate
        return self.warmup_target * _cosine((step - self.warmup_steps) / self.decay_steps, 1.0, self.alpha)


class CosineDecayRestarts(Schedule):
    """Cosine decay with warm restarts: the learning rate r repeatedly follows half a cosine.

    The i-th period, i = 0, 1, …, is first_decay_steps·t_mul^i steps long and starts at ``initial_learning_rate·((1 -
    alpha)·m_mul^i + alpha)`` (Loshchilov and Hutter, 2017: SGDR).
    """

    initial_learning_rate: NonNegativeFloat
    """The initial learning rate."""
    first_decay_steps: PositiveInt
    """The number of steps (batches) of the first period."""
    t_mul: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 2.0
    """The length of each period relative to the previous one."""
    m_mul: NonNegativeFloat = 1.0
    """The amplitude of each period relative to the previous one."""
    alpha: FiniteFloat = 0.0
    """The learning rate at the end of each period as a fraction of the initial one."""
    name: str = "SGDRDecay"
    """The name of the schedule in saved files."""

    def __call__(self, step: int) -> float:
        """The cosine of the period that contains the step, found by counting: logarithms would be off by one at the
        ends."""
        if self.t_mul == 1:
            restarts, left = divmod(step, self.first_decay_steps)
            length: float = self.first_decay_steps
        else:
            restarts, left, length = 0, step, self.first_decay_steps
            while left >= length:
                restarts, left, length = restarts + 1, left - length, self.t_mul * length
        return self.initial_learning_rate * _cosine(left / length, self.m_mul**restarts, self.alpha)


def _periods(step: int, decay_steps: int, staircase: bool) -> float:
    return step // decay_steps if staircase else step / decay_steps


def _cosine(done: float, height: float, alpha: float) -> float:
    return (1 - alpha) * height * (1 + math.cos(math.pi * min(done, 1.0))) / 2 + alpha

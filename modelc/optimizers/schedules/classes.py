"""Learning-rate schedules: the learning rate r as a function of the step s, which counts from 0.

Names, options and defaults are those of `keras.optimizers.schedules`.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Annotated, Self

from pydantic import Field, PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.config import Config, Registry
from modelc.options import FiniteFloat, Floats, NonNegativeFloat, NonNegativeInt


class Schedule(Config):
    """Base of all schedules."""

    @abstractmethod
    def __call__(self, step: int) -> float:
        """The learning rate of the step."""


class ExponentialDecay(Schedule):
    """``r = initial_learning_rate·decay_rate^(s / decay_steps)``."""

    initial_learning_rate: NonNegativeFloat
    """r at step 0."""
    decay_steps: PositiveInt
    """The steps in which r is multiplied by `decay_rate`."""
    decay_rate: NonNegativeFloat
    """The factor."""
    staircase: bool = False
    """Whether r stays the same for `decay_steps` at a time."""
    name: str = "ExponentialDecay"
    """What the schedule is called."""

    def __call__(self, step: int) -> float:
        """A power of the decay rate."""
        return self.initial_learning_rate * self.decay_rate ** _periods(step, self.decay_steps, self.staircase)


class InverseTimeDecay(Schedule):
    """``r = initial_learning_rate / (1 + decay_rate·s / decay_steps)``."""

    initial_learning_rate: NonNegativeFloat
    """r at step 0."""
    decay_steps: PositiveInt
    """The steps in which the divisor grows by `decay_rate`."""
    decay_rate: NonNegativeFloat
    """How much the divisor grows."""
    staircase: bool = False
    """Whether r stays the same for `decay_steps` at a time."""
    name: str = "InverseTimeDecay"
    """What the schedule is called."""

    def __call__(self, step: int) -> float:
        """The initial rate over a growing divisor."""
        return self.initial_learning_rate / (1 + self.decay_rate * _periods(step, self.decay_steps, self.staircase))


class PiecewiseConstantDecay(Schedule):
    """``r = values[i]`` for ``boundaries[i-1] < s ≤ boundaries[i]``: the first value up to the first boundary and with
    it, the last one after the last."""

    boundaries: Floats
    """Steps, in ascending order."""
    values: Floats
    """The learning rates between them: one more."""
    name: str = "PiecewiseConstant"
    """What the schedule is called."""

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
        """The value of the interval that the step lies in."""
        return self.values[sum(step > boundary for boundary in self.boundaries)]


class PolynomialDecay(Schedule):
    """``r = (initial_learning_rate - end_learning_rate)·(1 - min(s, n) / n)^power + end_learning_rate``,
    n = decay_steps; with `cycle`, n is the smallest multiple of decay_steps that is not below s."""

    initial_learning_rate: NonNegativeFloat
    """r at step 0."""
    decay_steps: PositiveInt
    """The steps to the end."""
    end_learning_rate: NonNegativeFloat = 0.0001
    """r at the end."""
    power: NonNegativeFloat = 1.0
    """1 for a line."""
    cycle: bool = False
    """Whether r begins anew, each time over a longer way."""
    name: str = "PolynomialDecay"
    """What the schedule is called."""

    def __call__(self, step: int) -> float:
        """A polynomial of what is left."""
        steps = self.decay_steps * max(1, math.ceil(step / self.decay_steps)) if self.cycle else self.decay_steps
        left = 1 - min(step, steps) / steps
        return (self.initial_learning_rate - self.end_learning_rate) * left**self.power + self.end_learning_rate


class CosineDecay(Schedule):
    """``r = top·((1 - alpha)·(1 + cos(π·min(s, n) / n)) / 2 + alpha)``, n = decay_steps (Loshchilov and Hutter, 2017).

    top is the initial learning rate, unless there is a `warmup_target`: then r first goes there, in a straight line
    over `warmup_steps`, and the cosine begins after that, with the target for its top.
    """

    initial_learning_rate: NonNegativeFloat
    """r at step 0."""
    decay_steps: PositiveInt
    """The steps of the cosine."""
    alpha: FiniteFloat = 0.0
    """The share of the top that is left at the end."""
    name: str = "CosineDecay"
    """What the schedule is called."""
    warmup_target: NonNegativeFloat | None = None
    """r after the warm-up."""
    warmup_steps: NonNegativeInt = 0
    """The steps of the warm-up."""

    def __call__(self, step: int) -> float:
        """A line up, if any, then a cosine down."""
        if self.warmup_target is None:
            return self.initial_learning_rate * _cosine(step / self.decay_steps, 1.0, self.alpha)
        if step < self.warmup_steps:
            rise = self.warmup_target - self.initial_learning_rate
            return rise * step / self.warmup_steps + self.initial_learning_rate
        return self.warmup_target * _cosine((step - self.warmup_steps) / self.decay_steps, 1.0, self.alpha)


class CosineDecayRestarts(Schedule):
    """Cosines that begin anew, as in CosineDecay: the i-th is first_decay_steps·t_mul^i steps long and begins at
    ``initial_learning_rate·((1 - alpha)·m_mul^i + alpha)`` (Loshchilov and Hutter, 2017: SGDR)."""

    initial_learning_rate: NonNegativeFloat
    """r at step 0."""
    first_decay_steps: PositiveInt
    """The steps of the first cosine."""
    t_mul: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 2.0
    """How many times as long the next cosine is."""
    m_mul: NonNegativeFloat = 1.0
    """How many times as high the next cosine is."""
    alpha: FiniteFloat = 0.0
    """The share of the initial rate that is left at the end of each."""
    name: str = "SGDRDecay"
    """What the schedule is called."""

    def __call__(self, step: int) -> float:
        """The cosine that the step lies in: found by counting, as logarithms would be off by one at its ends."""
        if self.t_mul == 1:
            restarts, left = divmod(step, self.first_decay_steps)
            length: float = self.first_decay_steps
        else:
            restarts, left, length = 0, step, self.first_decay_steps
            while left >= length:
                restarts, left, length = restarts + 1, left - length, length * self.t_mul
        return self.initial_learning_rate * _cosine(left / length, self.m_mul**restarts, self.alpha)


def _periods(step: int, decay_steps: int, staircase: bool) -> float:
    return step // decay_steps if staircase else step / decay_steps


def _cosine(done: float, height: float, alpha: float) -> float:
    return (1 - alpha) * height * (1 + math.cos(math.pi * min(done, 1.0))) / 2 + alpha


SCHEDULES: Registry[Schedule] = Registry(
    "learning-rate schedule",
    dict.fromkeys(
        (
            "ExponentialDecay",
            "PiecewiseConstantDecay",
            "PolynomialDecay",
            "InverseTimeDecay",
            "CosineDecay",
            "CosineDecayRestarts",
        ),
        __name__,
    ),
)

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
    """A learning rate r that shrinks by a factor over a fixed number of steps s.

    ``r = initial_learning_rate·decay_rate^(s / decay_steps)``.
    """

    initial_learning_rate: NonNegativeFloat
    """The learning rate at the first step."""
    decay_steps: PositiveInt
    """The number of steps (batches) over which the rate is multiplied by `decay_rate` once."""
    decay_rate: NonNegativeFloat
    """The factor of the rate per `decay_steps`: 0.5 halves it."""
    staircase: bool = False
    """Whether the rate falls in jumps, every `decay_steps` steps, instead of a little at each step."""
    name: str = "ExponentialDecay"
    """The name of the schedule in saved files."""

    def __call__(self, step: int) -> float:
        """A power of the decay rate."""
        return self.initial_learning_rate * self.decay_rate ** _periods(step, self.decay_steps, self.staircase)


class InverseTimeDecay(Schedule):
    """A learning rate r that falls as one over the number of steps s.

    ``r = initial_learning_rate / (1 + decay_rate·s / decay_steps)``.
    """

    initial_learning_rate: NonNegativeFloat
    """The learning rate at the first step."""
    decay_steps: PositiveInt
    """The number of steps (batches) over which the divisor grows by `decay_rate`."""
    decay_rate: NonNegativeFloat
    """The amount by which the divisor of the rate grows per `decay_steps`, from 1 on."""
    staircase: bool = False
    """Whether the rate falls in jumps, every `decay_steps` steps, instead of a little at each step."""
    name: str = "InverseTimeDecay"
    """The name of the schedule in saved files."""

    def __call__(self, step: int) -> float:
        """The initial rate over a growing divisor."""
        return self.initial_learning_rate / (1 + self.decay_rate * _periods(step, self.decay_steps, self.staircase))


class PiecewiseConstantDecay(Schedule):
    """A learning rate r that jumps from one fixed value to the next at given steps s.

    ``r = values[i]`` for ``boundaries[i-1] < s ≤ boundaries[i]``: the first value up to the first boundary and with
    it, the last one after the last.
    """

    boundaries: Floats
    """The steps (batches) after which the rate changes, in ascending order."""
    values: Floats
    """The learning rates before, between and after the boundaries: one more than there are boundaries."""
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
        """The value of the interval that the step lies in."""
        return self.values[sum(step > boundary for boundary in self.boundaries)]


class PolynomialDecay(Schedule):
    """A learning rate r that goes from one value to another over a fixed number of steps s, in a line or a power of it.

    ``r = (initial_learning_rate - end_learning_rate)·(1 - min(s, n) / n)^power + end_learning_rate``,
    n = decay_steps; with `cycle`, n is the smallest multiple of decay_steps that is not below s.
    """

    initial_learning_rate: NonNegativeFloat
    """The learning rate at the first step."""
    decay_steps: PositiveInt
    """The number of steps (batches) until the end rate is reached."""
    end_learning_rate: NonNegativeFloat = 0.0001
    """The learning rate after `decay_steps`."""
    power: NonNegativeFloat = 1.0
    """The exponent of the curve: 1 for a straight line, 2 for a fall that gets slower."""
    cycle: bool = False
    """Whether the rate starts again each time that it has reached the end, over a longer and longer way."""
    name: str = "PolynomialDecay"
    """The name of the schedule in saved files."""

    def __call__(self, step: int) -> float:
        """A polynomial of what is left."""
        steps = self.decay_steps * max(1, math.ceil(step / self.decay_steps)) if self.cycle else self.decay_steps
        left = 1 - min(step, steps) / steps
        return (self.initial_learning_rate - self.end_learning_rate) * left**self.power + self.end_learning_rate


class CosineDecay(Schedule):
    """A learning rate r that falls along half a cosine over a fixed number of steps s, after a warm-up if wanted.

    ``r = top·((1 - alpha)·(1 + cos(π·min(s, n) / n)) / 2 + alpha)``, n = decay_steps (Loshchilov and Hutter, 2017).

    top is the initial learning rate, unless there is a `warmup_target`: then r first goes there, in a straight line
    over `warmup_steps`, and the cosine begins after that, with the target for its top.
    """

    initial_learning_rate: NonNegativeFloat
    """The learning rate at the first step: where the cosine starts, or the warm-up."""
    decay_steps: PositiveInt
    """The number of steps (batches) of the cosine, without those of the warm-up."""
    alpha: FiniteFloat = 0.0
    """The share of the highest rate that is left at the end; 0 lets it fall to 0."""
    name: str = "CosineDecay"
    """The name of the schedule in saved files."""
    warmup_target: NonNegativeFloat | None = None
    """The learning rate at the end of the warm-up, and the start of the cosine; null for no warm-up."""
    warmup_steps: NonNegativeInt = 0
    """The number of first steps over which the rate rises in a line to `warmup_target`."""

    def __call__(self, step: int) -> float:
        """A line up, if any, then a cosine down."""
        if self.warmup_target is None:
            return self.initial_learning_rate * _cosine(step / self.decay_steps, 1.0, self.alpha)
        if step < self.warmup_steps:
            rise = self.warmup_target - self.initial_learning_rate
            return rise * step / self.warmup_steps + self.initial_learning_rate
        return self.warmup_target * _cosine((step - self.warmup_steps) / self.decay_steps, 1.0, self.alpha)


class CosineDecayRestarts(Schedule):
    """A learning rate r that falls along half a cosine and jumps up again, over and over.

    Cosines that begin anew, as in CosineDecay: the i-th is first_decay_steps·t_mul^i steps long and begins at
    ``initial_learning_rate·((1 - alpha)·m_mul^i + alpha)`` (Loshchilov and Hutter, 2017: SGDR).
    """

    initial_learning_rate: NonNegativeFloat
    """The learning rate at the first step: where the first cosine starts."""
    first_decay_steps: PositiveInt
    """The number of steps (batches) of the first cosine."""
    t_mul: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 2.0
    """The length of each cosine as a multiple of the one before it."""
    m_mul: NonNegativeFloat = 1.0
    """The height at which each cosine starts as a multiple of the one before it."""
    alpha: FiniteFloat = 0.0
    """The share of the initial rate that is left at the end of each cosine."""
    name: str = "SGDRDecay"
    """The name of the schedule in saved files."""

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

"""ScheduleFreeAdamW: Adam with an average of the weights instead of a learning-rate schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from modelc.config.options import Decay, NonNegativeFloat, NonNegativeInt
from modelc.graph.formulas import one_minus_power, rounded_rest
from modelc.graph.tensor import Tensor, constant
from modelc.optimizers.adam import lerp
from modelc.optimizers.learning_rate import LearningRate
from modelc.optimizers.optimizer import Optimizer, Slot, UpdateStep, count, zeros


class ScheduleFreeAdamW(Optimizer):
    """Schedule-free AdamW: trains at an interpolation between the newest weights, z, and their average, x.

    ``v += (1 - beta_2)·(d² - v)``, ``z -= r·d / (sqrt(v / (1 - beta_2^t)) + epsilon)``, ``x = (1 - 1/t)·x + z/t``, ``w
    = beta_1·x + (1 - beta_1)·z`` (Defazio et al., 2024).

    x is not stored: it is ``(w - (1 - beta_1)·z) / beta_1``. r rises to the learning rate during the first
    `warmup_steps` updates.
    """

    learning_rate: LearningRate = 0.0025
    """The learning rate, the factor of each update: a number, or a schedule that changes it from update to update."""
    beta_1: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """The weight of the average x in the weights used in training."""
    beta_2: Decay = 0.999
    """The decay rate of the moving average of squared gradients, v."""
    epsilon: NonNegativeFloat = 1e-8
    """A small constant added to sqrt(v), to avoid division by zero."""
    warmup_steps: NonNegativeInt = 0
    """The number of updates over which the learning rate rises linearly from 0 to its full value."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """z, which begins as w, and v."""
        return {"momentum": Slot(shape, None), **zeros(shape, "velocity")}

    def prepare(self, step: UpdateStep, state: Mapping[str, Tensor]) -> UpdateStep:
        """r, 1 - beta_2^t, 1/t and 1 - 1/t."""
        t = count(step)
        rate = step.learning_rate
        if self.warmup_steps:
            rate = rate * (t * (1.0 / self.warmup_steps)).clip(high=1.0)
        new = t.reciprocal()
        rest = one_minus_power(self.beta_2, t)
        return replace(step, numbers={"rate": rate, "rest": rest, "new": new, "old": 1.0 - new})

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        numbers, before = step.numbers, slots["momentum"]
        v = lerp(slots["velocity"], gradient.square(), rounded_rest(self.beta_2))
        size = (v / numbers["rest"]).sqrt() + self.epsilon
        z = before - gradient * numbers["rate"] / size
        # The same two numbers here and below, or else their rounding adds up from step to step.
        kept, rest = constant(weight.g, self.beta_1), rounded_rest(self.beta_1)
        x = (weight - before * rest) / kept
        x = x * numbers["old"] + z * numbers["new"]
        return z * rest + x * kept, {"momentum": z, "velocity": v}

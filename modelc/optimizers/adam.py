"""Adam and its variants: moving averages of gradients, divided by those of their squares.

They share ``m += (1 - beta_1)·(d - m)`` and ``v += (1 - beta_2)·(d² - v)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from modelc.config.options import Decay, NonNegativeFloat
from modelc.graph.formulas import one_minus_power, rounded_rest
from modelc.graph.tensor import Tensor, where
from modelc.optimizers.optimizer import SHARED, Optimizer, Slot, UpdateStep, count, zeros


class _Moments(Optimizer):
    """The moving averages m of gradients and v of squared gradients."""

    beta_1: Decay = 0.9
    """The decay rate of the moving average of gradients, m; 0.9 averages over about the last 10 updates."""
    beta_2: Decay = 0.999
    """The decay rate of the moving average of squared gradients, v; 0.999 averages over about the last 1000 updates."""
    epsilon: NonNegativeFloat = 1e-7
    """A small constant added to sqrt(v), to avoid division by zero; a larger value makes steps smaller where gradients
    are small."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """m and v."""
        return zeros(shape, "momentum", "velocity")

    def _moments(self, gradient: Tensor, slots: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        m = lerp(slots["momentum"], gradient, 1 - self.beta_1)
        return m, lerp(slots["velocity"], gradient.square(), 1 - self.beta_2)


class Adam(_Moments):
    """Adam: a moving average of the gradients divided by a moving average of their magnitude.

    ``w -= r·sqrt(1 - beta_2^t) / (1 - beta_1^t)·m / (sqrt(v) + epsilon)`` (Kingma and Ba, 2015); `amsgrad` uses the
    largest v so far (Reddi et al., 2018).
    """

    amsgrad: bool = False
    """Whether to use AMSGrad, which divides by the largest v so far, so that a weight's step size never increases."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """m and v, and the largest v."""
        return super().slots(path, shape) | (zeros(shape, "velocity_hat") if self.amsgrad else {})

    def prepare(self, step: UpdateStep, state: Mapping[str, Tensor]) -> UpdateStep:
        """The factor of m."""
        return replace(step, numbers={"factor": adam_factor(step, self.beta_1, self.beta_2)})

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        m, v = self._moments(gradient, slots)
        new = {"momentum": m, "velocity": v}
        if self.amsgrad:
            new["velocity_hat"] = v = slots["velocity_hat"].maximum(v)
        return adam_update(weight, m, v, step.numbers["factor"], self.epsilon), new


def _required(value: Any) -> Any:
    if value is None:
        help = "give a number, or use Adam"
        raise PydanticCustomError("value_type", "AdamW decays weights", {"help": help})
    return value


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019)."""

    order: ClassVar[str] = (
        f"learning_rate weight_decay * {SHARED.replace('weight_decay ', '')} exclude_from_weight_decay"
    )

    weight_decay: Annotated[NonNegativeFloat | None, BeforeValidator(_required)] = 0.004
    """The weight decay: each update subtracts this fraction of each weight, times the learning rate."""


class Adamax(_Moments):
    """Adamax: Adam with a decaying maximum of gradient magnitudes, u, instead of their average.

    ``u = max(beta_2·u, |d|)``, ``w -= r / (1 - beta_1^t)·m / (u + epsilon)`` (Kingma and Ba, 2015).
    """

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """m and u."""
        return zeros(shape, "momentum", "norm")

    def prepare(self, step: UpdateStep, state: Mapping[str, Tensor]) -> UpdateStep:
        """The factor of m."""
        rest = one_minus_power(self.beta_1, count(step))
        return replace(step, numbers={"factor": step.learning_rate / rest})

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        m = lerp(slots["momentum"], gradient, 1 - self.beta_1)
        u = (self.beta_2 * slots["norm"]).maximum(abs(gradient))
        move = m * step.numbers["factor"] / (u + self.epsilon)
        return weight - move, {"momentum": m, "norm": u}


class Nadam(_Moments):
    """Nadam: Adam with Nesterov momentum.

    ``w -= r·(a·m + b·d) / (sqrt(v / (1 - beta_2^t)) + epsilon)`` (Dozat, 2016).

    ``u_t = beta_1·(1 - 0.96^t / 2)``, ``U_t = u_1·…·u_t``, ``a = u_{t+1} / (1 - U_{t+1})``, ``b = (1 - u_t) / (1 -
    U_t)``.
    """

    def state(self) -> dict[str, float]:
        """The product U of the momentum schedule so far, which is 1 before the first step."""
        return {"u_product": 1.0}

    def prepare(self, step: UpdateStep, state: Mapping[str, Tensor]) -> UpdateStep:
        """a, b, 1 - beta_2^t, and the new U."""
        t = count(step)
        # u = beta_1·(1 + (1 - 0.96^t)) / 2.
        now, then = (one_minus_power(0.96, n) * (self.beta_1 / 2) + self.beta_1 / 2 for n in (t, t + 1))
        product = state["u_product"] * now
        numbers = {
            "a": then / (1.0 - product * then),
            "b": (1.0 - now) / (1.0 - product),
            "rest": one_minus_power(self.beta_2, t),
        }
        return replace(step, numbers=numbers, state={"u_product": product})

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        m = lerp(slots["momentum"], gradient, rounded_rest(self.beta_1))
        v = lerp(slots["velocity"], gradient.square(), rounded_rest(self.beta_2))
        ahead = m * step.numbers["a"] + gradient * step.numbers["b"]
        size = (v / step.numbers["rest"]).sqrt() + self.epsilon
        move = ahead * step.learning_rate / size
        return weight - move, {"momentum": m, "velocity": v}


class Lamb(_Moments):
    """LAMB: Adam with each weight tensor's update scaled to the norm of the tensor, for very large batches.

    ``u = m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon)``, ``w -= r·‖w‖/‖u‖·u``; the quotient is 1 if one of
    the norms is 0 (You et al., 2020).
    """

    def prepare(self, step: UpdateStep, state: Mapping[str, Tensor]) -> UpdateStep:
        """1 - beta_1^t and 1 - beta_2^t."""
        t = count(step)
        rests = {"rest_1": one_minus_power(self.beta_1, t), "rest_2": one_minus_power(self.beta_2, t)}
        return replace(step, numbers=rests)

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        m, v = self._moments(gradient, slots)
        size = (v / step.numbers["rest_2"]).sqrt() + self.epsilon
        move = m / step.numbers["rest_1"] / size
        weight_norm, move_norm = (x.square().sum().sqrt() for x in (weight, move))
        quotient = weight_norm.divide_or_zero(move_norm)
        ratio = where(quotient, quotient, 1.0) * step.learning_rate
        return weight - move * ratio, {"momentum": m, "velocity": v}


def lerp(average: Tensor, x: Tensor, share: float) -> Tensor:
    """``average + share·(x - average)``."""
    return average + (x - average) * share


def adam_factor(step: UpdateStep, beta_1: float, beta_2: float) -> Tensor:
    """``r·sqrt(1 - beta_2^t) / (1 - beta_1^t)``."""
    t = count(step)
    rise = step.learning_rate * one_minus_power(beta_2, t).sqrt()
    return rise / one_minus_power(beta_1, t)


def adam_update(weight: Tensor, m: Tensor, v: Tensor, factor: Tensor, epsilon: float) -> Tensor:
    """``w - factor·m / (sqrt(v) + epsilon)``."""
    size = v.sqrt() + epsilon
    return weight - m * factor / size

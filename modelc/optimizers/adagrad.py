"""Optimizers that divide the gradient by the root of a sum or an average of its squares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from modelc.config.options import FiniteFloat, NonNegativeFloat, Rate
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import Constant
from modelc.optimizers.optimizer import Optimizer, Slot, UpdateStep, zeros


class Adagrad(Optimizer):
    """Adagrad: each weight's learning rate decreases with the sum of its squared gradients, a.

    ``a += d²``, ``w -= r·d / sqrt(a + epsilon)`` (Duchi et al., 2011).
    """

    initial_accumulator_value: NonNegativeFloat = 0.1
    """The initial value of the sum of squared gradients, a."""
    epsilon: NonNegativeFloat = 1e-7
    """A small constant added under the square root, to avoid division by zero."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """The accumulator a of squared gradients."""
        return {"accumulator": Slot(shape, Constant(value=self.initial_accumulator_value))}

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        a = slots["accumulator"] + gradient.square()
        move = gradient * step.learning_rate / _root(a, self.epsilon)
        return weight - move, {"accumulator": a}


class Adadelta(Optimizer):
    """Adadelta: gradients scaled by the ratio of moving averages of squared updates, b, and squared gradients, a.

    ``a = rho·a + (1 - rho)·d²``, ``u = -d·sqrt(b + epsilon) / sqrt(a + epsilon)``, ``b = rho·b + (1 - rho)·u²``, ``w +=
    r·u`` (Zeiler, 2012).
    """

    rho: Rate = 0.95
    """The decay rate of the moving averages: the fraction of the old value that each update keeps."""
    epsilon: NonNegativeFloat = 1e-7
    """A small constant added under the square roots, to avoid division by zero."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """a and b."""
        return zeros(shape, "accumulated_grad", "accumulated_delta_var")

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        a = _average(slots["accumulated_grad"], gradient.square(), self.rho)
        b = slots["accumulated_delta_var"]
        move = _root(b, self.epsilon) * gradient / _root(a, self.epsilon)
        b = _average(b, move.square(), self.rho)
        new = weight - move * step.learning_rate
        return new, {"accumulated_grad": a, "accumulated_delta_var": b}


class RMSprop(Optimizer):
    """RMSprop: gradients divided by a moving average of their magnitude.

    ``v = rho·v + (1 - rho)·d²``, ``w -= r·d / sqrt(v + epsilon)`` (Hinton, 2012). With `centered`, ``v - a²`` replaces
    v, with ``a = rho·a + (1 - rho)·d``. With momentum, ``m = momentum·m + r·d / sqrt(…)`` is subtracted.
    """

    rho: Rate = 0.9
    """The decay rate of the moving average of squared gradients: the fraction of the old value that each update
    keeps."""
    momentum: Rate = 0.0
    """The momentum: the fraction of the previous update added to the next one; 0 for none."""
    epsilon: NonNegativeFloat = 1e-7
    """A small constant added under the square root, to avoid division by zero."""
    centered: bool = False
    """Whether to divide by the estimated standard deviation of the gradients (subtracting their mean) instead of their
    root mean square."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """v, and m and a where they are used."""
        names = ["velocity", *["momentum"] * (self.momentum > 0), *["average_gradient"] * self.centered]
        return zeros(shape, *names)

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        v = _average(slots["velocity"], gradient.square(), self.rho)
        new, spread = {"velocity": v}, v
        if self.centered:
            new["average_gradient"] = a = _average(slots["average_gradient"], gradient, self.rho)
            spread = v - a.square()
        move = gradient * step.learning_rate / _root(spread, self.epsilon)
        if self.momentum > 0:
            new["momentum"] = move = self.momentum * slots["momentum"] + move
        return weight - move, new


class Ftrl(Optimizer):
    """FTRL, for sparse linear models: its L1 penalty makes weights exactly 0.

    Follow the regularized leader (McMahan et al., 2013): with ``p = -learning_rate_power`` and ``b = a + d²``,

    ``z += d + 2·l2_shrinkage·w - (b^p - a^p)/r·w``, ``w = (clip(z, ±l1) - z) / (b^p/r + 2·l2 + beta/r)``, ``a = b``.
    """

    learning_rate_power: FiniteFloat = -0.5
    """The exponent -p with which a weight's learning rate decreases with the sum of its squared gradients; 0 for a
    constant rate."""
    initial_accumulator_value: NonNegativeFloat = 0.1
    """The value that the sum of squared gradients, a, starts from."""
    l1_regularization_strength: NonNegativeFloat = 0.0
    """The factor of the L1 penalty, which makes small weights exactly 0."""
    l2_regularization_strength: NonNegativeFloat = 0.0
    """The factor of the L2 penalty, which keeps weights small."""
    l2_shrinkage_regularization_strength: NonNegativeFloat = 0.0
    """The factor of an L2 penalty that is added to the gradient but not to the sum of squared gradients."""
    beta: FiniteFloat = 0.0
    """A constant added to the divisor of the update, the beta of the paper; a larger value makes the first steps
    smaller."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """a and z."""
        return {"accumulator": Slot(shape, Constant(value=self.initial_accumulator_value)), "linear": Slot(shape)}

    def prepare(self, step: UpdateStep, state: Mapping[str, Tensor]) -> UpdateStep:
        """1/r and 2·l2 + beta/r."""
        inverse = step.learning_rate.reciprocal()
        penalty = self.beta * inverse + 2 * self.l2_regularization_strength
        return replace(step, numbers={"inverse": inverse, "penalty": penalty})

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        a, z, inverse = slots["accumulator"], slots["linear"], step.numbers["inverse"]
        b = a + gradient.square()
        before, after = (x ** (-self.learning_rate_power) for x in (a, b))
        shrinkage = self.l2_shrinkage_regularization_strength
        pulled = gradient + weight * (2 * shrinkage) if shrinkage else gradient
        growth = (after - before) * inverse * weight
        z = z + (pulled - growth)
        l1 = self.l1_regularization_strength
        outside = z.clip(-l1, l1) - z
        new = outside / (after * inverse + step.numbers["penalty"])
        return new, {"accumulator": b, "linear": z}


def _average(average: Tensor, x: Tensor, rho: float) -> Tensor:
    """``rho·average + (1 - rho)·x``."""
    return average * rho + x * (1 - rho)


def _root(x: Tensor, epsilon: float) -> Tensor:
    """``sqrt(x + epsilon)``."""
    return (x + epsilon).sqrt()

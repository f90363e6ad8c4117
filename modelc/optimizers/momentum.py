"""Optimizers that follow the gradient, or its sign, by a learning rate for all of a weight."""

from __future__ import annotations

from collections.abc import Mapping

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.arithmetic import add, multiply, rounded_rest, scale, subtract
from modelc.layers.emit import unary
from modelc.optimizers.learning_rate import LearningRate
from modelc.optimizers.optimizer import Optimizer, Slot, Step, zeros
from modelc.options import Decay, Rate


class SGD(Optimizer):
    """Stochastic gradient descent: a step against the gradient, with momentum if wanted.

    ``w -= r·d``; with momentum, ``m = momentum·m - r·d`` and ``w += m``, or ``w += momentum·m - r·d`` (Nesterov)
    (Sutskever et al., 2013).
    """

    learning_rate: LearningRate = 0.01
    """The learning rate: the factor of every update, as a number, or a schedule that changes it from update to update.
    A larger one learns faster, and diverges where it is too large."""
    momentum: Rate = 0.0
    """The share of the last update that is added to the next one: 0 for none, 0.9 is common. It evens out the updates
    and speeds them up along steady directions."""
    nesterov: bool = False
    """Whether to use Nesterov's momentum, which applies the momentum before the gradient is used."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """m, where there is momentum."""
        return zeros(shape, "momentum") if self.momentum else {}

    def update(
        self, g: Builder, weight: Value, gradient: Value, slots: Mapping[str, Value], step: Step
    ) -> tuple[Value, dict[str, Value]]:
        """The equation of the class."""
        move = multiply(g, gradient, step.learning_rate)
        if not self.momentum:
            return subtract(g, weight, move), {}
        m = subtract(g, scale(g, slots["momentum"], self.momentum), move)
        ahead = subtract(g, scale(g, m, self.momentum), move) if self.nesterov else m
        return add(g, weight, ahead), {"momentum": m}


class Lion(Optimizer):
    """Lion: steps of equal size, by the sign of an average of the gradients.

    ``w -= r·sign(beta_1·m + (1 - beta_1)·d)``, then ``m = beta_2·m + (1 - beta_2)·d`` (Chen et al., 2023).
    """

    beta_1: Decay = 0.9
    """The share of the average, against that of the new gradient, in the update whose sign is taken."""
    beta_2: Decay = 0.99
    """The share of the old average that is kept when a new gradient is averaged in."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """m."""
        return zeros(shape, "momentum")

    def update(
        self, g: Builder, weight: Value, gradient: Value, slots: Mapping[str, Value], step: Step
    ) -> tuple[Value, dict[str, Value]]:
        """The equation of the class."""
        m = slots["momentum"]
        direction = unary(g, "sign", add(g, scale(g, m, self.beta_1), scale(g, gradient, rounded_rest(self.beta_1))))
        kept = add(g, scale(g, m, self.beta_2), scale(g, gradient, rounded_rest(self.beta_2)))
        return subtract(g, weight, multiply(g, direction, step.learning_rate)), {"momentum": kept}

"""Optimizers with one learning rate for all elements of a weight."""

from __future__ import annotations

from collections.abc import Mapping

from modelc.config.options import Decay, Rate
from modelc.graph.formulas import rounded_rest
from modelc.graph.tensor import Tensor
from modelc.optimizers.learning_rate import LearningRate
from modelc.optimizers.optimizer import Optimizer, Slot, UpdateStep, zeros


class SGD(Optimizer):
    """Stochastic gradient descent, optionally with momentum.

    ``w -= r·d``; with momentum, ``m = momentum·m - r·d`` and ``w += m`` or, with `nesterov`, ``w += momentum·m - r·d``
    (Sutskever et al., 2013).
    """

    learning_rate: LearningRate = 0.01
    """The learning rate, the factor of each update: a number, or a schedule that changes it from update to update."""
    momentum: Rate = 0.0
    """The momentum: the fraction of the previous update added to the next one; 0 for none."""
    nesterov: bool = False
    """Whether to use Nesterov momentum."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """m, where there is momentum."""
        return zeros(shape, "momentum") if self.momentum else {}

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        move = gradient * step.learning_rate
        if not self.momentum:
            return weight - move, {}
        m = self.momentum * slots["momentum"] - move
        ahead = self.momentum * m - move if self.nesterov else m
        return weight + ahead, {"momentum": m}


class Lion(Optimizer):
    """Lion: steps of equal size, in the direction of the sign of a moving average of the gradients.

    ``w -= r·sign(beta_1·m + (1 - beta_1)·d)``, then ``m = beta_2·m + (1 - beta_2)·d`` (Chen et al., 2023).
    """

    beta_1: Decay = 0.9
    """The weight of the moving average m, against the new gradient, in the update."""
    beta_2: Decay = 0.99
    """The decay rate of the moving average m."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """m."""
        return zeros(shape, "momentum")

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        m = slots["momentum"]
        direction = (self.beta_1 * m + rounded_rest(self.beta_1) * gradient).sign()
        kept = self.beta_2 * m + rounded_rest(self.beta_2) * gradient
        return weight - direction * step.learning_rate, {"momentum": kept}

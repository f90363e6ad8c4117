"""`WeightLists`: the variables of a layer or a model by whether training updates them, under Keras's names."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modelc.weights.variable import Variable


class WeightLists:
    """What follows from all variables, and from those that training updates."""

    @property
    @abstractmethod
    def variables(self) -> list[Variable]:
        """All weights, and the states of stateful layers."""

    @property
    @abstractmethod
    def weights(self) -> list[Variable]:
        """All weights in Keras's order, without states."""

    @property
    @abstractmethod
    def trainable_weights(self) -> list[Variable]:
        """The weights that training updates."""

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training does not update."""
        return self._left_alone(self.weights)

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training updates, by another name of Keras's."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The weights that training does not update, and the states of stateful layers."""
        return self._left_alone(self.variables)

    def _left_alone(self, variables: list[Variable]) -> list[Variable]:
        changing = {id(v) for v in self.trainable_weights}
        return [v for v in variables if id(v) not in changing]

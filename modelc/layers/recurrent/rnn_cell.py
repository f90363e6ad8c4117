"""`RNNCell`: the base of cells, which do one step of a sequence."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from modelc.errors import ShapeError
from modelc.graph.axes import require_features
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.layers.base import Layer
from modelc.layers.recurrent.steps import Run, States


class RNNCell(Layer, ABC):
    """A cell that RNN can run over a sequence. Called by itself, it takes an input (N, C) and its states, each (N, U),
    and returns its output, which is the first state of its last part, and the new states."""

    is_cell = True

    variadic: ClassVar[bool] = True
    input_names: ClassVar[tuple[str, ...]] = ("inputs", "states")
    required_inputs: ClassVar[int] = 2

    @property
    @abstractmethod
    def state_sizes(self) -> tuple[int, ...]:
        """The units of each state."""

    @property
    @abstractmethod
    def output_size(self) -> int:
        """The units of the output."""

    @abstractmethod
    def declare(self, g: Builder, features: int) -> None:
        """Declare the weights for inputs of that many features."""

    @abstractmethod
    def step(self, g: Builder, x: Tensor, states: States) -> tuple[Tensor, States]:
        """One step: (N, C) and the states before it → the output and the states after it."""

    @abstractmethod
    def run(
        self, g: Builder, x: Tensor, states: States | None, mask: Tensor | None, *, backward: bool, whole: bool
    ) -> Run:
        """All steps of x (N, T, C), from the given states or zeros; `whole` asks for the outputs of all steps."""

    def call(self, g: Builder, x: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        require_features(x, type(self).__name__)
        self._require_states(states)
        output, after = self.step(g, x.as_float(), states)
        return (output, *after)

    def _require_states(self, states: States) -> None:
        shapes = tuple((size,) for size in self.state_sizes)
        if tuple(s.dims for s in states) != shapes:
            expected = ", ".join(format_shape((None, *shape)) for shape in shapes)
            found = ", ".join(format_shape(s.shape) for s in states)
            raise ShapeError(f"it takes states of the shapes {expected}, found {found}", "write them after the input")

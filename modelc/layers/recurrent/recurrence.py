"""`Recurrence`: the base of layers that run a cell over a sequence."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.running import running
from modelc.graph.tensor import Tensor, where
from modelc.initializers.classes import Zeros
from modelc.layers.base import Layer
from modelc.layers.recurrent.steps import Given, Run, States, as_states, like, reverse, step_mask, step_of
from modelc.ops.recurrent import PerSample
from modelc.semantics import OutputBeforeFirst, StatesAndMask

_STATE = "rnn_state"


class Recurrence(Layer, ABC):
    """A layer over the steps of (N, T, ...) with a state. Initial states may be given as further inputs."""

    holds_layers = True

    differs_in_training = True

    variadic: ClassVar[bool] = True
    tensor_arguments: ClassVar[frozenset[str]] = frozenset({"initial_state"})

    return_sequences: bool = False
    """Whether to return the outputs of all steps, as a following recurrent layer needs, instead of the last one
    only."""
    return_state: bool = False
    """Whether to return the final states as further outputs."""
    go_backwards: bool = False
    """Whether to process the steps from last to first; outputs are in processing order."""
    stateful: bool = False
    """Whether the final states of a batch are the initial states of the next one; requires a fixed batch size. States
    are not weights: they are not counted or saved, and a loaded model starts from zeros."""
    unroll: bool = False
    """No effect: the loop over the steps is compiled either way."""
    zero_output_for_mask: bool = False
    """Whether masked steps give zeros instead of the previous output."""

    @abstractmethod
    def require_sequence(self, x: Tensor) -> None:
        """Raise `ShapeError` unless x fits the layer."""

    @abstractmethod
    def state_shapes(self, x: Tensor) -> tuple[tuple[int, ...], ...]:
        """The shape of one sample of each state."""

    @abstractmethod
    def declare(self, g: Builder, x: Tensor) -> None:
        """Declare the weights."""

    @abstractmethod
    def run(self, g: Builder, x: Tensor, states: States | None, mask: Tensor | None) -> Run:
        """All steps, from the given states or zeros."""

    def call(self, g: Builder, x: Tensor, *states: Tensor, initial_state: Given | None = None) -> tuple[Tensor, ...]:
        self.require_sequence(x)
        if initial_state is not None:
            states = as_states(initial_state)
        whole_mask, mask = g.masks.of(x), step_mask(g, x)
        if states and g.semantics.states_and_mask is StatesAndMask.TAKEN and not g.masks.is_given(x):
            mask = None
        x = x.as_float()
        shapes = self.state_shapes(x)
        self._require_states(states, shapes)
        kept = self._kept(g, x, shapes) if self.stateful else ()
        first = states or tuple(_per_sample(state, x) for state in kept)
        done = self.run(g, x, first or None, mask)
        for weight, state in zip(kept, done.states, strict=False):
            g.assign(weight, state)
        outputs = done.outputs
        if mask is not None and self.zero_output_for_mask:
            outputs = self._zeroed(outputs, mask)
        elif mask is not None and first and g.semantics.output_before_first is OutputBeforeFirst.ZEROS:
            outputs = self._begun(g, outputs, mask)
        if self.return_sequences:
            g.masks.set(outputs, whole_mask)
        return (outputs, *done.states) if self.return_state else (outputs,)

    def _require_states(self, states: States, shapes: tuple[tuple[int, ...], ...]) -> None:
        if states and tuple(s.dims for s in states) != shapes:
            expected = ", ".join(str((None, *shape)) for shape in shapes)
            found = ", ".join(str(s.shape) for s in states)
            raise ShapeError(f"it takes first states of the shapes {expected}, found {found}", "write them after x")

    def _kept(self, g: Builder, x: Tensor, shapes: tuple[tuple[int, ...], ...]) -> States:
        """The states that stay from one call to the next."""
        if g.batch_size is None:
            help = "give the input its `batch_size`, as in {shape: [100, 8], batch_size: 32}"
            raise ShapeError("`stateful` needs a fixed batch size, and the input has none", help)
        self.declare(g, x)  # the states come behind the weights
        return tuple(
            g.weight(f"{_STATE}_{i}" if i else _STATE, (g.batch_size, *shape), Zeros(), trainable=False, state=True)
            for i, shape in enumerate(shapes)
        )

    def _zeroed(self, outputs: Tensor, mask: Tensor) -> Tensor:
        """The outputs, zeros where the mask is 0."""
        if not self.return_sequences:
            mask = step_of(mask, 0 if self.go_backwards else mask.dims[0] - 1)
        elif self.go_backwards:
            mask = reverse(mask)
        return where(like(mask, outputs.rank), outputs, 0.0)

    def _begun(self, g: Builder, outputs: Tensor, mask: Tensor) -> Tensor:
        """The outputs, zeros before the first step that counts."""
        seen = mask.as_float()
        if not self.return_sequences:
            seen = seen.max((1,))
        else:
            seen = running(g, "maximum", reverse(seen) if self.go_backwards else seen, 1, 0.0)
        return where(like(seen, outputs.rank), outputs, 0.0)

    def reset_state(self) -> None:
        """Let the next batch begin with zeros, for a stateful layer that is built."""
        reset_states(self)

    def reset_states(self) -> None:
        """Keras's older name of `reset_state`."""
        reset_states(self)


def _per_sample(state: Tensor, x: Tensor) -> Tensor:
    """A kept state with the batch of x; one that an earlier call left in this step has it."""
    return state.emit(PerSample(), x) if state.shape[0] is not None else state


def reset_states(layer: Layer) -> None:
    """Set the kept states of a layer to zeros."""
    for variable in layer.variables:
        if variable.state:
            variable.assign(np.zeros(variable.shape, np.float32))

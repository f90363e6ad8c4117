"""SimpleRNNCell, LSTMCell and GRUCell: one step of a sequence."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import ClassVar

import numpy as np

from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, concatenate, constant
from modelc.initializers.classes import Initializer, InitializerField
from modelc.layers.activation.activate import activate, as_unary
from modelc.layers.options.fields import Activation
from modelc.layers.recurrent.options import (
    Activated,
    Drawn,
    Dropping,
    Forgetting,
    Gated,
    Penalized,
    Resetting,
    Seeded,
    Units,
)
from modelc.layers.recurrent.rnn_cell import RNNCell
from modelc.layers.recurrent.steps import Run, States, parts, run_steps, step_of, zero_state
from modelc.layers.regularization.draws import scaled_mask
from modelc.ops.base import Array
from modelc.ops.elementwise import Unary
from modelc.ops.matmul import MatMul
from modelc.ops.recurrent import STATES, Recurrent, RecurrentKind

Function = Callable[[Tensor], Tensor]
"""An activation function, with its parameters given."""


class _BasicCell(Drawn, Activated, Units, RNNCell, ABC):
    kind: ClassVar[RecurrentKind]
    gates: ClassVar[int]

    @property
    def state_sizes(self) -> tuple[int, ...]:
        return (self.units,) * STATES[self._kind]

    @property
    def output_size(self) -> int:
        return self.units

    @property
    def _kind(self) -> RecurrentKind:
        return self.kind

    @property
    def _gate_activation(self) -> Activation:
        """The activation of the gates, where there are any."""
        return getattr(self, "recurrent_activation", "linear")

    def _bias(self, g: Builder) -> tuple[Tensor | None, Tensor | None]:
        """The bias of the input, and that of the state where it has its own."""
        if not self.use_bias:
            return None, None
        return g.weight("bias", (self.gates * self.units,), self.bias_initializer), None

    def _weights(self, g: Builder, features: int) -> tuple[Tensor, Tensor, Tensor | None, Tensor | None]:
        width = self.gates * self.units
        kernel = g.weight("kernel", (features, width), self.kernel_initializer)
        recurrent = g.weight("recurrent_kernel", (self.units, width), self.recurrent_initializer)
        biases = self._bias(g)
        self.declare_activations(g, (self.units,))
        return kernel, recurrent, *biases

    def declare(self, g: Builder, features: int) -> None:
        self._weights(g, features)

    def step(self, g: Builder, x: Tensor, states: States) -> tuple[Tensor, States]:
        kernel, recurrent, bias, recurrent_bias = self._weights(g, x.dims[-1])
        masks = self._state_masks(g, x)
        after = self._step(g, self._projected(g, x, kernel, bias), recurrent, recurrent_bias, states, masks)
        return after[0], after

    @abstractmethod
    def _step(
        self, g: Builder, x: Tensor, recurrent: Tensor, bias: Tensor | None, states: States, masks: States
    ) -> States:
        """The states after a step with the projected input x, and masks for h in the products, one each or none."""

    def _rate(self, g: Builder, option: str) -> float:
        """What training drops: nothing at a rate of 1, as in Keras."""
        rate = getattr(self, option, 0.0) if g.training else 0.0
        return rate if rate < 1 else 0.0

    @property
    def _drawn(self) -> int:
        """The masks that are drawn of one kind: with `recurrent_dropout` every gate has its own, as in Keras."""
        return self.gates if getattr(self, "recurrent_dropout", 0.0) else 1

    def _projected(self, g: Builder, x: Tensor, kernel: Tensor, bias: Tensor | None) -> Tensor:
        """``x·kernel + bias``; what is dropped of x is the same in all steps."""
        rate = self._rate(g, "dropout")
        if not rate:
            return _product(x, kernel, bias)
        shape = (x.shape[0], *(1,) * (x.rank - 2), x.dims[-1])
        seed = getattr(self, "seed", None)
        return _masked_product(
            g, x, kernel, bias, tuple(scaled_mask(g, x, rate, shape, seed) for _ in range(self._drawn))
        )

    def _state_masks(self, g: Builder, x: Tensor) -> States:
        """The masks for h, which are the same in all steps; none where nothing is dropped."""
        rate, shape = self._rate(g, "recurrent_dropout"), (x.shape[0], self.units)
        count = self._drawn if rate else 0
        return tuple(scaled_mask(g, x, rate, shape, getattr(self, "seed", None)) for _ in range(count))

    def run(
        self, g: Builder, x: Tensor, states: States | None, mask: Tensor | None, *, backward: bool, whole: bool
    ) -> Run:
        kernel, recurrent, bias, recurrent_bias = self._weights(g, x.dims[-1])
        masks = self._state_masks(g, x)
        x = self._projected(g, x, kernel, bias)
        function, gate = as_unary(self.activation), as_unary(self._gate_activation)
        if function is None or gate is None or masks:
            first = states or (zero_state(g, x, (self.units,)),) * len(self.state_sizes)

            def step(x: Tensor, states: States) -> States:
                return self._step(g, x, recurrent, recurrent_bias, states, masks)

            return run_steps(g, step, x, first, mask, backward=backward, whole=whole)
        return self._fused(g, x, recurrent, recurrent_bias, states, mask, function, gate, backward, whole)

    def _fused(
        self, g: Builder, x: Tensor, recurrent: Tensor, bias: Tensor | None, states: States | None, mask: Tensor | None,
        function: Unary, gate: Unary, backward: bool, whole: bool,
    ) -> Run:  # fmt: skip
        steps, units = x.dims[0], self.units
        # Of a run that is not asked for all steps the kernel keeps two: it reads one while it writes the other.
        # Training keeps all: the gradient reads them.
        kept = steps if whole or g.training else min(2, steps)
        op = Recurrent(
            self._kind, function, gate, kept, bias=bias is not None, masked=mask is not None,
            initial=states is not None, backward=backward,
        )  # fmt: skip
        y = x.emit(op, recurrent, *(v for v in (bias, mask) if v is not None), *(states or ()))
        last = step_of(y, kept - 1)
        after = tuple(last.part(-1, i * units, (i + 1) * units) for i in range(len(self.state_sizes)))
        return Run(y.part(-1, 0, units) if whole else after[0], after)


def _masked_product(g: Builder, x: Tensor, kernel: Tensor, bias: Tensor | None, masks: States) -> Tensor:
    """``x·kernel + bias``; with masks, x is multiplied by them: by one, or for each part of the kernel by its own."""
    if not masks:
        return _product(x, kernel, bias)
    masked = [x * mask for mask in masks]
    made = [g.emit(MatMul(), *pair) for pair in zip(masked, parts(kernel, len(masks)), strict=True)]
    y = made[0] if len(made) == 1 else concatenate(made, x.rank - 1)
    return y if bias is None else y + bias


def _product(x: Tensor, kernel: Tensor, bias: Tensor | None) -> Tensor:
    y = x @ kernel
    return y if bias is None else y + bias


class SimpleRNNCell(Seeded, Dropping, Penalized, _BasicCell):
    """One step of SimpleRNN: ``h' = f(x·kernel + h·recurrent_kernel + bias)`` (Elman, 1990).

    Weights: kernel (C, units), recurrent_kernel (units, units), bias (units,).
    """

    kind = "simple"
    gates = 1

    def _step(
        self, g: Builder, x: Tensor, recurrent: Tensor, bias: Tensor | None, states: States, masks: States
    ) -> States:
        z = x + _masked_product(g, states[0], recurrent, bias, masks)
        return (activate(g, self.activation, z),)


class LSTMCell(Seeded, Dropping, Penalized, Forgetting, _BasicCell, Gated):
    """One step of LSTM: ``i, f, ĉ, o = x·kernel + h·recurrent_kernel + bias``, ``c' = g(f)∘c + g(i)∘a(ĉ)``, ``h' =
    g(o)∘a(c')``, with the activation a and the recurrent activation g (Hochreiter and Schmidhuber, 1997).

    States: h, c. Weights: kernel (C, 4·units), recurrent_kernel (units, 4·units), bias (4·units,).
    """

    required_inputs = 3
    kind = "lstm"
    gates = 4

    def _bias(self, g: Builder) -> tuple[Tensor | None, Tensor | None]:
        if not self.use_bias:
            return None, None
        initializer = self.bias_initializer
        if self.unit_forget_bias:
            initializer = ForgetBias(initializer=initializer)
        return g.weight("bias", (4 * self.units,), initializer), None

    def _step(
        self, g: Builder, x: Tensor, recurrent: Tensor, bias: Tensor | None, states: States, masks: States
    ) -> States:
        z = x + _masked_product(g, states[0], recurrent, bias, masks)
        return lstm_step(
            z, states[1], partial(activate, g, self.activation), partial(activate, g, self.recurrent_activation)
        )


def lstm_step(z: Tensor, c: Tensor, activation: Function, gate: Function) -> States:
    """h and c after a step, from the sums z of the four parts i, f, ĉ and o along the last axis."""
    i, f, candidate, o = parts(z, 4)
    kept = gate(f) * c
    c = kept + gate(i) * activation(candidate)
    return gate(o) * activation(c), c


class ForgetBias(Initializer):
    """The bias of an LSTM: ones for the forget gate, its second quarter, and another initializer for the rest."""

    initializer: InitializerField
    """The initializer of the rest."""

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        """The first quarter, ones, then the other two."""
        (size,) = shape
        units = size // 4
        first, rest = (self.initializer.draw((n,), generator) for n in (units, 2 * units))
        return np.concatenate([first, np.ones(units, np.float32), rest])


class GRUCell(Seeded, Resetting, Dropping, Penalized, _BasicCell, Gated):
    """One step of GRU: ``z, r = g(x·kernel + h·recurrent_kernel + biases)``, ``h' = z∘h + (1 - z)∘ĥ`` with
    ``ĥ = a(x·kernel + bias_0 + r∘(h·recurrent_kernel + bias_1))`` where `reset_after`, else
    ``ĥ = a(x·kernel + bias + (r∘h)·recurrent_kernel)`` (Cho et al., 2014).

    Weights: kernel (C, 3·units), recurrent_kernel (units, 3·units), bias (2, 3·units), or (3·units,) without
    `reset_after`; parts in the order z, r, ĥ.
    """

    kind = "gru"
    gates = 3

    @property
    def _kind(self) -> RecurrentKind:
        return "gru" if self.reset_after else "gru_reset_before"

    def _bias(self, g: Builder) -> tuple[Tensor | None, Tensor | None]:
        if not self.use_bias:
            return None, None
        width = 3 * self.units
        if not self.reset_after:
            return g.weight("bias", (width,), self.bias_initializer), None
        both = g.weight("bias", (2, width), self.bias_initializer)
        first, second = (both.part(0, i, i + 1).reshape((width,)) for i in range(2))
        return first, second

    def _step(
        self, g: Builder, x: Tensor, recurrent: Tensor, bias: Tensor | None, states: States, masks: States
    ) -> States:
        (h,), units = states, self.units
        gated = recurrent if self.reset_after else recurrent.part(-1, 0, 2 * units)
        inner = _masked_product(g, h, gated, bias, masks if self.reset_after else masks[:2])
        sums = x.part(-1, 0, 2 * units) + inner.part(-1, 0, 2 * units)
        z, r = (activate(g, self.recurrent_activation, gate) for gate in parts(sums, 2))
        if self.reset_after:
            reset = r * inner.part(-1, 2 * units, 3 * units)
        else:
            candidates = recurrent.part(-1, 2 * units, 3 * units)
            reset = _masked_product(g, r * h, candidates, None, masks[2:])
        candidate = activate(g, self.activation, x.part(-1, 2 * units, 3 * units) + reset)
        rest = constant(g, 1.0) - z
        return (z * h + rest * candidate,)

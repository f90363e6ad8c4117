"""Recurrence: a state passed from step to step of a sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField, Seen, at_its_place
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op
from modelc.ops.elementwise import Unary

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

RecurrentKind = Literal["simple", "lstm", "gru", "gru_reset_before"]

GATES: dict[RecurrentKind, int] = {"simple": 1, "lstm": 4, "gru": 3, "gru_reset_before": 3}
"""The parts of the projected input and of the recurrent kernel, side by side."""
PARTS: dict[RecurrentKind, int] = {"simple": 1, "lstm": 2, "gru": 1, "gru_reset_before": 3}
"""What a step leaves, side by side: h, then c of an LSTM, or z and r∘h of a GRU that resets before the product."""
STATES: dict[RecurrentKind, int] = {"simple": 1, "lstm": 2, "gru": 1, "gru_reset_before": 1}
"""How many of these parts the next step reads."""


@dataclass(frozen=True)
class Recurrent(Op):
    """A recurrent layer after the projection of its inputs, ``x_t = W·input_t + b``, f and g elementwise functions.

        simple            h' = f(x + R·h)                                                       (Elman, 1990)
        lstm              i, f, ĉ, o = parts of x + R·h;  c' = g(f)∘c + g(i)∘f(ĉ);  h' = g(o)∘f(c')
                                                                                  (Hochreiter and Schmidhuber, 1997)
        gru               z, r = g(x + R·h + b_R);  ĥ = f(x + r∘(R·h + b_R));  h' = z∘h + (1 - z)∘ĥ
        gru_reset_before  the same with ĥ = f(x + R·(r∘h))                                      (Cho et al., 2014)

    Operands: x (N, T, G·U), recurrent kernel R (U, G·U), where there is one the recurrent bias b_R (G·U,), where
    `masked` a mask (N, T), where `initial` the first states, each (N, U); zeros unless given. A step whose mask is 0
    leaves the states as they are. `backward` takes the last step first.

    y (N, kept, P·U): what each of the last `kept` steps taken leaves, in the order in which they are taken: h, and
    beside it c of an LSTM, or z and r∘h of a GRU that resets before the product.
    """

    kind: RecurrentKind
    activation: Unary
    recurrent_activation: Unary
    kept: int
    bias: bool = False
    masked: bool = False
    initial: bool = False
    backward: bool = False

    @property
    def name(self) -> str:
        """`recurrent_lstm`, ..."""
        return f"recurrent_{self.kind}"

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, T, G·U), (U, G·U), ... → (N, kept, P·U)."""
        x, kernel = operands[:2]
        units = kernel.dims[0]
        if x.rank != 3 or kernel.dims != (units, GATES[self.kind] * units) or x.shape[-1] != kernel.dims[1]:
            raise ShapeError(f"{self.name} takes (N, T, G·U) and (U, G·U), found {x} and {kernel}")
        return TensorType((x.shape[0], self.kept, PARTS[self.kind] * units))

    def split(self, operands: tuple[Array, ...]) -> tuple[Array | None, Array | None, tuple[Array, ...]]:
        """The recurrent bias, the mask and the first states among the operands after the kernel."""
        rest = list(operands[2:])
        bias = rest.pop(0) if self.bias else None
        mask = rest.pop(0) if self.masked else None
        return bias, mask, tuple(rest)

    def compute(self, *operands: Array) -> Array:
        """A loop over the steps."""
        x, kernel = operands[:2]
        bias, mask, states = self.split(operands)
        units, steps, carried = kernel.shape[0], x.shape[1], STATES[self.kind]
        parts = [np.zeros((len(x), units), x.dtype) for _ in range(PARTS[self.kind])]
        parts[: len(states)] = states
        trajectory: list[Array] = []
        for t in reversed(range(steps)) if self.backward else range(steps):
            after = self._step(x[:, t], kernel, bias, parts)
            if mask is not None:
                held = zip(after[:carried], parts, strict=False)
                after[:carried] = [np.where(mask[:, t, None] != 0, new, old) for new, old in held]
            parts = after
            trajectory.append(np.concatenate(parts, axis=-1))
        return np.stack(trajectory[-self.kept :], axis=1).astype(x.dtype)

    def _step(self, x: Array, kernel: Array, bias: Array | None, parts: list[Array]) -> list[Array]:
        f, g = self.activation.compute, self.recurrent_activation.compute
        h, units = parts[0], kernel.shape[0]
        if self.kind == "gru_reset_before":
            z, r = np.split(g(x[:, : 2 * units] + h @ kernel[:, : 2 * units]), 2, axis=-1)
            candidate = f(x[:, 2 * units :] + (r * h) @ kernel[:, 2 * units :])
            return [z * h + (1 - z) * candidate, z, r * h]
        inner = h @ kernel if bias is None else h @ kernel + bias
        if self.kind == "simple":
            return [f(x + inner)]
        if self.kind == "lstm":
            i, forget, candidate, o = np.split(x + inner, 4, axis=-1)
            c = g(forget) * parts[1] + g(i) * f(candidate)
            return [g(o) * f(c), c]
        z, r = np.split(g((x + inner)[:, : 2 * units]), 2, axis=-1)
        candidate = f(x[:, 2 * units :] + r * inner[:, 2 * units :])
        return [z * h + (1 - z) * candidate]

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """See `recurrent_gradient`; none to the mask."""
        from modelc.ops.recurrent_gradient import recurrent_gradient

        return recurrent_gradient(self, g, inputs, output, dy)

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """The recurrent kernel once for every step."""
        x, kernel = operands[:2]
        return x.dims[0] * kernel.size if x.batched else 0

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """All steps and all channels."""
        field = field.over_axes((1, 2))
        batch, steps, channels = field.axes
        return field.with_axes((batch, steps if self.kept == types[0].shape[1] else None, channels))


@dataclass(frozen=True)
class PerSample(Op):
    """``y[n] = w[n]``: a weight with an element for every sample of the batch, as a batch.

    Operands: w (B, ...), and any tensor with the batch, whose size must be B.
    """

    def infer(self, *operands: TensorType) -> TensorType:
        """(B, ...), (N, ...) → (N, ...)."""
        w, like = operands
        return w.with_shape((like.shape[0], *w.dims[1:]))

    def compute(self, *operands: Array) -> Array:
        """A copy. Raises `ShapeError` where the batch has another size."""
        w, like = operands
        require_batch(len(w), len(like))
        return w.copy()

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """dy, whose samples are the elements of w; none to the other operand."""
        return dy.emit(Unbatch(inputs[0].dims[0])), None

    def receptive_field(self, operands: Sequence[Seen], output: TensorType) -> ReceptiveField | None:
        """What is repeated sees what it saw."""
        seen = [operand for operand in operands if operand.field is not None]
        return at_its_place(seen[:1], output)


@dataclass(frozen=True)
class Unbatch(Op):
    """``y = x``, of whose batch the size is known: the gradient of `PerSample`."""

    size: int

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, ...) → (size, ...)."""
        (x,) = operands
        return x.with_shape((self.size, *x.shape[1:]))

    def compute(self, *operands: Array) -> Array:
        """A copy. Raises `ShapeError` where the batch has another size."""
        (x,) = operands
        require_batch(self.size, len(x))
        return x.copy()

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """`PerSample`."""
        return (dy.emit(PerSample(), inputs[0]),)


def require_batch(fixed: int, found: int) -> None:
    """Raise `ShapeError` unless a call has the batch size that the model was made for."""
    if fixed != found:
        raise ShapeError(f"the model keeps states for batches of {fixed}, found one of {found}")

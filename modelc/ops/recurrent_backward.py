"""The sequential part of the gradient of a recurrence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelc.graph.types import TensorType
from modelc.ops.base import Array, Op
from modelc.ops.recurrent import GATES, PARTS, STATES, RecurrentKind

FACTORS: dict[RecurrentKind, int] = {"simple": 1, "lstm": 6, "gru": 5, "gru_reset_before": 6}
"""The factors of a step, side by side, see `RecurrentBackward`."""


@dataclass(frozen=True)
class RecurrentBackward(Op):
    """Backpropagation through time (Werbos, 1990), from the last step taken to the first, for `Recurrent`.

    The gradients of what a step read are linear in those of what it left. The factors a of all steps are known before:

        simple            δ = a_1∘dh';  dh = δ·Rᵀ
        lstm              dc' += a_5∘dh';  δ = a_1∘dc', a_2∘dc', a_3∘dc', a_4∘dh';  dc = a_6∘dc';  dh = δ·Rᵀ
        gru               δ = a_1∘dh', a_2∘dh', a_3∘dh' and ε = a_4∘dh';  dh = a_5∘dh' + (δ_1, δ_2, ε)·Rᵀ
        gru_reset_before  δ_1 = a_1∘dh' + a_6∘dz;  δ_3 = a_3∘dh';  e = δ_3·R_3ᵀ + d(r∘h);  δ_2 = a_2∘e;
                          dh = a_4∘dh' + a_5∘e + (δ_1, δ_2)·(R_1, R_2)ᵀ

    Operands: a (N, T, K·U) in the order of x, the recurrent kernel R (U, G·U), where `masked` a mask (N, T), the
    gradient of what the last steps left (N, kept, P·U). A masked step has δ = 0 and hands dh' and dc' on; dz and
    d(r∘h) are not masked. `backward` says that the last step of x was taken first.

    y (N, T + 1, W·U): δ of each step in the order of x, for a GRU that resets after the product with ε beside it. The
    last row is the gradients of the first states, and zeros.
    """

    kind: RecurrentKind
    masked: bool = False
    backward: bool = False

    @property
    def name(self) -> str:
        """`recurrent_lstm_backward`, ..."""
        return f"recurrent_{self.kind}_backward"

    @property
    def width(self) -> int:
        """W, the gates per unit in the gradient; a GRU has one more than forward."""
        return GATES[self.kind] + (self.kind == "gru")

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, T, K·U), (U, G·U), ..., (N, kept, P·U) → (N, T + 1, W·U)."""
        a, kernel = operands[:2]
        return a.with_shape((a.shape[0], a.dims[-2] + 1, self.width * kernel.dims[0]))

    def compute(self, *operands: Array) -> Array:
        """A loop over the steps, backwards."""
        a, kernel, *rest = operands
        mask = rest[0] if self.masked else None
        dy = rest[-1]
        samples, steps, units, dtype = len(a), a.shape[1], len(kernel), np.result_type(a, kernel, dy)
        parts, carried = PARTS[self.kind], STATES[self.kind]
        dy = np.concatenate([np.zeros((samples, steps - dy.shape[1], parts * units), dtype), dy], axis=1)
        y = np.zeros((samples, steps + 1, self.width * units), dtype)
        states = [np.zeros((samples, units), dtype)] * carried
        for k in reversed(range(steps)):
            t = steps - 1 - k if self.backward else k
            into = np.split(dy[:, k], parts, axis=-1)
            after = [state + d for state, d in zip(states, into, strict=False)]
            keep = np.ones((samples, 1), bool) if mask is None else mask[:, t, None] != 0
            made = [np.where(keep, d, 0) for d in after] + into[carried:]
            factors = np.split(a[:, t], FACTORS[self.kind], axis=-1)
            y[:, t], states = self._step(factors, kernel, made)
            states = [state + np.where(keep, 0, d) for state, d in zip(states, after, strict=True)]
        y[:, steps, : carried * units] = np.concatenate(states, axis=-1)
        return y

    def _step(self, a: list[Array], kernel: Array, made: list[Array]) -> tuple[Array, list[Array]]:
        """The row of y, and the gradients of the states before the step, from those of what it left."""
        dh, units = made[0], len(kernel)
        if self.kind == "simple":
            delta = a[0] * dh
            return delta, [delta @ kernel.T]
        if self.kind == "lstm":
            dc = made[1] + a[4] * dh
            delta = np.concatenate([a[0] * dc, a[1] * dc, a[2] * dc, a[3] * dh], axis=-1)
            return delta, [delta @ kernel.T, a[5] * dc]
        if self.kind == "gru":
            delta = np.concatenate([a[0] * dh, a[1] * dh, a[2] * dh, a[3] * dh], axis=-1)
            into = np.concatenate([delta[:, : 2 * units], delta[:, 3 * units :]], axis=-1)
            return delta, [a[4] * dh + into @ kernel.T]
        last = a[2] * dh
        e = last @ kernel[:, 2 * units :].T + made[2]
        gates = np.concatenate([a[0] * dh + a[5] * made[1], a[1] * e], axis=-1)
        before = a[3] * dh + a[4] * e + gates @ kernel[:, : 2 * units].T
        return np.concatenate([gates, last], axis=-1), [before]

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """The recurrent kernel once for every step."""
        a, kernel = operands[:2]
        return a.dims[0] * kernel.size if a.batched else 0

"""The gradient of a recurrence, in ops: what all steps have in common, and one op for what goes from step to step.

The states are known, so the arguments of all activations are one matrix product for the whole sequence, and their
derivatives are taken of all steps at once. What is left to do step by step is linear: `RecurrentBackward`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from modelc.graph.tensor import concatenate, constant
from modelc.ops.base import Emitter, Gradients
from modelc.ops.elementwise import Unary
from modelc.ops.matmul import MatMulKernelGradient
from modelc.ops.places import Stepped
from modelc.ops.recurrent import GATES, Recurrent
from modelc.ops.recurrent_backward import RecurrentBackward
from modelc.ops.shape import Pad
from modelc.ops.take import Take

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


def recurrent_gradient(op: Recurrent, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
    """The gradients of the operands of a recurrence; what its steps left is computed again where it was not kept."""
    x, kernel = inputs[:2]
    steps, units = x.dims[-2], kernel.dims[0]
    whole = output if op.kept == steps else g.emit(replace(op, kept=steps), *inputs)
    run = _Steps.of(op, g, inputs, whole)
    mask = inputs[2 + op.bias : 2 + op.bias + op.masked]
    factors = concatenate(run.factors(), 2) if op.kind != "simple" else run.factors()[0]
    made = factors.emit(RecurrentBackward(op.kind, op.masked, op.backward), kernel, *mask, dy)
    deltas = made.part(1, 0, steps)
    dx = inner = deltas.part(2, 0, x.dims[-1])
    if op.kind == "gru":
        inner = deltas.part(2, 0, 2 * units).concat(deltas.part(2, 3 * units, 4 * units), axis=2)
    gradients: list[Tensor | None] = [dx, run.by_kernel(inner)]
    if op.bias:
        gradients.append(inner.sum((0, 1)))
    if op.masked:
        gradients.append(None)
    if op.initial:
        row = made.part(1, steps, steps + 1)
        for i, state in enumerate(inputs[len(gradients) :]):
            gradients.append(row.part(2, i * units, (i + 1) * units).under(state.shape))
    return gradients


@dataclass(frozen=True)
class _Steps:
    """All steps at once, in the order of x: (N, T, ...)."""

    op: Recurrent
    g: Emitter
    x: Tensor
    kernel: Tensor
    bias: Tensor | None
    before: tuple[Tensor | None, ...]
    """The states before each step; None where they are zeros."""
    left: Tensor
    """What each step left."""

    @classmethod
    def of(cls, op: Recurrent, g: Emitter, inputs: Sequence[Tensor], whole: Tensor) -> _Steps:
        """From the operands of the recurrence, and what all steps left, in the order in which they were taken."""
        x, kernel = inputs[:2]
        steps, units = x.dims[-2], kernel.dims[0]
        flip = Take(1, Stepped.reversed(steps))
        first = inputs[2 + op.bias + op.masked :] or (None,) * (2 if op.kind == "lstm" else 1)

        def earlier(i: int, state: Tensor | None) -> Tensor | None:
            if state is None and steps == 1:
                return None
            found = [] if state is None else [state.under((state.shape[0], 1, units))]
            if steps > 1:
                rest = whole.part(2, i * units, (i + 1) * units).part(1, 0, steps - 1)
                found.append(rest if found else rest.emit(Pad(((0, 0), (1, 0), (0, 0)))))
            joined = found[0] if len(found) == 1 else concatenate(found, 1)
            return joined.emit(flip) if op.backward else joined

        before = tuple(earlier(i, state) for i, state in enumerate(first))
        left = whole.emit(flip) if op.backward else whole
        return cls(op, g, x, kernel, inputs[2] if op.bias else None, before, left)

    def factors(self) -> tuple[Tensor, ...]:
        """The factors of `RecurrentBackward`."""
        f, gate = self.op.activation, self.op.recurrent_activation
        h = self.before[0]
        if self.op.kind == "simple":
            u = self._sum(self.x, self._product())
            return (self._through(f, u, None),)
        if self.op.kind == "lstm":
            u = self._sum(self.x, self._product())
            ui, uf, uc, uo = (self._part(u, i) for i in range(4))
            i, forget, o = (self._f(gate, v) for v in (ui, uf, uo))
            c, earlier = self._part(self.left, 1), self.before[1]
            return (
                self._through(gate, ui, self._f(f, uc)),
                self._zeros(uf) if earlier is None else self._through(gate, uf, earlier),
                self._through(f, uc, i),
                self._through(gate, uo, self._f(f, c)),
                self._through(f, c, o),
                forget,
            )
        product = self._product()
        uz, ur = (self._sum(self._part(self.x, i), product and self._part(product, i)) for i in range(2))
        z, r = self._f(gate, uz), self._f(gate, ur)
        rest = 1.0 - z
        if self.op.kind == "gru":
            n = self._part(product, 2) if product else self._zeros(z)
            v = self._sum(self._part(self.x, 2), r * n)
            by_candidate = self._through(f, v, rest)
            by_reset = self._through(gate, ur, by_candidate * n)
            return (
                self._through(gate, uz, self._less(h, self._f(f, v))),
                by_reset,
                by_candidate,
                by_candidate * r,
                z,
            )
        candidates = self.kernel.part(1, 2 * self._units, 3 * self._units)
        v = self._sum(self._part(self.x, 2), self._part(self.left, 2) @ candidates)
        return (
            self._through(gate, uz, self._less(h, self._f(f, v))),
            self._zeros(z) if h is None else self._through(gate, ur, h),
            self._through(f, v, rest),
            z,
            r,
            self._through(gate, uz, None),
        )

    def by_kernel(self, inner: Tensor) -> Tensor | None:
        """``Σ hᵀ·δ`` over samples and steps; with r∘h for h in the last part of a GRU that resets before."""
        h = self.before[0]
        if h is None:
            return None  # the only step reads zeros
        if self.op.kind != "gru_reset_before":
            return h.emit(MatMulKernelGradient(), inner)
        of_gates = h.emit(MatMulKernelGradient(), inner.part(2, 0, 2 * self._units))
        of_candidates = self._part(self.left, 2).emit(MatMulKernelGradient(), self._part(inner, 2))
        return of_gates.concat(of_candidates, axis=1)

    @property
    def _units(self) -> int:
        return self.kernel.dims[0]

    def _product(self) -> Tensor | None:
        """``R·h + b_R``, of a GRU that resets before the product for its gates only; None where it is zeros."""
        h, kernel = self.before[0], self.kernel
        if h is None:
            if self.bias is None:
                return None
            width = GATES[self.op.kind] * self._units
            return self.bias.under((1, 1, width)).broadcast_like(self.x)
        if self.op.kind == "gru_reset_before":
            kernel = kernel.part(1, 0, 2 * self._units)
        product = h @ kernel
        return product if self.bias is None else product + self.bias

    def _part(self, x: Tensor, i: int) -> Tensor:
        return x.part(2, i * self._units, (i + 1) * self._units)

    def _sum(self, x: Tensor, product: Tensor | None) -> Tensor:
        return x if product is None else x + product

    def _less(self, h: Tensor | None, candidate: Tensor) -> Tensor:
        return -candidate if h is None else h - candidate

    def _f(self, function: Unary, x: Tensor) -> Tensor:
        return x.emit(function)

    def _zeros(self, like: Tensor) -> Tensor:
        return constant(self.g, 0.0).broadcast_like(like)

    def _through(self, function: Unary, x: Tensor, factor: Tensor | None) -> Tensor:
        """``function'(x)·factor``."""
        known = constant(self.g, 1.0).broadcast_like(x) if factor is None else factor
        (made,) = function.gradient(self.g, (x,), self._f(function, x), known)
        return self._zeros(x) if made is None else made

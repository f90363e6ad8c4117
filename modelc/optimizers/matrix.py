"""Optimizers with matrix-shaped state or updates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from pydantic import PositiveInt

from modelc.config.options import Decay, FiniteFloat, Names, NonNegativeFloat, PositiveFloat, Rate
from modelc.graph.tensor import Tensor
from modelc.ops.shape import Transpose
from modelc.optimizers.adam import adam_factor, adam_update, lerp
from modelc.optimizers.optimizer import SHARED, Optimizer, Slot, UpdateStep, count, zeros


class Adafactor(Optimizer):
    """Adafactor: Adam without momentum, with v of a matrix stored as its row and column means (Shazeer and Stern,
    2018).

    ``β = 1 - t^beta_2_decay``, ``s = d² + epsilon_1``. For weights of two or more axes, ``R = β·R + (1 - β)·mean s``
    over the last axis, ``C`` likewise over the one before, and ``v = R / mean(R)·C``; for others, ``v = β·v + (1 -
    β)·s``. ``u = d / sqrt(v)``, ``û = u / max(1, rms(u) / clip_threshold)``, ``w -= max(epsilon_2, rms(w))·min(r,
    1/sqrt(t))·û``.
    """

    beta_2_decay: FiniteFloat = -0.8
    """The exponent of the update number t in the decay rate ``1 - t^beta_2_decay`` of the moving averages."""
    epsilon_1: NonNegativeFloat = 1e-30
    """A small constant added to squared gradients, to avoid division by zero."""
    epsilon_2: NonNegativeFloat = 1e-3
    """The minimum root mean square of a weight, to which its updates are proportional."""
    clip_threshold: PositiveFloat = 1.0
    """The maximum root mean square of a weight's update before scaling; larger updates are scaled down."""
    relative_step: bool = True
    """No effect: the learning rate is limited to ``1/sqrt(t)`` at update t in any case, as in Keras."""

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """R and C, or v."""
        if len(shape) < 2:
            return zeros(shape, "velocity")
        return {"row": Slot(shape[:-1]), "column": Slot((*shape[:-2], shape[-1]))}

    def prepare(self, step: UpdateStep, state: Mapping[str, Tensor]) -> UpdateStep:
        """β, 1 - β and the learning rate."""
        t = count(step)
        new = t**self.beta_2_decay
        rate = step.learning_rate.minimum(t.rsqrt())
        return replace(step, numbers={"old": 1.0 - new, "new": new, "rate": rate})

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        squares = gradient.square() + self.epsilon_1
        rank = weight.rank
        if rank < 2:
            new = {"velocity": self._average(slots["velocity"], squares, step)}
            v = new["velocity"]
        else:
            rows = self._average(slots["row"], squares.mean((rank - 1,)), step)
            columns = self._average(slots["column"], squares.mean((rank - 2,)), step)
            share = rows / rows.mean((rank - 2,), keepdims=True)
            shape = weight.dims
            v = share.under((*shape[:-1], 1)) * columns.under((*shape[:-2], 1, shape[-1]))
            new = {"row": rows, "column": columns}
        u = gradient / v.sqrt()
        excess = (_rms(u) * (1.0 / self.clip_threshold)).maximum(1.0)
        factor = _rms(weight).maximum(self.epsilon_2) * step.numbers["rate"] / excess
        return weight - u * factor, new

    def _average(self, average: Tensor, x: Tensor, step: UpdateStep) -> Tensor:
        return average * step.numbers["old"] + x * step.numbers["new"]


class Muon(Optimizer):
    """Muon: momentum with orthogonalized updates for matrices, and Adam for all other weights.

    ``m = momentum·m + d``, ``w -= r·rms_rate·sqrt(max(rows, columns))·O(m)`` (Jordan et al., 2024; Liu et al., 2025). O
    approximates the nearest orthogonal matrix: from ``x = m / ‖m‖``, `ns_steps` iterations of ``x = muon_a·x +
    (muon_b·A + muon_c·A²)·x`` with ``A = x·xᵀ``. With `nesterov`, ``d + momentum·m`` replaces m there.
    """

    order: ClassVar[str] = (
        f"learning_rate adam_beta_1 adam_beta_2 adam_weight_decay epsilon {SHARED} * exclude_from_weight_decay"
    )

    adam_beta_1: Decay = 0.9
    """The `beta_1` of Adam for weights that are not matrices."""
    adam_beta_2: Decay = 0.999
    """The `beta_2` of Adam for weights that are not matrices."""
    adam_weight_decay: NonNegativeFloat | None = 0.004
    """The `weight_decay` of weights that Adam updates."""
    epsilon: NonNegativeFloat = 1e-7
    """The `epsilon` of Adam for weights that are not matrices."""
    weight_decay: NonNegativeFloat | None = 0.004
    """The weight decay of matrices: each update subtracts this fraction of the matrix, times the learning rate."""
    exclude_layers: Names | None = None
    """Parts of weight paths: weights whose path contains one are updated by Adam even if they are matrices."""
    exclude_embeddings: bool = True
    """Whether weights with `embedding` in their path are updated by Adam."""
    muon_a: FiniteFloat = 3.4445
    """The factor of x in an iteration of the orthogonalization."""
    muon_b: FiniteFloat = -4.775
    """The factor of A·x in an iteration of the orthogonalization."""
    muon_c: FiniteFloat = 2.0315
    """The factor of A²·x in an iteration of the orthogonalization."""
    adam_lr_ratio: NonNegativeFloat = 1.0
    """The learning rate of Adam relative to that of matrices."""
    momentum: Rate = 0.95
    """The momentum: the fraction of the old m that each update keeps."""
    ns_steps: PositiveInt = 5
    """The number of Newton-Schulz iterations of the orthogonalization; more make it more exact."""
    nesterov: bool = True
    """Whether to use Nesterov momentum."""
    rms_rate: NonNegativeFloat | None = 0.2
    """The root mean square of an update at learning rate 1; null omits the factors ``rms_rate·sqrt(max(rows,
    columns))``."""

    def _by_adam(self, path: str, shape: tuple[int, ...]) -> bool:
        embedding = self.exclude_embeddings and "embedding" in path.lower()
        return len(shape) != 2 or embedding or any(part in path for part in self.exclude_layers or ())

    def decay_of(self, path: str, shape: tuple[int, ...]) -> float | None:
        """That of Adam, or of matrices."""
        if self.excludes(path):
            return None
        return self.adam_weight_decay if self._by_adam(path, shape) else self.weight_decay

    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """m, and Adam's v."""
        return zeros(shape, "momentum", *["velocity"] * self._by_adam(path, shape))

    def prepare(self, step: UpdateStep, state: Mapping[str, Tensor]) -> UpdateStep:
        """Adam's factor."""
        factor = self.adam_lr_ratio * adam_factor(step, self.adam_beta_1, self.adam_beta_2)
        return replace(step, numbers={"factor": factor})

    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The equation of the class."""
        if "velocity" in slots:
            m = lerp(slots["momentum"], gradient, 1 - self.adam_beta_1)
            v = lerp(slots["velocity"], gradient.square(), 1 - self.adam_beta_2)
            new = adam_update(weight, m, v, step.numbers["factor"], self.epsilon)
            return new, {"momentum": m, "velocity": v}
        m = gradient + self.momentum * slots["momentum"]
        ahead = gradient + self.momentum * m if self.nesterov else m
        size = 1.0 if self.rms_rate is None else math.sqrt(max(weight.dims)) * self.rms_rate
        move = self._orthogonal(ahead) * size * step.learning_rate
        return weight - move, {"momentum": m}

    def _orthogonal(self, x: Tensor) -> Tensor:
        rows, columns = x.dims
        flip = Transpose((1, 0))
        if rows > columns:
            x = x.emit(flip)
        norm = x.square().sum().sqrt()
        x = x / (norm + 1e-7)
        for _ in range(self.ns_steps):
            a = x @ x.emit(flip)
            b = self.muon_b * a + self.muon_c * a @ a
            x = self.muon_a * x + b @ x
        return x.emit(flip) if rows > columns else x


def _rms(x: Tensor) -> Tensor:
    """``sqrt(mean x²)``."""
    return x.square().mean().sqrt()

"""A step of an optimizer for all weights: clipping, decay, the rule, averages, constraints, in Keras's order."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modelc.constraints.classes import Constraint
from modelc.graph.tensor import Tensor, constant, where
from modelc.optimizers.optimizer import Optimizer, Slot, UpdateStep

AVERAGE, SUM = "average", "gradient_accumulator"
"""The slots that go with `use_ema` and `gradient_accumulation_steps`."""


@dataclass(frozen=True, slots=True)
class TrainedWeight:
    """A weight that is trained, with what a step needs of it."""

    path: str
    value: Tensor
    gradient: Tensor
    slots: Mapping[str, Tensor]
    constraint: Constraint | None = None


@dataclass(frozen=True, slots=True)
class Updates:
    """The new values of a step, by path; slots by path and name."""

    weights: dict[str, Tensor]
    slots: dict[str, dict[str, Tensor]]
    state: dict[str, Tensor]


def all_slots(optimizer: Optimizer, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
    """The arrays that training keeps for a weight: the average, the sum of gradients, those of the rule."""
    common = [AVERAGE] * optimizer.use_ema + [SUM] * bool(optimizer.gradient_accumulation_steps)
    return {**{name: Slot(shape) for name in common}, **optimizer.slots(path, shape)}


def apply(
    optimizer: Optimizer,
    parameters: Sequence[TrainedWeight],
    state: Mapping[str, Tensor],
    learning_rate: Tensor,
    iteration: Tensor,
) -> Updates:
    """A step with an update. `learning_rate` and `iteration` are scalars: `rate_at` and `iteration_at` of the batch."""
    step = optimizer.prepare(UpdateStep(learning_rate, iteration), state)
    gradients = [_averaged(optimizer, p) for p in parameters]
    gradients = clipped(optimizer, gradients)
    weights: dict[str, Tensor] = {}
    slots: dict[str, dict[str, Tensor]] = {}
    decays: dict[float, Tensor] = {}
    for p, gradient in zip(parameters, gradients, strict=True):
        weight = p.value
        decay = optimizer.decay_of(p.path, weight.dims)
        if decay:
            if decay not in decays:
                decays[decay] = learning_rate * decay
            weight = weight - weight * decays[decay]
        weights[p.path], slots[p.path] = optimizer.update(weight, gradient, p.slots, step)
        if SUM in p.slots:
            slots[p.path][SUM] = 0.0 * p.slots[SUM]
    _finish(optimizer, parameters, weights, slots, iteration)
    return Updates(weights, slots, dict(step.state))


def accumulate(optimizer: Optimizer, parameters: Sequence[TrainedWeight], iteration: Tensor) -> Updates:
    """A step that only adds up gradients. As in Keras, averages and constraints are seen to at every step."""
    weights = {p.path: p.value for p in parameters}
    slots = {p.path: {SUM: p.gradient + p.slots[SUM]} for p in parameters}
    _finish(optimizer, parameters, weights, slots, iteration)
    return Updates(weights, slots, {})


def clipped(optimizer: Optimizer, gradients: Sequence[Tensor]) -> list[Tensor]:
    """The gradients, no longer or larger than the optimizer's options allow."""
    if optimizer.clipnorm:
        return [d * _shortening(_norm([d]), optimizer.clipnorm) for d in gradients]
    if optimizer.global_clipnorm and gradients:
        norm = _norm(gradients)
        # Where the norm is not finite, the difference is not a number, and so are all gradients then.
        factor = _shortening(norm, optimizer.global_clipnorm) + (norm - norm)
        return [d * factor for d in gradients]
    if optimizer.clipvalue:
        return [d.clip(-optimizer.clipvalue, optimizer.clipvalue) for d in gradients]
    return list(gradients)


def _norm(gradients: Sequence[Tensor]) -> Tensor:
    return functools.reduce(operator.add, (d.square().sum() for d in gradients)).sqrt()


def _shortening(norm: Tensor, longest: float) -> Tensor:
    """``longest / max(norm, longest)``."""
    return constant(norm.g, longest) / norm.maximum(longest)


def _averaged(optimizer: Optimizer, p: TrainedWeight) -> Tensor:
    """The gradient, averaged with those that were added up."""
    if not optimizer.gradient_accumulation_steps:
        return p.gradient
    return (p.gradient + p.slots[SUM]) * (1.0 / optimizer.gradient_accumulation_steps)


def _finish(
    optimizer: Optimizer,
    parameters: Sequence[TrainedWeight],
    weights: dict[str, Tensor],
    slots: dict[str, dict[str, Tensor]],
    iteration: Tensor,
) -> None:
    """Averages, then the weights that become their averages, then constraints."""
    if optimizer.use_ema and parameters:
        # The first average is the weight itself.
        old = iteration.not_equal(0.0) * optimizer.ema_momentum
        new = 1.0 - old
        overwrite = _overwrites(optimizer.ema_overwrite_frequency, iteration)
        for p in parameters:
            weight = weights[p.path]
            average = p.slots[AVERAGE] * old + weight * new
            slots[p.path][AVERAGE] = average
            if overwrite is not None:
                weights[p.path] = where(overwrite, average, weight)
    for p in parameters:
        if p.constraint is not None:
            weights[p.path] = p.constraint.project(weights[p.path])


def _overwrites(frequency: int | None, iteration: Tensor) -> Tensor | None:
    """1 where the update completes a period, else 0."""
    if frequency is None:
        return None
    done = iteration + 1.0
    periods = (done / constant(done.g, float(frequency))).floor()
    return done.equal(periods * float(frequency))

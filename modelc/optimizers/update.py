"""A step of an optimizer for all weights: clipping, decay, the rule, averages, constraints, in Keras's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modelc.constraints import Constraint
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.arithmetic import (
    add,
    at_least,
    clip,
    divide,
    multiply,
    reduce,
    scale,
    select,
    subtract,
)
from modelc.layers.emit import binary, constant, not_zero, unary
from modelc.optimizers.optimizer import Optimizer, Slot, Step

AVERAGE, SUM = "average", "gradient_accumulator"
"""The slots that go with `use_ema` and `gradient_accumulation_steps`."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A weight that is trained, with what a step needs of it."""

    path: str
    value: Value
    gradient: Value
    slots: Mapping[str, Value]
    constraint: Constraint | None = None


@dataclass(frozen=True, slots=True)
class Updates:
    """The new values of a step, by path; slots by path and name."""

    weights: dict[str, Value]
    slots: dict[str, dict[str, Value]]
    state: dict[str, Value]


def all_slots(optimizer: Optimizer, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
    """The arrays that training keeps for a weight: the average, the sum of gradients, those of the rule."""
    common = [AVERAGE] * optimizer.use_ema + [SUM] * bool(optimizer.gradient_accumulation_steps)
    return {**{name: Slot(shape) for name in common}, **optimizer.slots(path, shape)}


def apply(
    g: Builder,
    optimizer: Optimizer,
    parameters: Sequence[Parameter],
    state: Mapping[str, Value],
    learning_rate: Value,
    iteration: Value,
) -> Updates:
    """A step with an update. `learning_rate` and `iteration` are scalars: `rate_at` and `iteration_at` of the batch."""
    step = optimizer.prepare(g, Step(learning_rate, iteration), state)
    gradients = [_averaged(g, optimizer, p) for p in parameters]
    gradients = clipped(g, optimizer, gradients)
    weights: dict[str, Value] = {}
    slots: dict[str, dict[str, Value]] = {}
    decays: dict[float, Value] = {}
    for p, gradient in zip(parameters, gradients, strict=True):
        weight = p.value
        decay = optimizer.decay_of(p.path, weight.type.dims)
        if decay:
            if decay not in decays:
                decays[decay] = scale(g, learning_rate, decay)
            weight = subtract(g, weight, multiply(g, weight, decays[decay]))
        weights[p.path], slots[p.path] = optimizer.update(g, weight, gradient, p.slots, step)
        if SUM in p.slots:
            slots[p.path][SUM] = scale(g, p.slots[SUM], 0.0)
    _finish(g, optimizer, parameters, weights, slots, iteration)
    return Updates(weights, slots, dict(step.state))


def accumulate(g: Builder, optimizer: Optimizer, parameters: Sequence[Parameter], iteration: Value) -> Updates:
    """A step that only adds up gradients. As in Keras, averages and constraints are seen to at every step."""
    weights = {p.path: p.value for p in parameters}
    slots = {p.path: {SUM: add(g, p.gradient, p.slots[SUM])} for p in parameters}
    _finish(g, optimizer, parameters, weights, slots, iteration)
    return Updates(weights, slots, {})


def clipped(g: Builder, optimizer: Optimizer, gradients: Sequence[Value]) -> list[Value]:
    """The gradients, no longer or larger than the optimizer's options allow."""
    if optimizer.clipnorm:
        return [multiply(g, d, _shortening(g, _norm(g, [d]), optimizer.clipnorm)) for d in gradients]
    if optimizer.global_clipnorm and gradients:
        norm = _norm(g, gradients)
        # Where the norm is not finite, the difference is not a number, and so are all gradients then.
        factor = add(g, _shortening(g, norm, optimizer.global_clipnorm), subtract(g, norm, norm))
        return [multiply(g, d, factor) for d in gradients]
    if optimizer.clipvalue:
        return [clip(g, d, -optimizer.clipvalue, optimizer.clipvalue) for d in gradients]
    return list(gradients)


def _norm(g: Builder, gradients: Sequence[Value]) -> Value:
    return unary(g, "sqrt", add(g, *(reduce(g, "sum", unary(g, "square", d)) for d in gradients)))


def _shortening(g: Builder, norm: Value, longest: float) -> Value:
    """``longest / max(norm, longest)``."""
    return divide(g, constant(g, longest), at_least(g, norm, longest))


def _averaged(g: Builder, optimizer: Optimizer, p: Parameter) -> Value:
    """The gradient, averaged with those that were added up."""
    if not optimizer.gradient_accumulation_steps:
        return p.gradient
    return scale(g, add(g, p.gradient, p.slots[SUM]), 1.0 / optimizer.gradient_accumulation_steps)


def _finish(
    g: Builder,
    optimizer: Optimizer,
    parameters: Sequence[Parameter],
    weights: dict[str, Value],
    slots: dict[str, dict[str, Value]],
    iteration: Value,
) -> None:
    """Averages, then the weights that become their averages, then constraints."""
    if optimizer.use_ema and parameters:
        # The first average is the weight itself.
        old = scale(g, not_zero(g, iteration), optimizer.ema_momentum)
        new = scale(g, old, -1.0, 1.0)
        overwrite = _overwrites(g, optimizer.ema_overwrite_frequency, iteration)
        for p in parameters:
            weight = weights[p.path]
            average = add(g, multiply(g, p.slots[AVERAGE], old), multiply(g, weight, new))
            slots[p.path][AVERAGE] = average
            if overwrite is not None:
                weights[p.path] = select(g, overwrite, average, weight)
    for p in parameters:
        if p.constraint is not None:
            weights[p.path] = p.constraint.project(g, weights[p.path])


def _overwrites(g: Builder, frequency: int | None, iteration: Value) -> Value | None:
    """1 where the update completes a period, else 0."""
    if frequency is None:
        return None
    done = scale(g, iteration, 1.0, 1.0)
    periods = unary(g, "floor", divide(g, done, constant(g, float(frequency))))
    return binary(g, "equal", done, scale(g, periods, float(frequency)))

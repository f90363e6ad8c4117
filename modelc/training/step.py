"""The graph of a training step: forward, losses, backward and update.

The trained weights are inputs of it, and their new values outputs. Which weights are trained is fixed when the graph is
built: no gradient is computed below the lowest trained layer, and frozen weights have no optimizer arrays and no
update.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Value, Weight, prune
from modelc.graph.tensor import Tensor, constant
from modelc.graph.types import TensorType
from modelc.initializers.classes import Constant
from modelc.language.definition import Definition
from modelc.language.validation.trained import trained
from modelc.language.view import trace
from modelc.layers.base import Layer
from modelc.losses.loss import Loss
from modelc.optimizers.optimizer import Optimizer, Slot
from modelc.optimizers.update import TrainedWeight, Updates, accumulate, all_slots, apply
from modelc.passes.differentiate import differentiate
from modelc.training.options_of import option_of
from modelc.training.same_weights import require_same_weights

STEP, LEARNING_RATE, ITERATION = "step", "learning_rate", "iteration"
"""The inputs of a step that are numbers: the number of the batch, the rate, and the number of updates before."""


@dataclass(frozen=True, slots=True)
class Objective:
    """What each output of a model is trained for."""

    losses: tuple[Loss | None, ...]
    """One for each output; None for an output that is only looked at."""
    weights: tuple[float, ...]
    """What each loss counts."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The types of what comes with the samples of a batch, for each output.

    A size is None where it is that of the output along the same axis, which is free.
    """

    y: tuple[TensorType | None, ...]
    sample_weight: tuple[TensorType | None, ...]
    counts: tuple[TensorType | None, ...] = ()
    """Of what tells which positions samples have, where some were added to them."""


@dataclass(frozen=True, eq=False)
class StepGraph:
    """A graph of a step, and what its inputs and results are."""

    graph: Graph
    """Its results: the loss in all, that of each output with one, the outputs, then what is updated."""
    samples: int
    """How many of its inputs are those of the model."""
    feeds: tuple[str, ...]
    """What the inputs after those are: `y:0`, `sample_weight:0`, `counts:0`, a number's name, or the path of a weight
    that is trained or of a slot."""
    updated: tuple[str, ...] = ()
    """The paths of what is updated, in the order of the results."""
    slots: Mapping[str, Slot] = field(default_factory=dict[str, Slot])
    """The arrays of the optimizer, by path."""


def slot_path(name: str, path: str) -> str:
    """The path of an array that the optimizer keeps for a weight."""
    return f"optimizer/{name}/{path}"


class _StepWriter:
    """A traced model to which the losses of its outputs are added."""

    def __init__(
        self,
        spec: Definition,
        objective: Objective,
        labels: Labels,
        *,
        training: bool,
        seed: int,
        sizes: Mapping[str, int] | None,
    ) -> None:
        self.spec = spec
        traced = trace(spec, training=training, counting=training, seed=seed, sizes=sizes)
        self.g = traced.builder
        self.outputs = traced.outputs
        require_same_weights(spec, (weight for record in self.g.traces.layers for weight in record.weights))
        self.feeds = [STEP] if training else []
        self.samples = self.g.input_count - len(self.feeds)
        self._add_losses(objective, labels)

    def _add_losses(self, objective: Objective, labels: Labels) -> None:
        g = self.g
        self.losses: list[Tensor] = []
        total: Tensor | None = None
        for i, (loss, weight) in enumerate(zip(objective.losses, objective.weights, strict=True)):
            type = labels.y[i]
            if loss is None or type is None:
                continue
            like = self.outputs[i].type
            y = self.feed(f"y:{i}", _with_free(type, like))
            further: list[Tensor | None] = []
            for name, types in (("sample_weight", labels.sample_weight), ("counts", labels.counts)):
                type = types[i] if types else None
                further.append(None if type is None else self.feed(f"{name}:{i}", _with_free(type, like)))
            value = loss.emit(g, y, self.outputs[i], *further)
            if value.type.rank:
                value = value.mean(tuple(range(value.type.rank)))
            self.losses.append(value)
            counted = value if weight == 1.0 else value * weight
            total = counted if total is None else total + counted
        self.total = total

    def feed(self, name: str, type: TensorType) -> Tensor:
        """Add an input to the graph of the step."""
        self.feeds.append(name)
        return self.g.input(type, name=name)

    def penalize(self, layers: Sequence[Layer]) -> None:
        """Add the penalties of the regularizers of trained weights and of outputs."""
        g = self.g
        for layer, weight in trained(layers, g.traces.layers):
            regularizer = option_of(layer, weight.path, "regularizer")
            if regularizer is not None:
                self._add(regularizer.penalty(g.current(weight)))
        for regularizer, output in tuple(g.activities):
            self._add(regularizer.penalty(output) / _samples(g, output))

    def _add(self, penalty: Tensor) -> None:
        self.total = penalty if self.total is None else self.total + penalty

    def graph(self) -> Graph:
        """The graph so far: the loss in all, the losses, the outputs."""
        assert self.total is not None, "a model is trained for at least one loss"
        outputs = (self.total, *self.losses, *self.outputs)
        return self.g.graph(self.spec.name, outputs, ("",) * len(outputs))


def _with_free(type: TensorType, like: TensorType) -> TensorType:
    """The type of labels whose free sizes are those of an output."""
    shape = (d if d is not None or axis == 0 else like.shape[axis] for axis, d in enumerate(type.shape))
    return type.with_shape(tuple(shape))


def _samples(g: Builder, value: Tensor) -> Tensor:
    """The size of the batch, as a number: what a layer gives is penalized per sample."""
    one_of_each = value.max(tuple(range(1, value.type.rank)))
    return constant(g, 1.0).broadcast_like(one_of_each).sum()


def test_step(
    spec: Definition,
    objective: Objective,
    labels: Labels,
    *,
    packing: bool = True,
    sizes: Mapping[str, int] | None = None,
) -> StepGraph:
    """The graph that gives losses and outputs, and changes no weight. The states of layers go on, as in a prediction.

    Where `packing`, its weights stay weights, which kernels read in an order of their own, as in a prediction; without
    it there is no second copy of them.
    """
    writer = _StepWriter(spec, objective, labels, training=False, seed=0, sizes=sizes)
    writer.penalize(spec.layers)
    whole = writer.graph()
    states = {weight.path for weight in whole.weights if weight.state}
    graph = replace(whole, updates={path: new for path, new in whole.updates.items() if path in states})
    return _lifted(writer, graph, states if packing else {weight.path for weight in graph.weights})


def training_step(
    spec: Definition,
    objective: Objective,
    labels: Labels,
    optimizer: Optimizer,
    *,
    seed: int = 0,
    updating: bool = True,
    sizes: Mapping[str, int] | None = None,
) -> StepGraph:
    """The graph of a step of the optimizer, or where not `updating` of one that only adds up gradients.

    `sizes` are those of a batch, where the model leaves sizes free.
    """
    writer = _StepWriter(spec, objective, labels, training=True, seed=seed, sizes=sizes)
    writer.penalize(spec.layers)
    learning_rate = writer.feed(LEARNING_RATE, TensorType(()))
    iteration = writer.feed(ITERATION, TensorType(()))
    changing = list(trained(spec.layers, writer.g.traces.layers))
    graph = writer.graph()
    count = len(graph.outputs)
    # What a layer assigns to a weight, as SpectralNormalization does, takes its place before the update. Where it is
    # called several times, each call has its own value, and the gradient is the sum of those of all.
    versions = [writer.g.versions(weight) for _, weight in changing]
    begun = [graph.updates.get(weight.path, weight.value) for _, weight in changing]
    graph = differentiate(graph, [value for values in versions for value in values], stopped=writer.g.stopped)
    parts = iter(graph.outputs[count:])
    g = Builder.going_on(graph)
    gradients = [_sum([g.tensor(next(parts)) for _ in values]) for values in versions]
    slots, values = _declare_slots(g, writer, optimizer, [weight for _, weight in changing])
    parameters = [
        TrainedWeight(
            weight.path, g.tensor(value), gradient,
            {name: values[slot_path(name, weight.path)] for name in all_slots(optimizer, weight.path, weight.shape)},
            option_of(layer, weight.path, "constraint"),
        )
        for (layer, weight), value, gradient in zip(changing, begun, gradients, strict=True)
    ]  # fmt: skip
    if updating:
        state = {name: values[slot_path(name, "")] for name in optimizer.state()}
        made = apply(optimizer, parameters, state, g.tensor(learning_rate.value), g.tensor(iteration.value))
    else:
        made = accumulate(optimizer, parameters, g.tensor(iteration.value))
    updates = dict(graph.updates) | _by_path(made)
    finished = g.graph(graph.name, tuple(map(g.tensor, graph.outputs[:count])), graph.output_names[:count])
    kept = {path: value for path, value in updates.items() if not _is_input(value, finished)}
    changed = {weight.path for _, weight in changing} | set(kept)
    return _lifted(writer, replace(finished, updates=kept), changed, slots)


def _sum(values: Sequence[Tensor]) -> Tensor:
    return functools.reduce(operator.add, values)


def _is_input(value: Value, graph: Graph) -> bool:
    """Whether a new value is the old one."""
    return value in graph.inputs or any(value is weight.value for weight in graph.weights)


def _declare_slots(
    g: Builder, writer: _StepWriter, optimizer: Optimizer, weights: Sequence[Weight]
) -> tuple[dict[str, Slot], dict[str, Tensor]]:
    """The arrays of the optimizer, which become inputs, by path."""
    slots = {slot_path(name, ""): Slot((), Constant(value=start)) for name, start in optimizer.state().items()}
    for weight in weights:
        for name, slot in all_slots(optimizer, weight.path, weight.shape).items():
            slots[slot_path(name, weight.path)] = slot
    writer.feeds += slots
    return slots, {path: g.input(TensorType(slot.shape), name=path) for path, slot in slots.items()}


def _by_path(updates: Updates) -> dict[str, Value]:
    slots = {slot_path(name, path): v for path, values in updates.slots.items() for name, v in values.items()}
    state = {slot_path(name, ""): value for name, value in updates.state.items()}
    return {path: new.value for path, new in {**updates.weights, **slots, **state}.items()}


def _lifted(
    writer: _StepWriter, graph: Graph, changing: set[str], slots: Mapping[str, Slot] | None = None
) -> StepGraph:
    """The graph with the weights that change as inputs, after all others.

    The others stay weights: what depends on them alone, such as a normalization that is folded into a kernel, is
    computed once and not in every step.
    """
    weights = [weight for weight in graph.weights if weight.path in changing]
    lifted = replace(
        graph,
        weights=tuple(weight for weight in graph.weights if weight.path not in changing),
        inputs=graph.inputs + tuple(weight.value for weight in weights),
        input_dtypes=graph.input_dtypes + ("float32",) * len(weights),
        input_names=graph.input_names + tuple(weight.path for weight in weights),
    )
    feeds = (*writer.feeds, *(weight.path for weight in weights))
    return StepGraph(prune(lifted), writer.samples, feeds, tuple(graph.updates), slots or {})

"""`StepWriter`: a traced model to which losses, penalties and the arrays of the optimizer are added."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Value, Weight, pruned
from modelc.graph.tensor import Tensor, constant
from modelc.graph.types import TensorType
from modelc.initializers.classes import Constant
from modelc.language.definition import Definition
from modelc.language.validation.trained import trained
from modelc.language.view import trace
from modelc.layers.base import Layer
from modelc.losses.loss import Amount
from modelc.optimizers.optimizer import Optimizer, Slot
from modelc.optimizers.update import TrainedWeight, Updates, accumulate, all_slots, apply
from modelc.passes.differentiate import differentiate
from modelc.passes.differentiate_scan import above_values
from modelc.training.options_of import option_of
from modelc.training.same_weights import require_same_weights
from modelc.training.step_graph import (
    ONCE,
    SAMPLES,
    SEED,
    SHARE,
    STEP,
    TOTAL,
    Labels,
    Objective,
    StepGraph,
    slot_path,
)  # fmt: skip


class Exchanged(NamedTuple):
    """A sum over all parts of a batch, which these go on with."""

    partial: Value
    """What a part adds to it."""
    feed: str
    """The input that is the sum."""


class Gradients(NamedTuple):
    """A graph that goes on with the gradients of a loss."""

    g: Builder
    changing: list[tuple[Layer, Weight]]
    """What is trained, with its layers."""
    outputs: tuple[Tensor, ...]
    names: tuple[str, ...]
    begun: list[Tensor]
    """The values of what is trained that the update begins with."""
    gradients: list[Tensor]
    sums: tuple[Exchanged, ...]
    """What is summed over all parts while they are computed, in this order."""


class StepWriter:
    """A traced model to which the losses of its outputs are added.

    Where it is for a `part` of a batch, what it gives is what the part adds to the losses, the penalties and so the
    gradients of the batch: the sum over all parts is that of the batch.
    """

    def __init__(
        self,
        spec: Definition,
        objective: Objective,
        labels: Labels,
        *,
        training: bool,
        seed: int,
        sizes: Mapping[str, int] | None,
        part: bool = False,
        varying: bool = False,
    ) -> None:
        """Parts are `varying` where they may differ in the sizes of their samples."""
        self.spec = spec
        traced = trace(spec, training=training, counting=training, split=part, seed=seed, sizes=sizes)
        self.g = traced.builder
        self.outputs = traced.outputs
        require_same_weights(spec, (weight for record in self.g.traces.layers for weight in record.weights))
        self.feeds = [STEP] if training else []
        self.share = self.g.share
        if part:
            self.feeds += [SAMPLES, *(f"{TOTAL}:{i}" for i in range(len(self.g.totals)))]
        self.samples = self.g.input_count - len(self.feeds)
        self.once = self.feed(ONCE, TensorType(())) if part else None
        self.amounts: dict[str, Amount] = {}
        """What each loss of a part counts, by the name of the input that has its share."""
        self._add_losses(objective, labels, varying)

    def _add_losses(self, objective: Objective, labels: Labels, varying: bool) -> None:
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
            if self.share is None:
                value, share = loss.emit(g, y, self.outputs[i], *further), None
            else:
                name = f"{SHARE}:{i}"
                value, self.amounts[name] = loss.emit_part(g, y, self.outputs[i], *further, varying=varying)
                share = self.feed(name, TensorType(()))
            if value.type.rank:
                value = value.mean(tuple(range(value.type.rank)))
            value = value if share is None else value * share
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
                self._add(regularizer.penalty(g.current(weight)), self.once)
        for regularizer, output in tuple(g.activities):
            self._add(regularizer.penalty(output) / _samples(g, output), self.share)

    def _add(self, penalty: Tensor, share: Tensor | None) -> None:
        penalty = penalty if share is None else penalty * share
        self.total = penalty if self.total is None else self.total + penalty

    def differentiated(self) -> Gradients:
        """The graph so far with the gradients of what is trained."""
        changing = list(trained(self.spec.layers, self.g.traces.layers))
        # What a layer assigns to a weight, as SpectralNormalization does, takes its place before the update. Where it
        # is called several times, each call has its own value, and the gradient is the sum of those of all.
        versions = [self.g.versions(weight) for _, weight in changing]
        wrt = [value for values in versions for value in values]
        seeds = self._seeds(wrt)
        one = constant(self.g, 1.0) if seeds else None
        graph = self.graph()
        count = len(graph.outputs)
        begun = [graph.updates.get(weight.path, weight.value) for _, weight in changing]
        partials = [partial.value for partial, _ in self.g.totals]
        totals = [self.g.totals[i][1].value for i in seeds]
        graph = replace(
            graph, outputs=(*graph.outputs, *partials), output_names=(*graph.output_names, *("" for _ in partials))
        )
        given = None
        if one is not None:
            by_partial = (seeds[i].value if i in seeds else None for i in range(len(partials)))
            given = one.value, *(None,) * (count - 1), *by_partial
        graph = differentiate(graph, [*wrt, *totals], given, stopped=self.g.stopped)
        parts = iter(graph.outputs[count + len(partials) :])
        g = Builder.going_on(graph)
        gradients = [functools.reduce(operator.add, [g.tensor(next(parts)) for _ in values]) for values in versions]
        outputs = tuple(map(g.tensor, graph.outputs[:count]))
        sums = [Exchanged(partial, f"{TOTAL}:{i}") for i, partial in enumerate(partials)]
        # The gradient by a sum is made of those by the sums that come after it.
        sums += reversed([Exchanged(value, f"{SEED}:{i}") for i, value in zip(seeds, parts, strict=True)])
        return Gradients(
            g, changing, outputs, graph.output_names[:count], list(map(g.tensor, begun)), gradients, tuple(sums)
        )

    def _seeds(self, changing: Sequence[Value]) -> dict[int, Tensor]:
        """For each sum over parts that depends on what is trained an input: the gradient by it, in all parts together.

        The loss L of the batch depends on what a part adds to such a sum by all parts: ``dL/dp = Σ_parts dL/dtotal``.
        So the gradients of L are those of ``loss + Σ p·seed``, where totals and seeds count as constants.
        """
        seeds: dict[int, Tensor] = {}
        wrt, nodes = list(changing), self.graph().nodes if self.g.totals else ()
        for i, (partial, total) in enumerate(self.g.totals):
            if partial.value in above_values(nodes, wrt, self.g.stopped):
                wrt.append(total.value)
                seeds[i] = self.feed(f"{SEED}:{i}", total.type)
        return seeds

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


def updated(
    g: Builder,
    feeds: list[str],
    optimizer: Optimizer,
    changing: Sequence[tuple[Layer, Weight]],
    begun: Sequence[Tensor],
    gradients: Sequence[Tensor],
    numbers: tuple[Tensor, Tensor],
    *,
    updating: bool,
) -> tuple[dict[str, Value], dict[str, Slot]]:
    """The new values of what is trained and of the optimizer's arrays, by path, and these arrays, which become inputs.

    `numbers` are the learning rate and the number of updates before. Where not `updating`, gradients are only added up.
    """
    slots, values = _declare_slots(g, feeds, optimizer, [weight for _, weight in changing])
    parameters = [
        TrainedWeight(
            weight.path, value, gradient,
            {name: values[slot_path(name, weight.path)] for name in all_slots(optimizer, weight.path, weight.shape)},
            option_of(layer, weight.path, "constraint"),
        )
        for (layer, weight), value, gradient in zip(changing, begun, gradients, strict=True)
    ]  # fmt: skip
    if updating:
        state = {name: values[slot_path(name, "")] for name in optimizer.state()}
        made = apply(optimizer, parameters, state, *numbers)
    else:
        made = accumulate(optimizer, parameters, numbers[1])
    return _by_path(made), slots


def _declare_slots(
    g: Builder, feeds: list[str], optimizer: Optimizer, weights: Sequence[Weight]
) -> tuple[dict[str, Slot], dict[str, Tensor]]:
    """The arrays of the optimizer, which become inputs, by path."""
    slots = {slot_path(name, ""): Slot((), Constant(value=start)) for name, start in optimizer.state().items()}
    for weight in weights:
        for name, slot in all_slots(optimizer, weight.path, weight.shape).items():
            slots[slot_path(name, weight.path)] = slot
    feeds += slots
    return slots, {path: g.input(TensorType(slot.shape), name=path) for path, slot in slots.items()}


def _by_path(updates: Updates) -> dict[str, Value]:
    slots = {slot_path(name, path): v for path, values in updates.slots.items() for name, v in values.items()}
    state = {slot_path(name, ""): value for name, value in updates.state.items()}
    return {path: new.value for path, new in {**updates.weights, **slots, **state}.items()}


def is_input(value: Value, graph: Graph) -> bool:
    """Whether a new value is the old one."""
    return value in graph.inputs or any(value is weight.value for weight in graph.weights)


def lifted(
    feeds: Sequence[str],
    samples: int,
    graph: Graph,
    changing: set[str],
    slots: Mapping[str, Slot] | None = None,
    *,
    kept: Sequence[Value] = (),
) -> StepGraph:
    """The graph with the weights that change as inputs, after all others; what is `kept` stays beside the results.

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
    feeds = (*feeds, *(weight.path for weight in weights))
    lifted = lifted.with_nodes(pruned(lifted.nodes, [*lifted.results, *kept]))
    return StepGraph(lifted, samples, feeds, tuple(graph.updates), slots or {})

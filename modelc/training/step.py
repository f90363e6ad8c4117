"""The graph of a training step: forward, losses, backward and update.

The trained weights are inputs of it, and their new values outputs. Which weights are trained is fixed when the graph is
built: no gradient is computed below the lowest trained layer, and frozen weights have no optimizer arrays and no
update.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from modelc.graph.types import TensorType
from modelc.language.definition import Definition
from modelc.optimizers.optimizer import Optimizer
from modelc.training.step_graph import ITERATION, LEARNING_RATE, Labels, Objective, StepGraph
from modelc.training.step_writer import StepWriter, is_input, lifted, updated


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
    writer = StepWriter(spec, objective, labels, training=False, seed=0, sizes=sizes)
    writer.penalize(spec.layers)
    whole = writer.graph()
    states = {weight.path for weight in whole.weights if weight.state}
    graph = replace(whole, updates={path: new for path, new in whole.updates.items() if path in states})
    return lifted(writer.feeds, writer.samples, graph, states if packing else {weight.path for weight in graph.weights})


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
    writer = StepWriter(spec, objective, labels, training=True, seed=seed, sizes=sizes)
    writer.penalize(spec.layers)
    learning_rate = writer.feed(LEARNING_RATE, TensorType(()))
    iteration = writer.feed(ITERATION, TensorType(()))
    step = writer.differentiated()
    g, numbers = step.g, (step.g.tensor(learning_rate.value), step.g.tensor(iteration.value))
    made, slots = updated(
        g, writer.feeds, optimizer, step.changing, step.begun, step.gradients, numbers, updating=updating
    )
    finished = g.graph(spec.name, step.outputs, step.names)
    kept = {path: value for path, value in (dict(finished.updates) | made).items() if not is_input(value, finished)}
    changed = {weight.path for _, weight in step.changing} | set(kept)
    return lifted(writer.feeds, writer.samples, replace(finished, updates=kept), changed, slots)

"""A training step in two programs: what a part of a batch adds to its gradients, and the update.

The sum of the gradients over all parts is that of the batch, as far as its samples do not meet: a BatchNormalization
sees the part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Value, Weight
from modelc.graph.tensor import Tensor
from modelc.graph.types import TensorType
from modelc.language.definition import Definition
from modelc.layers.base import Layer
from modelc.optimizers.optimizer import Optimizer
from modelc.training.cut import CutStep, cut
from modelc.training.step_graph import ITERATION, LEARNING_RATE, Labels, Objective, StepGraph
from modelc.training.step_writer import StepWriter, is_input, lifted, updated

GRADIENT = "gradient"
"""What the names of the gradients that an update takes begin with: `gradient:dense/kernel`."""
ONE = "one"
"""The input of an update that is a batch of one sample: a plan is walked for those of a batch."""


@dataclass(frozen=True, eq=False)
class MicroStep:
    """The graphs of a step whose batch is split."""

    part: StepGraph
    """What a part adds to the loss in all, the losses and the gradients, with its outputs between these; then what
    layers assign to weights."""
    cut: CutStep | None
    """The same in sections, where a part can only go on with sums over all parts; else None."""
    gradients: tuple[str, ...]
    """The paths of what is trained, in the order of the gradients."""
    assigned: tuple[str, ...]
    """The paths of what layers assign, in the order of the results: of what depends on the samples a part's share of
    the mean over all parts. What else is assigned is the same in all parts, and one of them gives it."""
    amounts: StepGraph | None
    """What losses of a part count, in the order of `counted`; None where it is known by the number of samples."""
    counted: tuple[str, ...]
    """The inputs for the shares of these losses."""
    shares: tuple[str, ...]
    """The inputs for the shares of all losses, in order."""
    adds_up: frozenset[str]
    """The inputs for the shares of losses that are sums over samples, of which each part has its own as it is."""
    update: StepGraph
    """The new weights and arrays of the optimizer from the gradients of the batch."""

    @property
    def told(self) -> int:
        """How many results of a part are losses and outputs: those before its gradients."""
        return len(self.part.graph.outputs) - len(self.gradients)


def micro_step(
    spec: Definition,
    objective: Objective,
    labels: Labels,
    optimizer: Optimizer,
    *,
    seed: int = 0,
    updating: bool = True,
    varying: bool = False,
    sizes: Mapping[str, int] | None = None,
) -> MicroStep:
    """The graphs of a step on a batch that is split; `varying` says that parts may differ in the sizes of their
    samples."""
    writer = StepWriter(
        spec, objective, labels, training=True, seed=seed, sizes=sizes, part=True, varying=varying
    )  # fmt: skip
    writer.penalize(spec.layers)
    share, once, amounts = writer.share, writer.once, writer.amounts
    assert share is not None and once is not None, "it is for a part"
    computed = {name: amount.value for name, amount in amounts.items() if not isinstance(amount, str)}
    before = replace(writer.graph(), outputs=tuple(computed.values()), output_names=tuple(computed), updates={})
    given = tuple(writer.feeds)
    step = writer.differentiated()
    g = step.g
    outputs, names = (*step.outputs, *step.gradients), (*step.names, *(GRADIENT for _ in step.gradients))
    finished = g.graph(spec.name, outputs, names)
    kept = {path: value for path, value in finished.updates.items() if not is_input(value, finished)}
    depending = _depending(finished)
    assigned = {
        path: (g.tensor(value) * g.tensor((share if value in depending else once).value)).value
        for path, value in kept.items()
    }
    changing = {weight.path for _, weight in step.changing} | set(kept)
    graph = replace(g.graph(spec.name, outputs, names), updates=assigned)
    partials = [one.partial for one in step.sums]
    part = lifted(writer.feeds, writer.samples, graph, changing, kept=partials)
    return MicroStep(
        part,
        cut(part, partials, [one.feed for one in step.sums]) if step.sums else None,
        tuple(weight.path for _, weight in step.changing),
        tuple(kept),
        lifted(given, writer.samples, before, changing) if computed else None,
        tuple(computed),
        tuple(amounts),
        frozenset(name for name, amount in amounts.items() if amount == "all"),
        _update_step(spec, optimizer, step.changing, updating=updating),
    )


def _depending(graph: Graph) -> set[Value]:
    """What depends on the inputs of a graph."""
    found = set(graph.inputs)
    for node in graph.nodes:
        if not found.isdisjoint(node.inputs):
            found.update(node.outputs)
    return found


def _update_step(
    spec: Definition, optimizer: Optimizer, changing: Sequence[tuple[Layer, Weight]], *, updating: bool
) -> StepGraph:
    """The graph of the update alone."""
    g = Builder()
    feeds: list[str] = []

    def feed(name: str, type: TensorType) -> Tensor:
        feeds.append(name)
        return g.input(type, name=name)

    feed(ONE, TensorType((None,)))
    numbers = feed(LEARNING_RATE, TensorType(())), feed(ITERATION, TensorType(()))
    begun = [feed(weight.path, TensorType(weight.shape)) for _, weight in changing]
    gradients = [feed(f"{GRADIENT}:{weight.path}", TensorType(weight.shape)) for _, weight in changing]
    made, slots = updated(g, feeds, optimizer, changing, begun, gradients, numbers, updating=updating)
    graph = g.graph(spec.name, (), ())
    kept = {path: value for path, value in made.items() if not is_input(value, graph)}
    return lifted(feeds, 0, replace(graph, updates=kept), set(), slots)

"""`CutStep`: a step on a part of a batch, cut where it can only go on with a sum over all parts.

Such sums are the statistics of a normalization that is to see the whole batch, and in the backward pass the gradients
of the loss by them. All parts run up to a cut, each adds its share to the sum, and all go on with it:

```
section 0: x ──▶ Σx of the part        │ sum over all parts │
section 1: x, Σx ──▶ Σ(x-mean)² …      │ sum over all parts │
last one:  …  ──▶ losses, outputs, gradients
```

What one section computes and a later one needs goes from one to the other as an array. What depends on no input, such
as a number or a frozen kernel that is packed, is computed in each section that needs it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from modelc.graph.graph import Graph, Node, Value, pruned
from modelc.training.step_graph import StepGraph


@dataclass(frozen=True, eq=False)
class StepSection:
    """What is computed up to a sum, or to the end. Arrays have numbers: first the inputs of the step, then others."""

    graph: Graph
    takes: tuple[int, ...]
    """The numbers of its inputs."""
    gives: tuple[int, ...]
    """The numbers of its results."""


@dataclass(frozen=True, slots=True)
class PartsSum:
    """A sum over all parts, after a section."""

    partial: int
    """The number of the array that a part adds."""
    total: int
    """The number of the input that is the sum."""
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """The elements of the sum."""
        return math.prod(self.shape)


@dataclass(frozen=True, eq=False)
class CutStep:
    """All sections, and the sums between them."""

    sections: tuple[StepSection, ...]
    sums: tuple[PartsSum, ...]
    """One after each section but the last."""
    results: tuple[int, ...]
    """The numbers of the results of the step."""


def cut(step: StepGraph, partials: Sequence[Value], totals: Sequence[str]) -> CutStep:
    """The step cut after each of these partial sums, in this order; `totals` are the feeds that are the sums."""
    graph = step.graph
    numbers = {value: i for i, value in enumerate(graph.inputs)}
    constants = graph.constants - set(partials)
    groups = _groups(graph, partials, constants)
    made = ((at, value) for at, nodes in enumerate(groups) for node in nodes for value in node.outputs)
    made_in = {value: at for at, value in made if value not in constants}
    ends = [[partial] for partial in partials] + [list(graph.results)]
    # A value is an array of its own where it is read in another section than that which makes it, and at an end.
    moving = [v for at, nodes in enumerate(groups) for v in _read(nodes, ends[at]) if made_in.get(v, at) != at]
    for value in dict.fromkeys([*moving, *partials, *graph.results]):
        numbers.setdefault(value, len(numbers))
    sections: list[StepSection] = []
    for at, nodes in enumerate(groups):
        read = _read(nodes, ends[at])
        wanted = [v for v in numbers if v in read and made_in.get(v) != at]
        # The inputs of the model say how many samples there are, whether a section reads them or not.
        inputs = list(dict.fromkeys([*graph.inputs[: step.samples], *wanted]))
        outputs = [value for value in numbers if made_in.get(value) == at]
        sections.append(_section(graph, nodes, inputs, outputs, numbers))
    places = [step.samples + step.feeds.index(total) for total in totals]
    sums = [PartsSum(numbers[p], at, p.type.dims) for p, at in zip(partials, places, strict=True)]
    return CutStep(tuple(sections), tuple(sums), tuple(numbers[value] for value in graph.results))


def _groups(graph: Graph, partials: Sequence[Value], constants: Collection[Value]) -> list[tuple[Node, ...]]:
    """The nodes of each section: those that its sum needs and no section before has; in the last one the rest."""
    known: set[Value] = set()
    groups: list[tuple[Node, ...]] = []
    for wanted in [*([partial] for partial in partials), graph.results]:
        groups.append(pruned(graph.nodes, wanted, known))
        known.update(value for node in groups[-1] for value in node.outputs if value not in constants)
    return groups


def _read(nodes: Sequence[Node], ends: Sequence[Value]) -> dict[Value, None]:
    """What nodes read, and what is to be there in the end."""
    return dict.fromkeys([*(value for node in nodes for value in node.inputs), *ends])


def _section(
    graph: Graph, nodes: tuple[Node, ...], inputs: Sequence[Value], outputs: Sequence[Value], numbers: dict[Value, int]
) -> StepSection:
    declared = dict(zip(graph.inputs, zip(graph.input_dtypes, graph.input_names, strict=True), strict=True))
    told = [declared.get(value, (value.type.dtype, f"array:{numbers[value]}")) for value in inputs]
    made = replace(
        graph, inputs=tuple(inputs), input_dtypes=tuple(dtype for dtype, _ in told),
        input_names=tuple(name for _, name in told), nodes=nodes, outputs=tuple(outputs),
        output_names=("",) * len(outputs), output_keys=(), updates={}, layers=(),
    )  # fmt: skip
    return StepSection(made, tuple(numbers[v] for v in inputs), tuple(numbers[v] for v in outputs))

"""`StepGraph`: the graph of a step, and what its inputs and results are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from modelc.graph.graph import Graph
from modelc.graph.types import TensorType
from modelc.losses.loss import Loss
from modelc.optimizers.optimizer import Slot

STEP, LEARNING_RATE, ITERATION = "step", "learning_rate", "iteration"
"""The inputs of a step that are numbers: the number of the batch, the rate, and the number of updates before."""

SHARE, SAMPLES, ONCE = "share", "samples", "once"
"""The inputs of a step on a part of a batch that are numbers: what its losses count in those of the batch, an output's
each (`share:0`); its part of the samples; and 1 in one of the parts, 0 in the others: that which has what all of them
would, such as penalties of weights."""


TOTAL, SEED = "total", "seed"
"""The inputs of a step on a part for what is summed over all parts while they are computed: the sums (`total:0`), and
the gradients of the loss by them (`seed:0`)."""


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

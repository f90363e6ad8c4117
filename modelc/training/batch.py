"""`TrainingBatch` and `StepResult`: what a step of training or evaluation takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.free import sizes_of
from modelc.graph.sizes import expression_of, is_free
from modelc.graph.types import TensorType
from modelc.training.step_graph import Labels

if TYPE_CHECKING:
    from modelc.graph.graph import Graph

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class TrainingBatch:
    """One batch: the arrays of the inputs, converted; labels and weights for each output, or None."""

    x: Sequence[Array]
    y: tuple[Array | None, ...]
    sample_weight: tuple[Array | None, ...]
    counts: tuple[Array | None, ...] = ()
    """For each output 1 for the positions that samples have, 0 for what was added to them; nothing where none was."""

    @property
    def size(self) -> int:
        """The number of samples."""
        return len(self.x[0])

    def labelled(self, feed: str) -> Array:
        """The array that an input such as `y:0` or `sample_weight:0` is for."""
        kind, _, output = feed.partition(":")
        array = {"y": self.y, "sample_weight": self.sample_weight, "counts": self.counts}[kind][int(output)]
        assert array is not None, "programs are made for the labels of the batch"
        return array

    def kinds(self) -> tuple[Any, ...]:
        """The types and shapes of all its arrays: they tell sooner than `labels` that a batch is like another."""
        arrays = (*self.x, *self.y, *self.sample_weight, *self.counts)
        return tuple([None if array is None else (array.dtype, array.shape) for array in arrays])

    def labels(self, graph: Graph) -> Labels:
        """The types of what comes with the samples, for a model of this graph."""
        outputs = [value.type for value in graph.outputs]
        values = None if graph.free_sizes is None else graph.free_sizes.values(sizes_of(graph, self.x))
        y, weights, counts = (
            tuple(_type(array, output, values) for array, output in zip(arrays, outputs, strict=True))
            for arrays in (self.y, self.sample_weight, self.counts or (None,) * len(outputs))
        )
        return Labels(y, weights, counts)


def _type(array: Array | None, output: TensorType, values: Mapping[str, int] | None) -> TensorType | None:
    """The type of labels; with None for sizes that are those of the output, where these are free."""
    if array is None:
        return None
    shape: list[int | None] = [None, *array.shape[1:]]
    if values is not None:
        for axis, (n, size) in enumerate(zip(array.shape, output.shape, strict=False)):
            if is_free(size) and expression_of(size).value(values) == n:
                shape[axis] = None
    return TensorType(tuple(shape), "int32" if array.dtype == np.int32 else "float32")


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step gives: the loss in all, that of each output that has one, and the outputs."""

    loss: float
    losses: tuple[float, ...]
    outputs: tuple[Array, ...]

"""`WrittenOutput`: an output of a model as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.graph.free import output_shapes
from modelc.graph.graph import Graph
from modelc.graph.sizes import shown
from modelc.graph.types import DType

Labels = Sequence[tuple[str, ...] | None]


@dataclass(frozen=True)
class WrittenOutput:
    """An output of a model: its name, the shape and the type of its values, and what its classes are called."""

    name: str
    shape: tuple[int | None, ...]
    """The shape for a sample; None for a size that differs from sample to sample."""
    dtype: DType
    labels: tuple[str, ...] | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether all samples have values of one shape."""
        return None not in self.shape

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape, of an output of fixed shape."""
        return tuple(size for size in self.shape if size is not None)


def outputs_of(graph: Graph, arrays: Sequence[NDArray[Any]] | None = None, labels: Labels = ()) -> list[WrittenOutput]:
    """The outputs of a model, for samples that are the rows of `arrays`, where all are; sizes are told by those."""
    shapes = [value.type.shape for value in graph.outputs] if arrays is None else output_shapes(graph, arrays)
    some = labels or [None] * len(shapes)
    return [
        WrittenOutput(name, shown(shape[1:]), value.type.dtype, names)
        for name, value, shape, names in zip(graph.output_labels, graph.outputs, shapes, some, strict=True)
    ]


def with_classes(outputs: Sequence[WrittenOutput]) -> list[WrittenOutput]:
    """The outputs of a number for each class, whose names are numbers where there are no labels.

    Raises `InputError` where there are none.
    """
    found = [one for one in outputs if len(one.shape) == 1 and one.is_fixed]
    if not found:
        shapes = ", ".join(str([None, *one.shape]) for one in outputs)
        raise InputError(f"--top is for models that return a number for each class, and this one returns {shapes}")
    return [
        WrittenOutput(one.name, one.shape, one.dtype, one.labels or tuple(map(str, range(one.sizes[0]))))
        for one in found
    ]

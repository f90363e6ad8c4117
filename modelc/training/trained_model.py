"""What training needs of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from numpy.typing import NDArray

from modelc.callbacks.callback import Trained
from modelc.graph.graph import Graph
from modelc.language.definition import Definition
from modelc.layers.base import Layer
from modelc.weights.variable import Variable

Array = NDArray[Any]


class TrainedModel(Trained, Protocol):
    """What callbacks ask of a model, and a traced graph with its variables."""

    @property
    def built(self) -> bool:
        """Whether it has its weights."""
        ...

    @property
    def trainable(self) -> bool:
        """Whether training changes it."""
        ...

    @property
    def graph(self) -> Graph:
        """The traced graph. Raises `NotBuiltError` while the input shape is not known."""
        ...

    @property
    def layers(self) -> Sequence[Layer]:
        """Its layers, with their effective `trainable`."""
        ...

    @property
    def backend(self) -> Literal["native", "reference"]:
        """What runs the graph of the model: kernels, or the NumPy definitions."""
        ...

    @property
    def variables_by_path(self) -> Mapping[str, Variable]:
        """All variables by path."""
        ...

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The arrays of all weights by path, read-only."""
        ...

    def take_class_names(self, names: tuple[str, ...]) -> None:
        """Take the names of the classes of the training data as labels, unless it has some."""
        ...

    def to_spec(self) -> Definition:
        """Its definition, as its layers are now."""
        ...

    def run_batch(self, inputs: Sequence[Array]) -> list[Array]:
        """The outputs for one batch of converted arrays."""
        ...

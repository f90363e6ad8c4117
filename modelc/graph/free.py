"""`FreeGraph`: a graph with free sizes, made ready once, and given for the sizes of each call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from modelc.errors import InputError, ShapeError, SpecError
from modelc.graph.bind import Binder, BoundGraph
from modelc.graph.expressions import Expression
from modelc.graph.facts import Facts
from modelc.graph.free_sizes import FreeSizes, told
from modelc.graph.graph import Graph
from modelc.graph.refused import refused, require_bounds
from modelc.graph.sizes import Size
from modelc.graph.types import Shape, format_shape
from modelc.system.forks import ForkSafeLock

Array = NDArray[Any]
Retrace = Callable[[Mapping[str, int]], Graph]
"""Makes the graph for given sizes by name, for which facts of an earlier one do not hold."""

KEPT = 8
"""Graphs that are kept, each for the sizes that its facts hold for."""


@dataclass(frozen=True, slots=True, eq=False)
class PreparedGraph:
    """A prepared graph with free sizes."""

    sizes: FreeSizes
    facts: Facts
    binder: Binder


def sizes_of(graph: Graph, inputs: Sequence[Array]) -> dict[str, int]:
    """The free sizes of a graph by name, as its inputs have them: of each the first axis that is just this size."""
    return {name: inputs[i].shape[axis] for name, i, axis in _named_axes(graph)}


def _named_axes(graph: Graph) -> list[tuple[str, int, int]]:
    """Of each free size the name, and the input and the axis of it that is just this size."""
    found: dict[str, tuple[int, int]] = {}
    for i, value in enumerate(graph.inputs):
        for axis, size in enumerate(value.type.shape):
            symbol = size.plain_symbol if isinstance(size, Size) else None
            if symbol is not None:
                found.setdefault(symbol.name, (i, axis))
    return [(name, *place) for name, place in found.items()]


def free_axes(graph: Graph) -> list[tuple[int, int, Expression]]:
    """Of each axis of an input whose size is free: the input, the axis and the size."""
    return [
        (i, axis, size.expression)
        for i, value in enumerate(graph.inputs)
        for axis, size in enumerate(value.type.shape)
        if isinstance(size, Size)
    ]


def output_shapes(graph: Graph, inputs: Sequence[Array]) -> list[Shape]:
    """The shapes of a graph's outputs for these inputs; None for the batch."""
    shapes = [value.type.shape for value in graph.outputs]
    if graph.free_sizes is None:
        return shapes
    values = graph.free_sizes.values(sizes_of(graph, inputs))
    return [tuple(d.expression.value(values) if isinstance(d, Size) else d for d in shape) for shape in shapes]


class FreeGraph:
    """A graph for any sizes.

    `prepare` is what is done to it once, such as passes; what that asks of sizes becomes facts as well. Where the facts
    do not hold for a call, `retrace` gives another graph, which is prepared and kept, too.
    """

    def __init__(self, graph: Graph, retrace: Retrace | None, prepare: Callable[[Graph], Graph]) -> None:
        assert graph.free_sizes is not None
        self._declared = graph
        self._retrace = retrace
        self._prepare = prepare
        self._lock = ForkSafeLock()
        self._made: list[PreparedGraph] = [self._add(graph)]
        self._varying = free_axes(graph)
        self._axes = [(i, axis) for i, axis, _ in self._varying]
        self._named = _named_axes(graph)

    def key(self, inputs: Sequence[Array]) -> tuple[int, ...]:
        """What tells apart calls of different sizes: those of the free axes."""
        return tuple([inputs[i].shape[axis] for i, axis in self._axes])

    def key_at(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """The key of a call of these sizes by name."""
        values = self._sizes.values(sizes)
        return tuple([size.value(values) for _, _, size in self._varying])

    def bound(self, inputs: Sequence[Array]) -> BoundGraph:
        """The prepared graph for the sizes of these inputs. Raises `InputError` where these contradict each other."""
        sizes = self.sizes(inputs)
        return self.made_for(sizes).binder.bound(self.values(sizes))

    def sizes(self, inputs: Sequence[Array]) -> dict[str, int]:
        """The sizes of these inputs by name. Raises `InputError` where they contradict each other."""
        sizes = {name: inputs[i].shape[axis] for name, i, axis in self._named}
        require_bounds(sizes, self._sizes)
        if len(self._varying) > len(sizes):
            self._require(inputs, sizes)
        return sizes

    def values(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """The values of the symbols for sizes by name."""
        return self._sizes.values(sizes)

    def made_for(self, sizes: Mapping[str, int]) -> PreparedGraph:
        """The prepared graph that holds for sizes by name."""
        values = self._sizes.values(sizes)
        made = self._fitting(values)
        if made is None:
            with self._lock:
                made = self._fitting(values)
                if made is None:
                    made = self._add(self._traced(sizes))
                    assert made.facts.hold(values), "a trace holds for the sizes that it was made for"
                    self._made = [made, *self._made][:KEPT]
        return made

    @property
    def hints(self) -> dict[str, int]:
        """Sizes that the graph holds for."""
        return self._sizes.sizes()

    @property
    def _sizes(self) -> FreeSizes:
        sizes = self._declared.free_sizes
        assert sizes is not None
        return sizes

    def _traced(self, sizes: Mapping[str, int]) -> Graph:
        if self._retrace is None:
            raise InputError(f"the graph does not hold for the sizes {dict(sizes)}")
        try:
            return self._retrace(sizes)
        except (SpecError, ShapeError) as error:
            raise refused(error, sizes, self._sizes, self._suits) from None

    def _suits(self, sizes: Mapping[str, int]) -> bool:
        """Whether the model takes these sizes."""
        if self._fitting(self._sizes.values(sizes)) is not None:
            return True
        try:
            return self._retrace is not None and bool(self._retrace(sizes).outputs)
        except (SpecError, ShapeError):
            return False

    def _add(self, graph: Graph) -> PreparedGraph:
        prepared = self._prepare(graph)
        assert graph.free_sizes is not None
        return PreparedGraph(graph.free_sizes.snapshot(), Facts(graph.free_sizes), Binder(prepared))

    def _fitting(self, values: Mapping[str, int]) -> PreparedGraph | None:
        return next((made for made in self._made if made.facts.hold(values)), None)

    def _require(self, inputs: Sequence[Array], sizes: Mapping[str, int]) -> None:
        """Raise `InputError` where an axis has another size than those that were found say."""
        values = self._sizes.values(sizes)
        for i, axis, size in self._varying:
            if size.value(values) != inputs[i].shape[axis]:
                name = self._declared.input_names[i]
                raise InputError(
                    f"`{name}` has the shape {format_shape(inputs[i].shape)}: along axis {axis} "
                    f"{size.value(values)} were expected for the sizes {told(sizes)}"
                )

"""`Lowering`: where the operands of steps lie, the constants that steps read, and the steps so far."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import likely
from modelc.graph.types import ITEM_BYTES, TensorType
from modelc.native.code.layout import Operand
from modelc.native.engine.schedule import Step
from modelc.native.passes.memory import MemoryPlan
from modelc.ops.shape import Reshape

Array = NDArray[Any]
Pack = Callable[[Array], Array | Iterable[Array]]
"""Gives a constant as its kernel reads it: as a whole, or where it may be large in pieces, one after the other."""

ARENA, CONSTANTS, OWN_CONSTANTS, FIRST_INPUT = 0, 1, 2, 3
"""Buffers: the arena, the constants that all plans of a program share, the plan's own ones, then inputs and results."""

GRAIN = 8192
"""Elements that are worth handing to a thread."""


class Computed(NamedTuple):
    """What is computed of the sizes in a node: tables, and numbers such as an extent of them."""

    arrays: Sequence[Array]
    numbers: Sequence[int] = ()


Make = Callable[[Node], Computed]


class ConstantPlaces(Protocol):
    """Where constants are put: see `modelc.native.engine.constants`."""

    def place(self, graph: Graph, value: Value, pack: Pack, elements: int) -> int:
        """The offset of a constant of a graph that is packed into so many elements."""
        ...

    def words(self, numbers: Sequence[int]) -> int:
        """The offset of integers of 64 bits."""
        ...

    def computed(self, node: Node, make: Make) -> tuple[Sequence[int], Sequence[int]]:
        """The offsets of what is computed of a node, and the numbers of it."""
        ...


class Lowering:
    """The plan that is being written."""

    def __init__(
        self,
        graph: Graph,
        memory: MemoryPlan,
        shared: ConstantPlaces,
        own: ConstantPlaces,
        varying: AbstractSet[Value] = frozenset(),
    ) -> None:
        """`varying` are the values that plans for other sizes do not have."""
        self.steps: list[Step] = []
        self._marks: dict[Value, int] = {}
        self._graph = graph
        self._memory = memory
        self._shared = shared
        self._own = own
        self._varying = varying
        first_result = FIRST_INPUT + len(graph.inputs)
        self._external: dict[Value, Operand] = {
            **{value: Operand(FIRST_INPUT + i, 0, 0) for i, value in enumerate(graph.inputs)},
        }
        for i, value in enumerate(graph.results):
            self._claim(value, Operand(first_result + i, 0, 0))

    def _claim(self, value: Value, operand: Operand) -> None:
        """A result lies in its own buffer, and so do the values that it is a view of."""
        while True:
            self._external[value] = operand
            producer = self._graph.producers.get(value)
            if producer is None or not isinstance(producer.op, Reshape):
                return
            value = producer.inputs[0]

    def view(self, output: Value, source: Value) -> None:
        """`output` has the same elements in the same place as `source`."""
        if source in self._external and output not in self._external:
            self._external[output] = self._external[source]

    def operand(self, value: Value) -> Operand:
        """Where a value lies; a constant is put among the constants as it is."""
        if value in self._graph.constants:
            return self.constant(value, _as_is)
        if value in self._external:
            return self._external[value]
        offset = self._memory.offsets[value]
        return Operand(ARENA, self._memory.fixed_bytes, offset) if value.type.batched else Operand(ARENA, offset, 0)

    def constant(self, value: Value, pack: Pack, size: int | None = None) -> Operand:
        """A constant of the graph, packed for its kernel into `size` elements, as many as it has unless said."""
        buffer, places = (OWN_CONSTANTS, self._own) if value in self._varying else (CONSTANTS, self._shared)
        elements = value.type.size if size is None else size
        return Operand(buffer, places.place(self._graph, value, pack, elements), 0)

    def mark(self, value: Value) -> None:
        """Remember the place of the next step by a value."""
        self._marks[value] = len(self.steps)

    def marked(self, value: Value) -> int:
        """The place that was marked."""
        return self._marks[value]

    def computed(self, node: Node, make: Make) -> tuple[list[Operand], Sequence[int]]:
        """What `make` computes of the node when its sizes are known."""
        offsets, numbers = self._own.computed(node, make)
        return [Operand(OWN_CONSTANTS, offset, 0) for offset in offsets], numbers

    def words(self, numbers: Sequence[int]) -> Operand:
        """Integers of 64 bits, which may be expressions in free sizes."""
        return Operand(OWN_CONSTANTS, self._own.words(numbers), 0)

    def is_constant(self, value: Value) -> bool:
        """Whether a value depends on weights alone."""
        return value in self._graph.constants

    def step(
        self,
        kernel: str,
        params: Sequence[int],
        extent: int,
        *,
        elements: int = 1,
        times: int = 1,
        grain: int = GRAIN,
        over_batch: bool = False,
    ) -> None:
        """Add a step of `extent`·`times` units of about `elements` elements each: of each sample, if `over_batch`."""
        units = max(1, grain // max(1, likely(elements)))
        self.steps.append(Step(kernel, params, extent, times=times, grain=-units if over_batch else units))


def at(operand: Operand, elements: int) -> Operand:
    """The operand that begins some elements later, in every sample alike."""
    return Operand(operand.buffer, operand.fixed + elements * ITEM_BYTES, operand.per_sample)


def scaled(type: TensorType, count: int) -> int:
    """A count per sample as a Dim: it grows with the batch where the tensor has one."""
    return -count if type.batched else count


def strides_of(dims: Sequence[int]) -> tuple[int, ...]:
    """The strides, in elements, of a contiguous tensor."""
    strides: list[int] = []
    size = 1
    for d in reversed(dims):
        strides.append(size)
        size *= d
    return tuple(reversed(strides))


def around(type: TensorType, axis: int) -> tuple[int, int, int]:
    """The elements before, along and after an axis, per sample."""
    dims = [1 if d is None else d for d in type.shape]
    return math.prod(dims[:axis]), dims[axis], math.prod(dims[axis + 1 :])


def front(values: Sequence[int], length: int, fill: int) -> tuple[int, ...]:
    """`values` filled up in front."""
    return (fill,) * (length - len(values)) + tuple(values)


def _as_is(array: Array) -> Array:
    return np.ascontiguousarray(array, np.float32).reshape(-1)

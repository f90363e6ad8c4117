"""`Lowering`: where the operands of steps lie, the constants that steps read, and the steps so far."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.graph import Graph, Value
from modelc.graph.types import ITEM_BYTES, TensorType
from modelc.native.code.layout import Operand
from modelc.native.engine.schedule import Step
from modelc.native.passes.memory import MemoryPlan, aligned
from modelc.ops.shape import Reshape

Array = NDArray[Any]
Pack = Callable[[Array], Array]

ARENA, CONSTANTS, FIRST_INPUT = 0, 1, 2
"""Buffers: the arena, the constants, then the inputs and the results."""

GRAIN = 8192
"""Elements that are worth handing to a thread."""


@dataclass(frozen=True)
class PackedValue:
    """A constant of the graph as kernels read it: where it lies, and how it is packed."""

    offset: int
    value: Value
    pack: Pack


@dataclass(frozen=True)
class Table:
    """Numbers that a step reads and that no weight changes."""

    offset: int
    data: Array


class Lowering:
    """The plan that is being written."""

    def __init__(self, graph: Graph, memory: MemoryPlan) -> None:
        self.steps: list[Step] = []
        self.packed: list[PackedValue] = []
        self.tables: list[Table] = []
        self.constant_bytes = 0
        self._graph = graph
        self._memory = memory
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
        offset = self._reserve((value.type.size if size is None else size) * ITEM_BYTES)
        self.packed.append(PackedValue(offset, value, pack))
        return Operand(CONSTANTS, offset, 0)

    def table(self, data: Array) -> Operand:
        """Numbers that are known now."""
        offset = self._reserve(data.nbytes)
        self.tables.append(Table(offset, data))
        return Operand(CONSTANTS, offset, 0)

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
        units = max(1, grain // max(1, elements))
        self.steps.append(Step(kernel, params, extent, times=times, grain=-units if over_batch else units))

    def _reserve(self, size: int) -> int:
        offset = self.constant_bytes
        self.constant_bytes += aligned(max(size, 1))
        return offset


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

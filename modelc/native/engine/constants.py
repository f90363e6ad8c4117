"""`Constants`: what kernels read that no call changes: weights, and what is computed of them, packed for the kernels.

All plans of a program share one block of them. A plan asks for a constant by what it is and how it is packed, and gets
the place of it in the block; the same constant has the same place for plans of other sizes. When weights have new
values, the block is made anew, as a whole; a call keeps the one that it began with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.graph.graph import Graph, Node, Value, Weight, pruned
from modelc.graph.interpret import run_nodes
from modelc.graph.resources import layout_told
from modelc.graph.types import ITEM_BYTES
from modelc.native.engine.buffers import Block
from modelc.native.engine.memory_sizes import aligned
from modelc.native.lowering.context import Make, Pack
from modelc.system.forks import ForkSafeLock
from modelc.weights.stored import StoredArray
from modelc.weights.variable import Variable, generation, stored_snapshot

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Packed:
    """A constant of a graph as kernels read it: where it lies, and how it is packed."""

    offset: int
    graph: Graph
    value: Value
    pack: Pack


@dataclass(frozen=True, slots=True)
class _Table:
    """Numbers that no weight changes."""

    offset: int
    data: Array


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The block for one state of the weights, with so many of the constants in it."""

    block: Block
    generation: int
    versions: tuple[int, ...]
    count: int


NewBlock = Callable[[int], Block]
"""Makes a block of so many bytes."""


class Constants:
    """Constants and their places in a block. Several threads may use it."""

    def __init__(self, weights: Sequence[tuple[Weight, Variable]], first: NewBlock = Block.of) -> None:
        """`first` makes the first block; it may lie in a file."""
        self._weights = tuple(weights)
        self._new_block = first
        self._entries: list[_Packed | _Table] = []
        self._places: dict[Any, int] = {}
        self._keys: dict[Value, Any] = {weight.value: weight.path for weight, _ in weights}
        self._size = 0
        self._lock = ForkSafeLock()
        self._snapshot: _Snapshot | None = None
        self.follows_weights = False
        """Whether any of them depends on weights."""

    @property
    def bytes(self) -> int:
        """The size of the block."""
        return self._size

    def place(self, graph: Graph, value: Value, pack: Pack, elements: int) -> int:
        """The offset of a constant of a graph that is packed into so many elements."""
        key = self._key_of(graph, value), _pack_key(pack), elements
        with self._lock:
            if key not in self._places:
                self._places[key] = offset = self._reserve(elements * ITEM_BYTES)
                self._entries.append(_Packed(offset, graph, value, pack))
                self.follows_weights = True
            return self._places[key]

    def table(self, data: Array) -> int:
        """The offset of numbers that are known."""
        with self._lock:
            offset = self._reserve(data.nbytes)
            self._entries.append(_Table(offset, data))
            return offset

    def words(self, numbers: Sequence[int]) -> int:
        """The offset of integers of 64 bits."""
        return self.table(np.array(numbers, np.int64))

    def computed(self, node: Node, make: Make) -> tuple[list[int], Sequence[int]]:
        """The offsets of what is computed of a node, and the numbers of it."""
        made = make(node)
        return [self.table(array) for array in made.arrays], made.numbers

    def current(self) -> Block:
        """The block for the weights as they are now."""
        known = self._snapshot
        now = generation()
        unchanged = known is not None and known.count == len(self._entries)
        if known is not None and unchanged and (known.generation == now or not self.follows_weights):
            return known.block
        with self._lock:
            return self._renewed()

    def replace(self, block: Block, other: Block) -> None:
        """Have kernels read another block with the same bytes from now on, if they read this one."""
        with self._lock:
            known = self._snapshot
            if known is not None and known.block is block:
                self._snapshot = _Snapshot(other, known.generation, known.versions, known.count)

    def _renewed(self) -> Block:
        known, count, now, versions = self._snapshot, len(self._entries), generation(), self._versions()
        if known is not None and known.versions == versions:
            if known.count == count:
                self._snapshot = _Snapshot(known.block, now, versions, count)
                return known.block
            block = Block.of(self._size)
            block.copy(known.block)
            self._write(block, self._entries[known.count : count])
        else:
            block, self._new_block = self._new_block(self._size), Block.of
            self._write(block, self._entries[:count])
        self._snapshot = _Snapshot(block, now, versions, count)
        return block

    def _write(self, block: Block, entries: Sequence[_Packed | _Table]) -> None:
        """Compute what depends on weights alone, and lay it out as the kernels read it."""
        by_graph: dict[int, list[_Packed]] = {}
        for entry in entries:
            if isinstance(entry, _Table):
                block.write(entry.offset, entry.data)
            else:
                by_graph.setdefault(id(entry.graph), []).append(entry)
        if not by_graph:
            return
        stored = stored_snapshot({weight.path: variable for weight, variable in self._weights})
        for packed in by_graph.values():
            graph = packed[0].graph
            waiting: dict[Value, list[_Packed]] = {}
            for entry in packed:
                waiting.setdefault(entry.value, []).append(entry)
            # Each is laid out as soon as it is known, so that of large models no two copies are there beside the block.
            with layout_told(graph, self._size):
                lay_out = partial(_lay_out, block, waiting)
                weights = {weight.value: stored[weight.path] for weight in graph.weights}
                for value, weight in weights.items():
                    if value in waiting:
                        lay_out(value, weight.read())
                run_nodes(needed(graph, waiting), _Read(weights), made=lay_out)

    def _versions(self) -> tuple[int, ...]:
        return tuple(variable.version for _, variable in self._weights) if self.follows_weights else ()

    def _reserve(self, size: int) -> int:
        offset = self._size
        self._size += aligned(max(size, 1))
        return offset

    def _key_of(self, graph: Graph, value: Value) -> Any:
        """What a constant is: the path of a weight, or the op that makes it of others."""
        found = self._keys.get(value)
        if found is None:
            node = graph.producers.get(value)
            if node is None:
                found = next(weight.path for weight in graph.weights if weight.value is value)
            else:
                operands = tuple(self._key_of(graph, operand) for operand in node.inputs)
                found = node.op, operands, node.outputs.index(value)
            self._keys[value] = found
        return found


class _Read(dict[Value, Array]):
    """Values that are known. A weight is read when it is asked for, and goes when it was used for the last time."""

    def __init__(self, weights: Mapping[Value, StoredArray]) -> None:
        super().__init__()
        self._weights = weights

    def __missing__(self, value: Value) -> Array:
        self[value] = array = self._weights[value].read()
        return array


def _lay_out(block: Block, constants: Mapping[Value, Sequence[_Packed]], value: Value, array: Array) -> None:
    """Write those of the constants that are of this value."""
    for constant in constants.get(value, ()):
        at = constant.offset
        for piece in _pieces(constant.pack(array)):
            block.write(at, piece)
            at += piece.nbytes


def _pieces(packed: Any) -> Iterable[Array]:
    """What a `Pack` gave, piece by piece."""
    if isinstance(packed, np.ndarray):
        return (cast("Array", packed),)
    return packed


def needed(graph: Graph, constants: Iterable[Value]) -> tuple[Node, ...]:
    """The nodes that these constants are computed by, in order."""
    return pruned([node for node in graph.nodes if node.output in graph.constants], constants)


def _pack_key(pack: Any) -> Any:
    """What tells apart two ways to pack: functions that do the same with the same numbers are one."""
    if isinstance(pack, partial):
        named = tuple(sorted((name, _pack_key(item)) for name, item in pack.keywords.items()))
        return _pack_key(pack.func), tuple(map(_pack_key, pack.args)), named
    code = getattr(pack, "__code__", None)
    if code is None:
        return _hashable(pack)
    cells = tuple(_pack_key(cell.cell_contents) for cell in pack.__closure__ or ())
    return code, cells, pack.__defaults__


def _hashable(item: Any) -> Any:
    if isinstance(item, list):
        return tuple(map(_pack_key, item))  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
    if isinstance(item, dict):
        return tuple(sorted((k, _pack_key(v)) for k, v in item.items()))  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
    try:
        hash(item)
    except TypeError:
        return object()  # it is like nothing else
    return item

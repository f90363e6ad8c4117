"""Fit a graph into less memory: what is read again much later is dropped, and computed again when it is needed.

%1 = Conv(%0, …)      %1 = Conv(%0, …)
%2 = Relu(%1)         %2 = Relu(%1)
…                     …
%8 = F(%7, %2)        %9 = Conv(%0, …)
                      %10 = Relu(%9)
                      %8 = F(%7, %10)

What is computed again is the same node on the same operands, so a result is the same to the last bit, whatever the
limit is. The graph is walked once in its order, as a machine of that much memory would: where the next value finds no
room, the one goes whose loss costs least, by the time to compute it again, per byte and by how long it is not needed
(Kirisame et al., "Dynamic Tensor Rematerialization", ICLR 2021; here the future is known, so the distance to the next
use takes the place of the time since the last).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from modelc.graph.graph import Graph, Node, Value
from modelc.native.engine.memory_sizes import aligned
from modelc.native.ops.chain import node_of_output
from modelc.native.ops.loop import NativeScan
from modelc.native.passes.memory import overwritten, plan_memory
from modelc.native.passes.separate_outputs import storage_root
from modelc.ops.shape import Reshape

_TRIES, _LESS = 16, 0.95
"""How often another budget is tried, and how much smaller, where the values fit and their places do not: until there is
no room for the values, then between these."""
_SEARCHED = 6
"""How many budgets are tried to say what the least memory is."""
_ANCESTORS = 500
"""Beyond so many values that are gone as well and hang together with it, a value is not dropped."""
_FAR = 0.5
"""The power of the distance to the next use: between 0 and 1, this one took the least work over all budgets."""
_MOST_WORK = 8.0
"""How many times the work of the graph may be done at most: a limit that asks for more is too low."""
_MACS_PER_BYTE = 4.0
"""Multiply-adds that take as long as to read or write a byte: some 50 GFLOP/s and 12 GB/s a core."""


class _NoRoomError(Exception):
    """The budget is too small for what must be there at once, or for a bearable amount of work."""


def recompute(graph: Graph, batch_size: int, limit: int) -> Graph | None:
    """An optimized graph whose arena is to have at most `limit` bytes for a batch; itself where it has no more.

    None where no way was found: `least_arena` says what is needed.
    """
    if plan_memory(graph).arena_size(batch_size) <= limit:
        return graph
    return _fitted(graph, batch_size, limit)


def work(graph: Graph, batch_size: int) -> float:
    """The work of all nodes for a batch, in multiply-adds, in which reading and writing memory counts too."""
    return sum(_cost(node, batch_size) for node in graph.nodes if node.output not in graph.constants)


def _fitted(graph: Graph, batch_size: int, limit: int) -> Graph | None:
    budget, too_much, too_little = limit, 0, 0
    for _ in range(_TRIES):
        try:
            made = _Walk(graph, batch_size, budget).graph_out()
        except _NoRoomError:
            if not too_much:
                return None
            too_little = budget
        else:
            if plan_memory(made).arena_size(batch_size) <= limit:
                return made
            too_much = budget
        budget = (too_much + too_little) // 2 if too_little else int(budget * _LESS)
    return None


def least_arena(graph: Graph, batch_size: int, low: int = 0) -> int:
    """The smallest arena, in bytes, that a batch can be computed in, as far as it was looked for; it is above `low`."""
    least = high = plan_memory(graph).arena_size(batch_size)
    for _ in range(_SEARCHED):
        middle = (low + high) // 2
        made = _fitted(graph, batch_size, middle)
        if made is None:
            low = middle
        else:
            least = high = min(middle, plan_memory(made).arena_size(batch_size))
    return least


def _cost(node: Node, batch_size: int) -> float:
    """The work of a node for a batch."""
    types = [value.type for value in (*node.outputs, *node.inputs)]
    moved = sum(type.bytes * (batch_size if type.batched else 1) for type in types)
    times = batch_size if any(type.batched for type in types) else 1
    return node.macs * times + _MACS_PER_BYTE * moved


@dataclass(eq=False)
class _Storage:
    """The memory of a value and of its views."""

    at: int
    """The place in the order of the nodes where it is computed first."""
    node: Node | None
    """What computes it; None where it is always there: an input, a constant, a result."""
    size: int
    cost: float
    operands: tuple[_Storage, ...]
    uses: list[int] = field(default_factory=list[int])
    """The places in the order of the nodes that read it."""
    once: bool = False
    """Whether it is not computed again: a loop gives all steps."""
    copy: Value | None = None
    """The value that holds it now."""
    readers: list[_Storage] = field(default_factory=list["_Storage"])
    """What is computed from it."""
    computed: bool = False
    """Whether it was there at all so far."""
    pins: int = 0
    """How many nodes that are about to be computed read it."""

    claims: dict[_Storage, int] = field(default_factory=dict["_Storage", int])
    """What is gone and will be computed from it again, and at which place."""

    def next_use(self, now: int) -> int | None:
        """The next place after `now` for which it is read."""
        at = bisect_right(self.uses, now)
        claims = [place for place in self.claims.values() if place > now]
        return min((*claims, *self.uses[at : at + 1]), default=None)


def _operands(storages: Sequence[_Storage]) -> dict[_Storage, None]:
    """What some values are made of together."""
    return dict.fromkeys(operand for storage in storages for operand in storage.operands)


class _Walk:
    """One walk through a graph with so many bytes of memory."""

    def __init__(self, graph: Graph, batch_size: int, budget: int) -> None:
        self._graph, self._batch = graph, batch_size
        self._nodes: list[Node] = [node for node in graph.nodes if node.output in graph.constants]
        self._storages: dict[Value, _Storage] = {}
        self._views: dict[tuple[Value, Value], Value] = {}  # what a view of the first is, of the second
        self._kept = {storage_root(graph, value) for value in graph.results}
        self._held: dict[_Storage, None] = {}  # what is in memory
        self._now, self._free = 0, budget
        order = [node for node in graph.nodes if node.output not in graph.constants]
        self._declare(order)
        self._work_left = _MOST_WORK * sum(_cost(node, batch_size) for node in order)
        results = set(graph.results)
        for self._now, node in enumerate(order):
            if not isinstance(node.op, Reshape):
                self._compute([self._storages[value] for value in node.outputs], node)
            elif node.output in results:
                self._nodes.append(Node(node.op, (self._operand(node.inputs[0]),), node.output))

    def graph_out(self) -> Graph:
        """The graph in its new order."""
        return replace(self._graph, nodes=tuple(self._nodes))

    def _declare(self, order: Sequence[Node]) -> None:
        for at, node in enumerate(order):
            roots = dict.fromkeys(self._storage(value) for value in node.inputs)
            if isinstance(node.op, Reshape):
                continue
            for storage in roots:
                storage.uses.append(at)
            for number, output in enumerate(node.outputs):
                once = isinstance(node.op, NativeScan)
                alone = node if once else node_of_output(node, number)
                there = output in self._kept
                size = 0 if there else aligned(output.type.bytes) * (self._batch if output.type.batched else 1)
                needed = tuple(dict.fromkeys(self._storage(value) for value in alone.inputs))
                made = _Storage(at, None if there else alone, size, _cost(alone, self._batch), needed, once=once)
                self._storages[output] = made
                for storage in needed:
                    storage.readers.append(made)

    def _storage(self, value: Value) -> _Storage:
        root = storage_root(self._graph, value)
        if root not in self._storages:
            self._storages[root] = _Storage(-1, None, 0, 0.0, (), copy=root)
        return self._storages[root]

    def _operand(self, value: Value) -> Value:
        """The value, or the view, in the memory that holds it now."""
        if value in self._graph.constants:
            return value
        storage = self._storage(value)
        assert storage.copy is not None, "operands are computed first"
        return self._view(value, storage.copy)

    def _view(self, value: Value, copy: Value) -> Value:
        node = self._graph.producers.get(value)
        if node is None or not isinstance(node.op, Reshape):
            return copy
        source = self._view(node.inputs[0], copy)
        known = self._views.get((value, source))
        if known is None:
            known = self._views[value, source] = Value(value.type, value.layer)
            self._nodes.append(Node(node.op, (source,), known))
        return known

    # --- computing

    def _compute(self, storages: Sequence[_Storage], node: Node) -> None:
        """Compute the node at the place, and before it what it is made of and is no longer there, each once."""
        missing: dict[_Storage, None] = {}
        stack = list(_operands(storages))
        while stack:
            one = stack.pop()
            if one.copy is None and one not in missing:
                missing[one] = None
                stack.extend(one.operands)
        again = sorted(missing, key=lambda one: one.at)
        for made in (*([one] for one in again), storages):
            for operand in _operands(made):
                operand.pins += 1
        for one in again:
            assert one.node is not None, "what has no node is always there"
            self._emit([one], one.node, [Value(one.node.output.type, one.node.output.layer)])
        self._emit(storages, node, node.outputs)

    def _emit(self, storages: Sequence[_Storage], node: Node, outputs: Sequence[Value]) -> None:
        self._work_left -= _cost(node, self._batch)
        if self._work_left < 0:
            raise _NoRoomError
        self._make_room(sum(storage.size for storage in storages) - sum(one.size for one in self._overwritten(node)))
        operands = tuple(map(self._operand, node.inputs))
        self._nodes.append(Node(node.op, operands, outputs[0], tuple(outputs[1:])))
        for storage, output in zip(storages, outputs, strict=True):
            storage.copy, storage.computed = output, True
            for operand in storage.operands:
                operand.claims.pop(storage, None)
            self._held[storage] = None
            self._free -= storage.size
        for operand in _operands(storages):
            operand.pins -= 1
            if not operand.pins and self._is_spent(operand):
                self._drop(operand)
        for storage in storages:
            if not storage.pins and self._is_spent(storage):
                self._drop(storage)

    def _overwritten(self, node: Node) -> list[_Storage]:
        """The operands that the outputs of a node lie over."""
        read = [self._storage(value) for value in node.inputs]
        over: list[_Storage] = []
        for number, output in enumerate(node.outputs):
            fit = (self._storage(value) for value in overwritten(node, number))
            spent = (one for one in fit if one.pins == 1 and self._is_spent(one) and read.count(one) == 1)
            found = next((one for one in spent if one not in over), None)
            if found is not None and output not in self._kept:
                over.append(found)
        return over

    def _is_spent(self, storage: _Storage) -> bool:
        """Whether nothing reads it after the node at the place."""
        return storage.node is not None and storage.next_use(self._now) is None

    def _drop(self, storage: _Storage) -> None:
        if storage.node is not None and storage.copy is not None:
            storage.copy = None
            del self._held[storage]
            self._free += storage.size

    # --- what goes

    def _make_room(self, size: int) -> None:
        while self._free < size:
            found = min(self._candidates(), key=lambda pair: pair[0], default=None)
            if found is None:
                raise _NoRoomError
            self._drop(found[1])
            self._claim(found[1])

    def _claim(self, storage: _Storage) -> None:
        """Note for what a value that is gone is made of that it will be needed."""
        use = storage.next_use(self._now)
        if use is None:
            return
        for operand in storage.operands:
            if operand.claims.get(storage) != use:
                operand.claims[storage] = use
                if operand.copy is None:
                    self._claim(operand)

    def _candidates(self) -> Iterator[tuple[float, _Storage]]:
        """What may go, with what it costs that it went."""
        for storage in self._held:
            if storage.pins or storage.node is None or not storage.size or storage.once:
                continue
            use = storage.next_use(self._now)
            if use is None:  # computed again for the sake of another one
                yield 0.0, storage
                continue
            cost = self._cost_again(storage)
            if cost is not None:
                yield cost / (storage.size * (use - self._now) ** _FAR), storage

    def _cost_again(self, storage: _Storage) -> float | None:
        """The work of having it again: its own, and that of all that is gone around it, above and below.

        What is below counts because it is made of this: else the first values of a deep model would go one after
        another, and there would be nothing left to begin from.
        """
        seen, stack, cost = {storage}, [storage], 0.0
        while stack:
            one = stack.pop()
            cost += one.cost
            if any(other.once and other.copy is None for other in one.operands):
                return None
            for other in (*one.operands, *one.readers):
                if other.copy is None and other.computed and other not in seen:
                    seen.add(other)
                    stack.append(other)
            if len(seen) > _ANCESTORS:
                return None
        return cost

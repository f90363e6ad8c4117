"""`FreePlan`: a plan for any sizes, lowered once; for those of a call its numbers are worked out, and it is a `Plan`.

A graph with free sizes is lowered as one without: what rules compute of sizes are expressions, and so are the places of
values in the arena (`passes/free_memory.py`). All words of the plan (parameters, rows of steps, tables of offsets) lie
in one block, in which a size that was not seen before fills the holes. What a rule asks of sizes becomes a fact: the
plan serves the sizes for which its facts hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from modelc.graph.bind import BoundGraph
from modelc.graph.evaluation import Evaluation
from modelc.graph.expressions import Expression, SizeSymbol
from modelc.graph.facts import Facts
from modelc.graph.free_sizes import FreeSizes, OpenSizes, SizeNeededError
from modelc.graph.graph import Graph, Node, Value, Weight
from modelc.graph.limits import MAX_ELEMENTS
from modelc.graph.program import OnCompile
from modelc.graph.sizes import declare, expression_of, is_free
from modelc.native.engine.amounts import BatchAmount, call_bytes, operations
from modelc.native.engine.buffers import Block
from modelc.native.engine.constants import Constants, FixedConstants, Pack
from modelc.native.engine.executor import Executor, StepWords
from modelc.native.engine.late import Late, LateConstant, LateTables
from modelc.native.engine.plan import Plan, PlanForm
from modelc.native.lowering.context import Make
from modelc.native.lowering.lower import lower
from modelc.native.passes.free_memory import FreeMemory
from modelc.native.passes.loops_over_steps import flatten_loops
from modelc.native.passes.memory import ALIGNMENT, MemorySizes
from modelc.weights.variable import Variable

_WORD = 8


class FreePlan:
    """A plan whose numbers are expressions. Several threads may use it."""

    def __init__(
        self,
        made: BoundGraph,
        sizes: OpenSizes,
        weights: Sequence[tuple[Weight, Variable]],
        shared: Constants,
        arenas: list[Block],
        on_compile: OnCompile | None = None,
    ) -> None:
        """`made` is an optimized graph in the scope of `sizes`, which take in what lowering asks of them.

        Raises `SizeNeededError` where something in the plan needs a size as a plain number.
        """
        graph = made.graph
        self._names = list(sizes.symbols)
        self._weights = weights
        flat = flatten_loops(graph)
        self._memory = FreeMemory(flat, sizes)
        tables = _Tables(sizes)
        lowered = lower(flat, self._memory.plan, shared, tables, made.made)
        self._form = PlanForm(graph, lowered, shared, arenas)
        steps = StepWords.of(lowered.steps, on_compile)
        self._front = len(tables.written)
        self._steps = steps.behind(self._front)
        self._late = tables.late
        self._facts = Facts(sizes)
        if not set(self._names).issuperset(self._facts.symbols):
            raise SizeNeededError("a fact is about places in the arena")

        words = [*tables.written, *steps.words]
        self._words = np.array([0 if is_free(word) else word for word in words], np.int64)
        holes = [i for i, word in enumerate(words) if is_free(word)]
        numbers: dict[Expression, int] = {}
        filled_by = [numbers.setdefault(expression_of(words[i]), len(numbers)) for i in holes]
        self._holes, self._filled_by = np.array(holes, np.int64), np.array(filled_by, np.int64)
        late = [name for one in tables.late for name in one.names]
        self._numbers = Evaluation(numbers, [*self._names, *self._memory.symbols, *late])

        self._shapes = [value.type.dims for value in graph.results]
        results = self._memory.plan.result_bytes, self._memory.plan.fixed_result_bytes
        told = [*results, *operations(graph), *call_bytes(graph)]
        told += [size for dims in self._shapes for size in dims]
        self._amounts = Evaluation(map(expression_of, (*self._memory.sizes, *told)), self._names)
        self._bounded = Evaluation({expression_of(value.type.size) for value in made.made}, self._names)

    def holds(self, values: Mapping[str, int]) -> bool:
        """Whether the plan serves the sizes where the symbols have these values."""
        return self._facts.hold(values)

    def at(self, values: Mapping[str, int]) -> Plan | None:
        """The plan where the symbols have these values; None where a tensor would be too large to be meant."""
        symbols = [values[name] for name in self._names]
        if max(self._bounded.values(symbols), default=0) > MAX_ELEMENTS:
            return None
        amounts = self._amounts.values(symbols)
        offsets, arena, work, front = self._memory.at(amounts)
        results, fixed_results, *rest = amounts[len(self._memory.sizes) :]
        block = Block.of(_WORD * len(self._words))
        words = block.words
        words[:] = self._words
        own = self._own(block, words)
        late = [n for one in self._late for n in one.place(own, values)] if isinstance(own, Constants) else []
        words[self._holes] = np.array(self._numbers.values([*symbols, *offsets, *late]), np.int64)[self._filled_by]
        return Plan(
            self._form, Executor.over(block, words, self._steps),
            MemorySizes(arena, results, work, front, fixed_results), BatchAmount(*rest[:2]), BatchAmount(*rest[2:4]),
            self._shapes_of(rest[4:]), own, values=values,
        )  # fmt: skip

    def _own(self, block: Block, words: NDArray[np.int64]) -> Constants | FixedConstants:
        """The constants of a plan's own, of which the tables are the first of its words."""
        if not self._late:
            return FixedConstants(block)
        own = Constants(self._weights)
        own.table(words[: self._front])
        return own

    def _shapes_of(self, numbers: Sequence[int]) -> list[tuple[int, ...]]:
        """The shapes of the results, of whose sizes these are the values."""
        found = iter(numbers)
        return [tuple(islice(found, len(dims))) for dims in self._shapes]


class _Tables:
    """The constants of a plan of its own: tables in front of its steps, on cache lines of their own, and late ones."""

    def __init__(self, sizes: FreeSizes) -> None:
        self.written: list[int] = []
        self.late: list[Late] = []
        self._sizes = sizes

    def place(self, graph: Graph, value: Value, pack: Pack, elements: int) -> int:
        """The offset of a constant that depends on the sizes."""
        constant = LateConstant.of(graph, value, pack, elements, self._name)
        self.late.append(constant)
        return declare(self._sizes, SizeSymbol(constant.names[0], least=0), 0)

    def words(self, numbers: Sequence[int]) -> int:
        """The offset of integers of 64 bits."""
        offset = _WORD * len(self.written)
        self.written += numbers
        self.written += [0] * (-len(self.written) % (ALIGNMENT // _WORD))
        return offset

    def computed(self, node: Node, make: Make) -> tuple[Sequence[int], Sequence[int]]:
        """The offsets of what is computed of a node, and the numbers of it."""
        tables = LateTables(node, make, self._sizes, self._name)
        self.late.append(tables)
        return tables.symbols[: tables.tables], tables.symbols[tables.tables :]

    @property
    def _name(self) -> str:
        return f"late {len(self.late)}"

"""`FreePlan`: a plan for any sizes, lowered once; for those of a call its numbers are worked out, and it is a `Plan`.

A graph with free sizes is lowered as one without: what rules compute of sizes are expressions, and so are the places of
values in the arena (`passes/free_memory.py`). All words of the plan (parameters, rows of steps, tables of offsets) lie
in one block, in which a size that was not seen before fills the holes. What a rule asks of sizes becomes a fact: the
plan serves the sizes for which its facts hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from modelc.graph.bind import BoundGraph
from modelc.graph.expressions import Expression, SizeSymbol
from modelc.graph.facts import Facts
from modelc.graph.free import free_axes
from modelc.graph.free_sizes import FreeSizes, OpenSizes, SizeNeededError
from modelc.graph.graph import Graph, Node, Value, Weight
from modelc.graph.limits import MAX_ELEMENTS
from modelc.graph.program import OnCompile
from modelc.graph.sizes import declare, expression_of, is_free
from modelc.native.engine.amounts import call_bytes, operations
from modelc.native.engine.buffers import Block
from modelc.native.engine.constants import Constants, Pack
from modelc.native.engine.executor import StepWords
from modelc.native.engine.late import Late, LateConstant, LateTables
from modelc.native.engine.memory_sizes import ALIGNMENT
from modelc.native.engine.open_plan import OpenPlan
from modelc.native.engine.plan import Plan, PlanForm
from modelc.native.engine.worksheet import REGISTERS, Worksheet
from modelc.native.lowering.context import Make
from modelc.native.lowering.lower import lower
from modelc.native.passes.free_memory import FreeMemory
from modelc.native.passes.loops_over_steps import flatten_loops
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
        memory = FreeMemory(flat, sizes)
        tables = _Tables(sizes)
        lowered = lower(flat, memory.plan, shared, tables, made.made)
        self._form = PlanForm(graph, lowered, shared, arenas)
        steps = StepWords.of(lowered.steps, on_compile, "worksheet")
        self._front = len(tables.written)
        places = steps.behind(self._front)
        self._late = tables.late
        self._facts = Facts(sizes)
        if not set(self._names).issuperset(self._facts.symbols):
            raise SizeNeededError("a fact is about places in the arena")

        words = [*tables.written, *steps.words]
        axes = [size for _, _, size in free_axes(graph)]
        self._axes = len(axes)
        sheet = Worksheet([*map(str, range(self._axes)), *(name for one in tables.late for name in one.names)])
        symbols = _name(sheet, axes)
        _require(sheet, sizes, [value.type.size for value in made.made])
        arena, plan = memory.place(sheet), memory.plan
        told = [arena.per_sample, sheet.value(expression_of(plan.result_bytes)), arena.work, arena.fixed]
        told += map(sheet.value, map(expression_of, (plan.fixed_result_bytes, *operations(graph), *call_bytes(graph))))
        told += [sheet.value(expression_of(size)) for value in graph.results for size in value.type.dims]
        filled: dict[int, list[int]] = {}
        for i, word in enumerate(words):
            if is_free(word):
                filled.setdefault(sheet.value(expression_of(word)), []).append(i)
        for register, indices in filled.items():
            sheet.fill(register, indices)
        sheet.addresses(places.addresses)
        self._open = OpenPlan(
            PlanForm(graph, lowered, shared, arenas),
            sheet.finished([0 if is_free(word) else word for word in words]),
            places,
            tuple(REGISTERS + register for register in told),
            [len(value.type.dims) for value in graph.results],
            {name: REGISTERS + register for name, register in symbols.items()},
            plan.slice,
        )

    @property
    def numbers(self) -> OpenPlan | None:
        """All of it, where no more is needed for a call: no constant is computed for its sizes."""
        return None if self._late else self._open

    def holds(self, values: Mapping[str, int]) -> bool:
        """Whether the plan serves the sizes where the symbols have these values, if no tensor is too large then."""
        return self._facts.hold(values)

    def at(self, key: Sequence[int]) -> Plan | None:
        """The plan where the free axes of the inputs have these sizes; None where it does not serve them, or they
        contradict each other.
        """
        if not self._late:
            return self._open.at(key)
        sheet = self._open.sheet
        call = sheet.at(key)
        if call is None:
            return None
        block, own = self._open.block(call), Constants(self._weights)
        own.table(block.words[: self._front])
        values = self._open.values(call)
        late = [n for one in self._late for n in one.place(own, values)]
        sheet.further(call, late, self._axes)
        return self._open.of(call, block, own)


def _name(sheet: Worksheet, axes: Sequence[Expression]) -> dict[str, int]:
    """Have the values of symbols found by the sizes of axes, which are the sheet's first registers; the register of
    each.

    The sheet holds where each size is within its bounds, and where all axes have the sizes that these say.
    """
    found: dict[str, int] = {}
    for register, axis in enumerate(axes):
        symbol = axis.plain_symbol
        if symbol is not None and symbol.name not in found:
            found[symbol.name] = sheet.quotient(register, sheet.number(symbol.unit)) if symbol.unit > 1 else register
            sheet.require_between(register, symbol.least, symbol.largest)
    sheet.name(found)
    for register, axis in enumerate(axes):
        if sheet.value(axis) != register:
            sheet.require_equal(sheet.value(axis), register)
    return found


def _require(sheet: Worksheet, sizes: FreeSizes, elements: Iterable[int]) -> None:
    """Have the sheet hold where the facts about `sizes` do, and where no tensor has too many `elements` to be meant."""
    for expression, (low, high) in sizes.facts.items():
        sheet.require_between(sheet.value(expression), low, high)
    for expression, n in sizes.differing:
        sheet.require_other(sheet.value(expression), n)
    for expression in {expression_of(size) for size in elements}:
        sheet.require_between(sheet.value(expression), 0, MAX_ELEMENTS)


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

"""What a plan for any sizes computes for each: tables of sizes, and constants that depend on weights and on sizes.

Each stands in the words of the plan as symbols, for where it lies and for numbers of it, whose values `place` gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from modelc.graph.bind import Binder
from modelc.graph.expressions import SizeSymbol
from modelc.graph.free_sizes import FreeSizes, SizeNeededError
from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import declare, expression_of, is_free
from modelc.native.engine.constants import Constants, Pack, needed
from modelc.native.lowering.context import Computed, Make


class Late(Protocol):
    """Something that is computed for each size."""

    @property
    def names(self) -> Sequence[str]:
        """The names of its symbols."""
        ...

    def place(self, constants: Constants, values: Mapping[str, int]) -> list[int]:
        """Put it among the constants of a plan where the sizes' symbols have these values; the values of its own."""
        ...


class LateTables:
    """Tables that are computed of the sizes in a node."""

    def __init__(self, node: Node, make: Make, sizes: FreeSizes, name: str) -> None:
        self._binder = Binder(Graph(name, node.inputs, (), (node,), (), ()))
        self._make = make
        made = self._at(sizes.hints)
        self.names = [f"{name}, {i}" for i in range(len(made.arrays) + len(made.numbers))]
        hints = [*(0 for _ in made.arrays), *made.numbers]
        self.symbols = [
            declare(sizes, SizeSymbol(symbol, least=0), hint) for symbol, hint in zip(self.names, hints, strict=True)
        ]
        """The offset of each, then their numbers."""
        self.tables = len(made.arrays)

    def _at(self, values: Mapping[str, int]) -> Computed:
        return self._make(self._binder.bound(values).graph.nodes[0])

    def place(self, constants: Constants, values: Mapping[str, int]) -> list[int]:
        """Compute the tables; see `Late`."""
        made = self._at(values)
        return [*map(constants.table, made.arrays), *made.numbers]


@dataclass(frozen=True)
class LateConstant:
    """A constant of a graph that depends on its sizes: the weights that it may depend on as well are followed."""

    binder: Binder
    """Binds the nodes that compute it."""
    value: Value
    pack: Pack
    elements: int
    names: tuple[str]

    @classmethod
    def of(cls, graph: Graph, value: Value, pack: Pack, elements: int, name: str) -> LateConstant:
        """Raises `SizeNeededError` where the sizes are in the way it is packed, too."""
        if _holds_sizes(pack):
            raise SizeNeededError("a constant is packed by sizes")
        cone = Graph(name, (), graph.weights, needed(graph, [value]), (), ())
        return cls(Binder(cone), value, pack, elements, (name,))

    def place(self, constants: Constants, values: Mapping[str, int]) -> list[int]:
        """Have it computed with the other constants; see `Late`."""
        bound = self.binder.bound(values)
        elements = expression_of(self.elements).value(values)
        return [constants.place(bound.graph, bound.moved[self.value], self.pack, elements)]


def _holds_sizes(pack: Any) -> bool:
    """Whether there is a free size in what a function was made with."""
    if isinstance(pack, partial):
        return any(map(_holds_sizes, (pack.func, *pack.args, *pack.keywords.values())))
    if isinstance(pack, tuple | list):
        return any(map(_holds_sizes, pack))  # pyright: ignore[reportUnknownArgumentType]
    cells = getattr(pack, "__closure__", None) or ()
    return is_free(pack) or any(_holds_sizes(cell.cell_contents) for cell in cells)

"""Lowering of chains: how the tensors are cut into pieces, and the instructions that are done to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modelc.graph.graph import Node
from modelc.native.engine.schedule import Step
from modelc.native.families.chain.params import (
    AFFINE_CODE,
    BINARY_CODE,
    PAIR_CODE,
    PIECE,
    PLACES,
    PRODUCT_SUM_CODE,
    REPEATED_AFFINE_CODE,
    SUM_CODE,
    SUM_COLUMNS,
    ChainLink,
    pack_chain,
)
from modelc.native.families.elementwise.codes import A_REPEATED, B_REPEATED, BINARY_CODES, BOTH, FORMS
from modelc.native.families.elementwise.lower import activation_code
from modelc.native.lowering.context import GRAIN, Lowering
from modelc.native.lowering.rules import lowers
from modelc.native.ops.chain import PAIRED, Chain, Link, Pair, ProductSum, sum_of
from modelc.native.ops.fused import Affine
from modelc.native.passes.chain_links import chain_loops_of_any_size, places_of, space_of_chain
from modelc.native.passes.loops import Loops
from modelc.native.target import LANES
from modelc.ops.base import Op
from modelc.ops.elementwise import Binary, Unary

_GOOD_PIECE = 1024
"""Elements of a piece, so few that some pieces fit into the first-level cache; of long rows, `_FEW_ROWS` rows."""
_FEW_ROWS = 4
_MOST_ROWS = 64
"""The most rows of a piece that are added up in float32, before they are added to a sum in float64."""


@dataclass(frozen=True)
class _Cut:
    """How the loops are cut: a unit has `group` rows (a Dim) of `width` columns, and a piece of it `step` rows."""

    group: int
    width: int
    step: int
    blocks: int

    @classmethod
    def of(cls, loops: Loops, *, adding: bool) -> _Cut:
        """Choose the cut. A unit that adds up has all rows, so that the order of a sum does not depend on threads."""
        blocks = -(-loops.columns // (SUM_COLUMNS if adding else _GOOD_PIECE))
        width = -(-loops.columns // (blocks * LANES)) * LANES if blocks > 1 else loops.columns
        blocks = -(-loops.columns // width)
        step = min(PIECE // width, max(_GOOD_PIECE // width, _FEW_ROWS))
        if adding:
            return cls(loops.rows, width, min(step, _MOST_ROWS), blocks)
        return cls(step * max(1, GRAIN // (step * width)), width, step, blocks)

    def whole_step(self, params: list[int], loops: Loops, *, adding: bool) -> Step:
        """The step of all units, whose parameters are given."""
        units = max(1, GRAIN // (abs(self.group) * self.width))
        if adding:
            # Where the batch is added up, a unit goes over all of it.
            grain = -units if loops.rows < 0 else units
            return Step("chain", params, loops.outer, times=self.blocks, grain=grain)
        if loops.outer == 1:
            return Step("chain", params, loops.rows, tile=self.group, times=self.blocks, grain=units)
        return Step("chain", params, loops.outer, times=-(-loops.rows // self.group) * self.blocks, grain=units)


@dataclass(frozen=True)
class _Writer:
    """Writes the instructions of a chain."""

    loops: Loops
    width: int
    strides: Mapping[int, tuple[int, int, int]]
    """The strides of each value that lies in a tensor."""
    places: Mapping[int, int]
    """The place of each value; those from `PLACES` on are tensors."""
    sums: Sequence[int]
    """The values that are sums."""

    def link(self, link: Link, number: int) -> ChainLink:
        """The instruction for a link, whose value has this number."""
        code, p = self._code(link)
        y, (a, b, c) = self.places[number], (*(self.places[i] for i in link.operands), 0, 0)[:3]
        added = sum_of(link.op)
        if added is not None:
            c = 2 * self.sums.index(number) + int(added.kind == "mean")
        return ChainLink(code, y, a, b, c, all(map(self._is_flat, (*link.operands, number))), p)

    def _code(self, link: Link) -> tuple[int, list[float]]:
        op: Op = link.op
        _, p = activation_code(None)
        if isinstance(op, Unary):
            return activation_code(op)
        if sum_of(op) is not None:
            return (PRODUCT_SUM_CODE if isinstance(op, ProductSum) else SUM_CODE), p
        if isinstance(op, Pair):
            first, second = PAIRED.index(op.first.kind), PAIRED.index(op.second.kind)
            return PAIR_CODE + 2 * (len(PAIRED) * first + second) + int(op.turned), p
        repeated = [self._strides(i)[2] == 0 for i in link.operands]
        if isinstance(op, Binary):
            form = A_REPEATED if repeated[0] else B_REPEATED if repeated[1] else BOTH
            return BINARY_CODE + FORMS * BINARY_CODES[op.kind] + form, p
        assert isinstance(op, Affine), f"{op} is no part of a chain"
        return (REPEATED_AFFINE_CODE if repeated[1] else AFFINE_CODE), p

    def _strides(self, number: int) -> tuple[int, int, int]:
        """The strides of a value; without a tensor, those of its piece."""
        return self.strides.get(number, (0, self.width, 1))

    def _is_flat(self, number: int) -> bool:
        """Whether the rows of a value follow upon each other, or are all one number."""
        _, by_row, by_column = self._strides(number)
        return by_row == self.width if by_column else by_row == 0


@lowers(Chain)
def lower_chain(lowering: Lowering, node: Node) -> None:
    """One step for all instructions."""
    chain = node.op
    assert isinstance(chain, Chain)
    reads = [value.type for value in node.inputs]
    loops = chain_loops_of_any_size(chain, reads, space_of_chain(chain, reads))
    sums = [chain.arity + i for i, link in enumerate(chain.links) if sum_of(link.op) is not None]
    whole = (abs(loops.rows) * loops.columns, loops.columns, 1)
    of_sums = dict(zip(sums, loops.strides[chain.arity :], strict=True))
    numbers = (*range(chain.arity), *chain.results)
    strides = [*loops.strides[: chain.arity], *(of_sums.get(number, whole) for number in chain.results)]
    cut = _Cut.of(loops, adding=bool(sums))
    places = {chain.arity + i: place for i, place in enumerate(places_of(chain).of) if place is not None}
    tensors = {number: PLACES + i for i, number in enumerate(numbers)}
    writer = _Writer(loops, cut.width, dict(zip(numbers, strides, strict=True)), {**places, **tensors}, sums)
    params = pack_chain(
        extents=(loops.outer, loops.rows, loops.columns), group=cut.group, width=cut.width, step=cut.step,
        tensors=list(zip(map(lowering.operand, (*node.inputs, *node.outputs)), strides, strict=True)),
        links=[writer.link(link, chain.arity + i) for i, link in enumerate(chain.links)],
    )  # fmt: skip
    lowering.steps.append(cut.whole_step(params, loops, adding=bool(sums)))

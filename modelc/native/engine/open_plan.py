"""`OpenPlan`: a plan for any sizes, as numbers: what it works out for the sizes of a call is a `Plan`."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING

from modelc.native.engine.buffers import Block
from modelc.native.engine.constant_blocks import ConstantBlock, FixedConstants
from modelc.native.engine.executor import Executor, StepPlaces
from modelc.native.engine.memory_sizes import MemorySizes
from modelc.native.engine.plan import Plan, PlanForm
from modelc.native.engine.worksheet import WORDS, Calculation

if TYPE_CHECKING:
    from modelc.native.lowering.lower import Lowered

_NUMBERS = 9
"""What a plan is told before the sizes of its results."""


class OpenPlan:
    """A plan whose words a worksheet fills. Several threads may use it."""

    def __init__(
        self,
        form: PlanForm,
        sheet: Calculation,
        steps: StepPlaces,
        told: Sequence[int],
        ranks: Sequence[int],
        symbols: dict[str, int],
        at_once: int,
    ) -> None:
        """`told` are the words of a call that have the numbers of `MemorySizes` but for the slice, which is `at_once`;
        then the two of its operations, the two of the bytes around it, and the sizes of its results, of which each has
        so many (`ranks`). `symbols` are the words that have the values of the symbols in the form's sizes.
        """
        self.form = form
        self.sheet = sheet
        self.steps = steps
        self.told = told
        self.ranks = ranks
        self.symbols = symbols
        self.at_once = at_once
        self._tell = itemgetter(*told)
        ends = [*accumulate(ranks, initial=_NUMBERS)]
        self._shapes = [*map(slice, ends, ends[1:])]
        self._bytes = 8 * (len(sheet.start) - sheet.first)

    @property
    def lowered(self) -> Lowered:
        """Its steps; see `PlanForm.lowered`."""
        return self.form.lowered

    @property
    def constants(self) -> tuple[ConstantBlock, ConstantBlock]:
        """Nothing but its words, and the constants that all plans of a program share."""
        return FixedConstants(Block.of(0)), self.form.shared

    def at(self, key: Sequence[int]) -> Plan | None:
        """The plan where the free axes of the inputs have these sizes; None where it does not serve them, or they
        contradict each other.
        """
        call = self.sheet.at(key)
        if call is None:
            return None
        block = self.block(call)
        return self.of(call, block, FixedConstants(block))

    def of(self, call: array[int], words: Block, own: ConstantBlock) -> Plan:
        """The plan of a call that the sheet was worked out for, whose `block` these words are, with constants of its
        `own`."""
        arena, result, work, fixed, fixed_result, *_ = told = self._tell(call)
        memory = MemorySizes(arena, result, work, fixed, fixed_result, self.at_once)
        shapes = [told[span] for span in self._shapes]
        executor = Executor(words, self.steps)
        return Plan(self.form, executor, memory, told[5:7], told[7:9], shapes, own, values=partial(self.values, call))

    def block(self, call: array[int]) -> Block:
        """The words of a call that were filled."""
        return Block(call, call[WORDS], self._bytes)

    def values(self, call: Sequence[int]) -> dict[str, int]:
        """The values that the symbols have in a call."""
        return {name: call[word] for name, word in self.symbols.items()}
